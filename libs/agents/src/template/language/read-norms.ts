import type { Entity, Field } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putRule, putValue } from './behaviour.js';
import type { RuleWish } from './behaviour.js';
import type { Bound, Phrase } from './clauses.js';
import type { Draft } from './draft.js';
import { readDepends } from './read-depends.js';
import { amountIn, amountScore, conditionsSaid, dayFor, linkedTo } from './measures.js';
import { normsIn, phrasesOf } from './norms.js';
import type { Norm } from './norms.js';
import { between, happeningTo, linksBetween, mentionsOf, openConditions, personLink, stem, stillCounts } from './rule-words.js';
import { tokensOf } from './tokens.js';
import { singular } from './words.js';

/*
 * Rules out of clauses: what is bound by a figure or by another field, what may not be the same twice, and what depends on the
 * state of what a record links to.
 */

type Operator = Extract<RuleWish, { kind: 'compare' }>['operator'];

/** Reads the rules that a statement sets; answers whether there was one. */
export function readNorms(draft: Draft, text: string, topic: Entity | null): boolean {
  return normsIn(text)
    .map((norm) => readBounds(draft, norm, topic) || readSame(draft, norm, topic) || readDepends(draft, norm, topic) || readOrder(draft, norm, topic))
    .includes(true);
}

const things = (draft: Draft, words: string): Entity[] => mentionsOf(draft, words).map((one) => one.entity);

/** Which way a bound goes once "not" is taken in: "not more than" is at most. */
function wayOf({ way }: Bound, force: Norm['force']): Operator | null {
  const turned: Record<Bound['way'], Operator> = {
    above: 'at_most',
    below: 'at_least',
    at_most: 'at_most',
    at_least: 'at_least',
    exactly: 'at_most',
  };
  if (force === 'never' && way === 'exactly') return null;
  if (force === 'never') return way === 'at_least' ? 'below' : way === 'at_most' ? null : turned[way];
  if (way === 'exactly') return force === 'only' ? 'at_most' : null;
  return way;
}

const PERIOD = /^(?:(?:any|one|the|same|single|calendar|a) )*(day|week|month|year|season)s?\b/i;

function readBounds(draft: Draft, norm: Norm, topic: Entity | null): boolean {
  if (tokensOf(norm.text).filter((one) => one.part === 'bound').length > 1) return false;
  for (const { place, phrase } of phrasesOf(norm)) {
    if (!phrase.bound || phrase.bound.figure === null || /^(?:who|that|which|of)\b/i.test(phrase.text)) continue;
    const { figure } = phrase.bound;
    const only = /\bonly\b/i.test(norm.text) || phrase.quantifier === 'only';
    const way = wayOf(phrase.bound, norm.force === 'always' && only ? 'only' : norm.force);
    if (way === null || /^(?:days?|weeks?|months?|years?)\b/i.test(phrase.text)) continue;
    const [counted] = things(draft, phrase.text);
    if (counted && (way === 'at_most' || way === 'below' || way === 'at_least')) {
      if (putLimit(draft, norm, { counted, phrase, place, figure: way === 'below' ? figure - 1 : figure, way }, topic)) return true;
      continue;
    }
    if (putFigure(draft, norm, { phrase, place, figure, way }, topic)) return true;
  }
  return false;
}

interface Limited {
  readonly counted: Entity;
  readonly phrase: Phrase;
  readonly place: string;
  readonly figure: number;
  readonly way: Operator;
}

/** "at most two entries an exhibitor in a class": so many records, or so many links, for each of what is named beside them. */
function putLimit(draft: Draft, norm: Norm, { counted, phrase, place, figure, way }: Limited, topic: Entity | null): boolean {
  const beside = phrasesOf(norm).filter((one) => one.phrase !== phrase);
  const period = beside.map((one) => PERIOD.exec(one.phrase.text)?.[1]?.toLowerCase().replace('season', 'year')).find((one) => one !== undefined);
  const nobody = /\b(?:nobody|no one|everyone|everybody|anyone|people|person|you|we|they)\b/i.test(norm.text);
  const inside = things(draft, phrase.text).slice(1);
  const others = [
    ...beside.filter((one) => one.place !== 'of').flatMap((one) => things(draft, one.phrase.text)),
    ...inside,
    ...(topic ? [topic] : []),
  ].filter((one) => one !== counted);
  const person = nobody ? personLink(draft, counted) : undefined;
  const people = draft.schema.entities.find((one) => one.name === person?.target);
  for (const per of [...others, ...(people ? [people] : [])]) {
    const several = linksBetween(per, counted).find((field) => field.type === 'references');
    if (several && period === undefined) {
      putRule(draft, per, { kind: 'compare', field: several.name, operator: way === 'at_least' ? 'at_least' : 'at_most', value: figure });
      return true;
    }
    if (way === 'at_least') continue;
    const direct = linksBetween(counted, per)[0];
    const happening = direct ? counted : (happeningTo(draft, [counted, per], norm.text) ?? between(draft, counted, per));
    const by = happening && linksBetween(happening, per)[0];
    const day = period === undefined ? undefined : happening && dayFor(happening, norm.text, false);
    if (!happening || !by || (period !== undefined && !day)) continue;
    const said = conditionsSaid(happening, phrase.text);
    const open =
      said.length === 0 && /\b(?:at (?:once|a time|the same time|any one time|one time)|open|out|running|active|current)\b/i.test(norm.text)
        ? openConditions(happening)
        : said;
    putRule(draft, happening, {
      kind: 'limit',
      by: by.name,
      maximum: figure,
      ...(day && period ? { day: day.name, period: period as 'day' } : {}),
      where: open.length > 0 ? open : stillCounts(happening),
    });
    return true;
  }
  return place === 'never';
}

/** "not over 20 percent moisture", "hours must be more than 0": a number of the record, or its sum per something. */
function putFigure(draft: Draft, norm: Norm, { phrase, figure, way }: Omit<Limited, 'counted'>, topic: Entity | null): boolean {
  const beside = phrasesOf(norm).filter((one) => one.phrase !== phrase);
  const said = things(draft, norm.text);
  const near = [...said, topic];
  const names = [
    phrase.text,
    ...beside.filter((one) => one.place === 'subject' || one.place === 'object' || one.place === 'of').map((one) => one.phrase.text),
  ];
  const place = names
    .filter((one) => one.trim() !== '')
    .map((one) => amountIn(draft, one, near, 1.9))
    .find((one) => one !== undefined);
  if (!place || place.field.type === 'rating') return false;
  const per = beside.filter((one) => /^(?:per|by|in|on|for)$/.test(one.place));
  const period = per.map((one) => PERIOD.exec(one.phrase.text)?.[1]?.toLowerCase().replace('season', 'year')).find((one) => one !== undefined);
  const whole = period !== undefined || /\b(?:in total|altogether|together|all in all|sum|add up|combined|total)\b/i.test(norm.text);
  const group = said.find((one) => one !== place.entity && linksBetween(place.entity, one).length > 0);
  const by = (group && linksBetween(place.entity, group)[0]) ?? (whole ? personLink(draft, place.entity) : undefined);
  if (whole && way === 'at_most' && 'required' in place.field && (by || period === undefined) && !/^total/i.test(place.field.label)) {
    const day = period === undefined ? undefined : dayFor(place.entity, norm.text, false);
    if (period !== undefined && !day) return false;
    putRule(draft, place.entity, {
      kind: 'limit',
      by: by?.name ?? null,
      field: place.field.name,
      maximum: figure,
      ...(day && period ? { day: day.name, period: period as 'day' } : {}),
      where: stillCounts(place.entity),
    });
    return true;
  }
  putRule(draft, place.entity, { kind: 'compare', field: place.field.name, operator: way, value: figure });
  return true;
}

const COMPARING: readonly (readonly [RegExp, Operator])[] = [
  [/\b(?:on or after|at or after|not before|no earlier than|not earlier than|same as or after)\b/i, 'at_least'],
  [/\b(?:on or before|at or before|not after|no later than|not later than)\b/i, 'at_most'],
  [/\b(?:after|later than|follows?|past|beyond)\b/i, 'above'],
  [/\b(?:before|earlier than|precedes?|sooner than)\b/i, 'below'],
  [/\b(?:no more than|not more than|at most|up to|within)\b|<=|≤/i, 'at_most'],
  [/\b(?:no less than|not less than|at least)\b|>=|≥/i, 'at_least'],
  [/\b(?:(?:more|greater|higher|larger|longer|bigger|heavier) than|over|above|exceeds?|outnumbers?|pass(?:es)?)\b|>/i, 'above'],
  [/\b(?:(?:less|fewer|lower|smaller|shorter|lighter) than|under|below)\b|</i, 'below'],
];
const TURNED: Record<Operator, Operator> = { above: 'at_most', below: 'at_least', at_least: 'below', at_most: 'above' };

/** One field against another: days and times by what happens when, numbers by how much; against a linked record's, sums are limited. */
function readOrder(draft: Draft, norm: Norm, topic: Entity | null): boolean {
  const whole = [norm.text, ...norm.conditions.filter((one) => /^(?:before|after)$/.test(one.marker)).map((one) => `${one.marker} ${one.text}`)].join(
    ' ',
  );
  for (const [pattern, operator] of COMPARING) {
    const hit = pattern.exec(whole);
    if (!hit) continue;
    const [left, right] = [whole.slice(0, hit.index), whole.slice(hit.index + hit[0].length)];
    const way = norm.force === 'never' && !/^(?:not|no)\b/i.test(hit[0]) ? TURNED[operator] : operator;
    const near = [...things(draft, whole), topic, ...draft.schema.entities].filter((one) => one !== null);
    for (const owner of new Set(near)) {
      const [one, other] = [left, right].map((words) => ownDay(owner, words));
      if (one && other && one !== other && one.type === other.type) return compare(draft, owner, one, way, other.name);
      const [a, b] = [left, right].map((words) => ownNumber(owner, words));
      if (a && b && a !== b && (a.type === 'money') === (b.type === 'money')) return compare(draft, owner, a, way, b.name);
    }
    if (way === 'at_most' || way === 'below') return limitBySize(draft, norm, left, right);
    return false;
  }
  return false;
}

function compare(draft: Draft, owner: Entity, { name }: Field, operator: Operator, value: string): true {
  putRule(draft, owner, { kind: 'compare', field: name, operator, value });
  return true;
}

/** The day or time whose telling words are in the text: "pick up" is when somebody was picked up. */
function ownDay(owner: Entity, words: string): Field | undefined {
  const said = (words.toLowerCase().match(/[a-z]+/g) ?? []).map(stem);
  const scored = owner.fields
    .filter((field) => [...DATED_TYPES, 'time'].includes(field.type))
    .map((field) => {
      const own = field.label
        .toLowerCase()
        .split(/[\s-]+/)
        .filter((word) => word.length > 1 && !/^(?:date|time|day|of|the|on|at)$/.test(word))
        .map(stem);
      return { field, score: own.length === 0 ? 0 : own.filter((word) => said.includes(word)).length / own.length };
    })
    .sort((a, b) => b.score - a.score);
  return scored[0] && scored[0].score >= 0.5 && scored[0].score > (scored[1]?.score ?? 0) ? scored[0].field : undefined;
}

function ownNumber(owner: Entity, words: string): Field | undefined {
  const scored = owner.fields
    .filter((field) => NUMERIC_TYPES.includes(field.type) && field.type !== 'rating')
    .map((field) => ({ field, score: amountScore(field, words) }))
    .filter((one) => one.score >= 2.5)
    .sort((a, b) => b.score - a.score);
  return scored[0] && scored[0].score > (scored[1]?.score ?? 0) ? scored[0].field : undefined;
}

/** "the lengths of all bookings in a sailing cannot pass the lane meters", "no more entries than the cap of the race". */
function limitBySize(draft: Draft, norm: Norm, left: string, right: string): boolean {
  const sizes = draft.schema.entities.flatMap((entity) =>
    entity.fields
      .filter((field) => NUMERIC_TYPES.includes(field.type))
      .map((field) => ({ entity, field, score: amountScore(field, right) + (things(draft, right).includes(entity) ? 0.5 : 0) }))
      .filter(({ score }) => score >= 2),
  );
  const [size] = sizes.sort((a, b) => b.score - a.score);
  if (!size) return false;
  const [counted] = things(draft, left).filter(
    (one) => one !== size.entity && linksBetween(one, size.entity).some((link) => link.type === 'reference'),
  );
  const total = /\b(?:total|sum|all|together|altogether|lengths|weights|hours)\b/i.test(left);
  for (const child of [...(counted ? [counted] : []), ...linkedTo(draft, size.entity)]) {
    const by = linksBetween(child, size.entity).find((link) => link.type === 'reference');
    const amount = by && ownNumber(child, left);
    if (by && amount && total) {
      putRule(draft, child, { kind: 'limit', by: by.name, field: amount.name, maximum: size.field.name, where: stillCounts(child) });
      return true;
    }
  }
  const link = counted && linksBetween(counted, size.entity)[0];
  const counting = counted !== undefined && /\b(?:no|more|fewer|many|number)\b/i.test(norm.text) && !ownNumber(counted, left);
  if (!counted || !link || !counting) return false;
  putRule(draft, counted, { kind: 'limit', by: link.name, maximum: size.field.name, where: stillCounts(counted) });
  return true;
}

/** "The same bird is not recorded twice in one day", "never two in the same position on one episode", "a runner cannot enter the same race twice". */
function readSame(draft: Draft, norm: Norm, topic: Entity | null): boolean {
  if (norm.force !== 'never' || !/\b(?:same|twice|again|alike|more than once|two)\b/i.test(norm.text)) return false;
  if (/\b(?:at once|(?:same|one) (?:time|moment|hour|slot)|overlap\w*|simultaneously|clash\w*|double[- ]?book\w*)\b/i.test(norm.text)) return false;
  const said = things(draft, norm.text);
  const mentioned = new Set(said);
  const candidates = [
    ...said,
    ...(topic ? [topic] : []),
    ...draft.schema.entities.filter((one) => said.some((each) => linksBetween(one, each).length > 0)),
  ];
  for (const entity of new Set(candidates)) {
    const links = entity.fields.filter(
      (field) => field.type === 'reference' && [...mentioned].some((one) => one !== entity && one.name === field.target),
    );
    const own = entity.fields.filter(
      (field) => field.target === null && !['boolean', 'long_text', 'references'].includes(field.type) && sameSaid(field, norm.text),
    );
    const day = /\b(?:in (?:one|a|the same)|(?:on )?(?:the )?same|per|a|on one) day\b/i.test(norm.text)
      ? dayFor(entity, norm.text, false)
      : undefined;
    const fields = [...new Set([...links, ...own, ...(day ? [day] : [])])].slice(0, 5);
    if (fields.length < 2) continue;
    putRule(draft, entity, { kind: 'unique_together', fields: fields.map((one) => one.name) });
    return true;
  }
  return false;
}

const sameSaid = (field: Field, text: string): boolean =>
  new RegExp(`\\b(?:same|one|a|each|this) (?:[a-z]+ )?${singular(field.label.toLowerCase()).replace(/[^\w ]/g, '.')}s?\\b`, 'i').test(text);

const AGE =
  /\b(?:nobody|no one|no \w+|none|not) (?:under|younger than|below)(?: the age of)? (\d{1,2})\b|\b(?:at least|over|minimum age(?: of| is)?|must be) (\d{1,2})(?: years(?: old| of age)?| or (?:over|older))\b/i;

/** "nobody under 18": how old they are is worked out of the day of birth. */
export function readAgeLimit(draft: Draft, text: string, topic: Entity | null): boolean {
  const hit = AGE.exec(text);
  if (!hit) return false;
  const owner = [...things(draft, text), topic, ...draft.schema.entities].find(
    (one): one is Entity => one !== null && one.fields.some((field) => /birth|born|\bdob\b/i.test(field.label) && field.type === 'date'),
  );
  const born = owner?.fields.find((field) => /birth|born|\bdob\b/i.test(field.label));
  if (!owner || !born) return false;
  const age =
    owner.values.find((one) => one.kind === 'between' && one.unit === 'years') ??
    putValue(draft, owner, { kind: 'between', label: 'age', type: 'integer', unit: 'years', from: born.name, to: 'today' });
  putRule(draft, owner, { kind: 'compare', field: age.name, operator: 'at_least', value: Number(hit[1] ?? hit[2]) });
  return true;
}
