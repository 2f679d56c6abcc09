/** The only source of randomness and of digests. */
export interface Ids {
  /** A new unguessable id `need_` + 24 lower-case letters and digits. */
  newNeedId(): string;
  /** The same id every time for the same key, of the same form as `newNeedId`. */
  needIdFor(key: string): string;
  /** SHA-256 of the text, 64 hexadecimal digits. */
  digest(text: string): string;
}
