import type { Computed, Condition, DatabaseSchema, Entity, RecordValue, Rule } from '#contracts';
import { DATED_TYPES, operandKind } from '#contracts';
import { article, capital, listed } from '../../language/words.js';
import { amountWords, extremeWord, operandWords } from '../../requirements/names.js';
import { entityNamed, fieldNamed, labelOf } from './names.js';

/*
 * What an app does in sentences: for the comments of its sources, its README and what it tells people.
 */

const NUMBER = /^-?\d+(\.\d+)?$/;

/** `the due date is before today` */
export function conditionWords(entity: Entity, { field, operator, value }: Condition, subject = 'the'): string {
  const what = `${subject} ${labelOf(entity, field)}`;
  const text = value ?? '';
  const amount = NUMBER.test(text) ? text : `${subject} ${labelOf(entity, text)}`;
  const boolean = fieldNamed(entity, field)?.type === 'boolean';
  const quoted = boolean ? text : `“${text}”`;
  const words: Record<Condition['operator'], string> = {
    is_empty: 'is empty',
    is_not_empty: 'is filled in',
    is: `is ${quoted}`,
    is_not: `is not ${quoted}`,
    before_today: 'is before today',
    today_or_later: 'is today or later',
    within_days: text === '0' ? 'is today' : `is within the next ${text} days`,
    within_past_days: `is within the last ${text} days`,
    older_than_days: `is more than ${text} days ago`,
    below: `is below ${amount}`,
    above: `is above ${amount}`,
  };
  return `${what} ${words[operator]}`;
}

export const conditionsWords = (entity: Entity, conditions: readonly Condition[], subject = 'the'): string =>
  listed(conditions.map((condition) => conditionWords(entity, condition, subject)));

const where = (entity: Entity, conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : ` where ${conditionsWords(entity, conditions)}`;

/** ` that meets`: which records of a kind are meant. */
const which = (entity: Entity, conditions: readonly Condition[]): string => `${entity.label_plural}${where(entity, conditions)}`;

/** How two values compare, in the words that fit days, times or numbers. */
export function comparisonWords(schema: DatabaseSchema, entity: Entity, rule: Extract<Rule, { kind: 'compare' }>): string {
  const type = operandKind(schema, entity, rule.field);
  const timed = type === 'time' || (type !== undefined && DATED_TYPES.includes(type));
  const words = timed
    ? { at_least: 'not before', at_most: 'not after', above: 'after', below: 'before' }
    : { at_least: 'at least', at_most: 'at most', above: 'more than', below: 'less than' };
  const other =
    typeof rule.value === 'number' ? String(rule.value) : rule.value === 'today' ? 'today' : `the ${operandWords(schema, entity, rule.value)}`;
  return `${words[rule.operator]} ${other}`;
}

const comparedWords = (entity: Entity, { field }: Extract<Rule, { kind: 'compare' }>): string =>
  fieldNamed(entity, field)?.type === 'references' ? `number of ${labelOf(entity, field)}` : labelOf(entity, field);

/** A rule as the sentence that it enforces. */
export function ruleSentence(schema: DatabaseSchema, entity: Entity, rule: Rule): string {
  const label = (name: string | null): string => labelOf(entity, name);
  const one = article(entity.label);
  switch (rule.kind) {
    case 'no_overlap': {
      const same = [...rule.same, ...(rule.day === null ? [] : [rule.day])].map(label);
      const which_ = same.length === 0 ? '' : ` with the same ${listed(same)}`;
      return `Two ${which(entity, rule.where)}${which_} never overlap from ${label(rule.from)} to ${label(rule.to)}.`;
    }
    case 'unique_together':
      return `No two ${entity.label_plural} have the same ${listed(rule.fields.map(label))}.`;
    case 'compare':
      return `The ${comparedWords(entity, rule)} of ${one} is ${comparisonWords(schema, entity, rule)}.`;
    case 'limit':
      return limitSentence(schema, entity, rule);
    case 'required_when':
      return `${capital(one)} needs ${article(label(rule.field))} when ${conditionsWords(entity, rule.where)}.`;
    case 'linked_must': {
      const target = entityNamed(schema, fieldNamed(entity, rule.link)?.target ?? null);
      return target ? `The ${label(rule.link)} of ${one} is ${article(target.label)} where ${conditionsWords(target, rule.where)}.` : '';
    }
    case 'locked_when':
      return `${capital(one)} can no longer be ${listed(
        rule.actions.map((action) => `${action}d`),
        'or',
      )} once ${conditionsWords(entity, rule.where)}.`;
  }
}

function limitSentence(schema: DatabaseSchema, entity: Entity, rule: Extract<Rule, { kind: 'limit' }>): string {
  const by = labelOf(entity, rule.by);
  const target = entityNamed(schema, fieldNamed(entity, rule.by)?.target ?? null);
  const same = rule.by === null ? '' : ` with the same ${by}`;
  const each = rule.period === null ? '' : ` in each ${rule.period}${rule.period === 'day' ? '' : ` of ${labelOf(entity, rule.day)}`}`;
  const maximum = typeof rule.maximum === 'number' ? String(rule.maximum) : `the ${labelOf(target, rule.maximum)} of the ${by}`;
  if (rule.field !== null)
    return `The ${labelOf(entity, rule.field)} of all ${which(entity, rule.where)}${same} adds up to at most ${maximum}${each}.`;
  if (typeof rule.maximum === 'number') return `There are at most ${maximum} ${which(entity, rule.where)}${same}${each}.`;
  return `There are no more ${which(entity, rule.where)}${same} than ${maximum}${each}.`;
}

/** What a person is told who breaks the rule. */
export function ruleMessage(schema: DatabaseSchema, entity: Entity, rule: Rule): string {
  const label = (name: string | null): string => labelOf(entity, name);
  switch (rule.kind) {
    case 'no_overlap': {
      const same = rule.same.map(label);
      return `Another ${entity.label}${same.length === 0 ? '' : ` with the same ${listed(same)}`} overlaps this time.`;
    }
    case 'unique_together':
      return `Another ${entity.label} has the same ${listed(rule.fields.map(label))} already.`;
    case 'compare':
      return `${capital(comparedWords(entity, rule))} must be ${comparisonWords(schema, entity, rule)}.`;
    case 'required_when':
      return `${capital(label(rule.field))} is required when ${conditionsWords(entity, rule.where)}.`;
    case 'linked_must': {
      const target = entityNamed(schema, fieldNamed(entity, rule.link)?.target ?? null);
      return target ? `Choose ${article(target.label)} where ${conditionsWords(target, rule.where)}.` : '';
    }
    case 'locked_when':
      return `This ${entity.label} can no longer be ${listed(
        rule.actions.map((action) => `${action}d`),
        'or',
      )}, because ${conditionsWords(entity, rule.where)}.`;
    case 'limit':
      return ruleSentence(schema, entity, rule);
  }
}

const OPERATION = { plus: 'plus', minus: 'minus', times: 'times', divided_by: 'divided by' } as const;
const UNIT = { days: 'The days', years: 'The full years', hours: 'The hours' } as const;

/** How a value is worked out. */
export function valueSentence(schema: DatabaseSchema, entity: Entity, value: RecordValue): string {
  const name = (operand: string | number): string => (typeof operand === 'number' ? String(operand) : operandWords(schema, entity, operand));
  if (value.kind === 'formula') return `${capital(name(value.left))} ${OPERATION[value.operator]} ${name(value.right)}.`;
  if (value.kind === 'between') return `${UNIT[value.unit]} from ${name(value.from)} to ${name(value.to)}.`;
  if (value.kind === 'shift') return `${capital(name(value.from))} ${value.operator} ${amountWords(value, name)}.`;
  const of = entityNamed(schema, value.of);
  if (!of) return '';
  const what =
    value.function === 'count' ? 'The number of' : `The ${extremeWord(value) ?? `${value.function} of`} ${labelOf(of, value.field)} over the`;
  return `${what} ${of.label_plural} whose ${labelOf(of, value.link)} is this ${entity.label}${value.where.length === 0 ? '' : ` and where ${conditionsWords(of, value.where)}`}.`;
}

/** What a computed list or total shows. */
export function computedSentence(schema: DatabaseSchema, computed: Computed): string {
  const entity = entityNamed(schema, computed.entity);
  if (!entity) return '';
  const all = which(entity, computed.conditions);
  if (computed.kind === 'list') {
    const order =
      computed.order === null ? '' : `, by ${labelOf(entity, computed.order.field)}${computed.order.descending ? ', the highest first' : ''}`;
    return `${computed.limit === null ? 'The' : `The first ${computed.limit}`} ${all}${order}.`;
  }
  const what = computed.kind === 'count' ? 'The number of' : `The ${computed.kind} of ${labelOf(entity, computed.field)} over all`;
  const by =
    computed.by === null ? '' : `, for each ${computed.period ?? ''}${computed.period === null ? '' : ' of '}${labelOf(entity, computed.by)}`;
  return `${what} ${all}${by}.`;
}
