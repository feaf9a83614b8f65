import type { Condition, Entity, Field } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { putComputed } from './draft.js';
import type { Draft } from './draft.js';
import { capital, lowerWords, snake } from './words.js';

export type Order = { field: string; descending: boolean };

/** A condition on a field or a worked-out value. */
export const on = (field: { readonly name: string }, operator: Condition['operator'], value: string | null = null): Condition => ({
  field: field.name,
  operator,
  value,
});

/** Adds a list of records, unless there is one with the same records in the same order. */
export function putList(
  draft: Draft,
  entity: Entity,
  shown: string,
  conditions: Condition[],
  order: Order | null = null,
  limit: number | null = null,
): true {
  const label = capital(lowerWords(shown.trim())).slice(0, 100);
  const same = draft.schema.computed.some(
    (one) =>
      one.kind === 'list' &&
      one.entity === entity.name &&
      JSON.stringify([one.conditions, one.order, one.limit]) === JSON.stringify([conditions, order, limit]),
  );
  if (!same) putComputed(draft, { kind: 'list', name: snake(label), label, entity: entity.name, conditions, order, limit });
  return true;
}

/** The fields of a list that hold a day. */
export const daysIn = (entity: Entity): Field[] => entity.fields.filter((field) => DATED_TYPES.includes(field.type));

/** The label of what a link points at. */
export const targetLabel = (draft: Draft, field: Field): string => draft.schema.entities.find((one) => one.name === field.target)?.label ?? '';
