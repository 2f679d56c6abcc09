/** What a browser says of where a request comes from. */
export interface RequestOrigin {
  /** `Sec-Fetch-Site`: newer browsers send it to https and to loopback; a page's script can't set it. */
  readonly fetchSite: string | undefined;
  /** `Origin`: every browser sends it with a request that changes state. */
  readonly origin: string | undefined;
  /** The host and port that were asked. */
  readonly host: string | undefined;
}

/**
 * True for a request that a page of another origin sent. One that says nothing comes from no browser.
 * Source: the order of checks of Go's `net/http.CrossOriginProtection`.
 */
export function isForeign({ fetchSite, origin, host }: RequestOrigin): boolean {
  if (fetchSite !== undefined) return fetchSite !== 'same-origin' && fetchSite !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
