// The rooms of docs/design.md section 2, as rules. This is the whole table: what is not named is refused.
// A room is a folder, or a file that stands alone in `src`.
const rooms = {
  'src/domain': ['src/domain'],
  'src/matching': ['src/matching', 'src/domain'],
  'src/ports': ['src/ports', 'src/domain'],
  'src/leads': ['src/leads', 'src/domain'],
  'src/capacity': ['src/capacity', 'src/domain'],
  'src/usecases': ['src/usecases', 'src/domain', 'src/matching', 'src/leads', 'src/capacity', 'src/ports'],
  'src/calendar': ['src/calendar', 'src/domain', 'npm:chinese-days', 'npm:cron-parser'],
  'src/passwords': ['src/passwords', 'src/ports', 'npm:@node-rs/argon2'],
  'src/webhooks': [
    'src/webhooks',
    'src/domain',
    'src/ports',
    'npm:undici',
    'npm:ipaddr.js',
    'node:crypto',
    'node:dns',
    'node:net',
    'node:url',
    'node:util',
    'node:stream',
  ],
  'src/throttle': ['src/throttle', 'src/ports', 'npm:rate-limiter-flexible', 'npm:ioredis'],
  // Results come packed as the threads make them.
  'src/memory': ['src/memory', 'src/domain', 'src/ports', 'node:zlib'],
  'src/mongo': ['src/mongo', 'src/domain', 'src/ports', 'npm:mongoose', 'node:zlib', 'node:util'],
  'src/queue': ['src/queue', 'src/domain', 'src/ports', 'npm:bullmq', 'npm:ioredis', 'npm:zod'],
  'src/text': ['src/text', 'src/domain', 'src/ports', 'npm:@node-rs/jieba', 'npm:natural'],
  'src/threads': ['src/threads', 'src/domain', 'src/ports', 'src/matching', 'npm:piscina', 'node:zlib'],
  'src/schemas': ['src/schemas', 'src/domain', 'npm:zod'],
  'src/words': ['src/words', 'src/domain'],
  'src/http': [
    'src/http',
    'src/usecases',
    'src/domain',
    'src/ports',
    'src/schemas',
    'src/words',
    'npm:express',
    'npm:cookie',
    'npm:zod',
    'npm:@asteasolutions/zod-to-openapi',
    'npm:swagger-ui-express',
    'npm:helmet',
    'npm:pino',
    'node:http',
    'node:crypto',
  ],
  'src/cli': [
    'src/cli',
    'src/config',
    'src/wiring',
    'src/usecases',
    'src/domain',
    'src/ports',
    'src/schemas',
    'src/words',
    'seeds',
    'src/log',
    'npm:cli-table3',
    'npm:zod',
    'node:',
  ],
  workers: [
    'workers',
    'src/config',
    'src/log',
    'src/process-signals',
    'src/wiring',
    'src/usecases',
    'src/queue',
    'src/ports',
    'npm:zod',
    'node:',
  ],
  'src/config': ['npm:zod'],
  'src/log': ['src/domain', 'src/ports', 'npm:pino'],
  'src/system': ['src/ports', 'node:'],
  'src/process-signals': ['src/ports', 'node:'],
  'src/wiring': [
    'src/wiring',
    'src/config',
    'src/system',
    'src/usecases',
    'src/ports',
    'src/memory',
    'src/mongo',
    'src/queue',
    'src/text',
    'src/threads',
    'src/calendar',
    'src/passwords',
    'src/throttle',
    'src/webhooks',
    'src/domain',
    'npm:bullmq',
    'npm:ioredis',
  ],
  'src/main': ['src/config', 'src/http', 'src/log', 'src/process-signals', 'src/wiring', 'node:'],
  seeds: ['seeds', 'src/config', 'src/wiring', 'src/domain', 'src/schemas', 'src/ports', 'src/usecases', 'node:'],
};

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Pattern of a room's modules. */
const modulesOf = (room) => `^${literal(room)}(/|\\.ts$)`;

/** Pattern of one allowed target: a room, an npm package or a Node built-in. */
function target(name) {
  if (name.startsWith('npm:')) return `^node_modules/${literal(name.slice(4))}/`;
  if (name === 'node:')
    return '^(node:)?(fs|path|url|crypto|os|process|util|zlib|http|stream|worker_threads|child_process|readline|timers|events|module|perf_hooks)(/|$)';
  if (name.startsWith('node:')) return `^(node:)?${literal(name.slice(5))}(/|$)`;
  return modulesOf(name);
}

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room ${room}`,
      severity: 'error',
      comment: `${room} may import: ${allowed.join(', ')}`,
      from: { path: modulesOf(room) },
      to: { pathNot: allowed.map(target) },
    })),
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'one place wires',
      severity: 'error',
      comment: 'Only src/wiring builds adapters',
      from: {
        path: '^(src|workers|seeds)/',
        pathNot:
          '^src/(wiring/|mongo/|queue/|text/|memory/|threads/|calendar/|passwords/|throttle/|webhooks/)|^workers/',
      },
      to: { path: '^src/(mongo|queue|text|memory|threads|calendar|passwords|throttle|webhooks)/' },
    },
    {
      name: 'no tests in the product',
      severity: 'error',
      from: { path: '^(src|workers|seeds)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no dev packages in the product',
      severity: 'error',
      from: { path: '^(src|workers|seeds)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
