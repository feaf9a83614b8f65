import { operandsOf } from '#contracts';
import type { Condition, DatabaseSchema, Entity, RecordValue } from '#contracts';
import { needsOf } from './solver.js';

export type Rollup = Extract<RecordValue, { kind: 'rollup' }>;

/** What is counted or added up over other records for a value, directly or by way of other values. */
export function rollupsBehind(entity: Entity, name: string | number): Rollup[] {
  const value = entity.values.find((one) => one.name === name);
  if (value?.kind === 'rollup') return [value];
  return value ? operandsOf(value).flatMap((one) => rollupsBehind(entity, one)) : [];
}

/** What a record has to be like for those to link to it that are counted or added up for it. */
export function needsOfRollup(schema: DatabaseSchema, { of, link }: Rollup): Condition[] {
  const entity = schema.entities.find((one) => one.name === of);
  return entity ? needsOf(entity, link) : [];
}
