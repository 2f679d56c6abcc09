import { parseCookie, stringifySetCookie } from 'cookie';

const NAME = 'shanhai-session';

/** The cookie that holds a session's secret. */
export interface SessionCookie {
  readonly name: string;
  /** The secret in a `Cookie` header; null where there is none. */
  read(header: string | undefined): string | null;
  /** `Set-Cookie` that gives the browser a secret for `maxAgeS` seconds. */
  give(secret: string, maxAgeS: number): string;
  /** `Set-Cookie` that takes it away. */
  takeAway(): string;
}

/**
 * Scripts can't read the cookie and other sites can't send it. A secure one is sent over https only and carries the
 * prefix `__Host-` (RFC 6265bis, section 4.1.3.2): no other host, not even a subdomain, can put one in its place.
 */
export function sessionCookie(secure: boolean): SessionCookie {
  const name = secure ? `__Host-${NAME}` : NAME;
  const attributes = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;
  return {
    name,
    read: (header) => {
      const secret = header === undefined ? undefined : parseCookie(header)[name];
      return secret === undefined || secret === '' ? null : secret;
    },
    give: (secret, maxAgeS) => stringifySetCookie(name, secret, { ...attributes, maxAge: maxAgeS }),
    takeAway: () => stringifySetCookie(name, '', { ...attributes, maxAge: 0 }),
  };
}
