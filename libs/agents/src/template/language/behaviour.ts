import type { Action, Condition, Entity, RecordValue, Rule } from '#contracts';
import { ruleSchema, valueSchema } from '#contracts';
import type { z } from 'zod';
import { findField, putField, remember } from './draft.js';
import type { Draft } from './draft.js';
import { guessType } from './field-words.js';
import { lowerWords, singular, snake } from './words.js';

/*
 * Putting rules, states, worked-out values, roles and permissions into the model. What is said again replaces what was said
 * before; each remembers its sentence.
 */

type Nameless<Wish> = Wish extends unknown ? Omit<Wish, 'name'> : never;
/** A rule without its name, which follows from what it is about. */
export type RuleWish = Nameless<z.input<typeof ruleSchema>>;
export type ValueWish = Nameless<z.input<typeof valueSchema>>;

/** A value with another type; a day that is shifted stays a day. */
export function typed(wish: ValueWish, type: RecordValue['type']): ValueWish {
  if (wish.kind === 'rollup') return { ...wish, type };
  return wish.kind === 'shift' || type === 'date' ? wish : { ...wish, type };
}

const conditionWords = (conditions: readonly Condition[]): string =>
  conditions.map((one) => `${one.field} ${one.operator} ${one.value ?? ''}`.trim()).join(' and ');

/** What a rule is about, without the figure that it sets: a rule about the same takes its place. */
function subjectOf(rule: RuleWish): string {
  const where = 'where' in rule && rule.where && rule.where.length > 0 ? ` where ${conditionWords(rule.where)}` : '';
  switch (rule.kind) {
    case 'no_overlap':
      return `no overlap of ${rule.same.join(' ')} ${rule.from} ${rule.to} ${rule.day ?? ''}${where}`;
    case 'unique_together':
      return `unique ${rule.fields.join(' and ')}`;
    case 'compare':
      return `${rule.field} ${rule.operator}${typeof rule.value === 'number' ? '' : ` ${rule.value}`}`;
    case 'limit':
      return `limit of ${rule.field ?? 'records'}${rule.by ? ` per ${rule.by}` : ''}${rule.period ? ` per ${rule.period} of ${rule.day ?? ''}` : ''}${where}`;
    case 'required_when':
      return `${rule.field} required${where}`;
    case 'linked_must':
      return `${rule.link} must be${where}`;
    case 'locked_when':
      return `locked ${where}`;
  }
}

/** Adds a rule, or replaces the one about the same; answers it. */
export function putRule(draft: Draft, entity: Entity, wish: RuleWish): Rule {
  const subject = subjectOf(wish);
  const known = entity.rules.findIndex((one) => subjectOf(one) === subject);
  const taken = new Set(entity.rules.filter((_, index) => index !== known).map((one) => one.name));
  const base = snake(subject);
  let name = base;
  for (let next = 2; taken.has(name); next += 1) name = `${base.slice(0, 56)}_${next}`;
  const rule = ruleSchema.parse({ ...wish, name });
  if (known >= 0) entity.rules[known] = rule;
  else entity.rules.push(rule);
  draft.sources.delete(`rule.${entity.name}.${name}`);
  remember(draft, `rule.${entity.name}.${name}`);
  return rule;
}

/** Adds a worked-out value, or replaces the one of that name; a field of that name gives way to it. */
export function putValue(draft: Draft, entity: Entity, wish: ValueWish): RecordValue {
  const value = valueSchema.parse({ ...wish, name: snake(wish.label) });
  const field = entity.fields.findIndex((one) => one.name === value.name);
  if (field >= 0) entity.fields.splice(field, 1);
  const known = entity.values.findIndex((one) => one.name === value.name);
  if (known >= 0) entity.values[known] = value;
  else entity.values.push(value);
  draft.sources.delete(`value.${entity.name}.${value.name}`);
  remember(draft, `value.${entity.name}.${value.name}`);
  return value;
}

/** The role of this name, made where there is none. The first may do everything, and a new account gets the last. */
export function ensureRole(draft: Draft, noun: string, label: string = singular(lowerWords(noun))): string {
  const { auth } = draft.schema;
  const known = auth.roles.find((one) => one.name === snake(label) || one.name === snake(noun));
  if (known) return known.name;
  auth.roles.push({ name: snake(label), label });
  auth.sign_in = true;
  draft.signInSaid = true;
  remember(draft, `role.${snake(label)}`);
  remember(draft, 'sign_in');
  return snake(label);
}

export interface Grant {
  readonly entity: string;
  readonly action: Action;
  readonly roles: readonly string[];
  readonly own?: boolean;
}

/** Says who alone may do something with the records of an entity. */
export function putPermission(draft: Draft, { entity, action, roles, own = false }: Grant): void {
  const { permissions } = draft.schema.auth;
  const grant = { entity, action, roles: [...roles], own };
  const known = permissions.findIndex((one) => one.entity === entity && one.action === action);
  if (known >= 0) permissions[known] = grant;
  else permissions.push(grant);
  draft.sources.delete(`permission.${entity}.${action}`);
  remember(draft, `permission.${entity}.${action}`);
}

/** The choice that holds the state of a record: the one with steps, else the status, else the only choice. */
export function stateField(entity: Entity): Entity['fields'][number] | undefined {
  const choices = entity.fields.filter((field) => field.type === 'choice');
  return (
    choices.find((field) => field.name === entity.lifecycle?.field) ??
    choices.find((field) => /^(?:status|state)$/.test(field.name)) ??
    (choices.length === 1 ? choices[0] : undefined)
  );
}

/** Adds a step from one state to another, with the roles that alone may take it; unknown states become choices. */
export function putStep(draft: Draft, entity: Entity, field: string, from: string, to: string, roles: readonly string[] = []): void {
  const states = entity.fields.find((one) => one.name === field);
  if (states?.type !== 'choice' || from === to) return;
  for (const state of [from, to]) if (!states.choices.includes(state)) states.choices.push(state);
  if (entity.lifecycle?.field !== field) entity.lifecycle = { field, transitions: [] };
  const known = entity.lifecycle.transitions.find((one) => one.from === from && one.to === to);
  if (known) known.roles = [...roles];
  else entity.lifecycle.transitions.push({ from, to, roles: [...roles] });
  draft.sources.delete(`lifecycle.${entity.name}`);
  remember(draft, `lifecycle.${entity.name}`);
}

/** Gives a list a field with these states, in their order; states that it has already keep theirs. Answers the field's name. */
export function putStates(draft: Draft, entity: Entity, states: readonly string[], label = 'status'): string {
  const known = stateField(entity) ?? findField(entity, label);
  const has = known?.type === 'choice' ? known.choices : [];
  const proposed = JSON.stringify(guessType(known?.label ?? label).choices) === JSON.stringify(has);
  const shared = has.filter((one) => states.some((state) => sameState(state, one)));
  const other = known?.type === 'choice' && known.name !== snake(label) && shared.length === 0;
  if (!other && states.every((state) => has.some((one) => sameState(one, state)))) return known?.name ?? snake(label);
  const kept = proposed && shared.length === 0 ? [] : has.filter((one) => !shared.includes(one));
  const spelling = states.map((state) => shared.find((one) => sameState(one, state)) ?? state);
  const all = shared.length > 0 && !proposed ? [...has, ...spelling.filter((one) => !has.includes(one))] : [...spelling, ...kept];
  return putField(draft, entity, { label: other ? label : (known?.label ?? label), type: 'choice', choices: other ? states : all }).name;
}

export const sameState = (one: string, other: string): boolean => snake(one) === snake(other);

/** Says what a new record has in a field; `days`: how many days later, where the value is a day. */
export function putDefault(draft: Draft, entity: Entity, field: string, value: string, days = 0): void {
  const known = entity.defaults.findIndex((one) => one.field === field);
  if (known >= 0) entity.defaults[known] = { field, value, days };
  else entity.defaults.push({ field, value, days });
  remember(draft, `default.${entity.name}.${field}`);
}
