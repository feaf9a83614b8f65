import { ACTIONS, DATED_TYPES, FIELD_TYPES, GROUPING_TYPES, NEVER_UNIQUE, NUMERIC_TYPES, computedSchema, requiredCycle } from '#contracts';
import type { ComputedWish, Condition, DatabaseSchema, Entity, Field } from '#contracts';
import { putPermission, putRule, putValue } from '../language/behaviour.js';
import type { RuleWish, ValueWish } from '../language/behaviour.js';
import { newDraft } from '../language/draft.js';
import { plural, snake } from '../language/words.js';
import { CHOICES, LABELS, ROLES, THINGS } from './random-words.js';

/** Numbers that look random and are the same every time (mulberry32). */
const randomFrom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** A valid schema with everything that a schema can hold; the same seed gives the same one. */
export function randomSchema(seed: number): DatabaseSchema {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const some = <T>(items: readonly T[], most: number): T[] =>
    items.length === 0 ? [] : [...new Set(Array.from({ length: random(most + 1) }, () => pick(items)))];
  const draft = newDraft();
  const { schema } = draft;
  const { entities, auth } = schema;
  schema.title = pick(['Book club', 'My "best" app', 'CRM', 'Records 2']);
  if (random(2) === 0) auth.roles.push(...some(ROLES, 4).map((label) => ({ name: snake(label), label })));
  auth.sign_in = auth.roles.length > 0 || random(2) === 0;
  const roles = (): string[] =>
    some(
      auth.roles.map((role) => role.name),
      2,
    );

  for (const label of new Set(Array.from({ length: 1 + random(4) }, () => pick(THINGS))))
    entities.push({
      name: snake(label),
      label,
      label_plural: plural(label),
      fields: [],
      lifecycle: null,
      rules: [],
      values: [],
      defaults: [],
      order: null,
    });
  for (const entity of entities) {
    for (const label of new Set(Array.from({ length: 1 + random(9) }, () => pick(LABELS)))) {
      const type = pick([...FIELD_TYPES, 'choice', 'reference', 'date', 'money'] as const);
      const link = type === 'reference' || type === 'references';
      entity.fields.push({
        name: snake(label),
        label,
        type,
        required: random(2) === 0,
        unique: !NEVER_UNIQUE.includes(type) && random(4) === 0,
        choices: type === 'choice' ? [pick(CHOICES), ...some(CHOICES, 4)].filter((one, index, all) => all.indexOf(one) === index) : [],
        target: link ? pick(entities).name : null,
      });
    }
  }
  for (let cycle = requiredCycle(schema); cycle; cycle = requiredCycle(schema)) cycle.required = false;

  const of = (entity: Entity, types: readonly Field['type'][]): Field[] => entity.fields.filter((field) => types.includes(field.type));
  const worked = (entity: Entity, types: readonly Field['type'][]): string[] =>
    entity.values.filter((one) => types.includes(one.type)).map((one) => one.name);
  const numbers = (entity: Entity): string[] => [...of(entity, NUMERIC_TYPES).map((one) => one.name), ...worked(entity, NUMERIC_TYPES)];
  const days = (entity: Entity): string[] => of(entity, ['date', 'datetime']).map((one) => one.name);
  /** Days of the record, whether entered or worked out. */
  const anyDays = (entity: Entity): string[] => [...days(entity), ...worked(entity, DATED_TYPES)];
  const number = (): number => pick([0, 1, 12, -3, 2.5, 1_000]);
  /** Fields and values of these types of the records that a reference leads to. */
  const linked = (entity: Entity, types: readonly Field['type'][]): string[] =>
    of(entity, ['reference']).flatMap((link) => {
      const target = entities.find((one) => one.name === link.target);
      return [...(target?.fields ?? []), ...(target?.values ?? [])]
        .filter((one) => types.includes(one.type))
        .map((one) => `${link.name}.${one.name}`);
    });

  const condition = (entity: Entity): Condition[] => {
    const field = pick([...entity.fields, ...entity.values]);
    const on = (operator: Condition['operator'], value: string | null = null): Condition[] => [{ field: field.name, operator, value }];
    if (field.type === 'choice') return on(pick(['is', 'is_not'] as const), pick(field.choices));
    if (field.type === 'boolean') return on('is', pick(['yes', 'no']));
    if (field.type === 'date' || field.type === 'datetime') {
      const operator = pick(['before_today', 'today_or_later', 'within_days', 'within_past_days', 'older_than_days', 'is_empty'] as const);
      return on(operator, operator.endsWith('_days') ? pick(['0', '1', '7', '365']) : null);
    }
    if (NUMERIC_TYPES.includes(field.type)) return on(pick(['below', 'above'] as const), pick([String(number()), ...numbers(entity)]));
    return random(2) === 0 ? on(pick(['is_empty', 'is_not_empty'] as const)) : on('is', pick(['empty', 'x and y', '12', 'where "it" is']));
  };
  const conditions = (entity: Entity, least = 0): Condition[] => Array.from({ length: least + random(3) }, () => condition(entity)).flat();

  for (const entity of entities) {
    const choice = of(entity, ['choice']).filter((field) => field.choices.length > 1);
    if (choice.length > 0 && random(2) === 0) {
      const field = pick(choice);
      const steps = field.choices.flatMap((from) => field.choices.filter((to) => to !== from).map((to) => ({ from, to })));
      entity.lifecycle = { field: field.name, transitions: some(steps, 5).map((step) => ({ ...step, roles: roles() })) };
      if (entity.lifecycle.transitions.length === 0) entity.lifecycle = null;
    }
    for (const field of entity.fields.filter((one) => one.target === null && random(6) === 0)) {
      const day = days(entity).includes(field.name);
      const value =
        field.type === 'choice'
          ? pick(field.choices)
          : day
            ? pick(['today', ...days(entity).filter((one) => one !== 'today')])
            : pick(['yes', '12', 'a "b"']);
      entity.defaults.push({ field: field.name, value, days: day ? pick([0, 21, -3]) : 0 });
    }
    if (random(4) === 0) entity.order = { field: pick(entity.fields).name, descending: random(2) === 0 };
  }

  const value = (entity: Entity, label: string): ValueWish | null => {
    const type = pick(['number', 'integer', 'money'] as const);
    const operands = [...numbers(entity), ...linked(entity, NUMERIC_TYPES)];
    const ends = [...anyDays(entity), ...linked(entity, DATED_TYPES)];
    const whole = [...of(entity, ['integer']).map((one) => one.name), ...worked(entity, ['integer']), ...linked(entity, ['integer'])];
    if (ends.length > 0 && random(3) === 0)
      return {
        kind: 'shift',
        label,
        type: 'date',
        from: pick(ends),
        operator: pick(['plus', 'minus'] as const),
        amount: pick([1, 14, ...whole]),
        unit: pick(['days', 'weeks', 'months', 'years'] as const),
      };
    if (operands.length > 0 && random(2) === 0)
      return {
        kind: 'formula',
        label,
        type,
        left: pick([number(), ...operands]),
        operator: pick(['plus', 'minus', 'times', 'divided_by'] as const),
        right: pick(operands),
      };
    if (ends.length > 0 && random(2) === 0)
      return {
        kind: 'between',
        label,
        type,
        unit: pick(['days', 'years', 'hours'] as const),
        from: pick(ends),
        to: pick(['today', ...ends]),
      };
    const links = entities.flatMap((other) => other.fields.filter((field) => field.target === entity.name).map((field) => ({ other, field })));
    if (links.length === 0) return null;
    const { other, field } = pick(links);
    const added = numbers(other);
    const base = { kind: 'rollup' as const, label, of: other.name, link: field.name, where: conditions(other) };
    if (added.length === 0 || random(2) === 0) return { ...base, type, function: 'count', field: null };
    const seen = anyDays(other);
    if (seen.length > 0 && random(2) === 0) return { ...base, type: 'date', function: pick(['highest', 'lowest'] as const), field: pick(seen) };
    return { ...base, type, function: pick(['sum', 'average', 'highest', 'lowest'] as const), field: pick(added) };
  };
  for (const entity of entities) {
    for (const label of some(['total value', 'age', 'how many and how much', 'balance per day', 'open ones'], 3)) {
      const wish = value(entity, label);
      if (wish) putValue(draft, entity, wish);
    }
  }

  const rule = (entity: Entity): RuleWish | null => {
    const names = entity.fields.map((field) => field.name);
    const kind = pick([
      'no_overlap',
      'unique_together',
      'compare',
      'compare',
      'limit',
      'limit',
      'required_when',
      'linked_must',
      'locked_when',
    ] as const);
    if (kind === 'no_overlap') {
      const type = pick(['date', 'datetime', 'time'] as const);
      const ends = of(entity, [type]).map((field) => field.name);
      const [day] = of(entity, ['date']);
      const same = some(names, 3);
      return ends.length === 0
        ? null
        : { kind, same, from: pick(ends), to: pick(ends), day: random(2) === 0 ? (day?.name ?? null) : null, where: conditions(entity) };
    }
    if (kind === 'unique_together') {
      const fields = [...new Set([...some(names, 4), ...names])].slice(0, 2 + random(3));
      return fields.length < 2 ? null : { kind, fields };
    }
    if (kind === 'compare') {
      const operator = pick(['at_least', 'at_most', 'above', 'below'] as const);
      const fields = of(entity, NUMERIC_TYPES).flatMap((field) => (field.name === 'today' ? [] : [field.name]));
      const several = of(entity, ['references']).map((field) => field.name);
      if (anyDays(entity).length > 0 && random(2) === 0)
        return { kind, field: pick(anyDays(entity)), operator, value: pick(['today', ...anyDays(entity), ...linked(entity, DATED_TYPES)]) };
      const what = [...numbers(entity), ...several];
      return what.length === 0 ? null : { kind, field: pick(what), operator, value: pick([number(), ...fields, ...linked(entity, NUMERIC_TYPES)]) };
    }
    if (kind === 'limit') {
      const by = random(3) === 0 ? null : pick(entity.fields);
      const linked = entities.find((other) => other.name === by?.target);
      const maximum = pick([0, 5, 2.5, ...(linked ? numbers(linked) : [])]);
      const field = random(2) === 0 ? (of(entity, NUMERIC_TYPES)[0]?.name ?? null) : null;
      const day = random(2) === 0 ? (days(entity)[0] ?? null) : null;
      const period = day === null ? null : pick(['day', 'week', 'month', 'year'] as const);
      return { kind, by: by?.name ?? null, field, maximum, day, period, where: conditions(entity) };
    }
    if (kind === 'required_when') return { kind, field: pick(names), where: conditions(entity, 1) };
    if (kind === 'locked_when')
      return { kind, where: conditions(entity, 1), actions: pick([['change'], ['delete'], ['change', 'delete']] as const).slice() };
    const link = of(entity, ['reference', 'references'])[0];
    const target = entities.find((other) => other.name === link?.target);
    return link && target ? { kind, link: link.name, where: conditions(target, 1) } : null;
  };
  for (const entity of entities) {
    for (let count = random(5); count > 0; count -= 1) {
      const wish = rule(entity);
      if (wish) putRule(draft, entity, wish);
    }
  }

  const computed = entities.flatMap((entity, index): ComputedWish[] => {
    const base = { entity: entity.name };
    const total = (): { by: string | null; period: 'day' | 'week' | 'month' | 'year' | null; conditions: Condition[] } => {
      const by = random(3) === 0 ? undefined : entity.fields.find((field) => GROUPING_TYPES.includes(field.type) && random(2) === 0);
      const day = by !== undefined && days(entity).includes(by.name);
      return { by: by?.name ?? null, period: day ? pick(['day', 'week', 'month', 'year'] as const) : null, conditions: conditions(entity) };
    };
    const order = random(2) === 0 ? { field: pick([...entity.fields, ...entity.values]).name, descending: random(2) === 0 } : null;
    const added = numbers(entity);
    return [
      {
        kind: 'list',
        ...base,
        name: `list_${index}`,
        label: `List ${index}`,
        conditions: conditions(entity, order ? 0 : 1),
        order,
        limit: random(2) === 0 ? 10 : null,
      },
      ...(added.length > 0
        ? [
            {
              kind: pick(['sum', 'average'] as const),
              ...base,
              name: `total_per_and_${index}`,
              label: `Total per "and" ${index}`,
              field: pick(added),
              ...total(),
            },
          ]
        : []),
      { kind: 'count', ...base, name: `count_${index}`, label: `Count ${index}`, ...total() },
    ];
  });
  schema.computed.push(...computed.map((one) => computedSchema.parse(one)));
  if (auth.sign_in)
    for (const entity of entities)
      for (const action of ACTIONS) if (random(3) === 0) putPermission(draft, { entity: entity.name, action, roles: roles(), own: random(2) === 0 });
  return schema;
}
