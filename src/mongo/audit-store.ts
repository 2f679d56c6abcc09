import type { Connection, Model, QueryFilter } from 'mongoose';
import type { AuditEntry, Change } from '../domain/change.js';
import type { Adcode } from '../domain/county.js';
import { AppError } from '../domain/errors.js';
import { auditKey, CHAIN_START, type ChainHead, type Digest, sealEntries } from '../ports/audit-chain.js';
import { type AuditFilter, type AuditStore, auditCursor, positionOfCursor } from '../ports/audit-store.js';
import type { Page } from '../ports/need-store.js';
import {
  type AuditDocument,
  type AuditHeadDocument,
  auditModels,
  auditPlace,
  fromAuditEntry,
  toAuditEntry,
} from './audit-schema.js';
import { guarded, isDuplicateKey } from './errors.js';

/** Entries written by one command at most. */
const BATCH = 200;
/** Places looked at at once when the head is behind. */
const AHEAD = 50;
/** Lost races for a position after which the store counts as overloaded. */
const TRIES = 50;

/**
 * Audit chains in MongoDB. Whoever writes position n has read entry n - 1, and only one can write n: chains never fork.
 * The head of a chain is written after its entries; where a process ended between the two, the next append mends it.
 */
export class MongoAuditStore implements AuditStore {
  readonly #entries: Model<AuditDocument>;
  readonly #heads: Model<AuditHeadDocument>;
  readonly #digest: Digest;
  /** Where this process thinks the chains end. Wrong where others have appended: then the position is taken. */
  readonly #ends = new Map<Adcode, ChainHead>();

  constructor(connection: Connection, ids: { readonly digest: Digest }) {
    const { entries, heads } = auditModels(connection);
    this.#entries = entries;
    this.#heads = heads;
    this.#digest = ids.digest;
  }

  async append(chain: Adcode, changes: readonly Change[]): Promise<void> {
    await guarded(async () => {
      for (let from = 0; from < changes.length; from += BATCH) {
        await this.#appendBatch(chain, changes.slice(from, from + BATCH));
      }
    });
  }

  async #appendBatch(chain: Adcode, changes: readonly Change[]): Promise<void> {
    const known = this.#ends.get(chain);
    // Changes handed in for the first time are the rule: that they are new is asked only when the store says no.
    let end = known ?? (await this.#last(chain));
    let rest = known === undefined ? await this.#missing(chain, changes) : changes;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const sealed = sealEntries(this.#digest, chain, end, rest);
      try {
        if (sealed.length > 0)
          await this.#entries.insertMany(sealed.map(fromAuditEntry), { ordered: true, lean: true });
        const { position, hash } = sealed.at(-1) ?? end;
        this.#ends.set(chain, { position, hash });
        return await this.#raiseHead(chain, { position, hash });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      end = await this.#last(chain);
      rest = await this.#missing(chain, changes);
    }
    throw new AppError('storeUnavailable');
  }

  /** Changes of these that are not in the chain yet. */
  async #missing(chain: Adcode, changes: readonly Change[]): Promise<readonly Change[]> {
    const keys = changes.map((change) => auditKey(chain, change));
    const documents = await this.#entries.find({ key: { $in: keys } }, { key: 1 }).lean();
    const there = new Set(documents.map(({ key }) => key));
    return changes.filter((change) => !there.has(auditKey(chain, change)));
  }

  /** Where the chain ends: the head, or entries that stand after it. */
  async #last(chain: Adcode): Promise<ChainHead> {
    let last: ChainHead = (await this.head(chain)) ?? CHAIN_START;
    for (;;) {
      const next = await this.#at(chain, last.position + 1, AHEAD);
      for (const { position, hash } of next) if (position === last.position + 1) last = { position, hash };
      if (next.length < AHEAD) return last;
    }
  }

  async #raiseHead(chain: Adcode, { position, hash }: ChainHead): Promise<void> {
    const raise = async (): Promise<boolean> => {
      const changed = await this.#heads.updateOne({ _id: chain, position: { $lt: position } }, { position, hash });
      return changed.matchedCount === 1;
    };
    if (await raise()) return;
    try {
      await this.#heads.create({ _id: chain, position, hash });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      await raise();
    }
  }

  /** By ids: the embedded server finds those without looking at every entry there is. */
  async #at(chain: Adcode, from: number, limit: number): Promise<readonly AuditEntry[]> {
    const places = Array.from({ length: limit }, (_, index) => auditPlace(chain, from + index));
    const documents = await this.#entries.find({ _id: { $in: places } }).lean();
    return documents.sort((left, right) => (left._id < right._id ? -1 : 1)).map(toAuditEntry);
  }

  async list(filter: AuditFilter, cursor: string | null, limit: number): Promise<Page<AuditEntry>> {
    const before = cursor === null ? null : positionOfCursor(cursor);
    const { chain, objectId, type, from, to } = filter;
    return guarded(async () => {
      if ([objectId, type, from, to].every((one) => one === undefined)) return this.#page(chain, before, limit);
      const at = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lte: to }) };
      const wanted: QueryFilter<AuditDocument> = {
        chain,
        ...(objectId === undefined ? {} : { 'change.object.id': objectId }),
        ...(type === undefined ? {} : { 'change.type': type }),
        ...(from === undefined && to === undefined ? {} : { 'change.at': at }),
        ...(before === null ? {} : { position: { $lt: before } }),
      };
      const documents = await this.#entries
        .find(wanted)
        .sort({ position: -1 })
        .limit(limit + 1)
        .lean();
      const items = documents.slice(0, limit).map(toAuditEntry);
      const last = items.at(-1);
      return { items, nextCursor: documents.length > limit && last !== undefined ? auditCursor(last) : null };
    });
  }

  /** A page of the whole chain is the places before a position. */
  async #page(chain: Adcode, before: number | null, limit: number): Promise<Page<AuditEntry>> {
    const end = before ?? (await this.#last(chain)).position + 1;
    const from = Math.max(1, end - limit);
    if (end <= from) return { items: [], nextCursor: null };
    const items = (await this.#at(chain, from, end - from)).toReversed();
    const last = items.at(-1);
    return { items, nextCursor: from > 1 && last !== undefined ? auditCursor(last) : null };
  }

  async read(chain: Adcode, fromPosition: number, limit: number): Promise<readonly AuditEntry[]> {
    return guarded(() => this.#at(chain, fromPosition, limit));
  }

  async head(chain: Adcode): Promise<ChainHead | null> {
    return guarded(async () => {
      const document = await this.#heads.findById(chain).lean();
      return document === null ? null : { position: document.position, hash: document.hash };
    });
  }

  async chains(): Promise<readonly Adcode[]> {
    return guarded(async () => {
      const [heads, chains] = await Promise.all([
        this.#heads.find({}, { _id: 1 }).lean(),
        // A chain whose head was taken away is still there.
        this.#entries.distinct('chain'),
      ]);
      return [...new Set([...heads.map(({ _id }) => _id), ...chains])].sort();
    });
  }
}
