import type { Condition } from './database-rules.js';
import type { Entity, Field } from './database-schema.js';
import { DATED_TYPES, NUMERIC_TYPES } from './database-schema.js';

/** One structural problem: where it is and what to do about it. */
export interface SchemaProblem {
  readonly path: Path;
  readonly message: string;
}

export type Path = (string | number)[];

export const fieldIn = (entity: Entity, name: string): Field | undefined => entity.fields.find((field) => field.name === name);

/** What kind of thing a name is: the type of a field or of a worked-out value; undefined where there is none. */
export const kindIn = (entity: Entity, name: string): Field['type'] | undefined =>
  fieldIn(entity, name)?.type ?? entity.values.find((value) => value.name === name)?.type;

export const missing = (entity: Entity, name: string): string =>
  `${entity.name} has no field "${name}": use one of ${[...entity.fields, ...entity.values].map((one) => one.name).join(', ')}`;

export const isDay = (type: Field['type'] | undefined): boolean => type !== undefined && DATED_TYPES.includes(type);
export const isNumber = (type: Field['type'] | undefined): boolean => type !== undefined && NUMERIC_TYPES.includes(type);

/** What is wrong with conditions on the records of an entity. */
export const conditionsProblems = (entity: Entity, conditions: readonly Condition[], at: Path): SchemaProblem[] =>
  conditions.flatMap((condition, index) => conditionProblems(entity, condition, [...at, index]));

function conditionProblems(entity: Entity, { field: name, operator, value }: Condition, path: Path): SchemaProblem[] {
  const wrong = (key: string, message: string): SchemaProblem[] => [{ path: [...path, key], message }];
  const type = kindIn(entity, name);
  if (type === undefined) return wrong('field', missing(entity, name));
  const choices = fieldIn(entity, name)?.choices ?? [];
  const number = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
  switch (operator) {
    case 'is':
    case 'is_not':
      if (value === null) return wrong('value', `say which value "${name}" is compared with`);
      if (type === 'choice' && !choices.includes(value))
        return wrong('value', `"${value}" is no choice of "${name}": use one of ${choices.join(', ')}`);
      if (type === 'boolean' && value !== 'yes' && value !== 'no') return wrong('value', 'a yes-or-no field is compared with yes or no');
      return [];
    case 'below':
    case 'above':
      if (!isNumber(type)) return wrong('operator', `"${name}" holds no numbers: use another operator`);
      if (value === null) return wrong('value', 'give a number or the name of another field');
      if (!number(value) && !isNumber(kindIn(entity, value))) return wrong('value', `"${value}" is neither a number nor a field with numbers`);
      return [];
    case 'within_days':
    case 'within_past_days':
    case 'older_than_days':
      if (!isDay(type)) return wrong('operator', `"${name}" holds no dates: use another operator`);
      return value !== null && /^\d{1,4}$/.test(value) ? [] : wrong('value', 'give a number of days, such as 7');
    case 'before_today':
    case 'today_or_later':
      if (!isDay(type)) return wrong('operator', `"${name}" holds no dates: use another operator`);
      return value === null ? [] : wrong('value', 'this operator takes no value: set it to null');
    default:
      return value === null ? [] : wrong('value', 'this operator takes no value: set it to null');
  }
}
