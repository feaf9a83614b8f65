import type { Entity, Field, Rule } from '#contracts';
import { fieldOfRule } from '../write/rules.js';
import { domainOf } from './domains.js';
import { FIXED, MINUTES, fieldOf, fixedDay, isFresh, targetOf } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { Impossible } from './scenario.js';
import type { Scenario } from './scenario.js';
import { inputsOf } from './linked.js';
import { needsOf } from './solver.js';
import type { Demand, Want } from './solver.js';
import { missEach, others } from './variants.js';
import { isEmpty, links } from './world.js';

/* Rules that a record has to meet among other records. */

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** Proves that no two records have the same in several fields. */
export function proveUnique(test: Scenario, entity: Entity, rule: RuleOf<'unique_together'>): void {
  const field = fieldOfRule(entity, rule);
  const filled: Demand[] = rule.fields.map((name) => ({ fields: [name], test: (subject) => !isEmpty(subject.values[name]) }));
  const first = test.add(entity, { fixed: sameTexts(entity, rule.fields), demands: filled, open: true }, `first_${entity.name}`);
  const alike = Object.fromEntries(rule.fields.map((name) => [name, first.values[name] ?? null]));
  test.refuseAdding(entity, { fixed: alike, breaks: rule }, field);
  let last: Sample | null = null;
  for (const name of rule.fields)
    test.attempt(() => {
      const { [name]: own, ...rest } = alike;
      last = test.add(entity, {
        fixed: rest,
        open: true,
        demands: [{ fields: [name], test: (subject) => !isEmpty(subject.values[name]) && subject.values[name] !== own }],
      });
    });
  const sample = last as Sample | null;
  if (sample) test.attempt(() => test.change(sample, { fixed: { ...others(sample, rule.fields), ...alike }, breaks: rule }, field));
}

/** Texts for fields in which a second record is to have the same. */
function sameTexts(entity: Entity, names: readonly string[]): Record<string, Figure> {
  const text = (field: Field): string | null => {
    if (field.type === 'text' || field.type === 'long_text') return `The same ${field.label}`;
    if (field.type === 'email') return 'same@example.org';
    if (field.type === 'phone') return '020 7946 0000';
    return field.type === 'url' || field.type === 'file_link' ? 'https://example.org/same' : null;
  };
  return Object.fromEntries(
    entity.fields
      .filter((field) => names.includes(field.name))
      .flatMap((field) => (text(field) === null ? [] : [[field.name, text(field)] as const])),
  );
}

/** Proves a limit: up to its very border, with another group, another period and what does not count. */
export function proveLimit(test: Scenario, entity: Entity, rule: RuleOf<'limit'>): void {
  const field = fieldOfRule(entity, rule);
  const days = rule.period === null ? [null] : [...CALENDAR[rule.period], [3, 400] as const];
  test.firstOf(days, (pair) => proveLimitOn(test, entity, rule, field, pair));
}

/** The last day of one period and the first of the next. */
const CALENDAR = {
  day: [[fixedDay(2095, 3, 31), fixedDay(2095, 4, 1)]],
  week: [[FIXED + 6, FIXED + 7]],
  month: [[fixedDay(2095, 3, 31), fixedDay(2095, 4, 1)]],
  year: [[fixedDay(2095, 12, 31), fixedDay(2096, 1, 1)]],
} as const;

function proveLimitOn(test: Scenario, entity: Entity, rule: RuleOf<'limit'>, field: string, pair: readonly [number, number] | null): void {
  /** On one of the two days. */
  const on = (index: 0 | 1): Want => {
    if (pair === null || rule.day === null) return {};
    const name = rule.day;
    if (fieldOf(entity, name)?.type === 'date') return { fixed: { [name]: pair[index] } };
    return { near: [pair[index]], demands: [{ fields: [name], test: (one) => Math.floor(Number(one.values[name] ?? 0) / MINUTES) === pair[index] }] };
  };
  const groups = groupsOf(test, entity, rule);
  const group = groups[0] ?? {};
  const maximum = maximumOf(test, group, rule);
  const amounts = (value: (one: number) => boolean): Demand[] =>
    rule.field === null
      ? []
      : [{ fields: inputsOf(test.schema, entity, rule.field), test: (subject) => value(Number(test.world.figure(subject, rule.field ?? '') ?? 0)) }];
  /** A record of a group, on one of the two days. */
  const member = (of: Record<string, Figure>, day: 0 | 1, more: Want, value: (one: number) => boolean = (one) => one > 0): Want => ({
    ...on(day),
    ...more,
    fixed: { ...on(day).fixed, ...of, ...more.fixed },
    demands: [...(on(day).demands ?? []), ...amounts(value)],
  });
  const counted: Want = { meets: rule.where, open: true };
  const movable: Sample[] = [];
  const spare = (want: Want): boolean => test.attempt(() => movable.push(test.add(entity, { ...want, open: true })));
  /** Those that do not count come first: on their way to where they do not, they might. */
  for (const miss of missEach(rule.where)) if (!spare(member(group, 0, miss))) test.attempt(() => test.add(entity, member(group, 0, miss)));
  let left = maximum;
  let last: Sample | null = null;
  for (let count = 0; left > 0 && count < 400; count += 1) {
    const share = rule.field === null ? 1 : left;
    const parts = rule.field === null ? [1] : [share, Math.floor(share / 2), 1].filter((one) => one > 0);
    left -= test.firstOf(
      parts,
      (part) =>
        (last = test.add(
          entity,
          member(group, 0, counted, (one) => one === part),
        )),
    );
  }
  test.refuseAdding(entity, member(group, 0, { meets: rule.where, breaks: rule }), field);
  for (const other of groups.slice(1)) spare(member(other, 0, { meets: rule.where }));
  if (pair) spare(member(group, 1, { meets: rule.where }));
  for (const sample of movable.slice(0, 3)) test.attempt(() => test.change(sample, member(group, 0, { meets: rule.where, breaks: rule }), field));
  const kept = last as Sample | null;
  if (kept && rule.field !== null) test.attempt(() => test.change(kept, member(group, 0, { breaks: rule }), field));
}

function maximumOf(test: Scenario, group: Record<string, Figure>, rule: RuleOf<'limit'>): number {
  if (typeof rule.maximum === 'number') return rule.maximum;
  const [holder] = links(group[rule.by ?? '']);
  return Number((holder && 'entity' in holder ? test.world.figure(holder, rule.maximum) : null) ?? Number.NaN);
}

/** Two groups that are counted apart, as values of the field they are counted by; one where there is no such field. */
function groupsOf(test: Scenario, entity: Entity, rule: RuleOf<'limit'>): Record<string, Figure>[] {
  const by = rule.by === null ? undefined : fieldOf(entity, rule.by);
  if (!by) return [{}];
  const target = targetOf(test.schema, entity, by.name);
  if (!target) {
    const values = domainOf(test.schema, entity, by, true).filter((value) => !isEmpty(value));
    return values.slice(0, 2).map((value, index) => ({ [by.name]: isFresh(value) ? `Group ${index + 1}` : value }));
  }
  const { maximum } = rule;
  const room = (wanted: number): Demand[] =>
    typeof maximum === 'number'
      ? []
      : [{ fields: inputsOf(test.schema, target, maximum), test: (subject) => test.world.figure(subject, maximum) === wanted }];
  const wanted = rule.field === null ? [2, 1, 3, 5] : [10, 8, 6, 4, 2, 100];
  const link = (sample: Sample): Record<string, Figure> => ({ [by.name]: by.type === 'references' ? [sample] : sample });
  return ['', 'other_'].map((prefix) => {
    let group: Record<string, Figure> = {};
    test.firstOf(
      wanted,
      (one) => (group = link(test.add(target, { meets: needsOf(entity, by.name), demands: room(one) }, `${prefix}${target.name}`))),
    );
    return group;
  });
}

/** Proves that records do not overlap, in every way in which two stretches can lie to each other. */
export function proveOverlap(test: Scenario, entity: Entity, rule: RuleOf<'no_overlap'>): void {
  const type = fieldOf(entity, rule.from)?.type;
  const scales = type === 'date' ? DAYS : type === 'time' ? [{ at: 0, unit: 60 }] : TIMES;
  test.firstOf([...scales], (scale) => proveOverlapAt(test, entity, rule, scale));
}

interface Scale {
  readonly at: number;
  readonly unit: number;
}
const DAYS: readonly Scale[] = [3, 40, 400, -40, -400].map((at) => ({ at, unit: 1 }));
const TIMES: readonly Scale[] = [3, 0, 40, 400, -40, -400].flatMap((days) => [60, 30, 1, MINUTES].map((unit) => ({ at: days * MINUTES, unit })));

function proveOverlapAt(test: Scenario, entity: Entity, rule: RuleOf<'no_overlap'>, { at, unit }: Scale): void {
  const field = fieldOfRule(entity, rule);
  const days = fieldOf(entity, rule.from)?.type === 'date';
  const begin = at + (days ? 10 : 10 * unit * (unit === MINUTES ? 1 : 60 / unit));
  const stretch = (from: number, to: number): Record<string, Figure> => ({ [rule.from]: begin + from * unit, [rule.to]: begin + to * unit });
  const filled: Demand[] = [...rule.same, ...(rule.day === null ? [] : [rule.day])].map((name) => ({
    fields: [name],
    test: (one) => !isEmpty(one.values[name]),
  }));
  const first = test.add(
    entity,
    { fixed: { ...sameTexts(entity, rule.same), ...stretch(0, 4) }, meets: rule.where, demands: filled, open: true },
    `first_${entity.name}`,
  );
  const alike = Object.fromEntries([...rule.same, ...(rule.day === null ? [] : [rule.day])].map((name) => [name, first.values[name] ?? null]));
  const overlapping: [number, number][] = days
    ? [
        [4, 6],
        [-2, 0],
        [1, 3],
        [-1, 5],
        [0, 4],
      ]
    : [
        [3, 7],
        [-3, 1],
        [1, 3],
        [-1, 5],
        [0, 4],
      ];
  let refused = 0;
  for (const [from, to] of overlapping)
    if (test.attempt(() => test.refuseAdding(entity, { fixed: { ...stretch(from, to), ...alike }, meets: rule.where, breaks: rule }, field)))
      refused += 1;
  if (refused === 0) throw new Impossible(rule.name);
  let touching: Sample | null = null;
  const next = days
    ? [
        [5, 8],
        [-4, -1],
      ]
    : [
        [4, 8],
        [-4, 0],
      ];
  for (const [from = 0, to = 0] of next)
    test.attempt(
      () => (touching = test.add(entity, { fixed: { ...stretch(from, to), ...alike }, meets: rule.where, open: true }, `next_${entity.name}`)),
    );
  for (const name of Object.keys(alike))
    test.attempt(() => {
      const { [name]: own, ...rest } = alike;
      const another: Demand = { fields: [name], test: (one) => !isEmpty(one.values[name]) && one.values[name] !== own };
      test.add(entity, { fixed: { ...stretch(0, 4), ...rest }, meets: rule.where, demands: [another], open: true }, `other_${entity.name}`);
    });
  for (const other of missEach(rule.where)) test.attempt(() => void test.add(entity, { fixed: { ...stretch(0, 4), ...alike }, ...other }));
  const sample = touching as Sample | null;
  if (sample) test.attempt(() => test.change(sample, { fixed: { ...others(sample, [rule.from, rule.to]), ...stretch(1, 3) }, breaks: rule }, field));
}
