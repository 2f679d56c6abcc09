import { RULE_WORDS } from './scheme.js';
import { CRITERION_WORDS } from './zh.js';

/** Maps, not objects: a path like `constructor` must not find what every object has. */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '': '提交内容',
    firm: '企业信息',
    'firm.name': '企业名称',
    'firm.creditCode': '统一社会信用代码',
    'firm.countyAdcode': '企业所在县(区划代码)',
    title: '需求标题',
    description: '说明',
    gbt: '国民经济行业代码(GB/T 4754)',
    chain: '产业链位置，或审计链(chain)',
    'chain.links': '产业链环节',
    'chain.links[]': '产业链环节',
    'chain.stage': '产业链上中下游',
    land: '用地',
    'land.minMu': '用地面积下限(亩)',
    'land.idealMu': '理想用地面积(亩)',
    'land.phases': '分期用地',
    'land.phases[]': '分期用地',
    'land.phases[].mu': '分期面积(亩)',
    'land.phases[].by': '分期供地日期',
    energyTce: '年能耗(吨标煤)',
    powerKva: '用电容量(千伏安)',
    waterM3PerDay: '日用水量(立方米)',
    emissions: '排污量',
    'emissions.codT': '化学需氧量(吨/年)',
    'emissions.nh3nT': '氨氮(吨/年)',
    'emissions.so2T': '二氧化硫(吨/年)',
    'emissions.noxT': '氮氧化物(吨/年)',
    'emissions.vocT': '挥发性有机物(吨/年)',
    workshopM2: '标准厂房面积(平方米)',
    floorAreaM2: '规划建筑面积(平方米)',
    investWan: '总投资(万元)',
    fixedInvestWan: '固定资产投资(万元)',
    outputWan: '年产值(万元)',
    valueAddedWan: '年工业增加值(万元)',
    taxWan: '年税收(万元)',
    workers: '用工人数',
    neededBy: '最迟用地日期',
    exclude: '排除条件',
    'exclude.counties': '排除的县',
    'exclude.counties[]': '排除的县(区划代码)',
    weights: '指标权重',
    parcels: '地块',
    'parcels[]': '地块',
    'parcels[].id': '地块编号',
    'parcels[].areaMu': '地块面积(亩)',
    'parcels[].availableFrom': '地块可供日期',
    factors: '要素',
    'factors.energyTce': '能耗指标(吨标煤/年)',
    'factors.powerKva': '用电容量(千伏安)',
    'factors.waterM3PerDay': '供水能力(立方米/日)',
    'factors.codT': '化学需氧量(吨/年)',
    'factors.nh3nT': '氨氮(吨/年)',
    'factors.so2T': '二氧化硫(吨/年)',
    'factors.noxT': '氮氧化物(吨/年)',
    'factors.vocT': '挥发性有机物(吨/年)',
    'factors.workshopM2': '标准厂房(平方米)',
    landPriceWanPerMu: '工业用地价格(万元/亩)',
    workshopRentYuanPerM2Month: '厂房租金(元/平方米·月)',
    wageYuanPerMonth: '平均月工资(元)',
    labourAvailable: '可招工人数',
    landStandard: '标准地指标',
    'landStandard.investPerMuWan': '亩均投资强度(万元)',
    'landStandard.taxPerMuWan': '亩均税收(万元)',
    'landStandard.energyPerValueAddedTce': '单位增加值能耗(吨标煤/万元)',
    'landStandard.plotRatio': '容积率',
    source: '数据来源',
    cron: '时间表(cron，UTC)',
    need: '假设的要求',
    parks: '假设的园区',
    'parks[]': '假设的园区',
    'parks[].id': '园区编号',
    'parks[].inventory': '假设的园区要素',
    version: '修改次数',
    limit: '每页条数(limit)',
    cursor: '翻页游标(cursor)',
    offset: '起始位置(offset)',
    q: '检索词(q)',
    wait: '等待(wait)',
    county: '县(county)',
    scan: '查看需求数(scan)',
    kind: '类别(kind)',
    needId: '需求编号',
    parkIds: '园区',
    'parkIds[]': '园区编号',
    parkId: '园区编号',
    park: '园区',
    move: '办理的步骤',
    reason: '理由',
    note: '备注',
    outcome: '结论',
    lead: '线索',
    hold: '预留',
    amounts: '预留数量',
    'amounts.parcels': '预留的地块',
    'amounts.parcels[]': '预留的地块',
    'amounts.parcels[].parcelId': '预留的地块编号',
    'amounts.parcels[].mu': '预留的面积(亩)',
    'amounts.factors': '预留的要素',
    stage: '阶段(stage)',
    format: '格式(format)',
    by: '分组(by)',
    object: '对象编号(object)',
    type: '类型(type)',
    from: '起始日期(from)',
    to: '截止日期(to)',
    rules: '规则',
    url: '接收地址(url)',
    types: '订阅的消息(types)',
    'types[]': '订阅的消息(types)',
    signature: '签名方式(signature)',
    endpoint: '推送地址(endpoint)',
    state: '状态(state)',
    failedOnly: '只重送未送达的(failedOnly)',
    ...Object.fromEntries(Object.entries(RULE_WORDS).map(([rule, word]) => [`rules.${rule}`, word])),
    loginName: '用户名',
    displayName: '称呼',
    password: '密码',
    currentPassword: '现在的密码',
    newPassword: '新密码',
    role: '角色',
    countyAdcode: '所属县(区划代码)',
    disabled: '停用',
    name: '名称',
    scopes: '权限',
    'scopes[]': '权限',
    expiresInDays: '有效天数',
    'If-Match': '请求头 If-Match',
    'Idempotency-Key': '请求头 Idempotency-Key',
    ...Object.fromEntries(Object.entries(CRITERION_WORDS).map(([code, word]) => [`weights.${code}`, `权重：${word}`])),
  }),
);

const TAILS: ReadonlyMap<string, string> = new Map(
  Object.entries({ value: '数值', basis: '数据依据', asOf: '数据日期', provenance: '出处', source: '出处' }),
);

/** Where in a list a path points: `land.phases[1].mu` is 第2项. */
function place(field: string): string {
  const indexes = [...field.matchAll(/\[(\d+)\]/g)].map((match) => `第${Number(match[1]) + 1}项`);
  return indexes.join('');
}

/**
 * The Chinese name of a field, with its place in a list: `land.phases[1].mu` -> 分期面积(亩)第2项.
 * A path without a name is shown as it is.
 */
export function fieldLabel(field: string): string {
  const pattern = field.replace(/\[\d+\]/g, '[]');
  const known = LABELS.get(pattern);
  if (known !== undefined) return known + place(field);
  const supposed = /^(need\.|parks\[\d+\]\.inventory\.)(.+)$/.exec(field);
  if (supposed?.[2] !== undefined) return `${place(supposed[1] ?? '')}${fieldLabel(supposed[2])}`;
  const held = /^amounts\.(?:parcel:(.+)|(?:factors\.)?(\w+))$/.exec(field);
  if (held?.[1] !== undefined) return `地块 ${held[1]}(亩)`;
  if (held?.[2] !== undefined && LABELS.has(`factors.${held[2]}`)) return fieldLabel(`factors.${held[2]}`);
  const dot = pattern.lastIndexOf('.');
  const tail = TAILS.get(pattern.slice(dot + 1));
  if (dot <= 0 || tail === undefined) return field;
  const of = field.slice(0, field.lastIndexOf('.'));
  const head = fieldLabel(of);
  return head === of ? field : `${head}的${tail}`;
}
