import type { ReferenceData } from '../domain/reference.js';

/** Keeps the reference data as one edition, named by its content's digest. Raises `storeUnavailable` when the store is away. */
export interface ReferenceStore {
  /** Name of the edition in force; null where nothing was seeded. */
  edition(): Promise<string | null>;
  /** The edition in force; null where nothing was seeded. */
  load(): Promise<{ readonly edition: string; readonly data: ReferenceData } | null>;
  /** Puts an edition in force. Readers see the old or the new one whole, never a mixture. The same edition again changes nothing. */
  publish(edition: string, data: ReferenceData): Promise<{ readonly changed: boolean }>;
}
