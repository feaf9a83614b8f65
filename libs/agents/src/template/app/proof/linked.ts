import { linkedParts, operandIn, operandsOf } from '#contracts';
import type { Condition, DatabaseSchema, Entity, Field } from '#contracts';
import { domainOf } from './domains.js';
import { FIXED, Wanted, targetOf } from './figures.js';
import type { Figure } from './figures.js';
import { World } from './world.js';

/*
 * Linked records that a rule or a value looks into: which of them are worth trying depends on what they hold.
 */

/** Finds values for a record on its own that meets conditions and has some values already; null where there are none. */
type Solve = (
  world: World,
  entity: Entity,
  want: { meets: readonly Condition[]; fixed: Record<string, Figure> },
) => {
  readonly values: Record<string, Figure>;
} | null;

/** The fields and values of the linked record that rules and values of an entity look at by way of a reference. */
export function lookedAt(entity: Entity, link: string): string[] {
  const operands = [
    ...entity.rules.flatMap((rule) => (rule.kind === 'compare' ? [rule.value] : [])),
    ...entity.values.flatMap((value) => operandsOf(value)),
  ];
  const linked = operands.map((one) => (typeof one === 'string' ? linkedParts(one) : null));
  return [...new Set(linked.flatMap((one) => (one?.link === link ? [one.name] : [])))];
}

/** The operands `link.field` that a value is worked out from, directly or by way of other values. */
export function linkedBehind(entity: Entity, name: number | string): { readonly link: string; readonly name: string }[] {
  const linked = typeof name === 'string' ? linkedParts(name) : null;
  if (linked) return [linked];
  const value = entity.values.find((one) => one.name === name);
  return value ? operandsOf(value).flatMap((one) => linkedBehind(entity, one)) : [];
}

const MOST_CHOICES = 40;
const known = new WeakMap<DatabaseSchema, Map<string, readonly Wanted[]>>();

/** Linked records worth trying in a reference, the plainest first; just any where nothing looks into them. */
export function linkChoices(schema: DatabaseSchema, entity: Entity, field: Field, needs: readonly Condition[], solve: Solve): readonly Wanted[] {
  const target = targetOf(schema, entity, field.name);
  const inputs = [...new Set(lookedAt(entity, field.name).flatMap((name) => (target ? inputsOf(schema, target, name) : [])))];
  const any = [new Wanted(field.target ?? '')];
  if (!target || inputs.length === 0) return any;
  const all = known.get(schema) ?? new Map<string, readonly Wanted[]>();
  known.set(schema, all);
  const key = `${entity.name}.${field.name}`;
  const before = all.get(key);
  if (before) return before;
  all.set(key, any);
  const choices = [{}, ...inputs.flatMap((name) => fixedFigures(schema, target, name))].flatMap((fixed) => {
    const solution = solve(new World(schema), target, { meets: needs, fixed });
    return solution ? [wantedAs(target, solution.values, inputs)] : [];
  });
  all.set(key, choices.length > 0 ? choices : any);
  return all.get(key) ?? any;
}

const fixedFigures = (schema: DatabaseSchema, target: Entity, name: string): Record<string, Figure>[] => {
  const field = target.fields.find((one) => one.name === name);
  if (!field || field.target !== null) return [];
  const figures = domainOf(schema, target, field, true);
  const farOff = figures.filter((figure) => typeof figure === 'number' && figure >= FIXED / 2);
  return [...new Set([...figures.slice(0, MOST_CHOICES), ...farOff])].map((figure) => ({ [name]: figure }));
};

const wantedAs = (target: Entity, values: Record<string, Figure>, inputs: readonly string[]): Wanted =>
  new Wanted(target.name, { entity: target, values, name: '' }, Object.fromEntries(inputs.map((name) => [name, values[name] ?? null])));

/** The fields of a record that decide an operand: the field itself, the link to it, or what a value is worked out from. */
export function inputsOf(schema: DatabaseSchema, entity: Entity, operand: number | string): string[] {
  if (typeof operand === 'number') return [];
  const found = operandIn(schema, entity, operand);
  if (!found) return [];
  if (found.link !== null) return [found.link];
  const value = entity.values.find((one) => one.name === operand);
  return value ? operandsOf(value).flatMap((one) => inputsOf(schema, entity, one)) : [operand];
}
