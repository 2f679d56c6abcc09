import { z } from 'zod';
import type { User } from '../domain/account.js';
import type { Provenance } from '../domain/provenance.js';
import { adcodeSchema, provenanceSchema } from './reference-schemas.js';

/** A user of the demo as its seed file has it. It has no password: that is given when it is made. */
export interface DemoUserRecord extends Pick<User, 'loginName' | 'displayName' | 'role' | 'countyAdcode'> {
  readonly demo: true;
  readonly provenance: Provenance;
}

export const demoUserSchema: z.ZodType<DemoUserRecord> = z.strictObject({
  loginName: z.string().regex(/^demo-[a-z0-9-]{3,35}$/),
  displayName: z.string().trim().min(1).max(40),
  role: z.enum(['coordinator', 'sourceStaff', 'hostStaff', 'auditor']),
  countyAdcode: adcodeSchema.nullable(),
  demo: z.literal(true),
  provenance: provenanceSchema,
});
