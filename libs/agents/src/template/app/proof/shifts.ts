import type { DatabaseSchema } from '#contracts';
import { FIXED, SLACK, monthsAfter } from './figures.js';

/** Every condition that counts days is about one of these days, from today. */
function borders({ entities, computed }: DatabaseSchema): number[] {
  const conditions = [
    ...computed.flatMap((one) => one.conditions),
    ...entities.flatMap(({ rules, values }) => [...rules, ...values].flatMap((one) => ('where' in one ? one.where : []))),
  ];
  const spans = conditions.flatMap((one) => (/days/.test(one.operator) ? [Number(one.value)] : []));
  return [...new Set([0, ...spans, ...spans.map((one) => -one)])];
}

/** Days that a shift brings close to today, to a border of a condition, or to another day that is worth trying. */
export function daysAroundShifts(schema: DatabaseSchema): number[] {
  const shifts = schema.entities.flatMap(({ values }) =>
    values.flatMap((value) => (value.kind === 'shift' && typeof value.amount === 'number' ? [{ ...value, amount: value.amount }] : [])),
  );
  const counts = (units: Readonly<Record<string, number>>): number[] =>
    shifts.flatMap(({ operator, amount, unit }) => (units[unit] === undefined ? [] : [(operator === 'plus' ? amount : -amount) * units[unit]]));
  const [days, months] = [counts({ days: 1, weeks: 7 }), counts({ months: 1, years: 12 })];
  const shifted = months.flatMap((count) => [FIXED, FIXED + 1].map((day) => monthsAfter(day, count)));
  return [
    ...days.flatMap((count) => around(schema, count, 1)),
    ...months.flatMap((count) => around(schema, monthsAfter(0, count), 2 * SLACK)),
    ...[0, ...days].flatMap((count) => shifted.flatMap((day) => [day - count, day - count + 1, day - count - 1])),
  ];
}

const around = (schema: DatabaseSchema, days: number, step: number): number[] => [
  ...borders(schema).flatMap((border) => [0, step, -step, 40, -40].map((more) => border - days + more)),
  ...[3, 0].flatMap((day) => [day + days, day + days + 1, day + days - 1]),
];
