import type { DatabaseSchema, Entity, RecordValue } from '#contracts';
import { conjunction, docComment, leaveIf, quote } from './code.js';
import { holds, read, usesRecords } from './conditions.js';
import type { Scope } from './conditions.js';
import { entityNamed, fieldNamed, namesOf } from './names.js';
import { linesOf, operandCode } from './operands.js';
import { valueSentence } from './words.js';

type Of<K extends RecordValue['kind']> = Extract<RecordValue, { kind: K }>;

/** A value as a function from a record, and all records where it needs them. */
export function valueFunction(schema: DatabaseSchema, entity: Entity, value: RecordValue, imports: Set<string>): string {
  const names = namesOf(entity);
  const scope: Scope = { schema, entity, record: names.record, home: entity, imports };
  const body = bodyOf(scope, value);
  const parameters = usesRecords(body) ? `${names.record}, records` : names.record;
  return `${docComment(valueSentence(schema, entity, value))}\nexport function ${names.values.get(value.name) ?? value.name}(${parameters}) {\n${body.join('\n')}\n}`;
}

function bodyOf(scope: Scope, value: RecordValue): string[] {
  if (value.kind === 'formula') return formulaBody(scope, value);
  if (value.kind === 'shift') return shiftBody(scope, value);
  return value.kind === 'between' ? betweenBody(scope, value) : rollupBody(scope, value);
}

const DIGITS = { money: ', 2', integer: ', 0', number: '' } as const;
const SIGN = { plus: '+', minus: '-', times: '*', divided_by: '/' } as const;

function formulaBody(scope: Scope, value: Of<'formula'>): string[] {
  const [left, right] = [operandCode(scope, value.left), operandCode(scope, value.right)];
  const given = [value.left, value.right].flatMap((side, at) => (typeof side === 'number' ? [] : [(at === 0 ? left : right).maybe]));
  const gaps = [...new Set(given)].map((one) => `isEmpty(${one})`);
  if (value.operator === 'divided_by') gaps.push(`${right.text} === 0`);
  const leave = gaps.length === 0 ? [] : [leaveIf(gaps, 'null')];
  return [...linesOf([left, right]), ...leave, `  return round(${left.text} ${SIGN[value.operator]} ${right.text}${DIGITS[value.type]});`];
}

function betweenBody(scope: Scope, value: Of<'between'>): string[] {
  const [from, to] = [operandCode(scope, value.from), operandCode(scope, value.to)];
  return [...linesOf([from, to]), `  return ${value.unit}Between(${from.maybe}, ${to.maybe});`];
}

function shiftBody(scope: Scope, value: Of<'shift'>): string[] {
  const [from, amount] = [operandCode(scope, value.from), operandCode(scope, value.amount)];
  const shift = value.operator === 'plus' ? 'later' : 'earlier';
  return [...linesOf([from, amount]), `  return ${shift}(${from.maybe}, ${amount.maybe}, ${quote(value.unit)});`];
}

function rollupBody(scope: Scope, value: Of<'rollup'>): string[] {
  const { schema, entity, record, imports } = scope;
  const of = entityNamed(schema, value.of);
  if (!of) return ['  return null;'];
  const many = fieldNamed(of, value.link)?.type === 'references';
  const other: Scope = { schema, entity: of, record: 'other', home: entity, imports };
  const link = many ? `other.${value.link}.includes(${record}.id)` : `other.${value.link} === ${record}.id`;
  const counts = conjunction('  const counts = (other) =>', [link, ...holds(other, value.where)], 4);
  const counted = `records.all(${quote(of.name)}).filter(counts)`;
  if (value.function === 'count' || value.field === null) return [counts, `  return ${counted}.length;`];
  const time = value.type === 'date' && fieldNamed(of, value.field)?.type === 'datetime';
  const each = time ? `dayOf(${read(other, value.field)})` : read(other, value.field);
  const worked = `${value.function}(counted.map((other) => ${each}))`;
  return [counts, `  const counted = ${counted};`, `  return ${rounded(worked, value)};`];
}

/** Sums of money and whole numbers are exact already; averages are cut to what the type shows. */
const rounded = (worked: string, value: Of<'rollup'>): string =>
  value.function === 'average' && value.type === 'integer' ? `round(${worked}, 0)` : worked;
