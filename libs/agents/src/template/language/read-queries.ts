import type { Condition, Entity } from '#contracts';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { amountIn, conditionsSaid, fieldOf, linkedTo } from './measures.js';
import { queriesIn } from './queries.js';
import type { Query } from './queries.js';
import { readList } from './read-asked-lists.js';
import { readBalance, readShare } from './read-balances.js';
import { conditionFor, happeningTo, linksBetween, mentionsOf } from './rule-words.js';
import { entityNamed, putAll, putPerPeriod, putTotal } from './totals.js';
import type { Measure } from './totals.js';

/*
 * What somebody asks to see, as lists and totals of the model. A part that cannot be read whole is left to the readers after
 * this one: no list is better than a wrong list.
 */

/**
 * Reads every result that a statement asks for; answers the parts that were not read. `asked`: whether the statement stands where
 * results are asked for; without that, and without words that ask, only a plain "hours per person" is taken for a wish.
 */
export function readQueries(draft: Draft, text: string, topic: Entity | null, asked: boolean): { taken: boolean; rest: string[] } {
  const found = queriesIn(text);
  const surely = asked || found.asked === 'surely';
  const whole = found.asked === 'maybe' || (FRAGMENT.test(text) && !NORM.test(text));
  if (!surely && (!whole || !found.queries.every(isTelling))) return { taken: false, rest: [text] };
  const rest = found.queries.filter((query) => !readQuery(draft, query, topic)).map((one) => one.text);
  return { taken: rest.length < found.queries.length, rest };
}

const FRAGMENT = /^(?:and |also )?(?:what|how|which|who|[a-z-]+(?: [a-z-]+){0,3} (?:per|by|for each|for every|of each) )/i;
const NORM =
  /\b(?:must|cannot|can't|may|can|should|at most|at least|no more than|max(?:imum)?|min(?:imum)?|only|never|limit)\b|^(?:one|two|three|a single|\d+) /i;
const isTelling = ({ operation, groups, period, window, order, limit }: Query): boolean =>
  (operation !== null && operation !== 'list') || groups.length > 0 || period !== null || window !== null || order !== null || limit !== null;

function readQuery(draft: Draft, query: Query, topic: Entity | null): boolean {
  if (/\b(?:fewer than|less than|under|below|only) (?:\d|[a-z]+ )(?:.*)?(?:left|in stock|remaining)\b/i.test(query.text)) return false;
  switch (query.operation) {
    case 'left':
      return readBalance(draft, query, topic) || readList(draft, query, topic) || readTotal(draft, query, topic);
    case 'share':
      return readShare(draft, query, topic);
    case 'list':
      return readList(draft, query, topic) || readTotal(draft, query, topic);
    case null:
      return isListed(draft, query)
        ? readList(draft, query, topic) || readTotal(draft, query, topic)
        : readTotal(draft, query, topic) || readList(draft, query, topic);
    default:
      return readTotal(draft, query, topic);
  }
}

/** "deliveries for tomorrow by driver" is a list, "deliveries per driver" a count. */
const isListed = (draft: Draft, { window, head, order, groups, period, text }: Query): boolean =>
  (window !== null && (window.way !== 'within_past_days' || !/\bper\b/.test(text))) ||
  order !== null ||
  (groups.length === 0 && period === null && (mentionsOf(draft, head).length > 0 || /^who\b/i.test(head)));

/** What is counted or added up, and which records count. */
function measureOf(draft: Draft, query: Query, topic: Entity | null, grouped: readonly Entity[]): (Measure & { where: Condition[] }) | undefined {
  const { head, operation, text } = query;
  const mentions = mentionsOf(draft, head).map((one) => one.entity);
  const things = mentions.filter((one) => !grouped.includes(one));
  const around = grouped.flatMap((group) => linkedTo(draft, group));
  const near = [...(things.length > 0 ? things : around), ...(things.length === 0 && grouped.length === 0 ? [topic] : [])];
  const average = operation === 'average';
  const counting = operation === 'count';
  const [counted] = things;
  const words = `${head} ${operation === 'sum' ? text : ''}`;
  const strong = amountIn(draft, head, [...near, ...around], counting ? 2 : counted && operation === null ? 2.5 : 1.5);
  const last =
    head
      .replace(/\b(?:each|of|for|we|i|they|have|has|had|was|were|is|are|so far|all together)\b.*$/i, '')
      .trim()
      .split(' ')
      .at(-1) ?? '';
  const pure =
    /^(?:money|hours|minutes|kilos|kg|grams|litres|liters|tonnes|km|miles|points|income|revenue|takings|cost|costs|fees|value|pay|amount|earnings|sales)$/i.test(
      last,
    );
  const wide = things.flatMap((one) => linkedTo(draft, one));
  const amount =
    strong ??
    (pure ? amountIn(draft, last, [...near, ...around, ...wide], 1) : undefined) ??
    (operation === 'sum' || (operation === null && !counted) || average ? amountIn(draft, words, [...near, ...around], 1) : undefined);
  if (counting && counted) return { operation: 'count', entity: counted, field: null, where: whereOf(draft, counted, head, grouped) };
  if (amount && reaches(draft, amount.entity, grouped))
    return {
      operation: average ? 'average' : 'sum',
      entity: amount.entity,
      field: amount.field,
      where: whereOf(draft, amount.entity, head, grouped),
    };
  if (average) return undefined;
  if (counted && !(operation === 'sum' && /\bhow much\b/i.test(text)))
    return { operation: 'count', entity: counted, field: null, where: whereOf(draft, counted, head, grouped) };
  const stated = around.find((one) => stateNamed(one, head) !== undefined);
  if (stated) return { operation: 'count', entity: stated, field: null, where: [stateNamed(stated, head)].flatMap((one) => one ?? []) };
  const doing = grouped[0] && /\b(?:times|often)\b/i.test(text) ? happeningTo(draft, [grouped[0]], text) : undefined;
  return doing && { operation: 'count', entity: doing, field: null, where: [] };
}

/** "no-shows per client": a state that stands for the records in it. */
function stateNamed(entity: Entity, head: string): Condition | undefined {
  const words = head
    .replace(/[#]/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/s$/, '')
    .replace(/^(?:times|been|being|was|were|as|an?)\s+/g, '');
  return words.length > 3 && words.split(' ').length <= 3
    ? conditionFor(entity, words.replace(/^.*\b(?:been|was|were|as) (?:an? )?/, ''))
    : undefined;
}

/** Which of the counted records count; the state of a group is no condition of its records. */
function whereOf(draft: Draft, entity: Entity, head: string, grouped: readonly Entity[]): Condition[] {
  const said = mentionsOf(draft, head).reduceRight(
    (text, one) => (grouped.includes(one.entity) ? text : `${text.slice(0, one.at)} ${text.slice(one.end)}`),
    head,
  );
  return conditionsSaid(entity, said);
}

const reaches = (draft: Draft, entity: Entity, grouped: readonly Entity[]): boolean =>
  grouped.every(
    (group) =>
      group === entity || linksBetween(entity, group).length > 0 || linkedTo(draft, group).some((middle) => linksBetween(entity, middle).length > 0),
  );

function readTotal(draft: Draft, query: Query, topic: Entity | null): boolean {
  const grouped = query.groups.flatMap((group) => entityNamed(draft, group) ?? []);
  const measure = measureOf(draft, query, topic, grouped);
  if (!measure) return false;
  const { where } = measure;
  let taken = false;
  for (const group of query.groups) taken = putGroup(draft, measure, group, where) || taken;
  if (query.groups.length > 0 && !taken && query.period === null) return false;
  if (query.period !== null) return putPerPeriod(draft, measure, query.period, where) || taken;
  const plain = query.operation === null || query.operation === 'list' ? where.length > 0 && measure.field !== null : true;
  return taken || (query.groups.length === 0 && plain && putAll(draft, measure, where));
}

/** One figure for each of these; "each of us" and "person" are the people whom the records know. */
function putGroup(draft: Draft, measure: Measure, group: string, where: Condition[]): boolean {
  const target = entityNamed(draft, group);
  if (target === measure.entity) return false;
  const own = fieldOf(draft, measure.entity, group);
  if (target === undefined && own === undefined && !isPerson(group) && !/^(?:person|people|one)$/i.test(group)) {
    const [first = ''] = group.split(' ');
    return first !== group && putGroup(draft, measure, first, where);
  }
  return putTotal(draft, measure, group, where);
}
