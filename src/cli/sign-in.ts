import { z } from 'zod';

const answered = z.object({ csrfToken: z.string() });

/** The request headers of a signed-in session. */
export interface SessionHeaders {
  readonly cookie: string;
  readonly 'x-csrf-token': string;
}

/**
 * Signs in over HTTP, as a browser would.
 * @throws Error with the status where the API refuses; what it answered is not repeated.
 */
export async function signIn(api: string, loginName: string, password: string): Promise<SessionHeaders> {
  const response = await fetch(new URL('/api/v1/session', api), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ loginName, password }),
  });
  if (!response.ok) throw new Error(`登录答复 ${response.status} (sign-in answered ${response.status})`);
  const { csrfToken } = answered.parse(await response.json());
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  return { cookie, 'x-csrf-token': csrfToken };
}
