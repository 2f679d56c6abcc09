import { AppError } from '../domain/errors.js';
import type { Park } from '../domain/park.js';
import { applyInventoryPatch, inventorySchema, parseInventoryPatch } from '../schemas/inventory-schema.js';
import { type Answer, API_BASE, type Endpoint, endpoint, idOf } from './endpoint.js';
import { EXAMPLE_INVENTORY_PATCH } from './examples.js';
import { entityTag, expectedVersion, VERSIONED_EDIT_PROBLEMS } from './preconditions.js';
import { noQuery, pageOf, parksQuery } from './queries.js';
import { pageSchema, parkSchema, parkView } from './views.js';

const tag = '园区';

function current(park: Park): Answer {
  return { status: 200, body: parkView(park), headers: { ETag: entityTag(park.version) } };
}

/** Parks and their inventories. */
export const parkEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'get',
    path: `${API_BASE}/parks`,
    access: { action: 'park.read', ownership: 'none' },
    tag,
    summary: '园区列表',
    query: parksQuery,
    answers: { 200: { description: '一页园区', schema: pageSchema(parkSchema) } },
    problems: ['invalidInput', 'storeUnavailable'],
    handle: async (call) => {
      const { cursor, limit } = pageOf(call.query);
      const { county } = call.query;
      const filter = county === undefined ? {} : { countyAdcode: county };
      const page = await call.useCases.listParks(filter, cursor, limit);
      return { status: 200, body: { items: page.items.map(parkView), nextCursor: page.nextCursor } };
    },
  }),
  endpoint({
    method: 'get',
    path: `${API_BASE}/parks/{id}`,
    access: { action: 'park.read', ownership: 'park' },
    tag,
    summary: '读取园区',
    query: noQuery,
    answers: { 200: { description: '园区及其要素', schema: parkSchema, headers: ['ETag'] } },
    problems: ['invalidInput', 'notFound', 'storeUnavailable'],
    handle: async (call) => current(await call.useCases.getPark(idOf(call))),
  }),
  endpoint({
    method: 'patch',
    path: `${API_BASE}/parks/{id}/inventory`,
    access: { action: 'park.write', ownership: 'park' },
    tag,
    summary: '修改园区要素',
    description:
      '只改写出的项：数字、null(未知)或 {value, basis, asOf}；parcels 整份替换。' +
      '改过的数据依据默认为 reported、日期为当天，未改的保持原样。If-Match 填读到的 ETag。',
    query: noQuery,
    headers: ['If-Match'],
    body: { schema: inventorySchema({ today: '2000-01-01' }), examples: { 更新: EXAMPLE_INVENTORY_PATCH } },
    answers: { 200: { description: '修改后的园区', schema: parkSchema, headers: ['ETag'] } },
    problems: VERSIONED_EDIT_PROBLEMS,
    handle: async (call) => {
      const id = idOf(call);
      const version = expectedVersion(call);
      const parsed = parseInventoryPatch(call.body, call.today);
      if (!parsed.ok) throw new AppError('invalidInput', { issues: parsed.issues });
      const park = await call.useCases.getPark(id);
      if (park.version !== version) throw new AppError('versionConflict', { params: { currentVersion: park.version } });
      const inventory = applyInventoryPatch(park.inventory, parsed.patch, call.today);
      return current(await call.useCases.updateInventory(id, version, inventory));
    },
  }),
];
