import type { Condition, Entity } from '#contracts';
import { domainOf } from './domains.js';
import { fieldOf } from './figures.js';
import type { Sample } from './figures.js';
import { needsOfRollup, rollupsBehind } from './rollups.js';
import type { Rollup } from './rollups.js';
import { Impossible } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { Want } from './solver.js';

const MOST_MEMBERS = 6;

/** Adds a record that is as wanted; where that takes other records that link to it, adds those as well. */
export function addWithMembers(test: Scenario, entity: Entity, want: Want, wish: string = entity.name): Sample {
  const added: Sample[] = [];
  if (test.attempt(() => added.push(test.add(entity, want, wish)))) return added[0] as Sample;
  const conditions = [...(want.meets ?? []), ...(want.misses ?? [])];
  const counted = conditions.filter((one) => rollupsBehind(entity, one.field).length > 0);
  const rollups = counted.flatMap((one) => rollupsBehind(entity, one.field));
  const rest = (some: readonly Condition[] = []): Condition[] => some.filter((one) => !counted.includes(one));
  const isThere = (sample: Sample): boolean =>
    (want.meets ?? []).every((one) => test.world.meets(sample, one)) && !(want.misses ?? []).some((one) => test.world.meets(sample, one));
  test.firstOf(rollups, (rollup) => {
    const meets = [...rest(want.meets), ...needsOfRollup(test.schema, rollup)];
    const sample = test.add(entity, { ...want, meets, misses: rest(want.misses) }, wish);
    addUntil(test, rollup, sample, () => isThere(sample));
    added.push(sample);
  });
  return added.at(-1) as Sample;
}

/** Adds records that a value of another one counts until that one is as it should be; the fewer the better. */
export function addUntil(test: Scenario, rollup: Rollup, sample: Sample, isThere: () => boolean): void {
  const of = test.schema.entities.find((one) => one.name === rollup.of);
  if (!of) throw new Impossible(rollup.name);
  const link = { [rollup.link]: fieldOf(of, rollup.link)?.type === 'references' ? [sample] : sample };
  const amount = rollup.field === null ? undefined : fieldOf(of, rollup.field);
  const figures = amount ? domainOf(test.schema, of, amount, true).map((figure) => ({ [amount.name]: figure })) : [{}];
  const member = (fixed: Want['fixed']): Sample => test.add(of, { meets: rollup.where, fixed: { ...link, ...fixed } });
  const enough = (): void => {
    if (!isThere()) throw new Impossible(rollup.name);
  };
  const alone = test.attempt(() =>
    test.firstOf(figures, (figure) => {
      member(figure);
      enough();
    }),
  );
  if (alone) return;
  for (let count = 0; count < MOST_MEMBERS && !isThere(); count += 1) test.firstOf(figures, (figure) => member(figure));
  enough();
}
