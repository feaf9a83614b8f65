import type { DatabaseSchema, Entity, Rule } from '#contracts';

/** A model of which one thing was taken away or bent, and the criterion (its key) whose test has to notice. */
export interface Mutant {
  readonly name: string;
  readonly noticed: string;
  readonly schema: DatabaseSchema;
  /** Something is still there, only different: all but the one test would pass anyway. */
  readonly bent: boolean;
}

type Change = (schema: DatabaseSchema, entity: Entity) => void;

/** Every mutant of a model: without each of its rules, steps, values, permissions and conditions, and with each of them bent. */
export function mutantsOf(schema: DatabaseSchema): Mutant[] {
  const made: Mutant[] = [];
  const add = (name: string, noticed: string, change: (copy: DatabaseSchema) => void): void => {
    const copy = structuredClone(schema);
    change(copy);
    made.push({ name, noticed, schema: copy, bent: !/(?:^|: )no |need not|everybody/.test(name) });
  };
  for (const [index, entity] of schema.entities.entries())
    mutateEntity(entity, (name, noticed, change) =>
      add(`${entity.name}: ${name}`, noticed, (copy) => {
        const same = copy.entities[index];
        if (same) change(copy, same);
      }),
    );
  mutateComputed(schema, add);
  mutateAccess(schema, add);
  return made;
}

type Add = (name: string, noticed: string, change: Change) => void;

function mutateEntity(entity: Entity, add: Add): void {
  const key = (kind: string, part: string): string => `${kind}:${entity.name}.${part}`;
  entity.fields.forEach((field, at) => {
    const on =
      (change: (field: Entity['fields'][number]) => void): Change =>
      (_, copy) =>
        change(copy.fields[at]!);
    if (field.required && field.type !== 'boolean' && field.name !== entity.lifecycle?.field)
      add(
        `${field.name} need not be filled in`,
        key('required', field.name),
        on((one) => (one.required = false)),
      );
    if (field.unique)
      add(
        `${field.name} need not be unique`,
        key('unique', field.name),
        on((one) => (one.unique = false)),
      );
    if (['email', 'phone', 'url', 'file_link'].includes(field.type))
      add(
        `${field.name} takes any text`,
        `values:${entity.name}`,
        on((one) => (one.type = 'text')),
      );
    if (field.type === 'integer')
      add(
        `${field.name} takes fractions`,
        `values:${entity.name}`,
        on((one) => (one.type = 'number')),
      );
    if (field.type === 'money')
      add(
        `${field.name} takes fractions of a cent`,
        `values:${entity.name}`,
        on((one) => (one.type = 'number')),
      );
  });
  entity.rules.forEach((rule, at) => mutateRule(rule, at, key('rule', rule.name), add));
  entity.values.forEach((value, at) => {
    add(`no value ${value.name}`, key('value', value.name), (_, copy) => copy.values.splice(at, 1));
    if (value.kind === 'formula')
      add(`${value.name} is worked out otherwise`, key('value', value.name), (_, copy) =>
        Object.assign(copy.values[at]!, { operator: value.operator === 'plus' ? 'minus' : 'plus' }),
      );
    if (value.kind === 'formula')
      for (const side of ['left', 'right'] as const)
        if (typeof value[side] === 'string' && value[side].includes('.'))
          add(`${value.name} with 1 for ${value[side]}`, key('value', value.name), (_, copy) => Object.assign(copy.values[at]!, { [side]: 1 }));
    if (value.kind === 'shift') {
      add(`${value.name} on the other side`, key('value', value.name), (_, copy) =>
        Object.assign(copy.values[at]!, { operator: value.operator === 'plus' ? 'minus' : 'plus' }),
      );
      add(`${value.name} in other units`, key('value', value.name), (_, copy) =>
        Object.assign(copy.values[at]!, { unit: value.unit === 'days' ? 'weeks' : 'days' }),
      );
    }
    if (value.kind === 'rollup' && (value.function === 'highest' || value.function === 'lowest'))
      add(`${value.name} at the other end`, key('value', value.name), (_, copy) =>
        Object.assign(copy.values[at]!, { function: value.function === 'highest' ? 'lowest' : 'highest' }),
      );
    if (value.kind === 'rollup')
      value.where.forEach((_, condition) =>
        add(`${value.name} counts all`, key('value', value.name), (__, copy) =>
          Object.assign(copy.values[at]!, { where: value.where.filter((___, index) => index !== condition) }),
        ),
      );
  });
  entity.defaults.forEach(({ field }, at) => add(`no default of ${field}`, key('default', field), (_, copy) => copy.defaults.splice(at, 1)));
  if (entity.order) add('sorted the other way round', `order:${entity.name}`, (_, copy) => (copy.order!.descending = !copy.order!.descending));
  if (entity.lifecycle) mutateStates(entity, entity.lifecycle, key, add);
}

const BENT = { at_least: 'above', above: 'at_least', at_most: 'below', below: 'at_most' } as const;

function mutateRule(rule: Rule, at: number, noticed: string, add: Add): void {
  const bend = (name: string, change: Partial<Record<string, unknown>>): void =>
    add(`${rule.name} ${name}`, noticed, (_, copy) => Object.assign(copy.rules[at]!, change));
  add(`no rule ${rule.name}`, noticed, (_, copy) => copy.rules.splice(at, 1));
  if (rule.kind === 'compare') bend('at another border', { operator: BENT[rule.operator] });
  if (rule.kind === 'limit') {
    if (typeof rule.maximum === 'number') bend('allows one more', { maximum: rule.maximum + 1 });
    if (rule.by !== null && typeof rule.maximum === 'number') bend('counts all together', { by: null });
    if (rule.period !== null) bend('counts in all days', { day: null, period: null });
  }
  if (rule.kind === 'no_overlap') for (const name of rule.same) bend(`without ${name}`, { same: rule.same.filter((one) => one !== name) });
  if (rule.kind === 'unique_together' && rule.fields.length > 2)
    for (const name of rule.fields) bend(`without ${name}`, { fields: rule.fields.filter((one) => one !== name) });
  if (rule.kind === 'locked_when' && rule.actions.length > 1)
    for (const action of rule.actions) bend(`does not stop ${action}`, { actions: rule.actions.filter((one) => one !== action) });
  const least = rule.kind === 'no_overlap' || rule.kind === 'limit' ? 0 : 1;
  if ('where' in rule && rule.where.length > least)
    rule.where.forEach((condition, index) => bend(`whatever the ${condition.field}`, { where: rule.where.filter((_, other) => other !== index) }));
}

function mutateStates(entity: Entity, lifecycle: NonNullable<Entity['lifecycle']>, key: (kind: string, part: string) => string, add: Add): void {
  const states = entity.fields.find((field) => field.name === lifecycle.field)?.choices ?? [];
  lifecycle.transitions.forEach((step, at) => {
    add(`no step from ${step.from} to ${step.to}`, key('steps', step.from), (_, copy) => copy.lifecycle!.transitions.splice(at, 1));
    if (step.roles.length > 0)
      add(
        `everybody steps from ${step.from} to ${step.to}`,
        key('step_roles', `${step.from}>${step.to}`),
        (_, copy) => (copy.lifecycle!.transitions[at]!.roles = []),
      );
  });
  for (const from of states)
    for (const to of states) {
      if (from === to || lifecycle.transitions.some((step) => step.from === from && step.to === to)) continue;
      add(`a step from ${from} to ${to}`, key('steps', from), (_, copy) => copy.lifecycle!.transitions.push({ from, to, roles: [] }));
    }
  add('no first state', `first_state:${entity.name}`, (_, copy) =>
    copy.fields
      .find((field) => field.name === lifecycle.field)!
      .choices.push(...copy.fields.find((field) => field.name === lifecycle.field)!.choices.splice(0, 1)),
  );
}

function mutateComputed(schema: DatabaseSchema, add: (name: string, noticed: string, change: (copy: DatabaseSchema) => void) => void): void {
  schema.computed.forEach((computed, at) => {
    const bend = (name: string, change: Partial<Record<string, unknown>>): void =>
      add(`"${computed.label}" ${name}`, `computed:${computed.name}`, (copy) => Object.assign(copy.computed[at]!, change));
    computed.conditions.forEach((condition, index) =>
      bend(`whatever the ${condition.field}`, { conditions: computed.conditions.filter((_, other) => other !== index) }),
    );
    if (computed.kind === 'list') {
      if (computed.order) bend('sorted the other way round', { order: { ...computed.order, descending: !computed.order.descending } });
      if (computed.limit !== null) bend('shows one more', { limit: computed.limit + 1 });
    } else if (computed.period !== null) bend('by another period', { period: computed.period === 'month' ? 'week' : 'month' });
    if (computed.kind === 'sum') bend('is an average', { kind: 'average' });
    if (computed.kind === 'average') bend('is a sum', { kind: 'sum' });
  });
}

function mutateAccess({ auth }: DatabaseSchema, add: (name: string, noticed: string, change: (copy: DatabaseSchema) => void) => void): void {
  auth.permissions.forEach(({ entity, action, roles, own }, at) => {
    const noticed = `permission:${entity}.${action}`;
    add(`${entity}: everybody may ${action}`, noticed, (copy) => copy.auth.permissions.splice(at, 1));
    if (own) add(`${entity}: nobody may ${action} their own`, noticed, (copy) => (copy.auth.permissions[at]!.own = false));
    else add(`${entity}: everybody may ${action} their own`, noticed, (copy) => (copy.auth.permissions[at]!.own = true));
    for (const role of auth.roles.slice(1).filter((one) => !roles.includes(one.name)))
      add(`${entity}: ${role.name} may ${action} as well`, noticed, (copy) => copy.auth.permissions[at]!.roles.push(role.name));
  });
}
