import type { Condition } from '#contracts';
import { domainOf } from './domains.js';
import { isFresh } from './figures.js';
import type { Figure, Sample } from './figures.js';
import type { Scenario } from './scenario.js';
import type { Want } from './solver.js';
import { isEmpty } from './world.js';

/** For each condition a record that misses this one and meets all others. */
export const missEach = (conditions: readonly Condition[]): { meets: Condition[]; misses: Condition[] }[] =>
  conditions.map((condition) => ({ meets: conditions.filter((one) => one !== condition), misses: [condition] }));

/** All values of a record but those of some fields, which may be chosen anew. */
export const others = (sample: Sample, names: readonly string[]): Record<string, Figure> =>
  Object.fromEntries(Object.entries(sample.values).filter(([name]) => !names.includes(name) && name !== sample.entity.lifecycle?.field));

const textAfter = (text: Figure | undefined): string => (text === 'Changed' ? 'Changed again' : 'Changed');

/** Changes any field that may be changed; refused for `field` where that is not null. `more`: what the record is to be like then. */
export function changeSomething(test: Scenario, sample: Sample, field: string | null, status: number, more: Want): void {
  const { entity } = sample;
  const candidates = entity.fields.filter((one) => one.name !== entity.lifecycle?.field && one.target === null);
  const wants = candidates.flatMap((one): Want[] =>
    domainOf(test.schema, entity, one, false)
      .filter((value) => value !== sample.values[one.name] && !isEmpty(value))
      .slice(0, 3)
      .map((value) => ({
        fixed: {
          ...others(sample, [one.name]),
          [one.name]: isFresh(value) && one.type.includes('text') ? textAfter(sample.values[one.name]) : value,
        },
        ...more,
      })),
  );
  test.firstOf(wants, (want) => test.change(sample, want, field, status));
}
