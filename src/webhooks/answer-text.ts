const KEPT_BYTES = 1_024;

/** The beginning of an answer as text that is fit to be stored and shown. */
export class AnswerText {
  readonly #unreadable: boolean;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param unreadable Compressed: nothing of it is shown. It is never unpacked, so that it can't grow. */
  constructor(unreadable: boolean) {
    this.#unreadable = unreadable;
  }

  /** All that came, also what was not kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#bytes >= KEPT_BYTES;
  }

  add(chunk: Buffer): void {
    const room = KEPT_BYTES - this.#bytes;
    // Copied: a piece of a chunk would keep the whole chunk in memory.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)));
    this.#bytes += chunk.length;
  }

  /** The first kB as UTF-8; blanks instead of line ends and tabs, no other control or direction characters. */
  text(): string {
    if (this.#unreadable || this.#bytes === 0) return '';
    // As a stream, so that a character cut by the limit is left out.
    const decoded = new TextDecoder().decode(Buffer.concat(this.#chunks), { stream: true });
    return decoded
      .replace(/[\t\n\r\u2028\u2029]+/g, ' ')
      .replace(/[\p{Cc}\p{Cf}]/gu, '')
      .trim();
  }
}
