import type { Condition, Entity } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { type Sentence, memberLabel, memberNamed, nameOf, quoted } from './names.js';

/*
 * Conditions on records: `the due date is before today and the return date is empty`; and the order of a list: `sorted by
 * the rating, highest first`.
 */

type Labels = (name: string | null) => string;

/** One condition; `label` answers the label of a field or worked-out value. */
export function writeCondition({ field, operator, value }: Condition, label: Labels, entity: Entity | undefined): string {
  const compared = [...(entity?.fields ?? []), ...(entity?.values ?? [])].some((one) => one.name === value);
  const limit = compared ? `the ${nameOf(label(value))}` : String(value);
  const words: Record<Condition['operator'], string> = {
    is_empty: 'is empty',
    is_not_empty: 'is not empty',
    is: `is ${quoted(String(value))}`,
    is_not: `is not ${quoted(String(value))}`,
    before_today: 'is before today',
    today_or_later: 'is today or later',
    within_days: value === '0' ? 'is today' : `is within the next ${String(value)} days`,
    within_past_days: `is within the last ${String(value)} days`,
    older_than_days: `is more than ${String(value)} days ago`,
    below: `is below ${limit}`,
    above: `is above ${limit}`,
  };
  return `the ${nameOf(label(field))} ${words[operator]}`;
}

/** Conditions on the records of an entity, without the word `where`. */
export function writeConditions(entity: Entity, conditions: readonly Condition[]): string {
  const label: Labels = (name) => [...entity.fields, ...entity.values].find((one) => one.name === name)?.label ?? String(name);
  return conditions.map((one) => writeCondition(one, label, entity)).join(' and ');
}

/** ` where ...`, or nothing. */
export const whereOf = (entity: Entity | undefined, conditions: readonly Condition[]): string =>
  entity && conditions.length > 0 ? ` where ${writeConditions(entity, conditions)}` : '';

/** Reads what `writeConditions` writes; undefined where one of them is not understood. */
export function readConditions(entity: Entity, sentence: Sentence, words: string | undefined): Condition[] | undefined {
  if (words === undefined || words.trim() === '') return [];
  const read = words.split(/ and (?:where )?/i).map((one) => readCondition(entity, sentence, one.trim()));
  return read.some((one) => one === undefined) ? undefined : read.filter((one) => one !== undefined);
}

const PLAIN_TESTS: readonly (readonly [RegExp, Condition['operator']])[] = [
  [/^(?:empty|missing|not (?:filled in|set|known))$/i, 'is_empty'],
  [/^(?:not empty|filled in|set|known)$/i, 'is_not_empty'],
  [/^(?:before today|in the past|over)$/i, 'before_today'],
  [/^(?:today or later|in the future|not in the past)$/i, 'today_or_later'],
];
const DAY_TESTS: readonly (readonly [RegExp, Condition['operator']])[] = [
  [/^within (?:the )?(?:next )?(\d{1,4}) days$/i, 'within_days'],
  [/^within (?:the )?(?:last|past) (\d{1,4}) days$/i, 'within_past_days'],
  [/^(?:more than |older than )(\d{1,4}) days(?: ago)?$/i, 'older_than_days'],
];

function readCondition(entity: Entity, sentence: Sentence, words: string): Condition | undefined {
  const [, subject, test = ''] = /^(.+?) (?:is|are) (.+)$/i.exec(words) ?? [];
  const field = subject === undefined ? undefined : memberNamed(entity, sentence, subject);
  if (field === undefined) return readYesOrNo(entity, sentence, words);
  const make = (operator: Condition['operator'], value: string | null = null): Condition => ({ field, operator, value });
  if (/^today$/i.test(test)) return make('within_days', '0');
  const plain = PLAIN_TESTS.find(([pattern]) => pattern.test(test));
  if (plain) return make(plain[1]);
  const days = DAY_TESTS.map(([pattern, operator]) => ({ operator, found: pattern.exec(test)?.[1] })).find((one) => one.found !== undefined);
  if (days?.found) return make(days.operator, days.found);
  const limit = /^(below|above|less than|fewer than|more than|under|over) (.+)$/i.exec(test);
  if (limit) {
    const number = /^-?\d+(?:\.\d+)?$/.exec(limit[2] ?? '')?.[0];
    const value = number ?? memberNamed(entity, sentence, limit[2]);
    return value === undefined ? undefined : make(/^(?:above|more|over)/i.test(limit[1] ?? '') ? 'above' : 'below', value);
  }
  const [, not, said] = /^(not )?(.+)$/i.exec(test) ?? [];
  const value = valueOf(entity, field, sentence.say(said));
  return value === undefined ? undefined : make(not ? 'is_not' : 'is', value);
}

/** The value that the words mean: one of the choices, or yes or no. */
function valueOf(entity: Entity, name: string, said: string): string | undefined {
  const field = entity.fields.find((one) => one.name === name);
  if (field?.type === 'choice')
    return field.choices.find((one) => one === said) ?? field.choices.find((one) => one.toLowerCase() === said.toLowerCase());
  if (field?.type === 'boolean') return /^(?:yes|true)$/i.test(said) ? 'yes' : /^(?:no|false)$/i.test(said) ? 'no' : undefined;
  return said === '' ? undefined : said;
}

/** `it is paid`, `it is not paid`. */
function readYesOrNo(entity: Entity, sentence: Sentence, words: string): Condition | undefined {
  const [, not, said] = /^(?:it is |it's )?(not )?(.+)$/i.exec(words) ?? [];
  const label = sentence.say(said).toLowerCase();
  const field = entity.fields.find((one) => one.type === 'boolean' && one.label.toLowerCase() === label);
  return field && { field: field.name, operator: 'is', value: not ? 'no' : 'yes' };
}

type Order = { field: string; descending: boolean };

/** `sorted by the rating, highest first`. */
export function writeOrder(entity: Entity, order: Order): string {
  const type = [...entity.fields, ...entity.values].find((one) => one.name === order.field)?.type ?? 'text';
  const down = DATED_TYPES.includes(type) ? 'latest first' : NUMERIC_TYPES.includes(type) ? 'highest first' : 'from Z to A';
  return `sorted by the ${memberLabel(entity, order.field)}${order.descending ? `, ${down}` : ''}`;
}

/** What can follow `sorted by`: the field and the direction. */
export const ORDER = '(?:the )?(.+?)(?:, ([a-z]+ first|descending|ascending|from [az] to [az]))?';

/** Reads the two groups of `ORDER`. */
export function readOrder(entity: Entity, sentence: Sentence, words: string, direction: string | undefined): Order | undefined {
  const field = memberNamed(entity, sentence, words);
  const descending = /^(?:highest|latest|newest|largest|biggest|best|most|last|longest|descending|from z)/i.test(direction ?? '');
  return field === undefined ? undefined : { field, descending };
}
