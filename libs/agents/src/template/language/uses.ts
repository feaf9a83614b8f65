import { linkedParts } from '#contracts';
import type { Computed, Condition, DatabaseSchema, Entity, RecordValue, Rule } from '#contracts';

/*
 * Wherever a field is named in rules, states, values, lists, totals and rights: so that a renamed field keeps them, and a
 * removed one takes them away.
 */

/** The new name of a field or worked-out value; null where it is gone. */
type Names = (entity: string, name: string) => string | null;

/** Thrown inside a mapping where something that is needed is gone. */
class Gone extends Error {}

/** Renames a field in everything that uses it. */
export const renameUses = (schema: DatabaseSchema, entity: string, from: string, to: string): void =>
  mapUses(schema, (owner, name) => (owner === entity && name === from ? to : name));

/** Removes everything that uses a field or worked-out value of an entity, or, without `field`, the entity itself. */
export function dropUses(schema: DatabaseSchema, entity: string, field?: string): void {
  const values = (): number => schema.entities.reduce((sum, one) => sum + one.values.length, 0);
  for (let before = -1; before !== values();) {
    before = values();
    mapUses(schema, (owner, name) => {
      if (owner === entity && (field === undefined || name === field)) return null;
      const holder = schema.entities.find((one) => one.name === owner);
      const known = holder === undefined || [...holder.fields, ...holder.values].some((one) => one.name === name);
      return known ? name : null;
    });
  }
  if (field === undefined) schema.auth.permissions.splice(0, Infinity, ...schema.auth.permissions.filter((one) => one.entity !== entity));
}

function mapUses(schema: DatabaseSchema, names: Names): void {
  for (const entity of schema.entities) {
    const own = within(entity.name, names);
    const kept = <Item>(items: Item[], map: (item: Item) => Item): void => {
      items.splice(0, Infinity, ...items.flatMap((item) => unlessGone(() => [map(item)]) ?? []));
    };
    const { lifecycle, order } = entity;
    if (lifecycle) entity.lifecycle = unlessGone(() => ({ ...lifecycle, field: own(lifecycle.field) })) ?? null;
    if (order) entity.order = unlessGone(() => ({ ...order, field: own(order.field) })) ?? null;
    kept(entity.rules, (rule) => mapRule(entity, rule, names));
    kept(entity.values, (value) => mapValue(entity, value, names));
    kept(entity.defaults, (one) => ({
      ...one,
      field: own(one.field),
      value: entity.fields.some((field) => field.name === one.value) ? own(one.value) : one.value,
    }));
  }
  schema.computed.splice(
    0,
    Infinity,
    ...schema.computed.flatMap((computed): Computed[] => {
      const own = within(computed.entity, names);
      const where = (conditions: readonly Condition[]): Condition[] => mapConditions(conditions, own);
      return (
        unlessGone((): Computed[] => {
          if (computed.kind === 'list') {
            const order = computed.order && { ...computed.order, field: own(computed.order.field) };
            return [{ ...computed, conditions: where(computed.conditions), order }];
          }
          const by = computed.by === null ? null : own(computed.by);
          const base = { ...computed, by, conditions: where(computed.conditions) };
          return [base.kind === 'count' ? base : { ...base, field: own(base.field) }];
        }) ?? []
      );
    }),
  );
}

const within =
  (entity: string, names: Names) =>
  (name: string): string => {
    const next = names(entity, name);
    if (next === null) throw new Gone();
    return next;
  };

function unlessGone<Result>(make: () => Result): Result | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

const mapConditions = (conditions: readonly Condition[], own: (name: string) => string): Condition[] =>
  conditions.map((one) => ({
    ...one,
    field: own(one.field),
    value: (one.operator === 'below' || one.operator === 'above') && one.value !== null && !/^-?\d/.test(one.value) ? own(one.value) : one.value,
  }));

const targetOf = (entity: Entity, link: string | null): string => entity.fields.find((field) => field.name === link)?.target ?? '';

/** Maps an operand: a number and `today` stay, of a linked field both its parts change. */
const operandUse =
  (entity: Entity, names: Names) =>
  <Operand extends number | string>(operand: Operand): Operand | string => {
    if (typeof operand !== 'string' || operand === 'today') return operand;
    const own = within(entity.name, names);
    const linked = linkedParts(operand);
    return linked ? `${own(linked.link)}.${within(targetOf(entity, linked.link), names)(linked.name)}` : own(operand);
  };

function mapRule(entity: Entity, rule: Rule, names: Names): Rule {
  const own = within(entity.name, names);
  const target = (link: string | null): string => targetOf(entity, link);
  switch (rule.kind) {
    case 'no_overlap':
      return {
        ...rule,
        same: rule.same.map(own),
        from: own(rule.from),
        to: own(rule.to),
        day: rule.day && own(rule.day),
        where: mapConditions(rule.where, own),
      };
    case 'unique_together':
      return { ...rule, fields: rule.fields.map(own) };
    case 'compare':
      return { ...rule, field: own(rule.field), value: operandUse(entity, names)(rule.value) };
    case 'limit': {
      const maximum = typeof rule.maximum === 'number' ? rule.maximum : within(target(rule.by), names)(rule.maximum);
      return {
        ...rule,
        maximum,
        by: rule.by && own(rule.by),
        field: rule.field && own(rule.field),
        day: rule.day && own(rule.day),
        where: mapConditions(rule.where, own),
      };
    }
    case 'required_when':
      return { ...rule, field: own(rule.field), where: mapConditions(rule.where, own) };
    case 'linked_must':
      return { ...rule, where: mapConditions(rule.where, within(target(rule.link), names)), link: own(rule.link) };
    case 'locked_when':
      return { ...rule, where: mapConditions(rule.where, own) };
  }
}

function mapValue(entity: Entity, value: RecordValue, names: Names): RecordValue {
  const operand = operandUse(entity, names);
  if (value.kind === 'formula') return { ...value, left: operand(value.left), right: operand(value.right) };
  if (value.kind === 'between') return { ...value, from: operand(value.from), to: operand(value.to) };
  if (value.kind === 'shift') return { ...value, from: operand(value.from), amount: operand(value.amount) };
  const far = within(value.of, names);
  return { ...value, link: far(value.link), field: value.field && far(value.field), where: mapConditions(value.where, far) };
}

/** The new name of an entity wherever it is named by rules of rights, worked-out values and totals. */
export function renameEntityUses({ entities, computed, auth }: DatabaseSchema, from: string, to: string): void {
  for (const { values } of entities) for (const value of values) if (value.kind === 'rollup' && value.of === from) value.of = to;
  for (const permission of auth.permissions) if (permission.entity === from) permission.entity = to;
  for (const one of computed) if (one.entity === from) one.entity = to;
}
