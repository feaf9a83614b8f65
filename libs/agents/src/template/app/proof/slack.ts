import { operandIn, operandKind, operandsOf } from '#contracts';
import type { Condition, DatabaseSchema, Entity, RecordValue, Rule } from '#contracts';
import { conditionsOn } from './domains.js';
import { FIXED, SLACK, Wanted, entityOf } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { inputsOf } from './linked.js';
import { links } from './world.js';
import type { World } from './world.js';

/*
 * How long a month is depends on the day on which a test runs. A day that lies months from today is known to within a few
 * days only: records are chosen so that it makes no difference, or their days are those of a calendar that is far off.
 */

type ValueOf<K extends RecordValue['kind']> = Extract<RecordValue, { kind: K }>;

/** By how much a figure may be wrong; infinite where it says nothing. */
export function slackOf(world: World, subject: Sample, operand: number | string): number {
  const found = typeof operand === 'number' ? null : operandIn(world.schema, subject.entity, operand);
  if (!found) return 0;
  if (found.link !== null) {
    const there = linkedBy(subject.values[found.link]);
    return there ? slackOf(world, there, found.name) : 0;
  }
  const value = subject.entity.values.find((one) => one.name === operand);
  if (!value) return 0;
  if (value.kind === 'shift') return slackOfShift(world, subject, value);
  if (value.kind === 'between') return slackOfSpan(world, subject, value);
  if (value.kind === 'rollup') return slackOfRollup(world, subject, value);
  const slack = slackOf(world, subject, value.left) + slackOf(world, subject, value.right);
  return slack > 0 && (value.operator === 'times' || value.operator === 'divided_by') ? Infinity : slack;
}

const linkedBy = (value: Figure | undefined): Sample | null => {
  const [link] = links(value);
  return link instanceof Wanted ? link.as : (link ?? null);
};

const isFarOff = (day: number): boolean => day >= FIXED / 2;

function slackOfShift(world: World, subject: Sample, value: ValueOf<'shift'>): number {
  const [start, end] = [world.dayOf(subject, value.from), world.dayOf(subject, value.name)];
  if (start === null || end === null) return 0;
  if (isFarOff(start) !== isFarOff(end)) return Infinity;
  const slack = slackOf(world, subject, value.from) + slackOf(world, subject, value.amount);
  return (value.unit === 'months' || value.unit === 'years') && !isFarOff(start) ? slack + SLACK : slack;
}

function slackOfSpan(world: World, subject: Sample, { from, to }: ValueOf<'between'>): number {
  const day = (end: string): number | null => {
    if (end === 'today') return 0;
    return operandKind(world.schema, subject.entity, end) === 'time' ? 0 : world.dayOf(subject, end);
  };
  const [start, end] = [day(from), day(to)];
  if (start === null || end === null) return 0;
  return isFarOff(start) === isFarOff(end) ? slackOf(world, subject, from) + slackOf(world, subject, to) : Infinity;
}

function slackOfRollup(world: World, subject: Sample, value: ValueOf<'rollup'>): number {
  const { field } = value;
  if (field === null) return 0;
  const slack = Math.max(0, ...world.membersOf(subject, value).map((one) => slackOf(world, one, field)));
  return slack > 0 && value.type !== 'date' ? Infinity : slack;
}

/** Whether a record meets a condition or misses it, on whatever day the test runs. */
function isDecided(world: World, subject: Sample, condition: Condition): boolean {
  if (condition.operator === 'is_empty' || condition.operator === 'is_not_empty') return true;
  const other = condition.value !== null && operandIn(world.schema, subject.entity, condition.value) ? condition.value : 0;
  const slack = slackOf(world, subject, condition.field) + slackOf(world, subject, other);
  return slack === 0 || (slack < Infinity && world.meets(subject, condition, slack) === world.meets(subject, condition, -slack));
}

/** Whether a record obeys a comparison or breaks it, on whatever day the test runs. */
function isComparisonDecided(world: World, subject: Sample, rule: Extract<Rule, { kind: 'compare' }>): boolean {
  const slack = slackOf(world, subject, rule.field) + slackOf(world, subject, rule.value === 'today' ? 0 : rule.value);
  return slack === 0 || Math.abs(world.margin(subject, rule) ?? Infinity) > slack;
}

/** Whether a figure hangs on how long months are. */
export function countsMonths(schema: DatabaseSchema, entity: Entity, operand: number | string, seen: ReadonlySet<string> = new Set()): boolean {
  const found = typeof operand === 'number' ? null : operandIn(schema, entity, operand);
  const value = found?.entity.values.find((one) => one.name === found.name);
  const key = `${found?.entity.name ?? ''}.${found?.name ?? ''}`;
  if (!found || !value || seen.has(key)) return false;
  if (value.kind === 'shift' && (value.unit === 'months' || value.unit === 'years')) return true;
  const further = new Set([...seen, key]);
  if (value.kind !== 'rollup') return operandsOf(value).some((one) => countsMonths(schema, found.entity, one, further));
  const of = entityOf(schema, value.of);
  return of !== undefined && value.field !== null && countsMonths(schema, of, value.field, further);
}

interface Certainty {
  readonly fields: readonly string[];
  test(subject: Sample): boolean;
}

/** What makes it certain, on whatever day, which conditions and comparisons a record meets; nothing where that is certain anyway. */
function certaintiesOf(world: World, entity: Entity): Certainty[] {
  const { schema } = world;
  const hangs = (operands: readonly (number | string)[]): boolean => operands.some((one) => countsMonths(schema, entity, one));
  const fields = (operands: readonly (number | string)[]): string[] => operands.flatMap((one) => inputsOf(schema, entity, one));
  return [
    ...conditionsOn(schema, entity).flatMap((one): Certainty[] => {
      const operands = [one.field, one.value ?? ''];
      return hangs(operands) ? [{ fields: fields(operands), test: (subject) => isDecided(world, subject, one) }] : [];
    }),
    ...entity.rules.flatMap((rule): Certainty[] =>
      rule.kind === 'compare' && hangs([rule.field, rule.value])
        ? [{ fields: fields([rule.field, rule.value]), test: (subject) => isComparisonDecided(world, subject, rule) }]
        : [],
    ),
  ];
}

/** The same for a record and for those that it counts for. */
export function certainties(world: World, entity: Entity, self: Sample | undefined): Certainty[] {
  const { schema } = world;
  const holders = schema.entities.flatMap((holder) =>
    holder.values.flatMap((value): Certainty[] => {
      if (value.kind !== 'rollup' || value.of !== entity.name) return [];
      const certain = certaintiesOf(world, holder);
      if (certain.length === 0) return [];
      const names = [value.field ?? '', ...value.where.map((one) => one.field)];
      const isCertain = (link: Sample | Wanted): boolean => link instanceof Wanted || certain.every((one) => one.test(link));
      return [
        {
          fields: [value.link, ...names.flatMap((one) => inputsOf(schema, entity, one))],
          test: (subject) => world.including(subject, self, () => links(subject.values[value.link]).every(isCertain)),
        },
      ];
    }),
  );
  return [...certaintiesOf(world, entity), ...holders];
}
