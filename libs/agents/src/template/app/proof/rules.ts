import type { Entity, Rule } from '#contracts';
import { fieldOfRule } from '../write/rules.js';
import { proveLimit, proveOverlap, proveUnique } from './among.js';
import { MINUTES, Wanted, fieldOf, quote, targetOf } from './figures.js';
import type { Sample } from './figures.js';
import { Impossible, pathOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import { inputsOf, linkedBehind } from './linked.js';
import { addUntil, addWithMembers } from './members.js';
import { needsOf } from './solver.js';
import type { Demand } from './solver.js';
import { needsOfRollup, rollupsBehind } from './rollups.js';
import type { Rollup } from './rollups.js';
import { changeSomething, missEach, others } from './variants.js';
import { isFilledIn, links } from './world.js';

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** Rules about one record alone are answered like a wrong value, those about several like a conflict. */
const statusOf = (rule: Rule): number => (rule.kind === 'compare' || rule.kind === 'required_when' ? 400 : 409);

/** Proves a rule: what it allows, at its very border, and what it refuses, for records that are added and changed. */
export function proveRule(test: Scenario, entity: Entity, rule: Rule): void {
  switch (rule.kind) {
    case 'compare':
      return proveCompare(test, entity, rule);
    case 'required_when':
      return proveRequired(test, entity, rule);
    case 'linked_must':
      return proveLinked(test, entity, rule);
    case 'locked_when':
      return proveLocked(test, entity, rule);
    case 'unique_together':
      return proveUnique(test, entity, rule);
    case 'limit':
      return proveLimit(test, entity, rule);
    case 'no_overlap':
      return proveOverlap(test, entity, rule);
  }
}

const MARGINS = [0, 0.5, 1, 30, 60, 90, MINUTES, Infinity];

function proveCompare(test: Scenario, entity: Entity, rule: RuleOf<'compare'>): void {
  const field = fieldOfRule(entity, rule);
  const fields = [...inputsOf(test.schema, entity, rule.field), ...inputsOf(test.schema, entity, rule.value)];
  const within = (most: number): Demand => ({
    fields,
    test: (subject) => {
      const margin = test.world.margin(subject, rule);
      return margin !== null && Math.abs(margin) <= most;
    },
  });
  let kept: Sample | null = null;
  const near = (part: (demands: Demand[]) => void): unknown => test.firstOf(MARGINS, (most) => part([within(most)]));
  test.attempt(() => near((demands) => (kept = test.add(entity, { demands, open: true }))));
  const refused = test.attempt(() => near((demands) => test.refuseAdding(entity, { breaks: rule, demands }, field, statusOf(rule))));
  if (!refused) return proveCompareByOthers(test, entity, rule);
  const sample = kept as Sample | null;
  if (!sample) return;
  test.attempt(() => near((demands) => test.change(sample, { breaks: rule, demands }, field, statusOf(rule))));
  changeOtherSide(test, sample, rule);
}

/** The record that a compared one links to may be changed however it likes. */
function changeOtherSide(test: Scenario, sample: Sample, rule: RuleOf<'compare'>): void {
  for (const { link, name } of linkedBehind(sample.entity, rule.value)) {
    const [there] = links(sample.values[link]);
    if (!there || there instanceof Wanted) continue;
    const breaks = (one: Sample): boolean => !test.world.obeys({ ...sample, values: { ...sample.values, [link]: one }, replaces: sample }, rule);
    test.attempt(() => test.change(there, { open: true, demands: [{ fields: inputsOf(test.schema, there.entity, name), test: breaks }] }));
  }
}

/** What is compared comes from other records: they are added until it is too much. */
function proveCompareByOthers(test: Scenario, entity: Entity, rule: RuleOf<'compare'>): void {
  const names = [rule.field, String(rule.value)].flatMap((name) => rollupsBehind(entity, name));
  const known = (one: Sample): boolean => typeof rule.value === 'number' || test.world.figure(one, rule.value) !== null;
  const demands = names.some(({ name }) => name === rule.value) ? [] : [{ fields: inputsOf(test.schema, entity, rule.value), test: known }];
  const sample = test.add(entity, { open: true, meets: names.flatMap((value) => needsOfRollup(test.schema, value)), demands });
  for (const value of names) test.attempt(() => showBorder(test, sample, rule, value));
  for (const value of names) {
    const of = test.schema.entities.find((one) => one.name === value.of);
    if (!of) continue;
    const many = fieldOf(of, value.link)?.type === 'references';
    const amount = value.field;
    for (let count = 0; count < 30 && test.world.obeys(sample, rule); count += 1) {
      const want = { meets: value.where, fixed: { [value.link]: many ? [sample] : sample } };
      const sign = value.function === 'lowest' ? -1 : 1;
      const large = (least: number): Demand[] =>
        amount === null
          ? []
          : [{ fields: inputsOf(test.schema, of, amount), test: (one) => sign * Number(test.world.figure(one, amount) ?? 0) >= least }];
      test.firstOf([100, 10, 1, 0], (least) => test.add(of, { ...want, demands: large(least) }));
    }
  }
  if (test.world.obeys(sample, rule)) throw new Impossible(rule.name);
  changeSomething(test, sample, fieldOfRule(entity, rule), statusOf(rule), { breaks: rule });
}

/** Both sides alike: the very border of what is allowed, or of what is refused. */
function showBorder(test: Scenario, sample: Sample, rule: RuleOf<'compare'>, value: Rollup): void {
  addUntil(test, value, sample, () => test.world.margin(sample, rule) === 0);
  if (test.world.obeys(sample, rule)) changeSomething(test, sample, null, 200, {});
  else changeSomething(test, sample, fieldOfRule(sample.entity, rule), statusOf(rule), { breaks: rule });
}

function proveRequired(test: Scenario, entity: Entity, rule: RuleOf<'required_when'>): void {
  const filled: Demand = { fields: [rule.field], test: (subject) => isFilledIn(subject.values[rule.field]) };
  const empty: Demand = { fields: [rule.field], test: (subject) => !isFilledIn(subject.values[rule.field]) };
  let kept: Sample | null = null;
  test.attempt(() => (kept = test.add(entity, { meets: rule.where, demands: [filled], open: true })));
  test.refuseAdding(entity, { breaks: rule }, rule.field, statusOf(rule));
  for (const other of missEach(rule.where)) test.attempt(() => void test.add(entity, { ...other, demands: [empty] }));
  const sample = kept as Sample | null;
  if (sample) test.attempt(() => test.change(sample, { breaks: rule, fixed: others(sample, [rule.field]) }, rule.field, statusOf(rule)));
}

function proveLinked(test: Scenario, entity: Entity, rule: RuleOf<'linked_must'>): void {
  const target = targetOf(test.schema, entity, rule.link);
  if (!target) throw new Impossible(rule.name);
  const many = fieldOf(entity, rule.link)?.type === 'references';
  const rest = needsOf(entity, rule.link).filter((one) => !rule.where.includes(one));
  const good = addWithMembers(test, target, { meets: [...rest, ...rule.where] }, `good_${target.name}`);
  let kept: Sample | null = null;
  test.attempt(() => (kept = test.add(entity, { fixed: { [rule.link]: many ? [good] : good }, open: true })));
  let refused = 0;
  let last: Sample | null = null;
  for (const miss of missEach(rule.where)) {
    const tried = test.attempt(() => {
      const bad = addWithMembers(test, target, { meets: [...rest, ...miss.meets], misses: miss.misses }, `bad_${target.name}`);
      test.refuseAdding(entity, { fixed: { [rule.link]: many ? [good, bad] : bad }, breaks: rule }, rule.link);
      last = bad;
    });
    if (tried) refused += 1;
  }
  if (refused === 0) throw new Impossible(rule.name);
  const [sample, bad] = [kept as Sample | null, last as Sample | null];
  if (sample && bad)
    test.attempt(() =>
      test.change(sample, { fixed: { ...others(sample, [rule.link]), [rule.link]: many ? [good, bad] : bad }, breaks: rule }, rule.link),
    );
}

function proveLocked(test: Scenario, entity: Entity, rule: RuleOf<'locked_when'>): void {
  const [changes, deletes] = [rule.actions.includes('change'), rule.actions.includes('delete')];
  const field = fieldOfRule(entity, rule);
  const locked = test.add(entity, { meets: rule.where }, `locked_${entity.name}`);
  if (changes) changeSomething(test, locked, field, 409, {});
  else test.attempt(() => changeSomething(test, locked, null, 200, { meets: rule.where }));
  const remove = (sample: Sample): string => `await app.api('DELETE', ${pathOf(sample)})`;
  if (deletes) test.say(`assertRefused(${remove(locked)}, 409, ${quote(field)});`);
  for (const other of missEach(rule.where).slice(0, 2))
    test.attempt(() => {
      const free = test.add(entity, { ...other, open: true }, `free_${entity.name}`);
      if (changes) test.attempt(() => changeSomething(test, free, null, 200, { open: true }));
      if (deletes) test.say(`assert.equal((${remove(free)}).status, 204);`);
    });
  if (!deletes) test.say(`assert.equal((${remove(locked)}).status, 204);`);
}
