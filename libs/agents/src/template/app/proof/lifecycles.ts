import type { Entity } from '#contracts';
import { apiPath, fieldOf, quote, valuesFn } from './figures.js';
import type { Sample } from './figures.js';
import { Impossible, stepCall } from './scenario.js';
import type { Scenario } from './scenario.js';
import { pathsOf } from './solver.js';

export const statesOf = (entity: Entity): readonly string[] => fieldOf(entity, entity.lifecycle?.field ?? '')?.choices ?? [];

/** The shortest way to a state, beginning with the first one; null where there is none. */
export const wayTo = (entity: Entity, state: string): readonly string[] | null => pathsOf(entity).find((path) => path.at(-1) === state) ?? null;

/** A new record is in the first state, whoever adds it. */
export function proveFirstState(test: Scenario, entity: Entity): void {
  const field = entity.lifecycle?.field ?? '';
  const [first = ''] = statesOf(entity);
  const { values } = test.find(entity, { path: [first] });
  const sample: Sample = { entity, values, name: 'record' };
  test.settleLinks(sample);
  const changes = test.changesArgument(sample);
  test.say(
    `const { ${field}: _, ...values } = await ${valuesFn(entity)}(${['app', ...changes].join(', ')});`,
    `const answer = await app.api('POST', ${quote(apiPath(entity))}, values);`,
    'assert.equal(answer.status, 201);',
    `assert.equal(answer.json.${field}, ${quote(first)});`,
  );
  const [, second] = statesOf(entity);
  if (second !== undefined)
    test.say(`assertRefused(await app.api('POST', ${quote(apiPath(entity))}, { ...values, ${field}: ${quote(second)} }), 409, ${quote(field)});`);
}

/** From one state: every step that is allowed, and every other one refused. */
export function proveSteps(test: Scenario, entity: Entity, from: string): void {
  const { lifecycle } = entity;
  const way = wayTo(entity, from);
  if (!lifecycle || !way) throw new Impossible(from);
  const next = new Set(lifecycle.transitions.filter((step) => step.from === from).map((step) => step.to));
  const others = statesOf(entity).filter((state) => state !== from && !next.has(state));
  let proven = 0;
  for (const to of next) {
    if (to === from) continue;
    const done = test.attempt(() => {
      const sample = bring(test, entity, way, to);
      test.step(sample, to);
    });
    if (done) proven += 1;
  }
  if (proven < [...next].filter((to) => to !== from).length) throw new Impossible(from);
  if (others.length === 0) return;
  const sample = test.add(
    entity,
    { path: way },
    `${
      from
        .replace(/[^a-z0-9]+/gi, '_')
        .replace(/^_|_$/g, '')
        .toLowerCase() || 'settled'
    }_${entity.name}`.replace(/^\d/, 'the_$&'),
  );
  for (const to of others) test.say(`assertRefused(${stepCall(sample, to)}, 409, ${quote(refusedFor(test, sample, lifecycle.field))});`);
}

/** A record that is about to take a step. */
export function bring(test: Scenario, entity: Entity, way: readonly string[], to: string): Sample {
  const { values } = test.find(entity, { path: [...way, to] });
  const fixed = Object.fromEntries(Object.entries(values).filter(([name]) => name !== entity.lifecycle?.field));
  return test.add(entity, { fixed, path: way });
}

/** A record that is locked is refused for that first. */
function refusedFor(test: Scenario, sample: Sample, field: string): string {
  const lock = sample.entity.rules.find(
    (rule) => rule.kind === 'locked_when' && rule.actions.includes('change') && test.world.meetsAll(sample, rule.where),
  );
  return lock?.kind === 'locked_when' ? (lock.where[0]?.field ?? field) : field;
}
