import type { Condition, DatabaseSchema, Entity, Field, Rule } from '#contracts';
import { domainOf } from './domains.js';
import { MINUTES, Wanted, fieldOf, targetOf } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { inputsOf, linkChoices } from './linked.js';
import { certainties } from './slack.js';
import { World, isEmpty, links } from './world.js';

/** What a record has to be like, beyond what every record of its kind has to be. */
export interface Want {
  readonly fixed?: Readonly<Record<string, Figure>>;
  readonly meets?: readonly Condition[];
  readonly misses?: readonly Condition[];
  /** The one rule that it breaks; all others it meets. */
  readonly breaks?: Rule;
  /** Further demands, each on some fields. */
  readonly demands?: readonly Demand[];
  /** The record as it is now: fields that are not wanted otherwise stay. */
  readonly from?: Sample;
  /** States that it has to go through one after another; left out: any that do. */
  readonly path?: readonly string[];
  /** It is to be changed or deleted afterwards: no rule may lock it. */
  readonly open?: boolean;
  /** Days worth trying beside the usual ones. */
  readonly near?: readonly number[];
  /** Other rules about several records may be broken as well. */
  readonly loosely?: boolean;
  /** A unique field in which it has what another record has. */
  readonly repeats?: string;
}

export interface Demand {
  readonly fields: readonly string[];
  test(subject: Sample): boolean;
}

export interface Solution {
  readonly values: Record<string, Figure>;
  /** States after the one in which it begins, in the order in which it takes them. */
  readonly steps: readonly string[];
}

const MOST_TRIES = 60_000;

/** Values for a record that meets everything at once, as near to the plainest ones as can be; null where none are found. */
export function solve(world: World, entity: Entity, want: Want = {}): Solution | null {
  if (leavesGap(entity, want)) return null;
  const state = want.fixed?.[entity.lifecycle?.field ?? ''];
  for (const path of pathsOf(entity, want)) {
    if (state !== undefined && path.at(-1) !== state) continue;
    const values = search(world, entity, want, path);
    if (values) return { values, steps: path.slice(1) };
  }
  return null;
}

/** Whether a field is to be empty that cannot be, or would be filled in by the app. */
const leavesGap = (entity: Entity, { fixed = {} }: Want): boolean =>
  entity.fields.some(
    (field) =>
      field.name in fixed &&
      field.type !== 'boolean' &&
      isEmpty(fixed[field.name]) &&
      (field.required || entity.defaults.some((one) => one.field === field.name)),
  );

/** Ways through the states: the shortest one to each, the plainest state first. */
export function pathsOf(entity: Entity, want: Pick<Want, 'path' | 'from'> = {}): (readonly string[])[] {
  const { lifecycle } = entity;
  if (!lifecycle) return [[]];
  if (want.path) return [want.path];
  const current = want.from?.values[lifecycle.field];
  if (typeof current === 'string') return [[current]];
  const first = fieldOf(entity, lifecycle.field)?.choices[0] ?? '';
  const paths = new Map<string, string[]>([[first, [first]]]);
  for (const [state, path] of paths)
    for (const step of lifecycle.transitions) if (step.from === state && !paths.has(step.to)) paths.set(step.to, [...path, step.to]);
  return [...paths.values()];
}

function search(world: World, entity: Entity, want: Want, path: readonly string[]): Record<string, Figure> | null {
  const state = entity.lifecycle?.field;
  const demands = demandsOf(world, entity, want, path);
  const entangled = new Set(demands.flatMap((demand) => demand.fields));
  const values: Record<string, Figure> = {};
  const domains = new Map<string, readonly Figure[]>();
  for (const field of entity.fields) {
    if (field.name === state) values[field.name] = path.at(-1) ?? null;
    else if (want.fixed && field.name in want.fixed) values[field.name] = want.fixed[field.name] ?? null;
    else if (want.from && !entangled.has(field.name)) values[field.name] = want.from.values[field.name] ?? null;
    else domains.set(field.name, choicesOf(world, entity, field, want, entangled.has(field.name)));
  }
  const subject: Sample = { entity, values, name: '', ...(want.from && { replaces: want.from }) };
  const wished = new Set(wishesOf(world, entity, want).flatMap((demand) => demand.fields));
  const rank = (name: string): number => Number(wished.has(name)) + Number(entangled.has(name));
  const order = [...domains.keys()].sort((a, b) => rank(b) - rank(a));
  const known = new Set(entity.fields.map((field) => field.name).filter((name) => !domains.has(name)));
  const due = order.map((name) => {
    known.add(name);
    return demands.filter((demand) => demand.fields.includes(name) && demand.fields.every((one) => known.has(one)));
  });
  const settled = demands.filter((demand) => demand.fields.every((name) => !domains.has(name)));
  if (!settled.every((demand) => demand.test(subject))) return null;
  let tries = 0;
  const assign = (at: number): boolean => {
    const name = order[at];
    if (name === undefined) return true;
    for (const figure of domains.get(name) ?? []) {
      if ((tries += 1) > MOST_TRIES) return false;
      values[name] = figure;
      if (due[at]?.every((demand) => demand.test(subject)) && assign(at + 1)) return true;
    }
    values[name] = null;
    return false;
  };
  return assign(0) ? values : null;
}

function choicesOf(world: World, entity: Entity, field: Field, want: Want, entangled: boolean): readonly Figure[] {
  const domain = domainOf(world.schema, entity, field, entangled).flatMap((figure): readonly Figure[] =>
    figure instanceof Wanted ? linkChoices(world.schema, entity, field, needsOf(entity, field.name), solve) : [figure],
  );
  const all = [...domain, ...daysNear(entity, field, want)];
  const present = want.from?.values[field.name];
  return present === undefined ? all : [present, ...all.filter((one) => one !== present)];
}

/** Days and times close to those that are wanted elsewhere in the record. */
function daysNear(entity: Entity, { type }: Field, { fixed = {}, near = [] }: Want): number[] {
  if (type !== 'date' && type !== 'datetime') return [];
  const wanted = entity.fields.flatMap((one) => {
    const value = fixed[one.name];
    if (typeof value !== 'number') return [];
    return one.type === 'date' ? [value] : one.type === 'datetime' ? [Math.floor(value / MINUTES)] : [];
  });
  const days = [...new Set([...near, ...wanted])].flatMap((one) => [one, one + 1, one - 1, one + 7]);
  return type === 'date' ? days : days.flatMap((one) => [600, 630, 660, 720, 780, 840, 900].map((minutes) => one * MINUTES + minutes));
}

/** What is wanted of this record in particular. */
function wishesOf(world: World, entity: Entity, want: Want): Demand[] {
  const behind = (condition: Condition): string[] => fieldsBehind(world.schema, entity, condition);
  return [
    ...(want.meets ?? []).map((one): Demand => ({ fields: behind(one), test: (subject) => world.meets(subject, one) })),
    ...(want.misses ?? []).map((one): Demand => ({ fields: behind(one), test: (subject) => !world.meets(subject, one) })),
    ...(want.demands ?? []),
  ];
}

/** Everything that has to hold, each with the fields that decide it. */
function demandsOf(world: World, entity: Entity, want: Want, path: readonly string[]): Demand[] {
  const { schema } = world;
  const self = want.from;
  const on = (conditions: readonly Condition[]): string[] => conditions.flatMap((one) => fieldsBehind(schema, entity, one));
  const state = entity.lifecycle?.field;
  /** What has to hold in every state on the way. */
  const throughout = (subject: Sample, test: (one: Sample, last: boolean) => boolean): boolean =>
    path.length <= 1 || state === undefined
      ? test(subject, true)
      : path.every((one, index) => test({ ...subject, values: { ...subject.values, [state]: one } }, index === path.length - 1));
  return [
    ...wishesOf(world, entity, want),
    ...certainties(world, entity, self),
    ...entity.fields
      .filter((field) => field.unique && field.name !== want.repeats)
      .map((field): Demand => ({ fields: [field.name], test: (subject) => world.isUnique(subject, field.name, self) })),
    ...entity.rules.map((rule): Demand => {
      const broken = rule === want.breaks;
      const free = want.loosely === true && !broken && rule.kind !== 'compare' && rule.kind !== 'required_when';
      if (free) return { fields: [], test: () => true };
      if (rule.kind === 'locked_when') {
        return { fields: on(rule.where), test: (subject) => !want.open || !world.meetsAll(subject, rule.where) };
      }
      return {
        fields: fieldsOfRule(schema, entity, rule),
        test: (subject) => throughout(subject, (one, last) => world.obeys(one, rule, self) !== (broken && last)),
      };
    }),
  ];
}

/** The fields of a record that decide a condition or what is worked out for it. */
function fieldsBehind(schema: DatabaseSchema, entity: Entity, { field, value }: Condition): string[] {
  return [...inputsOf(schema, entity, field), ...(value === null ? [] : inputsOf(schema, entity, value))];
}

export function fieldsOfRule(schema: DatabaseSchema, entity: Entity, rule: Rule): string[] {
  const where = 'where' in rule && rule.kind !== 'linked_must' ? rule.where.flatMap((one) => fieldsBehind(schema, entity, one)) : [];
  switch (rule.kind) {
    case 'compare':
      return [...inputsOf(schema, entity, rule.field), ...inputsOf(schema, entity, rule.value)];
    case 'required_when':
      return [rule.field, ...where];
    case 'linked_must':
      return [rule.link];
    case 'unique_together':
      return [...rule.fields];
    case 'no_overlap':
      return [...rule.same, rule.from, rule.to, ...(rule.day === null ? [] : [rule.day]), ...where];
    case 'limit':
      return [rule.by, rule.day].filter((one) => one !== null).concat(rule.field === null ? [] : inputsOf(schema, entity, rule.field), where);
    case 'locked_when':
      return where;
  }
}

/** Conditions that every record has to meet to be linked to in this field. */
export function needsOf(entity: Entity, link: string): Condition[] {
  return entity.rules.flatMap((rule) => (rule.kind === 'linked_must' && rule.link === link ? rule.where : []));
}

/** Room that a linked record has to have for limits that it sets itself. */
export function capacityDemands(entity: Entity, link: string, subject: Sample): Demand[] {
  return entity.rules.flatMap((rule): Demand[] => {
    if (rule.kind !== 'limit' || rule.by !== link || typeof rule.maximum !== 'string') return [];
    const name = rule.maximum;
    const amount = rule.field === null ? 1 : subject.values[rule.field];
    return [{ fields: [name], test: (target) => Number(target.values[name] ?? 0) >= Number(amount ?? 0) }];
  });
}

/** What a linked record that is still to be added has to have. */
export const givenTo = (link: Figure | undefined): Readonly<Record<string, Figure>> => (link instanceof Wanted ? link.given : {});

/** The plainest record that a link of a record may point at, as the samples file adds it. */
export function linkedSolution(schema: DatabaseSchema, sample: Sample, field: Field): Solution | null {
  const target = targetOf(schema, sample.entity, field.name);
  if (!target) return null;
  return solve(new World(schema), target, {
    meets: needsOf(sample.entity, field.name),
    fixed: givenTo(sample.values[field.name]),
    demands: capacityDemands(sample.entity, field.name, sample),
  });
}

/** The plainest record of a kind, on its own; null where there can be none, or none that it has to link to. */
export class Plain {
  private readonly known = new Map<string, Solution | null>();
  constructor(readonly schema: DatabaseSchema) {}

  of(entity: Entity): Solution | null {
    if (!this.known.has(entity.name)) {
      this.known.set(entity.name, null);
      const solution = solve(new World(this.schema), entity, plainWant(entity));
      if (solution && this.linksExist(entity, solution)) this.known.set(entity.name, solution);
    }
    return this.known.get(entity.name) ?? null;
  }

  private linksExist(entity: Entity, { values }: Solution): boolean {
    const sample: Sample = { entity, values, name: '' };
    return entity.fields
      .filter((field) => links(values[field.name]).length > 0)
      .every((field) => {
        const target = targetOf(this.schema, entity, field.name);
        return target !== undefined && this.of(target) !== null && linkedSolution(this.schema, sample, field) !== null;
      });
  }
}

/** A new record is best left in its first state. */
const plainWant = (entity: Entity): Want => {
  const first = pathsOf(entity)[0];
  return first && first.length > 0 ? { path: first } : {};
};
