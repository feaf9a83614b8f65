import type { Condition, Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES, GROUPING_TYPES, NUMERIC_TYPES } from '#contracts';
import { putValue } from '../behaviour.js';
import type { Draft } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { on } from '../lists.js';
import { amountScore, dayFor, fieldOf, linkedTo } from '../measures.js';
import { assumeField, happeningTo, linksBetween, mentionsOf } from '../rule-words.js';
import { entityNamed, put, putAll, putOne, putPerPeriod, putTotal } from '../totals.js';
import type { Measure } from '../totals.js';
import { capital } from '../words.js';
import { heardOf } from './heard.js';
import type { Heard } from './heard.js';
import { rootsIn } from './word-forms.js';
import type { Wish } from './wishes.js';

/*
 * A figure: how many records, or the sum or average of an amount of theirs, over all or for each of something, in each period.
 * What is counted or added up is whatever of the model fits the words best and belongs to what there is a figure for.
 */

type Amount = Field | RecordValue;

/** What may be counted or added up, with how well it fits. */
interface Candidate {
  readonly entity: Entity;
  /** The amount, or null for counting; `make` where it has to be worked out first. */
  readonly amount: Amount | null;
  readonly make?: () => RecordValue;
  readonly heard: Heard;
  readonly score: number;
}

/** Reads a wish as a total; answers whether one was added. */
export function readTotalWish(draft: Draft, wish: Wish, topic: Entity | null): boolean {
  const groups = groupsOf(draft, wish);
  const [best] = candidatesFor(draft, wish, topic, groups).sort((a, b) => b.score - a.score);
  if (!best || best.score < 2) return false;
  const measure: Measure = {
    operation: best.amount === null && !best.make ? 'count' : wish.operation === 'average' ? 'average' : 'sum',
    entity: best.entity,
    field: best.make ? best.make() : best.amount,
  };
  const where = [...best.heard.take(), ...windowOf(draft, wish, best)].slice(0, 10);
  let taken = false;
  for (const group of groups) taken = putTotal(draft, measure, group, where) || taken;
  if (groups.length > 0 && !taken && wish.period === null) return false;
  if (wish.period !== null) taken = putPeriod(draft, measure, wish, where) || taken;
  if ((groups.length === 0 && wish.period === null) || wish.altogether) taken = putOver(draft, measure, wish, where) || taken;
  return taken;
}

const PERSON = /^(?:person|people|one|of us|us|individual|guy|body)$/i;

/** What there is one figure for: after "per", or with "most" and "busiest" the thing itself. */
function groupsOf(draft: Draft, { groups, order, head, text }: Wish): string[] {
  if (groups.length > 0) return [...groups];
  const most = /\b(?:most|least|busiest|best[- ]selling|popular)\b/i.test(text) || (order !== null && /most|least|busiest|popular/.test(order.words));
  const thing = most ? mentionsOf(draft, head)[0]?.entity : undefined;
  return thing && linkedTo(draft, thing).length > 0 ? [thing.label] : [];
}

function candidatesFor(draft: Draft, wish: Wish, topic: Entity | null, groups: readonly string[]): Candidate[] {
  const { head, text, operation } = wish;
  const targets = groups.flatMap((group) => entityNamed(draft, group) ?? []);
  const mentions = mentionsOf(draft, head).map((one) => one.entity);
  const bare = `${head} ${wish.gloss}`;
  const counting = operation === 'count';
  const adding = operation === 'sum' || operation === 'average';
  return draft.schema.entities.flatMap((entity): Candidate[] => {
    if (!groups.every((group) => reaches(draft, entity, group))) return [];
    const at = mentions.indexOf(entity);
    const grouped = targets.includes(entity);
    const doing = targets.some((one) => happeningTo(draft, [one], text.replace(/n't\b/g, ' not '), true) === entity);
    const shares = rootsIn(bare).some((root) => root.length > 2 && rootsIn(entity.label).includes(root));
    const near =
      (at >= 0 && !grouped ? 2.4 - at / 2 : 0) +
      (targets.some((one) => linksBetween(entity, one).length > 0) ? 0.8 : 0) +
      (doing || (shares && at < 0) ? 1.2 : 0) +
      (mentions.length === 0 && targets.length === 0 && entity === topic ? 0.5 : 0);
    const amounts = [...entity.fields, ...entity.values]
      .filter((field) => NUMERIC_TYPES.includes(field.type) && !/^(?:year|year built|age|minimum|maximum|level)$/i.test(field.label))
      .map((amount) => ({ amount, fit: amountFit(amount, bare) }))
      .filter(({ fit, amount }) => fit > 0 || (operation === 'average' && amount.type === 'rating'));
    const heardFor = (words: string): Heard => heardOf(draft, entity, withoutGroups(words, targets, entity), false);
    const made = amounts.some(({ fit, amount }) => fit >= 1.6 && !isUnit(entity, amount)) ? undefined : worth(draft, entity, bare);
    const sums = amounts.map(({ amount, fit }): Candidate => {
      const heard = heardFor(bare.replace(new RegExp(`\\b${amount.label}\\b`, 'gi'), ' '));
      const score =
        fit +
        near +
        (adding ? 1 : 0) -
        (counting ? (fit >= 3 && at < 0 ? 0.5 : 2.5) : 0) +
        heard.sure / 10 -
        (isUnit(entity, amount) && operation !== 'average' ? 1.5 : 0);
      return { entity, amount, heard, score };
    });
    const hours = amounts.length === 0 && /\b(?:hours|minutes|time|nights)\b/i.test(head) ? stretchOf(draft, entity, head) : undefined;
    if (hours) sums.push({ entity, amount: null, make: hours, heard: heardFor(bare), score: 2.1 + near });
    if (made) sums.push({ entity, amount: null, make: made, heard: heardFor(bare), score: 2.2 + near });
    const heard = heardFor(bare);
    const counted = operation === 'average' || (operation === 'sum' && (MONEY.test(text) || /\bhow much\b/i.test(text)));
    const labelled = groups.some((group) =>
      rootsIn(fieldOf(draft, entity, group)?.label ?? '').some((root) => root.length > 2 && rootsIn(head).includes(root)),
    );
    const grouping = groups.length > 0 || wish.period !== null || heard.count > 0;
    const base =
      (labelled ? 2 : 0) + (at >= 0 && !grouped ? 1.4 : 0) + (doing ? 1.2 : 0) + (heard.count > 0 && !grouped ? 1.6 : 0) + (counting ? 1.2 : 0);
    const count: Candidate[] =
      counted || grouped || (!counting && !grouping) || (base < 1.2 && near < 2) ? [] : [{ entity, amount: null, heard, score: near + base }];
    return [...sums, ...count];
  });
}

/** How well an amount fits some words, by their roots too: "collected fees" for the fee, "live" for those born alive. */
function amountFit(amount: Amount, words: string): number {
  const own = rootsIn(amount.label);
  const said = rootsIn(words);
  const hits = own.filter((root) => root.length > 2 && said.includes(root)).length;
  const byRoot = hits === 0 ? 0 : hits === own.length ? 4 : said.includes(own.at(-1) ?? '') ? 3 : 2.2;
  return Math.max(amountScore(amount, words), byRoot);
}

const MONEY = /\b(?:money|pay|paid|owe[ds]?|owing|cost|spen[dt]|took|earned|income|revenue|takings|£|\$|€)\b/i;

/** "Hours per glider" where a record holds when it began and ended. */
function stretchOf(draft: Draft, entity: Entity, words: string): (() => RecordValue) | undefined {
  const times = entity.fields.filter((field) =>
    /night/i.test(words) ? DATED_TYPES.includes(field.type) : field.type === 'datetime' || field.type === 'time',
  );
  const unit = /night/i.test(words) ? 'days' : 'hours';
  const [from, to] = times;
  if (!from || !to || times.length > 2 || from.type !== to.type) return undefined;
  const label = unit === 'days' ? 'nights' : 'hours';
  return () => putValue(draft, entity, { kind: 'between', label, type: unit === 'days' ? 'integer' : 'number', unit, from: from.name, to: to.name });
}

/** A price for one of something: no amount to add up where there is a count beside it. */
const isUnit = (entity: Entity, amount: Amount): boolean =>
  amount.type === 'money' &&
  (/\b(?:each|per|unit|rate)\b/i.test(amount.label) || (/\b(?:price|cost)\b/i.test(amount.label) && manyOf(entity) !== undefined));

/** How many there are of what a record is about. */
const manyOf = (entity: Entity): Field | undefined =>
  entity.fields.find(
    (field) =>
      ['integer', 'number'].includes(field.type) &&
      /how many|quantity|number|count|stock|amount|qty|pieces|units|copies|hours|days|nights|kilos/i.test(field.label) &&
      !/level|minimum|year/i.test(field.label),
  );

/** "Value of the stock", "sales": what one costs times how many there are, where the records hold both. */
function worth(draft: Draft, entity: Entity, words: string): (() => RecordValue) | undefined {
  if (!/\b(?:value|worth|sales|revenue|takings|turnover|income|total|cost|spent|earned|sold|amount)\b/i.test(words)) return undefined;
  const price = entity.fields.find((field) => field.type === 'money' && isUnit(entity, field));
  const many = manyOf(entity);
  if (!price || !many) return undefined;
  return () => putValue(draft, entity, { kind: 'formula', label: 'value', type: 'money', left: many.name, operator: 'times', right: price.name });
}

function reaches(draft: Draft, entity: Entity, group: string): boolean {
  const target = entityNamed(draft, group);
  const own = fieldOf(draft, entity, group);
  if (own && (GROUPING_TYPES.includes(own.type) || own.type === 'references')) return true;
  if (!target)
    return (
      (PERSON.test(group) || isPerson(group)) &&
      entity.fields.some((field) => isPerson(draft.schema.entities.find((one) => one.name === field.target)?.label ?? ''))
    );
  return (
    target !== entity &&
    (linksBetween(entity, target).length > 0 || linkedTo(draft, target).some((middle) => linksBetween(entity, middle).length > 0))
  );
}

const withoutGroups = (words: string, targets: readonly Entity[], entity: Entity): string =>
  targets.reduce(
    (text, one) => text.replace(new RegExp(`\\b(?:${one.label_plural}|${one.label})\\b`, 'gi'), ' '),
    words.replace(new RegExp(`\\b(?:${entity.label_plural}|${entity.label})\\b`, 'gi'), ' '),
  );

/** "Fixed today", "booked in the next 7 days": the day that the records are counted by. */
function windowOf(draft: Draft, { window, head }: Wish, { entity, heard }: Candidate): Condition[] {
  if (!window) return [];
  const day = dayFor(entity, `${head} ${window.words}`, window.way === 'within_days') ?? doneDay(draft, entity, heard);
  if (!day) return [];
  const today = /^(?:today|tonight|this (?:morning|evening))/i.test(window.words);
  return [on(day, today ? 'within_days' : window.way, window.days === null ? null : String(window.days))];
}

/** The day on which records came into the state that is asked for; recorded from now on where nothing holds it. */
function doneDay(draft: Draft, entity: Entity, heard: Heard): Field | undefined {
  if (draft.exact) return undefined;
  const state = heard.take().find((one) => one.operator === 'is' && !/^(?:yes|no)$/.test(one.value ?? ''))?.value;
  return state === undefined || state === null ? undefined : assumeField(draft, entity, `${state.toLowerCase()} on`, 'date');
}

/** In each period: by the day that the words or the state speak of. */
function putPeriod(draft: Draft, measure: Measure, { period, head }: Wish, where: Condition[]): boolean {
  if (period === null) return false;
  const dated = measure.entity.fields.some((field) => DATED_TYPES.includes(field.type));
  const state = where.find((one) => one.operator === 'is' && !/^(?:yes|no)$/.test(one.value ?? ''))?.value ?? null;
  if (!dated && state !== null && !draft.exact) assumeField(draft, measure.entity, `${state.toLowerCase()} on`, 'date');
  const named = measure.entity.fields.find(
    (field) =>
      DATED_TYPES.includes(field.type) && rootsIn(field.label).some((root) => root.length > 2 && rootsIn(`${head} ${state ?? ''}`).includes(root)),
  );
  return named ? put(draft, measure, ` per ${period}`, named, period, where) : putPerPeriod(draft, measure, period, where);
}

/** One figure over all records, under the words that asked for it. */
function putOver(draft: Draft, measure: Measure, { text, altogether, groups }: Wish, where: Condition[]): boolean {
  const said = text
    .replace(/\b(?:per|by|for each|for every) .*$/i, '')
    .replace(/^(?:and |also )*(?:the )?(?:how (?:many|much)|number of|total of)\s+/i, '')
    .trim();
  const words = said.split(' ');
  if (where.length === 0 || words.length > 7 || groups.length > 0) return putAll(draft, measure, where);
  const label = capital(
    `${measure.operation === 'count' ? 'number of ' : measure.operation === 'average' ? 'average ' : ''}${said}${altogether ? ' altogether' : ''}`.toLowerCase(),
  );
  return putOne(draft, measure, where, label);
}
