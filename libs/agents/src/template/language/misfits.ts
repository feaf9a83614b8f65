import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import type { Condition, Entity, Rule } from '#contracts';
import type { Draft } from './draft.js';

/** A day or a number that is compared with a word: nothing of that kind was meant. */
function isMisfit(of: Entity | undefined, { field, operator, value }: Condition): boolean {
  if (operator !== 'is' && operator !== 'is_not') return false;
  const type = of?.fields.find((one) => one.name === field)?.type;
  if (type === undefined || value === null) return false;
  return (DATED_TYPES.includes(type) && !/^\d{4}-\d\d-\d\d/.test(value)) || (NUMERIC_TYPES.includes(type) && !/^-?\d+(?:\.\d+)?$/.test(value));
}

/** Removes rules that could never hold as they were read, such as "the invoice date is paid". */
export function dropMisfits({ schema }: Draft): void {
  const target = (entity: Entity, rule: Rule): Entity | undefined => {
    if (rule.kind !== 'linked_must') return entity;
    const link = entity.fields.find((one) => one.name === rule.link);
    return schema.entities.find((one) => one.name === link?.target);
  };
  for (const entity of schema.entities) {
    const kept = entity.rules.filter((rule) => !('where' in rule && rule.where.some((one) => isMisfit(target(entity, rule), one))));
    if (kept.length < entity.rules.length) entity.rules.splice(0, Infinity, ...kept);
  }
}
