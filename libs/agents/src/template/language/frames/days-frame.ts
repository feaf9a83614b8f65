import type { Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES } from '#contracts';
import type { Draft } from '../draft.js';
import { FIGURE, figureOf } from '../figures.js';
import { isPerson } from '../lexicon.js';
import { entityOfWords, linksBetween, mentionsOf, nameScore } from '../rule-words.js';
import { lowerWords } from '../words.js';
import { NUMBERS } from './ingredients.js';
import { putWorkedOut } from './operands.js';

/*
 * Days that follow from others, and the last or the most of what belongs to something: "the next inspection is 6 months after the
 * last one", "next service = last service + 90 days", "the last visit of each patient", "the highest bid per lot".
 */

const AFTER = `(?:${FIGURE}|an?) (day|week|month|year)s? (?:after|from|on from|later than) (?:the |its |their |her |his |that )?(?:last|latest|previous|most recent)\\b`;
const NEXT = new RegExp(`\\bnext ([a-z][a-z ]*?) (?:(?:is|are|falls|comes|will be|should be|must be|due|planned|on|again) )*(?:=|:)? ?${AFTER}`, 'i');
const SUM = new RegExp(
  `\\bnext ([a-z][a-z ]*?) ?(?:=|is|:) ?(?:the )?(?:last|latest|previous)(?: [a-z ]*?)? ?(?:\\+|plus) ?${FIGURE} (day|week|month|year)s?\\b`,
  'i',
);

/** Reads when something is due next, counted from when it last was; answers whether the clause says that. */
export function readNext(draft: Draft, clause: string, topic: Entity | null): boolean {
  const [, noun = '', figure = '', unit = ''] = NEXT.exec(clause) ?? SUM.exec(clause) ?? [];
  const amount = figure === '' ? 1 : figureOf(figure);
  if (noun === '' || !Number.isInteger(amount) || amount < 1) return false;
  const what = lowerWords(noun.trim());
  for (const owner of near(draft, clause, topic)) {
    const last = lastDay(owner, what) ?? putLast(draft, owner, what, mentionsOf(draft, noun)[0]?.entity);
    if (last === undefined) continue;
    putWorkedOut(draft, owner, {
      kind: 'shift',
      label: `next ${what}`,
      type: 'date',
      from: last,
      operator: 'plus',
      amount,
      unit: `${unit.toLowerCase() as 'day'}s`,
    });
    return true;
  }
  return false;
}

/** The lists that may be meant, the nearest first; of the others things before people. */
function near(draft: Draft, clause: string, topic: Entity | null): Entity[] {
  const others = [...draft.schema.entities].sort((one, other) => Number(isPerson(one.label)) - Number(isPerson(other.label)));
  return [...new Set([...mentionsOf(draft, clause).map((one) => one.entity), topic, draft.last, ...others])].filter((one) => one !== null);
}

/** The day on which something last was, where it is recorded with the record itself. */
const lastDay = (owner: Entity, what: string): string | undefined =>
  [...owner.fields, ...owner.values].find(
    (one) => DATED_TYPES.includes(one.type) && /\b(?:last|latest)\b/i.test(one.label) && nameScore(one.label, what) > 0,
  )?.name;

/** The latest day of the records of a kind that belong to this one, worked out; undefined where there are none of them. */
function putLast(draft: Draft, owner: Entity, what: string, of: Entity | undefined): string | undefined {
  const link = of && linksBetween(of, owner)[0];
  const day = of && mainDay(of);
  if (!of || !link || !day) return undefined;
  return putRolled(draft, owner, { label: `last ${what}`, of, link, which: 'highest', field: day }).name;
}

/** The day on which a record happened. */
function mainDay(entity: Entity): Field | undefined {
  const days = entity.fields.filter((field) => DATED_TYPES.includes(field.type));
  return days.find((field) => field.required) ?? days.find((field) => /^(?:date|day)\b|\b(?:date|day)$|\bon$/i.test(field.label)) ?? days[0];
}

interface Rolled {
  readonly label: string;
  readonly of: Entity;
  readonly link: Field;
  readonly which: 'highest' | 'lowest';
  readonly field: Field;
}

const putRolled = (draft: Draft, owner: Entity, { label, of, link, which, field }: Rolled): RecordValue =>
  putWorkedOut(draft, owner, {
    kind: 'rollup',
    label,
    type: DATED_TYPES.includes(field.type) ? 'date' : 'number',
    of: of.name,
    link: link.name,
    function: which,
    field: field.name,
  });

const EXTREME =
  /\b(?:(latest|last|most recent|earliest|first)|(highest|largest|biggest|lowest|smallest|cheapest)) ([a-z][a-z -]*?) (?:per|(?:of|for|on) (?:each|every|any|an?)) ([a-z][a-z -]*?)(?=$|[,.;:]| (?:is|are|was|were|should|must|and|to|in|at|on the)\b)/i;

/** Reads the last, first, highest or lowest of what belongs to something; answers whether the clause speaks of one. */
export function readExtreme(draft: Draft, clause: string): boolean {
  const [, time, size, noun = '', where] = EXTREME.exec(clause) ?? [];
  const owner = entityOfWords(draft, where);
  if (!owner || noun === '') return false;
  const of = mentionsOf(draft, noun).find((one) => linksBetween(one.entity, owner).length > 0)?.entity;
  const others = of ? [of] : draft.schema.entities.filter((one) => linksBetween(one, owner).length > 0);
  const types: readonly string[] = time === undefined ? NUMBERS : DATED_TYPES;
  for (const other of others) {
    const fitting = other.fields.filter((field) => types.includes(field.type));
    const named = fitting.find((field) => nameScore(field.label, noun) >= 1);
    const field = named ?? (of && (time !== undefined ? mainDay(other) : fitting.length === 1 ? fitting[0] : undefined));
    const [link] = linksBetween(other, owner);
    if (!field || !link) continue;
    const which = /^(?:latest|last|most recent|highest|largest|biggest)$/i.test(time ?? size ?? '') ? 'highest' : 'lowest';
    putRolled(draft, owner, { label: lowerWords(`${time ?? size ?? ''} ${noun.trim()}`), of: other, link, which, field });
    return true;
  }
  return false;
}
