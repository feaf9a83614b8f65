import type { Condition, DatabaseSchema, Entity } from '#contracts';
import { NUMERIC_TYPES, linkedParts, operandsOf } from '#contracts';
import { quote } from './code.js';
import { fieldNamed, importedValue, namesOf } from './names.js';

/** Where an expression stands: which record it asks about, and whose module it is in. */
export interface Scope {
  readonly schema: DatabaseSchema;
  /** The kind of the record. */
  readonly entity: Entity;
  /** The variable that holds the record. */
  readonly record: string;
  /** The kind whose module the expression stands in; null outside of them, where records come with their values. */
  readonly home: Entity | null;
  /** Names of the value functions of other modules that the expression calls. */
  readonly imports: Set<string>;
}

/** A field of the record, or a value that is worked out for it. */
export function read({ entity, record, home, imports }: Scope, name: string): string {
  const value = entity.values.find((one) => one.name === name);
  if (!value || home === null) return `${record}.${name}`;
  const given = asksOthers(entity, name) ? `${record}, records` : record;
  if (home.name === entity.name) return `${namesOf(entity).values.get(name) ?? name}(${given})`;
  imports.add(`${entity.name}.${name}`);
  return `${importedValue(entity, value)}(${given})`;
}

/** Whether a value is worked out from other records, too. */
function asksOthers(entity: Entity, operand: string | number): boolean {
  if (typeof operand === 'string' && linkedParts(operand)) return true;
  const value = entity.values.find((one) => one.name === operand);
  return value !== undefined && (value.kind === 'rollup' || operandsOf(value).some((one) => asksOthers(entity, one)));
}

/** Whether an expression needs the other records as well. */
export const usesRecords = (expressions: readonly string[]): boolean => expressions.some((one) => /\brecords\b/.test(one));

/** Expressions that hold where the record meets the conditions. */
export const holds = (scope: Scope, conditions: readonly Condition[]): string[] => conditions.map((condition) => holdsOne(scope, condition));

/** Expressions of which one holds where the record misses the conditions. */
export const misses = (scope: Scope, conditions: readonly Condition[]): string[] => holds(scope, conditions).map(negated);

export function negated(expression: string): string {
  if (/^!\w+\(/.test(expression)) return expression.slice(1);
  if (/^[\w.]+\([^)]*\)$/.test(expression) || /^is\w+\(/.test(expression)) return `!${expression}`;
  if (expression.includes(' === ')) return expression.replace(' === ', ' !== ');
  return expression.replace(' !== ', ' === ');
}

function holdsOne(scope: Scope, { field: name, operator, value }: Condition): string {
  const actual = read(scope, name);
  const text = value ?? '';
  switch (operator) {
    case 'is_empty':
      return `isEmpty(${actual})`;
    case 'is_not_empty':
      return `!isEmpty(${actual})`;
    case 'is':
      return `${equals(scope, name, actual)} === ${literal(scope, name, text)}`;
    case 'is_not':
      return `${equals(scope, name, actual)} !== ${literal(scope, name, text)}`;
    case 'before_today':
      return `isPast(${actual})`;
    case 'today_or_later':
      return `isTodayOrLater(${actual})`;
    case 'within_days':
      return `isWithinDays(${actual}, ${text})`;
    case 'within_past_days':
      return `isWithinPastDays(${actual}, ${text})`;
    case 'older_than_days':
      return `isOlderThanDays(${actual}, ${text})`;
    default: {
      const limit = /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : read(scope, text);
      return `${operator === 'below' ? 'isBelow' : 'isAbove'}(${actual}, ${limit})`;
    }
  }
}

const isNumeric = ({ entity }: Scope, name: string): boolean => {
  const type = fieldNamed(entity, name)?.type ?? entity.values.find((value) => value.name === name)?.type;
  return type !== undefined && NUMERIC_TYPES.includes(type);
};

function literal(scope: Scope, name: string, text: string): string {
  if (fieldNamed(scope.entity, name)?.type === 'boolean') return String(text === 'yes');
  return isNumeric(scope, name) && text.trim() !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : quote(text);
}

/** Links are compared by the number of the record that they lead to. */
function equals({ entity }: Scope, name: string, actual: string): string {
  const field = fieldNamed(entity, name);
  return field && field.target !== null ? `String(${actual})` : actual;
}

/** Import lines for the value functions of other modules; `path` leads from the module to src/records/. */
export function valueImports(schema: DatabaseSchema, imports: ReadonlySet<string>, path: string): string[] {
  return schema.entities.flatMap((entity) => {
    const used = entity.values.filter((value) => imports.has(`${entity.name}.${value.name}`));
    if (used.length === 0) return [];
    const names = used.map((value) => {
      const name = namesOf(entity).values.get(value.name) ?? value.name;
      const alias = importedValue(entity, value);
      return name === alias ? name : `${name} as ${alias}`;
    });
    return [`import { ${names.join(', ')} } from '${path}${entity.name.replaceAll('_', '-')}.js';`];
  });
}
