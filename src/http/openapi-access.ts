import { z } from 'zod';
import { TOKEN_SCOPES } from '../domain/access.js';
import { ACTION_WORDS } from '../words/access.js';
import type { ProblemCode } from '../words/problems.js';
import { isSafe } from './auth.js';
import { sessionCookie } from './cookies.js';
import type { Endpoint } from './endpoint.js';

/** The ways to say who one is. */
export const SECURITY_SCHEMES = {
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie(true).name,
    description: `登录后浏览器自动带上；不经 https 的本机地址上名为 ${sessionCookie(false).name}。`,
  },
  bearer: { type: 'http', scheme: 'bearer', description: '接口令牌 `Authorization: Bearer shm_…`，给程序用。' },
} as const;

const scopes: ReadonlySet<string> = new Set(TOKEN_SCOPES);

/** The ways that serve for a route; none for a public one. */
export function securityOf({ access }: Endpoint): Record<string, string[]>[] {
  if (access === 'public') return [];
  return scopes.has(access.action) ? [{ cookie: [] }, { bearer: [] }] : [{ cookie: [] }];
}

/** The right that a route asks, in words; null for a public one. */
export function accessSentence({ access }: Endpoint): string | null {
  return access === 'public' ? null : `需要的权限：${ACTION_WORDS[access.action]}(\`${access.action}\`)。`;
}

function asksCsrfToken(route: Endpoint): boolean {
  return route.access !== 'public' && !isSafe(route) && route.access.withoutCsrfToken !== true;
}

/** The request headers that a route's access rule asks for. */
export function accessHeaders(route: Endpoint): Readonly<Record<string, z.ZodType>> {
  const csrf = z.string().optional().meta({ description: '用 Cookie 时必填：登录时得到的 csrfToken；用令牌时不填' });
  return asksCsrfToken(route) ? { 'X-CSRF-Token': csrf } : {};
}

/** The problems that a route's access rule may end in. */
export function accessProblems(route: Endpoint): readonly ProblemCode[] {
  const foreign: readonly ProblemCode[] = isSafe(route) ? [] : ['crossSite'];
  if (route.access === 'public') return foreign;
  return [
    ...foreign,
    'twoCredentials',
    'notSignedIn',
    'forbidden',
    'storeUnavailable',
    ...(route.access.withOneTimePassword === true ? [] : (['passwordChangeRequired'] as const)),
    ...(asksCsrfToken(route) ? (['csrfRefused'] as const) : []),
  ];
}
