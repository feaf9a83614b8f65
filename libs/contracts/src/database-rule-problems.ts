import type { Rule } from './database-rules.js';
import type { DatabaseSchema, Entity, Field } from './database-schema.js';
import { ORDERED_TYPES } from './database-schema.js';
import { conditionsProblems, fieldIn, isDay, isNumber, kindIn, missing } from './database-conditions.js';
import type { Path, SchemaProblem } from './database-conditions.js';
import { missingOperand, operandKind } from './database-operands.js';

/** What is wrong with a rule of an entity. */
export function ruleProblems(schema: DatabaseSchema, entity: Entity, rule: Rule, at: Path): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const add = (key: string, message: string): void => void problems.push({ path: [...at, key], message });
  /** The type of a field that the rule names, after it was checked. */
  const need = (key: string, name: string): Field['type'] | undefined => {
    const field = fieldIn(entity, name);
    if (!field) add(key, missing(entity, name));
    return field?.type;
  };
  switch (rule.kind) {
    case 'no_overlap': {
      for (const name of rule.same) need('same', name);
      const [from, to] = [need('from', rule.from), need('to', rule.to)];
      if (from !== undefined && to !== undefined && (from !== to || !(isDay(from) || from === 'time')))
        add('to', `"${rule.from}" and "${rule.to}" must both be dates, both dates with a time, or both times`);
      const day = rule.day === null ? undefined : need('day', rule.day);
      if (rule.day !== null && day !== undefined && day !== 'date') add('day', `"${rule.day}" must be a date`);
      problems.push(...conditionsProblems(entity, rule.where, [...at, 'where']));
      break;
    }
    case 'unique_together':
      for (const name of rule.fields) need('fields', name);
      break;
    case 'compare': {
      const type = kindIn(entity, rule.field) ?? need('field', rule.field);
      if (type !== undefined && type !== 'references' && !ORDERED_TYPES.includes(type))
        add('field', `"${rule.field}" has no order: choose a number, a date, a time or several links`);
      const other = typeof rule.value === 'number' ? 'number' : rule.value === 'today' ? 'date' : operandKind(schema, entity, rule.value);
      if (other === undefined) add('value', missingOperand(schema, entity, String(rule.value)));
      const fits = isNumber(type) || type === 'references' ? isNumber(other) : isDay(type) ? isDay(other) : other === 'time';
      if (type !== undefined && other !== undefined && !fits) add('value', `"${rule.field}" cannot be compared with "${String(rule.value)}"`);
      break;
    }
    case 'limit': {
      if (rule.by !== null) need('by', rule.by);
      if (rule.field !== null && !isNumber(need('field', rule.field))) add('field', `"${rule.field}" holds no numbers`);
      if (rule.day !== null && !isDay(need('day', rule.day))) add('day', `"${rule.day}" holds no dates`);
      if ((rule.day === null) !== (rule.period === null)) add('period', 'a limit in each period needs a period and the date that it is counted by');
      if (typeof rule.maximum === 'string') {
        const target = schema.entities.find((one) => one.name === fieldIn(entity, rule.by ?? '')?.target);
        if (!target || !isNumber(kindIn(target, rule.maximum)))
          add('maximum', `"${rule.maximum}" is no number of what "${rule.by ?? ''}" links to: use a number`);
      }
      problems.push(...conditionsProblems(entity, rule.where, [...at, 'where']));
      break;
    }
    case 'required_when':
      need('field', rule.field);
      problems.push(...conditionsProblems(entity, rule.where, [...at, 'where']));
      break;
    case 'linked_must': {
      need('link', rule.link);
      const target = schema.entities.find((one) => one.name === fieldIn(entity, rule.link)?.target);
      if (!target) add('link', `"${rule.link}" links to nothing: choose a reference`);
      else problems.push(...conditionsProblems(target, rule.where, [...at, 'where']));
      break;
    }
    case 'locked_when':
      problems.push(...conditionsProblems(entity, rule.where, [...at, 'where']));
  }
  return problems;
}
