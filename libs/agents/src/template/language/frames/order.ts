import type { Entity, Rule } from '#contracts';
import { putRule } from '../behaviour.js';
import { FIGURE } from '../figures.js';
import { isPerson } from '../lexicon.js';
import { DAYS, NUMBERS, fieldsNamed, ownersOf } from './ingredients.js';
import type { Clause, Named } from './ingredients.js';

/*
 * Two fields of a list and a word that orders them make a comparison, wherever they stand: "end after start", "they can't bring it
 * back before they took it", "returned >= issued", "the price paid never exceeds the list price"; one day and "future" one with today.
 */

type Operator = Extract<Rule, { kind: 'compare' }>['operator'];

/** Words that order what stands on their left and right; `time`: they can only be about days and times. */
const CUES: readonly (readonly [RegExp, Operator, 'time'?])[] = [
  [
    /\b(?:on or after|at or after|(?:the )?(?:same|equal)(?: day)?(?: as| to)? or (?:after|later than|later)|no (?:earlier|sooner) than|not (?:earlier|sooner) than|not (?:be )?before)\b/i,
    'at_least',
    'time',
  ],
  [/\b(?:on or before|at or before|no later than|not later than|not (?:be )?after|at the latest)\b/i, 'at_most', 'time'],
  [
    />=|≥|=>|\b(?:at least as (?:many|much|big|high|long|large|late) as|(?:no|not) (?:less|fewer|lower|smaller|shorter|lighter) than|at least)(?= |$)/i,
    'at_least',
  ],
  [
    /<=|≤|\b(?:at most as (?:many|much|big|high|long|large) as|(?:no|not) (?:more|higher|greater|larger|bigger|longer|heavier|taller|wider) than|at most|up to)(?= |$)/i,
    'at_most',
  ],
  [/\b(?:after|later(?: than)?|follow(?:s|ing)?|beyond|younger than|past)\b/i, 'above', 'time'],
  [/\b(?:before|earlier(?: than)?|preced(?:e|es|ing)|sooner than|ahead of|prior to|older than)\b/i, 'below', 'time'],
  [
    /(?<![-=])>(?!=)|\b(?:(?:more|greater|higher|larger|longer|bigger|heavier|taller|wider|over and) than|exceed(?:s|ing)?|outnumbers?|(?:go|goes|be|is|are|get|gets) (?:over|above|past))\b/i,
    'above',
  ],
  [
    /<(?![=-])|\b(?:(?:less|fewer|lower|smaller|shorter|lighter|cheaper) than|(?:go|goes|be|is|are|get|gets|fall|falls|drop|drops) (?:under|below))\b/i,
    'below',
  ],
];

const TURNED: Readonly<Record<Operator, Operator>> = { above: 'at_most', below: 'at_least', at_least: 'below', at_most: 'above' };

const TODAY: readonly (readonly [RegExp, Operator])[] = [
  [
    /\b(?:in|into|for|lie in|set in) the future\b|\b(?:after|later than|beyond|past|ahead of) (?:today|now|the current (?:date|day))\b|\bfuture (?:dates?|days?)\b|\bdated? ahead\b/i,
    'above',
  ],
  [
    /\b(?:in|into|for|lie in|set in) the past\b|\b(?:before|earlier than|prior to) (?:today|now|the current (?:date|day))\b|\bpast (?:dates?|days?)\b|\bback-?dat\w+|\b(?:date|day|time)s? (?:that )?(?:has|have|is|are) (?:already )?(?:gone|past|passed|over)\b/i,
    'below',
  ],
  [/\b(?:today or (?:later|after)|from today on|today at the earliest|not (?:before|earlier than) today)\b/i, 'at_least'],
  [/\b(?:today or (?:earlier|before)|today at the latest|up to today|not (?:after|later than) today)\b/i, 'at_most'],
];

/** Reads an order of two fields, or of a day and today; answers whether the clause sets one. */
export const readOrder = (clause: Clause): boolean => readToday(clause) || readPair(clause);

/** "A birth date can't be in the future", "no backdating": the day that is named, or the only one. */
function readToday(clause: Clause): boolean {
  const { text, force, draft } = clause;
  const cue = TODAY.map(([pattern, operator]) => ({ hit: pattern.exec(text), operator })).find(({ hit }) => hit !== null);
  if (!cue?.hit || force === null) return false;
  const { hit, operator } = cue;
  const rest = `${text.slice(0, hit.index)} ${' '.repeat(hit[0].length)} ${text.slice(hit.index + hit[0].length)}`;
  const set = force === 'never' && !/^not\b/i.test(hit[0]) ? TURNED[operator] : operator;
  for (const owner of ownersOf(clause)) {
    const near = clause.mentions.some((one) => one.entity === owner) || clause.topic === owner;
    const [named] = fieldsNamed(owner, rest, ['date', 'datetime']);
    const days = owner.fields.filter((field) => ['date', 'datetime'].includes(field.type));
    const day = named && (named.score > 0.9 || near) ? named.field : near && !isPerson(owner.label) && days.length === 1 ? days[0] : undefined;
    if (!day) continue;
    putRule(draft, owner, { kind: 'compare', field: day.name, operator: set, value: 'today' });
    return true;
  }
  return false;
}

export interface Sides {
  readonly left: string;
  readonly right: string;
  readonly operator: Operator;
  readonly types: readonly (readonly string[])[];
}

/** "90 days after it": how far apart two days are, and not which of them comes first. */
const GAP = new RegExp(`${FIGURE} (?:\\w+ )?(?:minutes?|hours?|days?|nights?|weeks?|months?|years?)\\s*$`, 'i');

/** The two sides of every word of order, with the way it goes once what forbids it is taken in. */
export function sidesOf({ text, force }: Clause): Sides[] {
  const plain = text.replace(/[()]/g, ' ');
  return CUES.flatMap(([pattern, operator, time]) => {
    const hit = pattern.exec(plain);
    if (!hit) return [];
    if (time && GAP.test(plain.slice(0, hit.index))) return [];
    const own = /^(?:no|not)\b/i.test(hit[0]);
    const way = force === 'never' && !own ? TURNED[operator] : operator;
    const [left, right] = [plain.slice(0, hit.index), plain.slice(hit.index + hit[0].length)];
    const front = left.replace(/\b(?:and|but|so|it|is|comes?|never|not|only|the|always|also)\b/gi, '').trim() === '';
    const [first = '', second = ''] = right.split(/,\s*(.*)/s);
    const sides = front && second !== '' ? { left: second, right: first } : { left, right };
    return [{ ...sides, operator: way, types: time ? [DAYS] : [DAYS, NUMBERS] }];
  });
}

/** Plain statements order nothing, unless they are short or say how the fields stand to each other. */
export const states = ({ text, force }: Clause, { left, right }: Sides): boolean =>
  (force !== null && force !== 'only') ||
  /[<>≤≥]/.test(text) ||
  (/\b(?:is|are|comes?|lies?|always|follows|precedes|exceeds)\s*$/i.test(left) && right.split(' ').length <= 8) ||
  text.split(' ').length <= 7;

function readPair(clause: Clause): boolean {
  for (const sides of sidesOf(clause)) {
    if (!states(clause, sides)) continue;
    for (const owner of ownersOf(clause)) {
      for (const types of sides.types) {
        const pair = pairIn(owner, sides, types);
        if (!pair) continue;
        putRule(clause.draft, owner, { kind: 'compare', field: pair[0].name, operator: sides.operator, value: pair[1].name });
        return true;
      }
    }
  }
  return false;
}

type Field = Named['field'];

/** Two different fields of one type, one named on each side of the word of order, of each side the one that stands nearest to it. */
function pairIn(owner: Entity, { left, right }: Sides, types: readonly string[]): [Field, Field] | undefined {
  const [lefts, rights] = [fieldsNamed(owner, left, types), fieldsNamed(owner, right, types)];
  const best = lefts
    .flatMap((one) => rights.map((other) => ({ one, other, score: one.score + other.score + one.end / 1_000 - other.at / 1_000 })))
    .filter(({ one, other }) => one.field !== other.field && one.field.name !== other.field.name && comparable(one.field, other.field))
    .sort((a, b) => b.score - a.score)[0];
  if (best) return [best.one.field, best.other.field];
  const ordered = owner.fields.filter((field) => types.includes(field.type));
  if (types !== DAYS || ordered.length !== 2 || !ordered[0] || !ordered[1] || !comparable(ordered[0], ordered[1])) return undefined;
  const [a, b] = [lefts[0]?.field, rights[0]?.field];
  const other = (field: Field): Field | undefined => ordered.find((one) => one.name !== field.name);
  if (a && !b && /^\W*$|^\s*(?:that|this|it|the other|the first)\b/i.test(right)) {
    const missing = other(a);
    return missing && [a, missing];
  }
  return undefined;
}

const comparable = (one: Field, other: Field): boolean =>
  one.type === other.type || (NUMBERS.includes(one.type) && NUMBERS.includes(other.type) && (one.type === 'money') === (other.type === 'money'));
