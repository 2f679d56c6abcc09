import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { may } from '../domain/access.js';
import { AppError } from '../domain/errors.js';
import type { Authenticator, SignedIn } from '../usecases/account-use-cases.js';
import { isForeign } from './auth-origin.js';
import type { SessionCookie } from './cookies.js';
import type { Endpoint, GuardedEndpoint } from './endpoint.js';
import { HttpError } from './problem.js';

/** Longer ones are nobody's; they are not looked up. */
const SECRET_MAX = 200;

type Credential = { readonly kind: 'session' | 'token'; readonly secret: string };

/** The secret of `Authorization: Bearer …`; null for another scheme, which may be a gateway's. */
function bearerOf(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;
}

/**
 * What a request shows to say who sends it.
 * @throws HttpError `twoCredentials` where it shows two: they might be of two people.
 */
function credentialOf(req: Request, cookie: SessionCookie): Credential | null {
  const session = cookie.read(req.get('cookie'));
  const token = bearerOf(req.get('authorization'));
  if (session !== null && token !== null) throw new HttpError('twoCredentials');
  if (session !== null) return { kind: 'session', secret: session };
  return token === null ? null : { kind: 'token', secret: token };
}

async function whoSent(credential: Credential | null, authenticator: Authenticator): Promise<SignedIn | null> {
  if (credential === null || credential.secret.length > SECRET_MAX) return null;
  const { kind, secret } = credential;
  return kind === 'session' ? await authenticator.bySession(secret) : await authenticator.byToken(secret);
}

function sameDigest(token: string, digest: string): boolean {
  const sent = createHash('sha256').update(token, 'utf8').digest();
  const known = Buffer.from(digest, 'hex');
  return known.length === sent.length && timingSafeEqual(known, sent);
}

/** True for a method that HTTP calls safe (RFC 9110, section 9.2.1). */
export function isSafe({ method }: Pick<Endpoint, 'method'>): boolean {
  return method === 'get';
}

/**
 * Refuses what a page of another site makes a browser send.
 * @throws HttpError `crossSite`
 */
export function refuseForeign(req: Request, route: Pick<Endpoint, 'method'>): void {
  const [fetchSite, origin] = [req.get('sec-fetch-site'), req.get('origin')];
  if (!isSafe(route) && isForeign({ fetchSite, origin, host: req.host })) throw new HttpError('crossSite');
}

/** @throws HttpError `csrfRefused` where the header is missing or is not the session's. */
function requireCsrfToken(req: Request, route: GuardedEndpoint, csrfDigest: string): void {
  if (isSafe(route) || route.access.withoutCsrfToken === true) return;
  const sent = req.get('x-csrf-token');
  if (sent === undefined || !sameDigest(sent, csrfDigest)) throw new HttpError('csrfRefused');
}

/**
 * Lets in who is signed in and has the right that the route asks. Reads headers only, never the body.
 * @throws HttpError `twoCredentials`, `crossSite`, `csrfRefused`; AppError `notSignedIn`, `passwordChangeRequired`,
 * `forbidden`, `storeUnavailable`.
 */
export async function admit(
  req: Request,
  route: GuardedEndpoint,
  authenticator: Authenticator,
  cookie: SessionCookie,
): Promise<SignedIn> {
  const signedIn = await whoSent(credentialOf(req, cookie), authenticator);
  if (signedIn === null) throw new AppError('notSignedIn');
  if (signedIn.session !== null) {
    refuseForeign(req, route);
    requireCsrfToken(req, route, signedIn.session.csrfDigest);
  }
  const { action, withOneTimePassword } = route.access;
  if (signedIn.mustChangePassword && withOneTimePassword !== true) throw new AppError('passwordChangeRequired');
  if (!may(signedIn.actor, action)) throw new AppError('forbidden', { params: { action } });
  return signedIn;
}
