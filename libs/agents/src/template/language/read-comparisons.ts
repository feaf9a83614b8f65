import type { Entity, Field } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putRule, putValue } from './behaviour.js';
import type { RuleWish } from './behaviour.js';
import type { Draft } from './draft.js';
import { FIGURE, daysOf, figureOf } from './figures.js';
import { fieldIn, mentionsOf } from './rule-words.js';
import type { Place } from './rule-words.js';
import { rangeOf } from './read-overlaps.js';
import { snake } from './words.js';

/*
 * Comparisons in plain words: "the quantity can never go below zero", "hours must be more than 0 and no more than 24",
 * "points 0-100", "the end must be after the start", "the deadline cannot be earlier than the date it came", "the birthday is
 * not in the future", "a booking can't be longer than 4 hours".
 */

type Operator = Extract<RuleWish, { kind: 'compare' }>['operator'];

const NOT = String.raw`\b(?:can(?:'t|not| not)|must(?:n't| not)|may not|should(?:n't| not)|won't|will not|never|(?:is|are) not(?: allowed to)?|isn't|not|no)\b(?: ever)?(?: (?:be|go|get|become|fall|drop|come|have|last|take|end))*(?: (?:any|set|dated))?`;
const MUST = String.raw`(?:\b(?:must|has to|have to|should|shall|needs to|need to|can only|may only|is|are|comes?|always)\b(?: (?:always|be|come|lie|only|have|last|strictly))*)`;
const LESS = '(?:less|fewer|lower|smaller|shorter)';
const MORE = '(?:more|greater|higher|larger|longer|bigger)';

/** What stands between the two sides, the most telling first. */
const COMPARATORS: readonly (readonly [RegExp, Operator, right?: number | 'today'])[] = [
  [new RegExp(`${NOT} (?:negative|below (?:zero|0)|under (?:zero|0)|less than (?:zero|0)|minus)\\b|\\bnon-?negative\\b`, 'i'), 'at_least', 0],
  [new RegExp(`${MUST} (?:positive|greater than zero|more than zero|above zero)\\b`, 'i'), 'above', 0],
  [new RegExp(`${NOT} (?:in|lie in) the future\\b|${NOT} (?:after|later than) today\\b`, 'i'), 'at_most', 'today'],
  [new RegExp(`${NOT} in the past\\b|${NOT} (?:before|earlier than) today\\b`, 'i'), 'at_least', 'today'],
  [new RegExp(`${MUST} in the future\\b`, 'i'), 'above', 'today'],
  [new RegExp(`${MUST} in the past\\b`, 'i'), 'below', 'today'],
  [new RegExp(`${NOT} (?:before|earlier than|${LESS} than)\\b|${NOT} precede\\b`, 'i'), 'at_least'],
  [new RegExp(`${NOT} (?:after|later than|${MORE} than)\\b|${NOT} (?:exceed|go over|be over|above)\\b`, 'i'), 'at_most'],
  [new RegExp(`(?:${MUST} )?\\b(?:on or after|at or after)\\b`, 'i'), 'at_least'],
  [new RegExp(`(?:${MUST} )?\\b(?:on or before)\\b`, 'i'), 'at_most'],
  [
    new RegExp(`${MUST} (?:after|later than|follow|greater than|more than|higher than|larger than|bigger than|longer than|above|over)\\b`, 'i'),
    'above',
  ],
  [new RegExp(`(?:must|has to|should|needs to) (?:always )?follow\\b`, 'i'), 'above'],
  [new RegExp(`${MUST} (?:before|earlier than|less than|fewer than|lower than|smaller than|below|under)\\b`, 'i'), 'below'],
  [/\b(?:at least|no less than|not less than|a minimum of|minimum(?: of| is)?)\b|>=|≥/i, 'at_least'],
  [/\b(?:at most|no more than|not more than|a maximum of|maximum(?: of| is)?|up to)\b|<=|≤/i, 'at_most'],
  [/>/, 'above'],
  [/</, 'below'],
];
const BETWEEN = new RegExp(`\\b(?:between ${FIGURE} and ${FIGURE}|from ${FIGURE} to ${FIGURE})\\b`, 'i');

/** Reads every comparison of a clause; answers whether there was one. */
export function readComparisons(draft: Draft, clause: string, topic: Entity | null): boolean {
  const near = [...mentionsOf(draft, clause).map((one) => one.entity), topic];
  if (readDuration(draft, clause, topic)) return true;
  const between = BETWEEN.exec(clause);
  if (between && /\b(?:must|should|has to|have to|can|may|is|are|always)\b/i.test(clause.slice(0, between.index))) {
    const place = fieldIn(draft, clause.slice(0, between.index), near, NUMERIC_TYPES);
    const [from, to] = [between[1] ?? between[3], between[2] ?? between[4]].map((one) => figureOf(one ?? ''));
    if (place && from !== undefined && to !== undefined) return putRange(draft, place, from, to);
  }
  let taken = false;
  let left: string | null = null;
  for (const part of clause.split(/,? (?:and|but) (?=(?:no|not|at|never|must|always|less|more|cannot|can't|may not)\b)|; /i)) {
    const found = COMPARATORS.map(([pattern, operator, right]) => ({ operator, right, hit: pattern.exec(part) })).find((one) => one.hit !== null);
    if (!found?.hit) continue;
    const before: string = part.slice(0, found.hit.index).trim();
    left = before.replace(/\b(?:and|but|the|a|an)\b/gi, '').trim() === '' ? left : before;
    const after = part.slice(found.hit.index + found.hit[0].length);
    taken = compareSides(draft, left ?? '', found.operator, found.right ?? after, near) || taken;
  }
  return taken;
}

function compareSides(draft: Draft, left: string, operator: Operator, right: string | number, near: readonly (Entity | null)[]): boolean {
  if (right === 'today') {
    const day = fieldIn(draft, left, near, DATED_TYPES);
    return day !== undefined && put(draft, day, operator, 'today');
  }
  const figure = typeof right === 'number' ? right : figureAtStart(draft, right);
  if (figure !== undefined) {
    const place =
      fieldIn(draft, left, near, NUMERIC_TYPES) ??
      (typeof right === 'number' ? fieldIn(draft, `${left} ${near.map((one) => one?.label ?? '').join(' ')}`, near, NUMERIC_TYPES) : undefined);
    return place !== undefined && place.field.type !== 'rating' && put(draft, place, operator, figure);
  }
  const words = String(right).split(/[,;(]/)[0] ?? '';
  return compareFields(draft, left, operator, words, near);
}

/** A plain figure, unless it counts the records of a list ("at most 5 books") or something else that is named. */
function figureAtStart(draft: Draft, words: string): number | undefined {
  const [whole, figure = '', rest = ''] = new RegExp(`^(?:\\s|than|of|is|be|:)*${FIGURE}\\b\\s*%?([^,;.]*)`, 'i').exec(words) ?? [];
  if (whole === undefined || mentionsOf(draft, rest.split(/\b(?:per|for|in|on|a|an|each)\b/)[0] ?? '').length > 0) return undefined;
  if (/^\s*(?:[a-z-]+ )?(?:a|an|per|each|every)\b/i.test(rest) || /\bin total\b|\bon (?:one|any|the same) day\b/i.test(rest)) return undefined;
  return figureOf(figure);
}

const ORDERED = [NUMERIC_TYPES, [...DATED_TYPES, 'time']] as const;

/** Both sides are fields of one list; where the other end of a stretch of time is not there yet, it is added. */
function compareFields(draft: Draft, left: string, operator: Operator, right: string, near: readonly (Entity | null)[]): boolean {
  const sides = [
    [left.split(/[,(:]/).at(-1) ?? '', right],
    [left, right],
  ] as const;
  for (const types of ORDERED) {
    const owners = [...new Set([...near.filter((one) => one !== null), ...draft.schema.entities])];
    for (const owner of owners) {
      for (const side of sides) {
        const [one, other] = side.map((words) => ownField(draft, owner, words, types));
        if (
          one &&
          other &&
          one.name !== other.name &&
          (one.type === other.type || (types.includes('number') && (one.type === 'money') === (other.type === 'money')))
        )
          return put(draft, { entity: owner, field: one }, operator, other.name);
      }
    }
  }
  const [start, end] = [/\b(?:start|begin|from)/i, /\b(?:end|finish|until|return|to)\b/i];
  const owner = near.find((one) => one !== null) ?? draft.last;
  const words = [left, right];
  if (!owner || !words.some((one) => start.test(one)) || !words.some((one) => end.test(one))) return false;
  const range = rangeOf(draft, owner);
  if (!range || range.from === range.to) return false;
  return put(draft, { entity: owner, field: start.test(left) ? range.from : range.to }, operator, (start.test(left) ? range.to : range.from).name);
}

/** The field of this list that the words name. */
function ownField(draft: Draft, owner: Entity, words: string, types: readonly string[]): Field | undefined {
  const alone = { ...draft, schema: { ...draft.schema, entities: [owner] } };
  const place = fieldIn(alone, words, [owner], types);
  return place && 'required' in place.field ? place.field : undefined;
}

function put(draft: Draft, { entity, field }: Place, operator: Operator, value: number | string): boolean {
  if (typeof value === 'number' && field.name === 'age' && value === 0 && operator === 'above') return false;
  putRule(draft, entity, { kind: 'compare', field: field.name, operator, value });
  return true;
}

function putRange(draft: Draft, place: Place, from: number, to: number): boolean {
  if (from >= to || place.field.type === 'rating') return false;
  return put(draft, place, 'at_least', from) && put(draft, place, 'at_most', to);
}

const LASTS = new RegExp(
  `(?:${NOT} (?:longer|more) than|\\b(?:last|take|be|is|are|for) (?:at most|no more than|no longer than|up to|a maximum of|max\\.?(?:imum)?)|\\b(?:at most|no longer than|maximum)) ${FIGURE} (minutes?|hours?|days?|weeks?)(?: long)?(?! (?:per|a|in|before|after|ago|each))`,
  'i',
);

/** "A booking can't be longer than 4 hours": from its start to its end. */
function readDuration(draft: Draft, clause: string, topic: Entity | null): boolean {
  const hit = LASTS.exec(clause);
  if (!hit) return false;
  const before = clause.slice(0, hit.index);
  const subject = mentionsOf(draft, before).at(-1)?.entity ?? topic;
  if (
    !subject ||
    fieldIn(draft, before, [subject], NUMERIC_TYPES) ||
    !/\b(?:long|longer|last|lasts|take|takes|for)\b/i.test(hit[0] + before.slice(-12))
  )
    return false;
  const range = rangeOf(draft, subject);
  if (!range || range.from === range.to) return false;
  const hours = /^(?:minute|hour)/i.test(hit[2] ?? '');
  const most = hours ? figureOf(hit[1] ?? '') / (/^minute/i.test(hit[2] ?? '') ? 60 : 1) : daysOf(hit[1] ?? '', hit[2] ?? '');
  if (hours && range.from.type === 'date') return false;
  const label = hours ? 'length in hours' : 'length in days';
  const known = subject.values.find((one) => one.kind === 'between' && one.from === range.from.name && one.to === range.to.name);
  const value =
    known ??
    putValue(draft, subject, {
      kind: 'between',
      label,
      type: hours ? 'number' : 'integer',
      unit: hours ? 'hours' : 'days',
      from: range.from.name,
      to: range.to.name,
    });
  return put(draft, { entity: subject, field: value }, 'at_most', most);
}

/** "points 0-100", "volume in ml, >= 0", "quantity (never negative)": figures right behind a field in a list of fields. */
export function readFieldFigures(draft: Draft, sentence: string): boolean {
  let taken = false;
  for (const entity of draft.schema.entities) {
    for (const field of entity.fields.filter((one) => NUMERIC_TYPES.includes(one.type) && one.type !== 'rating')) {
      const label = field.label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ in .*$/, '');
      const behind = new RegExp(
        `\\b${label}(?: in [\\wµ²³]+)?\\s*(?:[,:(]\\s*)?(?:from |between |of )?(-?\\d+)\\s*(?:-|–|to|and)\\s*(\\d+)\\b(?![-/.]\\d)`,
        'i',
      ).exec(sentence);
      const least = new RegExp(
        `\\b${label}(?: in [\\wµ²³]+)?\\s*(?:[,(]\\s*)?(?:(?:>=|≥|at least|minimum)\\s*(-?\\d+)|(never|not|non-?)\\s*negative)\\b`,
        'i',
      ).exec(sentence);
      const most = new RegExp(`\\b${label}(?: in [\\wµ²³]+)?\\s*(?:[,(]\\s*)?(?:<=|≤|at most|maximum|max\\.?)\\s*(\\d+)\\b`, 'i').exec(sentence);
      if (behind) taken = putRange(draft, { entity, field }, Number(behind[1]), Number(behind[2])) || taken;
      if (least) taken = put(draft, { entity, field }, 'at_least', Number(least[1] ?? 0)) || taken;
      if (most) taken = put(draft, { entity, field }, 'at_most', Number(most[1])) || taken;
    }
  }
  return taken;
}

const LATER = new RegExp(`${FIGURE} (days?|weeks?|months?|years?) (?:later|after(?:wards)?|from (?:then|the))`, 'i');

/** "it is due back three weeks later": what a new record begins with. */
export function readDelay(draft: Draft, clause: string, topic: Entity | null): boolean {
  const hit = LATER.exec(clause);
  if (
    !hit ||
    /\b(?:can|must|may|cannot|can't|should|has to)\b/i.test(clause) ||
    !/\b(?:due|back|expires?|ends?|until|return|deadline|always|runs? out)\b/i.test(clause)
  )
    return false;
  const owner = [...mentionsOf(draft, clause).map((one) => one.entity), topic, draft.last].find(
    (one): one is Entity => one !== null && one.fields.filter((field) => DATED_TYPES.includes(field.type)).length > 1,
  );
  const days = owner?.fields.filter((field) => DATED_TYPES.includes(field.type)) ?? [];
  const due = days.find((field) => /due|end|expir|until|deadline|next/i.test(field.label));
  const start = days.find((field) => field !== due && !/return|back|closed|done|paid/i.test(field.label));
  if (!owner || !due || !start) return false;
  owner.defaults = [
    ...owner.defaults.filter((one) => one.field !== due.name),
    { field: due.name, value: start.name, days: daysOf(hit[1] ?? '', hit[2] ?? '') },
  ];
  draft.sources.set(`default.${owner.name}.${snake(due.label)}`, draft.sentence);
  return true;
}
