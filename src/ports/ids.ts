/** The only source of randomness and of digests. */
export interface Ids {
  /** A new unguessable id `need_` + 24 lower-case letters and digits. */
  newNeedId(): string;
  /** The same id every time for the same key, of the same form as `newNeedId`. */
  needIdFor(key: string): string;
  /** A new unguessable id: the prefix, `_` and 24 lower-case letters and digits. */
  newId(prefix: string): string;
  /** The same id every time for the same prefix and key, of the same form as `newId`. */
  idFor(prefix: string, key: string): string;
  /** A new secret of 32 random bytes, base64url. */
  newSecret(): string;
  /** SHA-256 of the text, 64 hexadecimal digits. */
  digest(text: string): string;
}
