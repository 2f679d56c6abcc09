import type { ReferenceData } from '../../domain/reference.js';
import type { WorkCalendar } from '../../domain/work-calendar.js';
import type { Clock } from '../../ports/clock.js';
import type { Ids } from '../../ports/ids.js';
import type { LeadStore } from '../../ports/lead-store.js';
import type { Log } from '../../ports/log.js';
import type { NeedStore } from '../../ports/need-store.js';
import type { ChangeSignal } from '../../ports/outbox.js';
import type { ParkStore } from '../../ports/park-store.js';
import type { ReportStore } from '../../ports/report-store.js';
import type { SchemeStore } from '../../ports/scheme-store.js';
import type { TextCompare } from '../../ports/text-compare.js';
import type { ReferenceCache } from '../reference-cache.js';
import type { HoldPort } from './hold-effects.js';

/** What reading and writing leads, first reports and schemes needs. */
export interface LeadWritingDeps {
  readonly needStore: Pick<NeedStore, 'get'>;
  readonly leadStore: LeadStore;
  readonly reportStore: ReportStore;
  readonly schemeStore: SchemeStore;
  readonly parkStore: Pick<ParkStore, 'get'>;
  readonly references: ReferenceCache;
  /** Made for an edition, as its words are known by it. */
  readonly makeTextCompare: (reference: ReferenceData) => TextCompare;
  readonly calendar: WorkCalendar;
  readonly clock: Pick<Clock, 'now' | 'today'>;
  readonly ids: Pick<Ids, 'idFor'>;
  readonly log: Log;
  readonly changes: ChangeSignal;
  readonly holds: HoldPort;
  /** The scheme new leads come under, e.g. `zj-pairing`. */
  readonly schemeId: string;
}

/** How often a write that others overtook is tried again before it fails with `storeUnavailable`. */
export const TRIES = 20;
