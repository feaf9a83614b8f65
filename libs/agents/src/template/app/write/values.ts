import type { DatabaseSchema, Entity, RecordValue } from '#contracts';
import { conjunction, docComment, leaveIf, quote } from './code.js';
import { holds, read, usesRecords } from './conditions.js';
import type { Scope } from './conditions.js';
import { entityNamed, fieldNamed, namesOf } from './names.js';
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
  return value.kind === 'between' ? betweenBody(scope, value) : rollupBody(scope, value);
}

const DIGITS = { money: ', 2', integer: ', 0', number: '' } as const;
const SIGN = { plus: '+', minus: '-', times: '*', divided_by: '/' } as const;

function formulaBody(scope: Scope, value: Of<'formula'>): string[] {
  const lines: string[] = [];
  const operand = (side: number | string): string => {
    if (typeof side === 'number') return String(side);
    if (fieldNamed(scope.entity, side)) return `${scope.record}.${side}`;
    const local = `${namesOf(scope.entity).values.get(side) ?? side}Worked`;
    const line = `  const ${local} = ${read(scope, side)};`;
    if (!lines.includes(line)) lines.push(line);
    return local;
  };
  const [left, right] = [operand(value.left), operand(value.right)];
  const gaps = [...new Set([left, right])].filter((one) => !/^-?[\d.]+$/.test(one)).map((one) => `isEmpty(${one})`);
  if (value.operator === 'divided_by') gaps.push(`${right} === 0`);
  const leave = gaps.length === 0 ? [] : [leaveIf(gaps).replaceAll('return undefined', 'return null')];
  return [...lines, ...leave, `  return round(${left} ${SIGN[value.operator]} ${right}${DIGITS[value.type]});`];
}

function betweenBody({ record }: Scope, value: Of<'between'>): string[] {
  const end = (side: string): string => (side === 'today' ? 'today()' : `${record}.${side}`);
  return [`  return ${value.unit}Between(${end(value.from)}, ${end(value.to)});`];
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
  const worked = `${value.function}(counted.map((other) => ${read(other, value.field)}))`;
  return [counts, `  const counted = ${counted};`, `  return ${rounded(worked, value)};`];
}

/** Sums of money and whole numbers are exact already; averages are cut to what the type shows. */
const rounded = (worked: string, value: Of<'rollup'>): string =>
  value.function === 'average' && value.type === 'integer' ? `round(${worked}, 0)` : worked;
