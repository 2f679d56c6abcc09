import { SYSTEM_CALLER } from '../../src/domain/access.js';
import type { Change } from '../../src/domain/change.js';
import type { Lead, LeadStage } from '../../src/domain/lead.js';
import { leadChange } from '../../src/usecases/leads/lead-changes.js';

/** A lead that has been pushed, with a number for an id. */
export function pushedLead(number: number, sourceAdcode: string, hostAdcode: string): Lead {
  const now = new Date().toISOString();
  const id = String(number).padStart(24, '0');
  return {
    id: `lead_${id}`,
    needId: `need_${id}`,
    needVersion: 1,
    sourceAdcode,
    hostAdcode,
    parkId: `${hostAdcode}-01`,
    scheme: 'zj-pairing@1',
    reportId: `report_${id}`,
    gbt: '3985',
    chainId: null,
    investWan: 12_800,
    stage: 'pushed',
    disclosedAt: null,
    transferAgreedAt: null,
    claim: null,
    history: [
      {
        ...{ at: now, by: 'user_bench', party: 'source', move: 'push', from: 'registered', to: 'pushed' },
        ...{ hostAdcode, parkId: `${hostAdcode}-01`, reason: null, note: null },
      },
    ],
    clocks: [],
    waitsFor: null,
    nextClockAt: null,
    createdAt: now,
    updatedAt: now,
    version: 1,
  };
}

/** The lead one version on in its other stage, and the change that tells of it. */
export function nextStage(lead: Lead): { readonly lead: Lead; readonly change: Change } {
  const accepts = lead.stage !== 'accepted';
  const stage: LeadStage = accepts ? 'accepted' : 'declined';
  const next: Lead = { ...lead, stage, updatedAt: new Date().toISOString(), version: lead.version + 1 };
  const facts = ({ stage, hostAdcode, parkId }: Lead) => ({ stage, hostAdcode, parkId });
  const what = { type: accepts ? 'lead.accepted' : 'lead.declined', before: facts(lead), after: facts(next) };
  return { lead: next, change: leadChange(SYSTEM_CALLER, next, what) };
}
