import type { RecordValue } from './database-rules.js';
import type { DatabaseSchema, Entity, Field } from './database-schema.js';
import { fieldIn, kindIn, missing } from './database-conditions.js';

/** Where an operand is found: on the record itself, or on the one that `link` points at. */
export interface Operand {
  /** The kind of the record that has it. */
  readonly entity: Entity;
  /** Its field or worked-out value. */
  readonly name: string;
  /** The reference that leads to that record; null where it is the record itself. */
  readonly link: string | null;
}

type Entities = Pick<DatabaseSchema, 'entities'>;

/** The two parts of `link.field`; null for every other name. */
export function linkedParts(operand: string): { readonly link: string; readonly name: string } | null {
  const [link = '', name] = operand.split('.');
  return name === undefined ? null : { link, name };
}

/** What a value is worked out from, on the record itself and on those that it links to; nothing for one over other records. */
export function operandsOf(value: RecordValue): readonly (number | string)[] {
  switch (value.kind) {
    case 'formula':
      return [value.left, value.right];
    case 'between':
      return [value.from, value.to];
    case 'shift':
      return [value.from, value.amount];
    case 'rollup':
      return [];
  }
}

/** Finds an operand of an entity; null where there is none of that name. */
export function operandIn({ entities }: Entities, entity: Entity, operand: string): Operand | null {
  const parts = linkedParts(operand);
  if (!parts) return kindIn(entity, operand) === undefined ? null : { entity, name: operand, link: null };
  const field = fieldIn(entity, parts.link);
  const target = field?.type === 'reference' ? entities.find((one) => one.name === field.target) : undefined;
  return !target || kindIn(target, parts.name) === undefined ? null : { entity: target, ...parts };
}

/** What kind of thing an operand is; undefined where there is none of that name. */
export function operandKind(schema: Entities, entity: Entity, operand: string): Field['type'] | undefined {
  const found = operandIn(schema, entity, operand);
  return found ? kindIn(found.entity, found.name) : undefined;
}

/** What is wrong with the name of an operand that is not there. */
export function missingOperand({ entities }: Entities, entity: Entity, operand: string): string {
  const parts = linkedParts(operand);
  if (!parts) return missing(entity, operand);
  const field = fieldIn(entity, parts.link);
  const target = entities.find((one) => one.name === field?.target);
  if (field?.type !== 'reference' || !target)
    return `"${parts.link}" of ${entity.name} is no link to one record: only a reference has fields behind it`;
  return missing(target, parts.name);
}
