import type { IsoDate } from '../domain/provenance.js';

/** Keeps what `build` made for the latest day asked for: building a schema takes longer than checking a body with it. */
export function perDay<T>(build: (today: IsoDate) => T): (today: IsoDate) => T {
  let latest: { readonly today: IsoDate; readonly made: T } | null = null;
  return (today) => {
    if (latest?.today !== today) latest = { today, made: build(today) };
    return latest.made;
  };
}
