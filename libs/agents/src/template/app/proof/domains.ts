import type { Condition, DatabaseSchema, Entity, Field, RecordValue } from '#contracts';
import { FIXED, MINUTES, Wanted, fresh } from './figures.js';
import type { Figure } from './figures.js';
import { daysAroundShifts } from './shifts.js';

/** Values worth trying for a field, the plainest first. `entangled`: something depends on it beyond the field itself. */
export function domainOf(schema: DatabaseSchema, entity: Entity, field: Field, entangled: boolean): Figure[] {
  const some = valuesOf(schema, entity, field, entangled);
  const given = entity.defaults.some((one) => one.field === field.name);
  const optional = !field.required && field.type !== 'boolean' && !given;
  if (!optional) return some;
  const none: Figure = field.type === 'references' ? [] : null;
  return field.target === null ? [...some, none] : [none, ...some];
}

function valuesOf(schema: DatabaseSchema, entity: Entity, field: Field, entangled: boolean): Figure[] {
  const free = field.unique && !entangledElsewhere(schema, entity, field);
  switch (field.type) {
    case 'text':
    case 'long_text':
    case 'email':
    case 'phone':
    case 'url':
    case 'file_link':
      return [fresh(), ...wordsFor(schema, entity, field)];
    case 'boolean':
      return [false, true];
    case 'choice':
      return field.choices;
    case 'rating':
      return [4, 5, 3, 2, 1];
    case 'integer':
    case 'number':
    case 'money':
      return free ? [fresh()] : numbersFor(schema, entity, field, entangled);
    case 'time':
      return free ? [fresh()] : unique([870, 600, 660, 720, 780, 840, 900, 960, 540, 480, 1020, 630, 690, 750]);
    case 'date':
      return free ? [fresh()] : daysFor(schema, entity, field);
    case 'datetime':
      return free
        ? [fresh()]
        : daysFor(schema, entity, field).flatMap((days) => [870, 600, 660, 720, 780, 840, 900].map((minutes) => days * MINUTES + minutes));
    case 'reference':
      return [new Wanted(field.target ?? '')];
    case 'references':
      return [1, 2, 3, 4, 5, 6].map((count) => Array.from({ length: count }, () => new Wanted(field.target ?? '')));
  }
}

/** Whether something asks more of a unique field than to be unique. */
function entangledElsewhere(schema: DatabaseSchema, entity: Entity, field: Field): boolean {
  const text = JSON.stringify([entity.rules, entity.values, entity.order, entity.defaults]);
  const name = JSON.stringify(field.name);
  if (text.includes(name) || isLookedAt(schema, entity, field)) return true;
  return (
    conditionsOn(schema, entity).some((one) => one.field === field.name || one.value === field.name) || JSON.stringify(schema.computed).includes(name)
  );
}

/** Whether a rule or value of a record that links here looks at the field. */
const isLookedAt = (schema: DatabaseSchema, entity: Entity, field: Field): boolean =>
  schema.entities.some((other) =>
    other.fields.some((link) => link.target === entity.name && JSON.stringify([other.rules, other.values]).includes(`"${link.name}.${field.name}"`)),
  );

/** Every condition, of any rule, value, list or total, on records of an entity. */
export function conditionsOn(schema: DatabaseSchema, entity: Entity): Condition[] {
  const own = entity.rules.flatMap((rule) => ('where' in rule && rule.kind !== 'linked_must' ? rule.where : []));
  const linked = schema.entities.flatMap((other) =>
    other.rules.flatMap((rule) =>
      rule.kind === 'linked_must' && other.fields.some((field) => field.name === rule.link && field.target === entity.name) ? rule.where : [],
    ),
  );
  const rolled = schema.entities.flatMap((other) =>
    other.values.flatMap((value) => (value.kind === 'rollup' && value.of === entity.name ? value.where : [])),
  );
  const computed = schema.computed.flatMap((one) => (one.entity === entity.name ? one.conditions : []));
  return [...own, ...linked, ...rolled, ...computed];
}

function wordsFor(schema: DatabaseSchema, entity: Entity, field: Field): string[] {
  return unique(
    conditionsOn(schema, entity).flatMap((one) =>
      one.field === field.name && one.value !== null && one.operator.startsWith('is') ? [one.value] : [],
    ),
  );
}

const PLAIN: Readonly<Record<string, number>> = { integer: 7, number: 2.5, money: 12.5 };

/** Numbers around every number that is named anywhere about these records. */
function numbersFor(schema: DatabaseSchema, entity: Entity, field: Field, entangled: boolean): number[] {
  const first = PLAIN[field.type] ?? 7;
  if (!entangled) return [first];
  const named = [
    ...conditionsOn(schema, entity).map((one) => Number(one.value ?? Number.NaN)),
    ...entity.rules.flatMap((rule) => (rule.kind === 'compare' ? [Number(rule.value)] : rule.kind === 'limit' ? [Number(rule.maximum)] : [])),
    ...entity.values.flatMap(numbersIn),
  ].filter(Number.isFinite);
  const around = named.flatMap((one) => [
    one,
    one + 1,
    one - 1,
    Math.floor(one / 2),
    one * 2,
    ...(field.type === 'integer' ? [] : [one + 0.5, one - 0.5]),
  ]);
  const all = unique([first, ...around, 1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 0, 1_000, -1, -10]);
  return field.type === 'integer' ? all.filter(Number.isInteger) : all.filter((one) => Math.abs(one * 100 - Math.round(one * 100)) < 1e-9);
}

const numbersIn = (value: RecordValue): number[] =>
  value.kind === 'formula' ? [value.left, value.right].filter((one) => typeof one === 'number') : [];

/** Days around every span that is named anywhere about these records. */
function daysFor(schema: DatabaseSchema, entity: Entity, field: Field): number[] {
  const spans = conditionsOn(schema, entity)
    .filter((one) => one.field === field.name && /days/.test(one.operator))
    .map((one) => Number(one.value));
  const limits = entity.rules.flatMap((rule) => (rule.kind === 'compare' && typeof rule.value === 'number' ? [rule.value] : []));
  const conditioned = conditionsOn(schema, entity).flatMap((one) =>
    entity.values.some((value) => value.name === one.field) ? [Number(one.value)] : [],
  );
  const borders = [...limits, ...conditioned].filter((one) => Number.isFinite(one) && Math.abs(one) < 5_000);
  const inYears = entity.values.some((value) => value.kind === 'between' && value.unit === 'years' && [value.from, value.to].includes(field.name));
  const years = inYears
    ? unique([...borders, 20, 40]).flatMap((age) => [
        -Math.round(age * 365.25 + 180),
        -Math.round(age * 365.25 - 180),
        ...(age % 4 === 0 ? [-(age / 4) * 1_461, -(age / 4) * 1_461 + 1] : []),
      ])
    : [];
  return unique([
    3,
    0,
    -1,
    1,
    ...spans.flatMap((one) => [one, one + 1, -one, -one - 1]),
    ...borders.flatMap((one) => [3 + one, 3 + one + 1, 3 + one - 1, one, -one, one + 1, -one - 1, one - 1, 1 - one]),
    ...years,
    ...daysAroundShifts(schema),
    ...[2, 4, 5, 6, 7, 10, 12, 20, 40, -2, -3, -7, -10, -40, 400, -400],
    FIXED,
    FIXED + 1,
  ]);
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
