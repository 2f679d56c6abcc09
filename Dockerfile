# Build: everything, compiled. Run: production packages and JavaScript, as a user without rights.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src src
COPY workers workers
COPY seeds seeds
COPY bench bench
RUN node_modules/.bin/tsc -p tsconfig.json

FROM node:20-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY seeds seeds
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
