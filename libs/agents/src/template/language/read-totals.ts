import type { Condition, Entity, Field, RecordValue } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { rangeOf } from './read-overlaps.js';
import { conditionFor, fieldIn, linksBetween, mentionsOf, openConditions } from './rule-words.js';
import { entityNamed, put, putAll, putPerPeriod, putTotal } from './totals.js';
import type { Measure } from './totals.js';
import type { Period } from './queries.js';
import { singular } from './words.js';

/*
 * Totals in plain words: "total hours per project", "hours per person per week", "how much did I sell this month", "total owed
 * per hirer", "cost per building for the year", "how many sessions each person came to", "spent per year".
 */

const PERIOD =
  /\b(?:(?:per|by|each|every|a|in the|for the|for a|of the|this|last|in|for each|for every|in (?:a |one |the )?(?:calendar )?) ?(day|week|month|year)|(daily|weekly|monthly|yearly|annual(?:ly)?)|(today))\b/i;
const ADVERBS: Readonly<Record<string, Period>> = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  yearly: 'year',
  annual: 'year',
  annually: 'year',
  today: 'day',
};
const GROUP =
  /\b(?:per|by|for each|for every|in each|in every|of each|of every|given by each|each|every|grouped by|inside each|for all)\s+(?:of the |the |single |individual )?([a-z][a-z-]*(?: (?!and\b|or\b|this\b|in\b|for\b|per\b|with\b|as\b|came\b|has\b|have\b|is\b|are\b|\+)[a-z-]+)?)/gi;
const MEASURE = /\b(?:totals?|sum|how much|how many|number of|count(?: of)?|average|mean|revenue|turnover|earnings|takings|figures)\b/i;
const MONEY =
  /\b(?:revenue|turnover|earn\w*|takings|income|spen[dt]|sell|sold|sales|paid|received|owed|owing|owes?|cost|money|worth|outstanding|how much)\b/i;

/** Reads the totals that a clause asks for; answers whether there was one. `topic`: the list that it stands under. */
export function readTotals(draft: Draft, said: string, topic: Entity | null, asked: boolean): boolean {
  const clause = said.replace(/\([^)]*\)/g, ' ').replace(/\s+/g, ' ');
  const groups = [...clause.matchAll(GROUP)].map((hit) => hit[1] ?? '').filter((word) => !/^(?:day|week|month|year)s?\b/i.test(word));
  const when = PERIOD.exec(clause);
  const period = when ? ((when[1]?.toLowerCase() as Period | undefined) ?? ADVERBS[(when[2] ?? when[3] ?? '').toLowerCase()]) : undefined;
  if ((!asked && groups.length === 0) || /\bhow (?:many days|long)\b/i.test(clause)) return false;
  if (!MEASURE.test(clause) && !(asked && (groups.length > 0 || period !== undefined) && !/\b(?:what's on|list of|who|which)\b/i.test(clause)))
    return false;
  if (groups.length === 0 && period === undefined && !/\b(?:totals?|sum|average|number of|how many|how much|count)\b/i.test(clause)) return false;
  const measure = measureOf(draft, clause, groups, topic);
  if (!measure) return false;
  const where = conditionsIn(measure.entity, clause);
  let taken = false;
  for (const group of groups) taken = putTotal(draft, measure, group, where) || taken;
  if (period !== undefined && !(groups.length > 0 && taken && /\b(?:this|last|the) (?:month|week|year)\b/i.test(clause)))
    taken = putPerPeriod(draft, measure, period, where) || taken;
  if (groups.length > 0 || period !== undefined) return taken;
  return putAll(draft, measure, where);
}

/** What is counted, added up or averaged. */
function measureOf(draft: Draft, clause: string, groups: readonly string[], topic: Entity | null): Measure | undefined {
  const average = /\b(?:average|mean)\b/i.test(clause);
  const grouped = groups.flatMap((group) => entityNamed(draft, group) ?? []);
  const what = clause.replace(GROUP, ' ').replace(PERIOD, ' ');
  const mentions = mentionsOf(draft, what).map((one) => one.entity);
  const near = [...mentions, ...draft.schema.entities.filter((one) => grouped.some((group) => linksBetween(one, group).length > 0)), topic].filter(
    (one) => one !== null && !grouped.includes(one),
  );
  const others = { ...draft, schema: { ...draft.schema, entities: draft.schema.entities.filter((one) => !grouped.includes(one)) } };
  const counted = mentions.find((one) => !grouped.includes(one)) ?? mentions[0];
  const numbers = fieldIn(others, what, near, NUMERIC_TYPES) ?? hoursOf(draft, what, near);
  const counts = /\b(?:how many|number of|count(?: of)?)\b/i.test(what) && !/\bhow many (?:hours|kilos|points|days|minutes)\b/i.test(what);
  if (numbers && !average && counts && counted && !what.toLowerCase().includes(numbers.field.label))
    return { operation: 'count', entity: counted, field: null };
  if (numbers && (!counts || !counted || numbers.entity === counted)) {
    const exact = nameIn(numbers.field.label, what);
    if (average || exact || !counted) return { operation: average ? 'average' : 'sum', entity: numbers.entity, field: numbers.field };
  }
  if (average) {
    const rated = near.flatMap((entity) =>
      entity
        ? entity.fields.filter((field) => field.type === 'rating' || NUMERIC_TYPES.includes(field.type)).map((field) => ({ entity, field }))
        : [],
    );
    const best = rated.find(({ field }) => field.type === 'rating') ?? rated[0];
    return best && { operation: 'average', ...best };
  }
  const money = MONEY.test(what) ? moneyOf(draft, near, what) : undefined;
  if (money) return { operation: 'sum', ...money };
  if (counted && !grouped.includes(counted)) return { operation: 'count', entity: counted, field: null };
  const worked = /\ba total\b|\bin total\b|\ball together\b/i.test(what)
    ? [topic, draft.last, ...draft.schema.entities].flatMap((one) =>
        one?.values.length ? [{ entity: one, field: one.values.at(-1) ?? null }] : [],
      )[0]
    : undefined;
  return worked && { operation: 'sum', ...worked };
}

/** "Hours" that are no field: how long what is counted lasts. */
function hoursOf(draft: Draft, what: string, near: readonly (Entity | null)[]): { entity: Entity; field: RecordValue } | undefined {
  if (!/\bhours\b/i.test(what)) return undefined;
  const entity = near.find((one) => one !== null && one.fields.filter((field) => field.type === 'datetime' || field.type === 'time').length > 1);
  const range = entity && rangeOf(draft, entity);
  if (!entity || !range || range.from === range.to) return undefined;
  const known = entity.values.find((one) => one.kind === 'between' && one.unit === 'hours');
  return {
    entity,
    field:
      known ?? putValue(draft, entity, { kind: 'between', label: 'hours', type: 'number', unit: 'hours', from: range.from.name, to: range.to.name }),
  };
}

const nameIn = (label: string, text: string): boolean =>
  label.split(' ').some((word) => word.length > 3 && text.toLowerCase().includes(singular(word.toLowerCase())));

/** The amount of money that "sold", "spent" or "owed" means. */
function moneyOf(draft: Draft, near: readonly (Entity | null)[], what: string): { entity: Entity; field: Field | RecordValue } | undefined {
  const owners = [...new Set([...near, ...draft.schema.entities].filter((one) => one !== null))];
  const amounts = owners.flatMap((entity) =>
    [...entity.values, ...entity.fields].filter((field) => field.type === 'money').map((field) => ({ entity, field })),
  );
  const fits = /\bspen[dt]|cost\b/i.test(what)
    ? /paid|cost|price|spent|amount/i
    : /\bow(?:ed|ing|es?)\b/i.test(what)
      ? /charge|amount|total|price|due|rent|fee|balance/i
      : /price|total|amount|charge|income|earn|margin|fee|rent|profit|paid/i;
  return (
    amounts.find(({ field }) => fits.test(field.label) && !/deposit|rate\b|per /i.test(field.label)) ??
    amounts.find(({ field }) => !/deposit/i.test(field.label))
  );
}

/** "unpaid", "owed", "open", "active": which records count. */
function conditionsIn(entity: Entity, clause: string): Condition[] {
  if (/\b(?:unpaid|owed|owing|owes?|outstanding|still to pay|not (?:yet )?paid)\b/i.test(clause)) {
    const paid = conditionFor(entity, 'paid', true);
    return paid ? [paid] : openConditions(entity);
  }
  if (/\b(?:open|unreturned|currently|still out)\b/i.test(clause)) return openConditions(entity);
  const words: readonly string[] = clause.toLowerCase().match(/[a-z]+/g) ?? [];
  const state = entity.fields
    .flatMap((field) => field.choices)
    .find(
      (choice) =>
        choice.length > 1 &&
        words.includes(choice.toLowerCase()) &&
        new RegExp(`\\b${choice} (?:${entity.label_plural}|${entity.label})\\b`, 'i').test(clause),
    );
  const condition = state === undefined ? undefined : conditionFor(entity, state);
  return condition ? [condition] : [];
}

/** "Which room is used most": how often each occurs. */
export function readMost(draft: Draft, clause: string): boolean {
  const hit =
    /\b(?:which|what|the) (?:most (?:used|popular|borrowed|booked|rented|active|common|sold) ([a-z]+)|([a-z]+) (?:is|are|was|were|gets?|has|have) (?:used|booked|borrowed|rented|sold|ordered|visited|played)? ?(?:the )?most\b)/i.exec(
      clause,
    );
  const target = hit ? findEntity(draft, singular(hit[1] ?? hit[2] ?? '')) : undefined;
  const event =
    target && draft.schema.entities.find((one) => linksBetween(one, target).some((field) => field.type === 'reference') && !isPerson(one.label));
  const link = target && event && linksBetween(event, target).find((field) => field.type === 'reference');
  return (
    event !== undefined && link !== undefined && put(draft, { operation: 'count', entity: event, field: null }, ` per ${link.label}`, link, null, [])
  );
}
