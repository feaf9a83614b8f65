import type { Computed, ComputedWish, DatabaseSchema, Entity } from '#contracts';
import { putComputed } from '../language/draft.js';
import type { Draft } from '../language/draft.js';
import { capital, snake } from '../language/words.js';
import { ORDER, readConditions, readOrder, whereOf, writeOrder } from './conditions.js';
import { type Sentence, entityNamed, memberLabel, memberNamed, nameOf, quoted } from './names.js';

/*
 * Lists and totals:
 *
 *   The list "Overdue loans" shows the loans where the due date is before today and the return date is empty.
 *   The list "Top games" shows the first 10 games, sorted by the rating, highest first.
 *   The total "Hours per project" adds up the hours of all time entries per project.
 *   The total "Revenue" adds up the amount of all payments per month of the date where the status is "paid".
 *   The average "Rating" is the average rating of all books.   The number "Loans per member" counts all loans per borrower.
 *   Books are sorted by the year, latest first.
 */

export function writeComputed(schema: DatabaseSchema, computed: Computed): string {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  const many = nameOf(entity?.label_plural ?? computed.entity);
  const where = whereOf(entity, computed.conditions);
  if (computed.kind === 'list') {
    const which = computed.limit === null ? 'the' : `the first ${computed.limit}`;
    return `The list ${quoted(computed.label)} shows ${which} ${many}${where}${entity && computed.order ? `, ${writeOrder(entity, computed.order)}` : ''}.`;
  }
  const by = computed.by === null ? '' : memberLabel(entity, computed.by);
  const per = by === '' ? '' : computed.period === null ? ` per ${by}` : ` per ${computed.period} of the ${by}`;
  if (computed.kind === 'count') return `The number ${quoted(computed.label)} counts all ${many}${per}${where}.`;
  const field = memberLabel(entity, computed.field);
  return computed.kind === 'sum'
    ? `The total ${quoted(computed.label)} adds up the ${field} of all ${many}${per}${where}.`
    : `The average ${quoted(computed.label)} is the average ${field} of all ${many}${per}${where}.`;
}

/** How a list of records is sorted at first. */
export const writeListOrder = (entity: Entity): string[] =>
  entity.order === null ? [] : [`${capital(nameOf(entity.label_plural))} are ${writeOrder(entity, entity.order)}.`];

const TAIL = '(?: per (?:(day|week|month|year) of the )?(.+?))?(?: where (.+?))?';
const LIST = new RegExp(`^The list ("\\d+") shows (?:the |all )?(?:first (\\d+) )?(.+?)(?: where (.+?))?(?:,? sorted by ${ORDER})?$`, 'i');
const TOTAL = new RegExp(`^The (total) ("\\d+") adds up the (.+?) of all (.+?)${TAIL}$`, 'i');
const AVERAGE = new RegExp(`^The (average) ("\\d+") is the average (.+?) of all (.+?)${TAIL}$`, 'i');
const NUMBER = new RegExp(`^The (number) ("\\d+") counts ()all (.+?)${TAIL}$`, 'i');
const SORTED = new RegExp(`^(?:The list of )?(.+?) (?:is|are) (?:listed|sorted|ordered) by ${ORDER}$`, 'i');

/** Reads one of these sentences; false where it is none. */
export function readComputedSentence(draft: Draft, sentence: Sentence): boolean {
  const list = LIST.exec(sentence.text);
  if (list) return readList(draft, sentence, list);
  const match = TOTAL.exec(sentence.text) ?? AVERAGE.exec(sentence.text) ?? NUMBER.exec(sentence.text);
  if (!match) return readSorted(draft, sentence);
  const [, word = '', title, what, many, period, per, where] = match;
  const entity = entityNamed(draft, sentence, many);
  const by = entity && per !== undefined ? memberNamed(entity, sentence, per) : null;
  const conditions = entity && readConditions(entity, sentence, where);
  const kind = /total/i.test(word) ? 'sum' : /average/i.test(word) ? 'average' : 'count';
  const field = entity && kind !== 'count' ? memberNamed(entity, sentence, what) : undefined;
  if (!entity || by === undefined || !conditions || (kind !== 'count' && field === undefined)) return false;
  const label = sentence.say(title);
  const base = { name: snake(label), label, entity: entity.name, by, period: (period ?? null) as Period, conditions };
  putComputed(draft, kind === 'count' ? { kind, ...base } : { kind, ...base, field: field ?? '' });
  return true;
}

type Period = Extract<ComputedWish, { kind: 'count' }>['period'];

function readList(draft: Draft, sentence: Sentence, match: RegExpExecArray): boolean {
  const [, title, first, many, where, by, direction] = match;
  const entity = entityNamed(draft, sentence, many);
  const conditions = entity && readConditions(entity, sentence, where);
  const order = entity && by !== undefined ? readOrder(entity, sentence, by, direction) : null;
  if (!entity || !conditions || order === undefined || (conditions.length === 0 && order === null)) return false;
  const label = sentence.say(title);
  const limit = first === undefined ? null : Number(first);
  putComputed(draft, { kind: 'list', name: snake(label), label, entity: entity.name, conditions, order, limit });
  return true;
}

function readSorted(draft: Draft, sentence: Sentence): boolean {
  const [, many, by, direction] = SORTED.exec(sentence.text) ?? [];
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  const order = entity && by !== undefined ? readOrder(entity, sentence, by, direction) : undefined;
  if (!entity || !order) return false;
  entity.order = order;
  return true;
}
