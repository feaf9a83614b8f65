import type { RecordValue } from './database-rules.js';
import type { DatabaseSchema, Entity } from './database-schema.js';
import { conditionsProblems, fieldIn, isDay, isNumber, kindIn } from './database-conditions.js';
import type { Path, SchemaProblem } from './database-conditions.js';
import { linkedParts, missingOperand, operandIn, operandKind, operandsOf } from './database-operands.js';

type Of<K extends RecordValue['kind']> = Extract<RecordValue, { kind: K }>;
type Add = (key: string, message: string) => void;

/** What is wrong with a value that is worked out for each record; `position`: its place among the entity's values. */
export function valueProblems(schema: DatabaseSchema, entity: Entity, value: RecordValue, position: number, at: Path): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const add: Add = (key, message) => void problems.push({ path: [...at, key], message });
  for (const [key, operand] of namedOperands(value)) {
    const problem = operandProblem(schema, entity, value, position, operand);
    if (problem !== null) add(key, problem);
  }
  if (value.kind === 'formula') formulaProblems(schema, entity, value, add);
  else if (value.kind === 'between') betweenProblems(schema, entity, value, add);
  else if (value.kind === 'shift') shiftProblems(schema, entity, value, add);
  else problems.push(...rollupProblems(schema, entity, value, at, add));
  return problems;
}

const PARTS = { formula: ['left', 'right'], between: ['from', 'to'], shift: ['from', 'amount'], rollup: [] } as const;

/** The operands of a value that are named, each with the part of the value that names it. */
const namedOperands = (value: RecordValue): [string, string][] =>
  operandsOf(value).flatMap((operand, at) => (typeof operand === 'number' || operand === 'today' ? [] : [[PARTS[value.kind][at] ?? '', operand]]));

/** Why a value cannot be worked out from an operand; null where it can. */
function operandProblem(schema: DatabaseSchema, entity: Entity, value: RecordValue, position: number, operand: string): string | null {
  const found = operandIn(schema, entity, operand);
  if (!found) return missingOperand(schema, entity, operand);
  if (linkedParts(operand))
    return leadsTo(schema, found, { entity, name: value.name }, new Set())
      ? `"${operand}" is worked out from "${value.name}" itself: choose another field of the linked record`
      : null;
  const place = entity.values.findIndex((one) => one.name === operand);
  return place >= position ? `"${operand}" is worked out after "${value.name}": put it before` : null;
}

interface Member {
  readonly entity: Entity;
  readonly name: string;
}

/** Whether a value is worked out from another one, however far away. */
function leadsTo(schema: DatabaseSchema, from: Member, to: Member, seen: Set<string>): boolean {
  if (from.entity === to.entity && from.name === to.name) return true;
  const key = `${from.entity.name}.${from.name}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return sourcesOf(schema, from).some((source) => leadsTo(schema, source, to, seen));
}

/** What a value is directly worked out from; nothing for a field. */
function sourcesOf(schema: DatabaseSchema, { entity, name }: Member): Member[] {
  const value = entity.values.find((one) => one.name === name);
  if (!value) return [];
  if (value.kind !== 'rollup') return namedOperands(value).flatMap(([, operand]) => operandIn(schema, entity, operand) ?? []);
  const of = schema.entities.find((one) => one.name === value.of);
  if (!of) return [];
  const names = [...(value.field === null ? [] : [value.field]), ...value.where.flatMap((one) => [one.field, one.value ?? ''])];
  return names.map((each) => ({ entity: of, name: each }));
}

function formulaProblems(schema: DatabaseSchema, entity: Entity, value: Of<'formula'>, add: Add): void {
  for (const [side, operand] of namedOperands(value)) {
    const kind = operandKind(schema, entity, operand);
    if (kind !== undefined && !isNumber(kind)) add(side, `"${operand}" holds no numbers`);
  }
}

function betweenProblems(schema: DatabaseSchema, entity: Entity, value: Of<'between'>, add: Add): void {
  for (const [side, operand] of namedOperands(value)) {
    const kind = operandKind(schema, entity, operand);
    if (kind !== undefined && !isDay(kind) && !(value.unit === 'hours' && kind === 'time'))
      add(side, `"${operand}" is no ${value.unit === 'hours' ? 'time' : 'day'}`);
  }
}

function shiftProblems(schema: DatabaseSchema, entity: Entity, value: Of<'shift'>, add: Add): void {
  const from = operandKind(schema, entity, value.from);
  if (from !== undefined && !isDay(from)) add('from', `"${value.from}" is no day`);
  const amount = typeof value.amount === 'number' ? 'integer' : operandKind(schema, entity, value.amount);
  if (amount !== undefined && amount !== 'integer') add('amount', `"${value.amount}" holds no whole numbers: use one of type integer`);
}

function rollupProblems(schema: DatabaseSchema, entity: Entity, value: Of<'rollup'>, at: Path, add: Add): SchemaProblem[] {
  const of = schema.entities.find((one) => one.name === value.of);
  const link = of && fieldIn(of, value.link);
  if (!of) add('of', `there is no entity "${value.of}"`);
  else if (link?.target !== entity.name) add('link', `"${value.link}" of ${of.name} does not link to ${entity.name}`);
  else {
    const what = value.field === null ? undefined : kindIn(of, value.field);
    const days = isDay(what) && (value.function === 'highest' || value.function === 'lowest');
    if (value.function === 'count' ? value.field !== null : !days && !isNumber(what))
      add(
        'field',
        value.function === 'count' ? 'a count adds nothing up: set it to null' : `${of.name} has no numbers called "${value.field ?? ''}"`,
      );
    else if (days !== (value.type === 'date'))
      add('type', days ? 'the latest and the earliest day have the type date' : 'only a day has the type date');
    return conditionsProblems(of, value.where, [...at, 'where']);
  }
  return [];
}
