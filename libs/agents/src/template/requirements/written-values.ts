import { DATED_TYPES, NUMERIC_TYPES, linkedParts, operandIn, operandKind } from '#contracts';
import type { DatabaseSchema, Entity, Field, RecordValue } from '#contracts';
import { putValue, typed } from '../language/behaviour.js';
import type { ValueWish } from '../language/behaviour.js';
import type { Draft } from '../language/draft.js';
import { typeOfWord, typeWord } from '../language/field-words.js';
import { isPlural } from '../language/words.js';
import { readConditions, whereOf } from './conditions.js';
import {
  type Sentence,
  amountWords,
  entityNamed,
  extremeWord,
  fieldNamed,
  memberLabel,
  memberNamed,
  nameOf,
  oneOf,
  operandLabel,
  operandNamed,
} from './names.js';

/*
 * What is worked out for each record. Its type stands in parentheses where it is not the one to be expected:
 *
 *   The value of an item is worked out as quantity times price.
 *   The cost of a time entry is worked out as hours times the rate of its employee.
 *   The due date of a loan is worked out as the loan date plus 14 days.
 *   The next check of a tool is worked out as the last check plus the interval of its kind in months.
 *   The age of a member is worked out as the years from the date of birth to today.
 *   The open loans of a member are worked out as the number of its loans where the return date is empty.
 *   The total hours of a project are worked out as the sum of the hours of its time entries.
 *   The rating of a recipe is worked out as the average of the stars of its reviews.
 *   The last visit of a tree is worked out as the latest date of its visits.
 *   The wins of a team are worked out as the number of its matches (as winner).
 */

type Formula = Extract<RecordValue, { kind: 'formula' }>;
type ValueType = RecordValue['type'];

const OPERATIONS: readonly (readonly [Formula['operator'], string])[] = [
  ['plus', 'plus'],
  ['minus', 'minus'],
  ['times', 'times'],
  ['divided_by', 'divided by'],
];

export function writeValue(schema: DatabaseSchema, entity: Entity, value: RecordValue): string {
  const type = value.type === expectedType(schema.entities, entity, value) ? '' : ` (${typeWord(value.type)})`;
  return `The ${nameOf(value.label)} of ${oneOf(entity.label)} ${isPlural(value.label.replace(/ of .*$/i, '')) ? 'are' : 'is'} worked out as ${writeHow(schema, entity, value)}${type}.`;
}

function writeHow(schema: DatabaseSchema, entity: Entity, value: RecordValue): string {
  const operand = (one: number | string): string => {
    if (typeof one === 'number') return String(one);
    return `${linkedParts(one) ? 'the ' : ''}${operandLabel(schema, entity, one)}`;
  };
  const day = (one: string): string => (one === 'today' ? 'today' : `the ${operandLabel(schema, entity, one)}`);
  if (value.kind === 'formula')
    return `${operand(value.left)} ${OPERATIONS.find(([one]) => one === value.operator)?.[1] ?? ''} ${operand(value.right)}`;
  if (value.kind === 'between') return `the ${value.unit} from ${day(value.from)} to ${day(value.to)}`;
  if (value.kind === 'shift') return `${day(value.from)} ${value.operator} ${amountWords(value, day)}`;
  const of = schema.entities.find((one) => one.name === value.of);
  const only = linksTo(of, entity).length === 1;
  const its = `its ${nameOf(of?.label_plural ?? value.of)}${only ? '' : ` (as ${memberLabel(of, value.link)})`}${whereOf(of, value.where)}`;
  if (value.function === 'count') return `the number of ${its}`;
  const what = memberLabel(of, value.field ?? '');
  const extreme = extremeWord(value);
  return extreme === null ? `the ${value.function} of the ${what} of ${its}` : `the ${extreme} ${what} of ${its}`;
}

const linksTo = (from: Entity | undefined, to: Entity): Field[] => from?.fields.filter((field) => field.target === to.name) ?? [];

/** The type that a value has where nothing else is said; undefined where it depends on another worked-out value. */
export function expectedType(entities: Entity[], entity: Entity, value: ValueWish): ValueType | undefined {
  const typeIn = (owner: Entity | undefined, name: string): ValueType | undefined => {
    const type = owner?.fields.find((field) => field.name === name)?.type;
    return type === 'money' || type === 'number' ? type : type === undefined ? undefined : 'integer';
  };
  if (value.kind === 'shift') return 'date';
  if (value.kind === 'between') return value.unit === 'hours' ? 'number' : 'integer';
  if (value.kind === 'rollup') {
    if (value.function === 'count') return 'integer';
    const of = entities.find((one) => one.name === value.of);
    if (of && holds(DATED_TYPES, operandKind({ entities }, of, value.field ?? ''))) return 'date';
    const type = typeIn(of, value.field ?? '');
    return value.function === 'average' && type === 'integer' ? 'number' : type;
  }
  const [left, right] = [value.left, value.right].map((one) => {
    if (typeof one === 'number') return Number.isInteger(one) ? 'integer' : 'number';
    const operand = operandIn({ entities }, entity, one);
    return operand ? typeIn(operand.entity, operand.name) : undefined;
  });
  if (left === undefined || right === undefined) return undefined;
  if (left === 'money' || right === 'money') return value.operator === 'divided_by' && left === right ? 'number' : 'money';
  return value.operator === 'divided_by' || left === 'number' || right === 'number' ? 'number' : 'integer';
}

const HEAD =
  /^The (.+?) of (?:an?|each|every) (.+?) (?:is|are) (?:worked out|calculated|computed) as (?:the )?(.+?)(?: \((amount of money|money|whole number|number)\))?$/i;
const OPERAND = '(-?\\d+(?:\\.\\d+)?|"\\d+"|.+?)';
const FORMULA = new RegExp(`^(?:the )?${OPERAND} (plus|minus|times|divided by|\\+|-|x|\\*|/) (?:the )?${OPERAND}$`, 'i');
const FROM_TO = /^(days|years|hours) from (?:the )?(.+?) to (?:the )?(.+)$/i;
const BETWEEN = /^(?:number of )?(days|years|hours) (?:from|between) (?:the )?(.+?) (?:to|until|and) (?:the )?(.+)$/i;
const SHIFT = /^(?:the )?(.+) (plus|minus) (?:(\d+) (day|week|month|year)s?|(?:the )?(.+) in (day|week|month|year)s)$/i;
const EXTREME =
  /^(highest|lowest|latest|earliest|last|first|largest|smallest) (?:of the )?(.+?) of (?:its|their) (.+?)(?: \(as (.+?)\))?(?: where (.+))?$/i;
const ROLLUP = /^(number|sum|total|average) of (?:the (.+?) of )?(?:its|their) (.+?)(?: \(as (.+?)\))?(?: where (.+))?$/i;

/** Reads one of these sentences; answers where the value stands, null where it is none. */
export function readValueSentence(draft: Draft, sentence: Sentence): { entity: Entity; value: RecordValue } | null {
  const [, label, noun, how = '', said] = HEAD.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  if (!entity || label === undefined) return null;
  const base = { label: sentence.say(label), type: 'number' as const };
  const wish =
    shiftOf(draft, entity, sentence, how, base.label) ??
    formulaOf(draft, entity, sentence, how, base) ??
    betweenOf(draft, entity, sentence, how, base) ??
    rollupOf(draft, entity, sentence, how, base);
  const type = said === undefined ? wish && expectedType(draft.schema.entities, entity, wish) : (typeOfWord(said) as ValueType | undefined);
  return wish ? { entity, value: putValue(draft, entity, typed(wish, type ?? 'number')) } : null;
}

interface Base {
  readonly label: string;
  readonly type: 'number';
}

function shiftOf({ schema }: Draft, entity: Entity, sentence: Sentence, how: string, label: string): ValueWish | null {
  const [, start, operator = '', count, unit, other, otherUnit] = SHIFT.exec(how) ?? [];
  const from = start === undefined ? undefined : operandNamed(schema, entity, sentence, start);
  const amount = count === undefined ? operandNamed(schema, entity, sentence, other) : Number(count);
  if (from === undefined || !holds(DATED_TYPES, operandKind(schema, entity, from)) || amount === undefined) return null;
  return {
    kind: 'shift',
    label,
    type: 'date',
    from,
    operator: operator.toLowerCase() as 'plus',
    amount,
    unit: `${(unit ?? otherUnit ?? '').toLowerCase() as 'day'}s`,
  };
}

function formulaOf({ schema }: Draft, entity: Entity, sentence: Sentence, how: string, base: Base): ValueWish | null {
  const [, first = '', operator = '', second = ''] = FORMULA.exec(how) ?? [];
  if (operator === '') return null;
  const operand = (words: string): number | string | undefined => {
    if (/^-?\d/.test(words)) return Number(words);
    const name = operandNamed(schema, entity, sentence, words);
    return holds(NUMERIC_TYPES, name === undefined ? undefined : operandKind(schema, entity, name)) ? name : undefined;
  };
  const [left, right] = [operand(first), operand(second)];
  const written = OPERATIONS.find(([name, words]) => words === operator.toLowerCase() || SIGNS[operator.toLowerCase()] === name);
  return left === undefined || right === undefined || !written ? null : { kind: 'formula', ...base, left, operator: written[0], right };
}

const SIGNS: Readonly<Record<string, Formula['operator']>> = { '+': 'plus', '-': 'minus', x: 'times', '*': 'times', '/': 'divided_by' };

const holds = (types: readonly Field['type'][], type: Field['type'] | undefined): boolean => type !== undefined && types.includes(type);

function betweenOf({ schema }: Draft, entity: Entity, sentence: Sentence, how: string, base: Base): ValueWish | null {
  const [, unit, start, end] = FROM_TO.exec(how) ?? BETWEEN.exec(how) ?? [];
  if (unit === undefined) return null;
  const day = (words: string | undefined): string | undefined => {
    if (/^today$/i.test(words ?? '')) return 'today';
    const name = operandNamed(schema, entity, sentence, words);
    return holds([...DATED_TYPES, 'time'], name === undefined ? undefined : operandKind(schema, entity, name)) ? name : undefined;
  };
  const [from, to] = [day(start), day(end)];
  return from === undefined || to === undefined ? null : { kind: 'between', ...base, unit: unit.toLowerCase() as 'days', from, to };
}

const OPERATION_WORDS: readonly (readonly [RegExp, Extract<RecordValue, { kind: 'rollup' }>['function']])[] = [
  [/^average$/i, 'average'],
  [/^(?:highest|latest|last|largest)$/i, 'highest'],
  [/^(?:lowest|earliest|first|smallest)$/i, 'lowest'],
];

function rollupOf(draft: Draft, entity: Entity, sentence: Sentence, how: string, base: Base): ValueWish | null {
  const [, word = '', what, many, as, where] = ROLLUP.exec(how) ?? EXTREME.exec(how) ?? [];
  const of = many === undefined ? undefined : entityNamed(draft, sentence, many);
  const link = of && (as === undefined ? linksTo(of, entity)[0] : fieldNamed(of, sentence, as));
  const conditions = of && readConditions(of, sentence, where);
  const counts = /^number$/i.test(word);
  const field = counts ? null : of && memberNamed(of, sentence, what);
  if (!of || link?.target !== entity.name || !conditions || field === undefined || counts !== (what === undefined)) return null;
  const operation = counts ? 'count' : (OPERATION_WORDS.find(([words]) => words.test(word))?.[1] ?? 'sum');
  return { kind: 'rollup', ...base, of: of.name, link: link.name, function: operation, field, where: conditions };
}
