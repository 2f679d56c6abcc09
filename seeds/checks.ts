import type { Link } from '../src/domain/chain.js';
import type { Park } from '../src/domain/park.js';
import type { ReferenceData } from '../src/domain/reference.js';
import { type SeedProblem, shown } from './files.js';
import type { SeedSources } from './sources.js';

/** What the committed edition must hold: the counts its own sources state. */
const EXPECTED_COUNTS = {
  counties: 54,
  mountainCounties: 26,
  pairings: 18,
  chains: 19,
  links: 236,
  edges: 315,
  industries: 839,
  leastParks: 45,
} as const;

/** Divisions 13 to 43: the list of industries is whole there. A rule may also ban what it does not hold, e.g. 4411. */
function isManufacturing(code: string): boolean {
  const division = Number(code.slice(0, 2));
  return division >= 13 && division <= 43;
}

type Report = (file: string, record: string, field: string, value: unknown, message: string) => void;

function checkUnique(file: string, ids: readonly string[], report: Report): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) report(file, id, 'id', id, 'stands twice');
    seen.add(id);
  }
}

function checkCounts(reference: ReferenceData, sources: SeedSources, parks: readonly Park[], report: Report): void {
  // Counted as the chains' own file has them, before extra edges are added.
  const links = sources.chains.flatMap((chain) => chain.links);
  const mountain = reference.counties.filter(({ statuses }) => statuses.some(({ kind }) => kind === 'mountain'));
  const counts: readonly [string, string, number, number][] = [
    ['counties.json', 'counties', reference.counties.length, EXPECTED_COUNTS.counties],
    ['counties.json', 'mountain counties', mountain.length, EXPECTED_COUNTS.mountainCounties],
    ['pairings.json', 'pairings', reference.pairings.length, EXPECTED_COUNTS.pairings],
    ['chains.json', 'chains', reference.chains.length, EXPECTED_COUNTS.chains],
    ['chains.json', 'links', links.length, EXPECTED_COUNTS.links],
    ['chains.json', 'edges', links.reduce((sum, { feeds }) => sum + feeds.length, 0), EXPECTED_COUNTS.edges],
    ['industries.json', 'industries', reference.industries.length, EXPECTED_COUNTS.industries],
  ];
  for (const [file, what, found, expected] of counts) {
    if (found !== expected) report(file, '-', what, found, `expected ${expected}`);
  }
  if (parks.length < EXPECTED_COUNTS.leastParks) {
    report('parks.json', '-', 'parks', parks.length, `expected at least ${EXPECTED_COUNTS.leastParks}`);
  }
  for (const county of mountain) {
    if (!parks.some(({ countyAdcode }) => countyAdcode === county.adcode)) {
      report('parks.json', county.adcode, 'countyAdcode', county.name, 'a mountain county without a park');
    }
  }
}

/** Checks that every adcode, link, chain, park and GB/T code named in one file stands in the file that owns it. */
export function crossCheck(
  reference: ReferenceData,
  parks: readonly Park[],
  sources: SeedSources,
): readonly SeedProblem[] {
  const problems: SeedProblem[] = [];
  const report: Report = (file, record, field, value, message) =>
    problems.push({ file, record, field, value: shown(value), message });

  const links: readonly Link[] = reference.chains.flatMap((chain) => chain.links);
  const known = {
    adcode: new Set(reference.counties.map(({ adcode }) => adcode)),
    chain: new Set(reference.chains.map(({ id }) => id)),
    link: new Set(links.map(({ id }) => id)),
    gbt: new Set(reference.industries.map(({ code }) => code)),
    park: new Map(parks.map((park) => [park.id, park])),
  };
  const must = (
    kind: 'adcode' | 'chain' | 'link' | 'gbt',
    file: string,
    record: string,
    field: string,
    values: readonly string[],
  ) => {
    for (const value of values) if (!known[kind].has(value)) report(file, record, field, value, `no such ${kind}`);
  };

  checkUnique(
    'counties.json',
    reference.counties.map(({ adcode }) => adcode),
    report,
  );
  checkUnique(
    'chains.json',
    reference.chains.map(({ id }) => id),
    report,
  );
  checkUnique(
    'chains.json',
    links.map(({ id }) => id),
    report,
  );
  checkUnique(
    'industries.json',
    reference.industries.map(({ code }) => code),
    report,
  );
  checkUnique(
    'parks.json',
    parks.map(({ id }) => id),
    report,
  );
  checkUnique(
    'pairings.json',
    reference.pairings.map(({ id }) => id),
    report,
  );
  checkUnique(
    'policies.json',
    reference.policies.map(({ id }) => id),
    report,
  );
  checkUnique(
    'access-rules.json',
    reference.accessRules.map(({ id }) => id),
    report,
  );
  checkUnique(
    'standards.json',
    reference.standards.map(({ id }) => id),
    report,
  );
  checkUnique(
    'presence.json',
    reference.presences.map(({ countyAdcode, parkId, linkId }) => `${parkId ?? countyAdcode}/${linkId}`),
    report,
  );

  for (const county of reference.counties) {
    for (const { name, gbt, chainIds } of county.leadingIndustries) {
      must('gbt', 'counties.json', county.adcode, `leadingIndustries.${name}.gbt`, gbt);
      must('chain', 'counties.json', county.adcode, `leadingIndustries.${name}.chainIds`, chainIds);
    }
  }
  for (const { id, sourceAdcode, hostAdcode } of reference.pairings) {
    must('adcode', 'pairings.json', id, 'sourceAdcode', [sourceAdcode]);
    must('adcode', 'pairings.json', id, 'hostAdcode', [hostAdcode]);
  }
  for (const link of links) {
    must('link', 'chains.json', link.id, 'feeds', link.feeds);
    must('gbt', 'chains.json', link.id, 'gbt', link.gbt);
  }
  for (const { countyAdcode, parkId, linkId } of reference.presences) {
    const record = `${parkId ?? countyAdcode}/${linkId}`;
    must('adcode', 'presence.json', record, 'countyAdcode', [countyAdcode]);
    must('link', 'presence.json', record, 'linkId', [linkId]);
    if (parkId !== null && known.park.get(parkId)?.countyAdcode !== countyAdcode) {
      report('presence.json', record, 'parkId', parkId, 'no such park in that county');
    }
  }
  for (const { id, adcodes, gbtPrefixes } of reference.accessRules) {
    must('adcode', 'access-rules.json', id, 'adcodes', adcodes);
    must('gbt', 'access-rules.json', id, 'gbtPrefixes', gbtPrefixes.filter(isManufacturing));
  }
  for (const { id, adcodes, chainIds, maxWanPerYear, amountText } of reference.policies) {
    must('adcode', 'policies.json', id, 'adcodes', adcodes);
    must('chain', 'policies.json', id, 'chainIds', chainIds);
    if (maxWanPerYear !== null && amountText?.includes(String(maxWanPerYear)) !== true) {
      report('policies.json', id, 'maxWanPerYear', maxWanPerYear, 'is not what the source states');
    }
  }
  for (const { id, countyAdcode } of parks) {
    must('adcode', 'parks.json', id, 'countyAdcode', [countyAdcode]);
    if (!id.startsWith(`${countyAdcode}-`)) report('parks.json', id, 'id', id, 'does not begin with the county');
  }
  for (const { id, specialityLinkIds } of sources.parks) {
    must('link', 'parks.json', id, 'specialityLinkIds', specialityLinkIds);
  }
  for (const { chainId, adcodes } of sources.chainBases) {
    must('chain', 'chain-bases.json', chainId, 'chainId', [chainId]);
    must('adcode', 'chain-bases.json', chainId, 'adcodes', adcodes);
  }
  for (const { countyAdcode, name, gbt, chainIds, linkIds } of sources.clusters) {
    const record = `${countyAdcode} ${name}`;
    must('adcode', 'county-clusters.json', record, 'countyAdcode', [countyAdcode]);
    must('gbt', 'county-clusters.json', record, 'gbt', gbt);
    must('chain', 'county-clusters.json', record, 'chainIds', chainIds);
    must('link', 'county-clusters.json', record, 'linkIds', linkIds);
  }
  for (const { countyAdcode } of sources.endowments) {
    must('adcode', 'endowments.json', countyAdcode, 'countyAdcode', [countyAdcode]);
  }
  for (const { countyAdcode } of sources.economies) {
    must('adcode', 'county-economies.json', countyAdcode, 'countyAdcode', [countyAdcode]);
  }
  for (const linkId of sources.linkEndowments.keys()) must('link', 'link-endowments.json', linkId, 'linkId', [linkId]);
  for (const { from, to } of sources.extraFeeds)
    must('link', 'extra-feeds.json', `${from}>${to}`, 'from, to', [from, to]);
  for (const linkId of sources.synonyms.keys()) must('link', 'link-synonyms.json', linkId, 'linkId', [linkId]);
  checkCounts(reference, sources, parks, report);
  return problems;
}
