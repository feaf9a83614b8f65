import type { Computed, Condition, DatabaseSchema, Entity, Permission, Rule } from '#contracts';
import { operandKind } from '#contracts';
import type { Check, CheckOf } from './checks.js';
import { amountWords, extremeWord, operandWords } from './names.js';
import { writeCondition } from './requirements.js';
import { article, capital, listed, plural, singular } from '../language/words.js';

/** A check as the sentence of an acceptance criterion. */
export function checkText(schema: DatabaseSchema, check: Check): string {
  switch (check.kind) {
    case 'add':
      return `${one(check.entity)} can be added, and is then found in the list of ${check.entity.label_plural}.`;
    case 'change':
      return `${one(check.entity)} can be changed and deleted.`;
    case 'values':
      return `${one(check.entity)} with a value that does not fit its field is refused.`;
    case 'found':
      return `The list of ${check.entity.label_plural} can be searched, filtered and sorted.`;
    case 'exchange':
      return `${capital(check.entity.label_plural)} can be exported as a file, and imported from it again, all of them or none.`;
    case 'order':
      return `The list of ${check.entity.label_plural} is sorted by ${orderWords(check.entity, check.entity.order)}.`;
    case 'required':
      return `${one(check.entity)} without ${check.field.label} is refused, and the form says so next to the field.`;
    case 'unique':
      return `A second ${check.entity.label} with the same ${check.field.label} is refused.`;
    case 'in_use': {
      const target = schema.entities.find((entity) => entity.name === check.field.target)?.label ?? '';
      return `${capital(article(target))} that is the ${singular(check.field.label)} of ${article(check.entity.label)} shows that ${check.entity.label} and cannot be deleted.`;
    }
    case 'default':
      return defaultText(check);
    case 'first_state':
    case 'steps':
    case 'step_roles':
      return stateText(schema, check);
    case 'rule':
      return ruleText(schema, check.entity, check.rule);
    case 'value':
      return valueText(schema, check);
    case 'computed':
      return computedText(schema, check.computed);
    case 'permission':
      return permissionText(schema, check.entity, check.permission);
    case 'signed_out':
      return 'Whoever has not signed in sees no record and changes none.';
    case 'password':
      return 'A wrong password is refused.';
    case 'roles':
      return `The first account is ${article(schema.auth.roles[0]?.label ?? '')} and gives the roles; a new account is ${article(schema.auth.roles.at(-1)?.label ?? '')}.`;
    case 'paged':
      return 'A long list is shown page by page and can be searched.';
    case 'escaped':
      return 'Text that looks like HTML is shown as text.';
    case 'described':
      return 'The JSON API describes itself, with every list of records.';
    case 'durable':
      return 'What was saved is still there after the app was killed and started again.';
  }
}

const one = (entity: Entity): string => capital(article(entity.label));

/** The label of a field or of a value that is worked out. */
const labelIn =
  (entity: Entity | undefined) =>
  (name: string | null): string =>
    [...(entity?.fields ?? []), ...(entity?.values ?? [])].find((member) => member.name === name)?.label ?? String(name);

const whereWords = (entity: Entity | undefined, conditions: readonly Condition[]): string =>
  conditions.map((condition) => writeCondition(condition, labelIn(entity), entity)).join(' and ');

/** ` where the status is "open"`, or nothing. */
const where = (entity: Entity | undefined, conditions: readonly Condition[]): string =>
  conditions.length === 0 ? '' : ` where ${whereWords(entity, conditions)}`;

function orderWords(entity: Entity | undefined, order: Entity['order']): string {
  return order === null ? 'title' : `${labelIn(entity)(order.field)}${order.descending ? ', the highest or latest first' : ''}`;
}

function defaultText({ entity, field }: CheckOf<'default'>): string {
  const given = entity.defaults.find((each) => each.field === field.name);
  const label = labelIn(entity);
  const start =
    given === undefined
      ? ''
      : given.value === 'today' || entity.fields.every((other) => other.name !== given.value)
        ? given.value
        : `its ${label(given.value)}`;
  const days = given && given.days !== 0 ? ` ${given.days > 0 ? 'plus' : 'minus'} ${Math.abs(given.days)} days` : '';
  return `${one(entity)} that is added without ${field.label} gets ${start === 'today' || start.startsWith('its ') ? start : `"${start}"`}${days}.`;
}

function stateText(schema: DatabaseSchema, check: CheckOf<'first_state' | 'steps' | 'step_roles'>): string {
  const { entity } = check;
  const field = entity.fields.find((each) => each.name === entity.lifecycle?.field);
  if (check.kind === 'first_state') return `A new ${entity.label} has the ${field?.label ?? 'state'} "${field?.choices[0] ?? ''}".`;
  if (check.kind === 'step_roles')
    return `Only ${rolesWords(schema, check.roles)} can move ${article(entity.label)} from "${check.state}" to "${check.to}".`;
  const next = [
    ...new Set(entity.lifecycle?.transitions.filter((step) => step.from === check.state && step.to !== check.state).map((step) => `"${step.to}"`)),
  ];
  const start = `${one(entity)} with the ${field?.label ?? 'state'} "${check.state}"`;
  return next.length === 0 ? `${start} stays as it is.` : `${start} can become ${listed(next, 'or')}, and nothing else.`;
}

const rolesWords = ({ auth }: DatabaseSchema, roles: readonly string[]): string =>
  roles.length === 0
    ? 'nobody else'
    : listed(
        roles.map((role) => plural(auth.roles.find((each) => each.name === role)?.label ?? role)),
        'and',
      );

const DEEDS = { view: 'seen', add: 'added', change: 'changed', delete: 'deleted' } as const;

function permissionText(schema: DatabaseSchema, entity: Entity, { action, roles, own }: Permission): string {
  const first = schema.auth.roles[0];
  const all = first && !roles.includes(first.name) ? [first.name, ...roles] : roles;
  const many = capital(entity.label_plural);
  if (all.length === 0) return `${many} are ${DEEDS[action]} only by the account that they belong to.`;
  return `${many} are ${DEEDS[action]} only by ${rolesWords(schema, all)}${own ? `; everybody else has this right for their own ${entity.label_plural}` : ''}.`;
}

const COMPARED = { at_least: 'at least', at_most: 'at most', above: 'above', below: 'below' } as const;
const COMPARED_DAYS = { at_least: 'on or after', at_most: 'on or before', above: 'after', below: 'before' } as const;

function ruleText(schema: DatabaseSchema, entity: Entity, rule: Rule): string {
  const label = labelIn(entity);
  const many = entity.label_plural;
  switch (rule.kind) {
    case 'no_overlap': {
      const same = [...rule.same, ...(rule.day === null ? [] : [rule.day])].map(label);
      return `Two ${many}${where(entity, rule.where)}${same.length > 0 ? ` with the same ${listed(same)}` : ''} never overlap between ${label(rule.from)} and ${label(rule.to)}.`;
    }
    case 'unique_together':
      return `A second ${entity.label} with the same ${listed(rule.fields.map(label))} is refused, one that differs in any of them is not.`;
    case 'compare': {
      const type = operandKind(schema, entity, rule.field);
      const words = type === 'date' || type === 'datetime' || type === 'time' ? COMPARED_DAYS : COMPARED;
      const other =
        typeof rule.value === 'number' ? String(rule.value) : rule.value === 'today' ? 'today' : `the ${operandWords(schema, entity, rule.value)}`;
      const what = type === 'references' ? `number of ${label(rule.field)}` : label(rule.field);
      return `The ${what} of ${article(entity.label)} is ${words[rule.operator]} ${other}; otherwise it is refused.`;
    }
    case 'limit': {
      const field = entity.fields.find((each) => each.name === rule.by);
      const target = schema.entities.find((each) => each.name === field?.target);
      const most = typeof rule.maximum === 'number' ? String(rule.maximum) : `the ${labelIn(target)(rule.maximum)} of the ${label(rule.by)}`;
      const per = rule.by === null ? '' : ` for each ${label(rule.by)}`;
      const then = rule.period === null ? '' : ` in each ${rule.period} of ${label(rule.day)}`;
      return rule.field === null
        ? `The number of ${many}${where(entity, rule.where)}${per}${then} is never above ${most}.`
        : `The ${label(rule.field)} of all ${many}${where(entity, rule.where)}${per}${then} never adds up to more than ${most}.`;
    }
    case 'required_when':
      return `${one(entity)}${where(entity, rule.where)} needs the ${label(rule.field)}; otherwise it is refused.`;
    case 'linked_must': {
      const target = schema.entities.find((each) => each.name === entity.fields.find((field) => field.name === rule.link)?.target);
      return `The ${label(rule.link)} of ${article(entity.label)} can only be ${article(target?.label ?? 'record')}${where(target, rule.where)}.`;
    }
    case 'locked_when':
      return `${one(entity)}${where(entity, rule.where)} can no longer be ${listed(
        rule.actions.map((action) => DEEDS[action]),
        'or',
      )}.`;
  }
}

const SIGNS = { plus: 'plus', minus: 'minus', times: 'times', divided_by: 'divided by' } as const;

function valueText(schema: DatabaseSchema, { entity, value }: CheckOf<'value'>): string {
  const name = (operand: string | number): string =>
    typeof operand === 'number' ? String(operand) : operand === 'today' ? 'today' : `the ${operandWords(schema, entity, operand)}`;
  const start = `The ${value.label} of ${article(entity.label)} is`;
  if (value.kind === 'formula') return `${start} ${name(value.left)} ${SIGNS[value.operator]} ${name(value.right)}.`;
  if (value.kind === 'between') return `${start} the number of ${value.unit} from ${name(value.from)} to ${name(value.to)}.`;
  if (value.kind === 'shift') return `${start} ${name(value.from)} ${value.operator} ${amountWords(value, name)}.`;
  const of = schema.entities.find((each) => each.name === value.of);
  const extreme = extremeWord(value);
  const added = `the ${extreme ?? `${value.function} of the`} ${labelIn(of)(value.field)} of its`;
  const what = value.function === 'count' ? 'the number of its' : added;
  const by = (of?.fields.filter((field) => field.target === entity.name).length ?? 0) > 1 ? `, by their ${labelIn(of)(value.link)}` : '';
  return `${start} ${what} ${of?.label_plural ?? value.of}${where(of, value.where)}${by}.`;
}

function computedText(schema: DatabaseSchema, computed: Computed): string {
  const entity = schema.entities.find((each) => each.name === computed.entity);
  const many = entity?.label_plural ?? computed.entity;
  const label = labelIn(entity);
  if (computed.kind === 'list') {
    const which = computed.limit === null ? `exactly the ${many}` : `at most ${computed.limit} ${many}`;
    const order = computed.order === null ? '' : `, sorted by ${orderWords(entity, computed.order)}`;
    return `The list "${computed.label}" shows ${which}${where(entity, computed.conditions)}${order}.`;
  }
  const all = `${many}${where(entity, computed.conditions)}`;
  const what = computed.kind === 'count' ? `the number of ${all}` : `the ${computed.kind} of ${label(computed.field)} over all ${all}`;
  const by = computed.by === null ? '' : `, for each ${computed.period === null ? '' : `${computed.period} of `}${label(computed.by)}`;
  return `"${computed.label}" is ${what}${by}.`;
}
