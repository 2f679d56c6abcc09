import { z } from 'zod';
import { STAGES } from '../domain/chain.js';
import { BASES } from '../domain/provenance.js';
import type { CoverageView } from '../usecases/coverage.js';
import { API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { coverageQuery, scanOf } from './queries.js';
import { scanShape } from './scan-view.js';

const share = z.number().min(0).max(1);

const openNeed = z
  .strictObject({
    id: z.string(),
    gbt: z.string(),
    share: share.meta({ description: '需求落在这个环节上的份额' }),
    links: z.array(z.strictObject({ linkId: z.string(), share })),
  })
  .meta({ id: 'OpenNeed', description: '可填补这个环节的需求；不含企业信息' });

const covered = {
  id: z.string(),
  name: z.string(),
  stage: z.enum(STAGES),
  wanted: z.boolean().meta({ description: '县里点名要的环节' }),
  needsTotal: z.int().min(0),
  needs: z.array(openNeed),
};

const present = z
  .strictObject({
    ...covered,
    strength: share,
    anchors: z.array(z.string()).meta({ description: '链主企业' }),
    parkIds: z.array(z.string()),
    basis: z.enum(BASES),
    asOf: z.string(),
  })
  .meta({ id: 'PresentLink', description: '县里已有的环节' });

const missing = z
  .strictObject({
    ...covered,
    neighbours: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        chainId: z.string(),
        role: z.enum(['supplier', 'customer']),
        present: z.boolean(),
        strength: share,
      }),
    ),
    neighboursPresent: z.int().min(0),
  })
  .meta({ id: 'MissingLink', description: '县里缺的环节，及其上下游是否已有' });

const coverageSchema: z.ZodType<CoverageView> = z
  .strictObject({
    chain: z.strictObject({ id: z.string(), name: z.string() }),
    county: z.strictObject({ adcode: z.string(), name: z.string() }),
    present: z.array(present),
    missing: z.array(missing),
    wanted: z.array(z.string()),
    ...scanShape,
  })
  .meta({ id: 'Coverage', description: '产业链全景图：一个县在一条链上有什么、缺什么、要什么' });

const EXAMPLE: CoverageView = {
  chain: { id: 'semiconductor', name: '半导体' },
  county: { adcode: '330802', name: '柯城区' },
  present: [],
  missing: [
    {
      id: 'semi-wafer',
      name: '硅片',
      stage: 'midstream',
      wanted: true,
      needsTotal: 1,
      needs: [{ id: 'need_example', gbt: '3985', share: 0.7, links: [{ linkId: 'semi-wafer', share: 0.7 }] }],
      neighbours: [
        { id: 'semi-gas', name: '电子气体', chainId: 'semiconductor', role: 'supplier', present: true, strength: 0.6 },
      ],
      neighboursPresent: 1,
    },
  ],
  wanted: ['semi-wafer'],
  scanned: 12,
  unsettled: 1,
  truncated: false,
  nextCursor: null,
};

/** What a county has, lacks and wants of a chain. */
export const coverageEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/chains/{id}/coverage`,
    access: { action: 'need.read', ownership: 'county' },
    tag: '匹配',
    summary: '产业链全景图',
    description:
      '一个县在一条产业链上已有、缺少和点名要的环节，及能填补它们的需求(落在该环节的份额不低于 0.2，企业未排除该县，县里未禁止其行业)。从最新的需求看起，scanned 和 truncated 说明看了多少。',
    query: coverageQuery,
    answers: { 200: { description: '全景图', schema: coverageSchema, example: EXAMPLE } },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = scanOf(call.query);
      const body = await call.useCases.readCoverage(idOf(call), call.query.county, cursor, limit);
      return { status: 200, body };
    },
  }),
];
