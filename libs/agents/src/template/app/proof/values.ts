import type { Entity, RecordValue } from '#contracts';
import { FIXED, Wanted, fieldOf, fixedDay, printFigure } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { missEach } from './variants.js';
import { needsOfRollup, rollupsBehind } from './rollups.js';
import type { Rollup } from './rollups.js';
import { Impossible, pathOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import { inputsOf, linkedBehind } from './linked.js';
import { slackOf } from './slack.js';
import type { Demand } from './solver.js';
import { isEmpty, links } from './world.js';

/** Proves a worked-out value: for records with figures, with the records that it adds up, and where it has to stay empty. */
export function proveValue(test: Scenario, entity: Entity, value: RecordValue): void {
  const inputs = inputsOf(test.schema, entity, value.name);
  const rollups = rollupsBehind(entity, value.name);
  const filled: Demand = { fields: inputs, test: (subject) => inputs.every((name) => !isEmpty(subject.values[name])) };
  const plain: Demand = {
    fields: inputs,
    test: (subject) => {
      const figure = test.world.figure(subject, value.name);
      return rollups.length > 0 || (typeof figure === 'number' && figure !== 0 && Number.isInteger(figure * 10));
    },
  };
  const whole: Demand = { ...plain, test: (subject) => rollups.length > 0 || Number.isInteger(test.world.figure(subject, value.name)) };
  const exact: Demand = { fields: inputs, test: (subject) => slackOf(test.world, subject, value.name) === 0 };
  const shown: Sample[] = [];
  const meets = rollups.flatMap((one) => needsOfRollup(test.schema, one));
  test.firstOf([[filled, whole, plain], [filled, plain], [filled], []], (demands) =>
    shown.push(test.add(entity, { meets, demands: [...demands, exact] })),
  );
  const [first] = shown;
  if (!first) throw new Impossible(value.name);
  if (inputs.length > 0) {
    const another: Demand = { fields: inputs, test: (subject) => test.world.figure(subject, value.name) !== test.world.figure(first, value.name) };
    test.attempt(() => shown.push(test.add(entity, { meets, demands: [filled, another, exact] })));
  } else test.attempt(() => shown.push(test.add(entity, { meets })));
  if (value.kind === 'shift' && fieldOf(entity, value.from)?.type === 'date')
    test.attempt(() => shown.push(test.add(entity, { meets, fixed: { [value.from]: END_OF_MONTH }, demands: [exact] })));
  for (const rollup of rollups) addMembers(test, rollup, first, shown[1]);
  changeLinked(test, first, value.name);
  if (rollups.length === 0) for (const name of inputs) test.attempt(() => shown.push(test.add(entity, { fixed: { [name]: null } })));
  for (const sample of shown) {
    if (slackOf(test.world, sample, value.name) > 0) throw new Impossible(value.name);
    test.say(
      `assert.equal((await app.api('GET', ${pathOf(sample)})).json.${value.name}, ${printFigure(value, test.world.figure(sample, value.name))});`,
    );
  }
}

/** A day that few months have. */
const END_OF_MONTH = fixedDay(2095, 8, 31);

/** What is worked out from a linked record follows it when that one is changed. */
function changeLinked(test: Scenario, sample: Sample, name: string): void {
  for (const { link, name: far } of linkedBehind(sample.entity, name)) {
    const [there] = links(sample.values[link]);
    if (!there || there instanceof Wanted) continue;
    const figure = (one: Sample): Figure => test.world.figure(one, far);
    const after = (one: Sample): Sample => ({ ...sample, values: { ...sample.values, [link]: one }, replaces: sample });
    const differs = (one: Sample): boolean => !isEmpty(figure(one)) && figure(one) !== figure(there) && slackOf(test.world, after(one), name) === 0;
    test.attempt(() => test.change(there, { open: true, demands: [{ fields: inputsOf(test.schema, there.entity, far), test: differs }] }));
  }
}

/** What a record adds to a value: a number, or a day. */
const amountOf = ({ world }: Scenario, one: Sample, { field, type }: Rollup): Figure =>
  type === 'date' ? world.dayOf(one, field) : world.figure(one, field ?? '');

/** Two records that count, one for another record, and per condition one that does not count. */
function addMembers(test: Scenario, rollup: Rollup, first: Sample, second: Sample | undefined): void {
  const of = test.schema.entities.find((one) => one.name === rollup.of);
  if (!of) throw new Impossible(rollup.name);
  const many = fieldOf(of, rollup.link)?.type === 'references';
  const link = (sample: Sample): Record<string, Figure> => ({ [rollup.link]: many ? [sample] : sample });
  const amount = rollup.field;
  const demands = (wanted: number): Demand[] =>
    amount === null || wanted === 0 ? [] : [{ fields: inputsOf(test.schema, of, amount), test: (one) => amountOf(test, one, rollup) === wanted }];
  const choose = (choice: readonly number[]): number[] => (rollup.type === 'date' ? [...choice.map((one) => FIXED + one), ...choice] : [...choice]);
  const add = (fixed: Record<string, Figure>, choice: readonly number[], where: { meets?: Rollup['where']; misses?: Rollup['where'] }): boolean =>
    test.attempt(
      () =>
        void test.firstOf(
          choose(choice),
          (wanted) => void test.add(of, { fixed, ...where, near: rollup.type === 'date' ? [wanted] : [], demands: demands(wanted) }),
        ),
    );
  let missed = 0;
  const striking = rollup.function === 'lowest' ? [1, -1, -2, 0] : [8, 6, 3, 0];
  for (const miss of missEach(rollup.where)) if (add(link(first), striking, miss)) missed += 1;
  if (missed < rollup.where.length) throw new Impossible(rollup.name);
  if (!add(link(first), [2, 3, 1, 5, 10, 0], { meets: rollup.where })) throw new Impossible(rollup.name);
  add(link(first), [4, 5, 2, 20, 0], { meets: rollup.where });
  if (second) add(link(second), [5, 3, 4, 0], { meets: rollup.where });
}
