import type { Condition, Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES, GROUPING_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import { findEntity, putComputed } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import type { Period } from './queries.js';
import { groupField } from './read-computed.js';
import { linksBetween, mentionsOf } from './rule-words.js';
import { capital, singular, snake } from './words.js';

/*
 * Totals put into the model: over all records, per value of a field, per linked record, or per period.
 */

/** What is counted, added up or averaged. */
export interface Measure {
  readonly operation: 'count' | 'sum' | 'average';
  readonly entity: Entity;
  /** What is added up; null for a count. */
  readonly field: Field | RecordValue | null;
}

export function entityNamed(draft: Draft, words: string): Entity | undefined {
  const first = words.split(' ')[0] ?? '';
  return findEntity(draft, singular(words)) ?? findEntity(draft, singular(first)) ?? mentionsOf(draft, words)[0]?.entity;
}

export function labelOf({ operation, entity, field }: Measure, where: readonly Condition[]): string {
  const qualifier =
    where[0] && where.length > 0
      ? where[0].operator === 'is' && where[0].value !== 'yes' && where[0].value !== 'no'
        ? `${String(where[0].value)} `
        : where[0].field === 'paid'
          ? 'unpaid '
          : 'open '
      : '';
  if (operation === 'count') return `${qualifier}${entity.label_plural}`;
  return operation === 'sum' ? `total ${qualifier}${field?.label.replace(/^total /i, '') ?? ''}` : `average ${qualifier}${field?.label ?? ''}`;
}

export function put(draft: Draft, measure: Measure, suffix: string, by: Field | null, period: Period | null, conditions: Condition[]): true {
  const label = capital(`${labelOf(measure, conditions)}${suffix}`);
  const base = { name: snake(label), label, entity: measure.entity.name, by: by?.name ?? null, period, conditions };
  const { operation, field } = measure;
  putComputed(draft, field === null || operation === 'count' ? { kind: 'count', ...base } : { kind: operation, ...base, field: field.name });
  return true;
}

/** A sentence that gives at least so many fields says what is noted, and asks for no total over all records. */
const FEW = 3;

const describes = ({ schema, sources, sentence }: Draft): boolean =>
  schema.entities.flatMap((entity) => entity.fields.filter((field) => sources.get(`${entity.name}.${field.name}`) === sentence)).length >= FEW;

/** One total over all records. */
export function putAll(draft: Draft, measure: Measure, where: Condition[]): boolean {
  if (describes(draft)) return false;
  const numbers = labelOf(measure, where);
  const label = measure.operation === 'count' ? `Number of ${numbers}` : capital(`${numbers} of ${measure.entity.label_plural}`);
  return putOne(draft, measure, where, label);
}

/** One figure over all records, called `label`. */
export function putOne(draft: Draft, measure: Measure, where: Condition[], label: string): true {
  const base = { name: snake(label), label, entity: measure.entity.name, by: null, conditions: where };
  putComputed(
    draft,
    measure.field === null
      ? { kind: 'count', ...base }
      : { kind: measure.operation === 'average' ? 'average' : 'sum', ...base, field: measure.field.name },
  );
  return true;
}

export function putPerPeriod(draft: Draft, measure: Measure, period: Period, where: Condition[]): boolean {
  const days = measure.entity.fields.filter((field) => DATED_TYPES.includes(field.type));
  const money = measure.field?.type === 'money';
  const day =
    days.find((field) => (money ? /paid|bought|pick|sold|order|invoice/i : /^(?:date|start|day)/i).test(field.label)) ??
    days.find((field) => !/due|deadline|until|expir|return|end|back|birth/i.test(field.label)) ??
    days[0];
  return day !== undefined && put(draft, measure, ` per ${period}`, day, period, where);
}

/** A total per value of a field, or per linked record; over several links it becomes a value of the record. */
export function putTotal(draft: Draft, measure: Measure, words: string, where: Condition[]): boolean {
  const { entity } = measure;
  const target = entityNamed(draft, words);
  if (target && target !== entity) {
    const [link] = linksBetween(entity, target);
    if (link?.type === 'reference') return put(draft, measure, ` per ${link.label}`, link, null, where);
    if (link) return putRollup(draft, target, measure, link, where) !== undefined;
    return putOverTwo(draft, measure, target, where);
  }
  const first = words.split(' ')[0] ?? '';
  const named =
    groupField(draft, entity, words) ?? (first === words ? undefined : groupField(draft, entity, first)) ?? groupByPerson(draft, entity, words);
  return (
    named !== undefined &&
    GROUPING_TYPES.includes(named.type) &&
    !DATED_TYPES.includes(named.type) &&
    put(draft, measure, ` per ${named.label}`, named, null, where)
  );
}

/** "per person" where people are known by another name. */
function groupByPerson(draft: Draft, entity: Entity, words: string): Field | undefined {
  if (!/^(?:person|people|member|employee|user|one|of us|staff|colleague)\b/i.test(words) && !isPerson(singular(words))) return undefined;
  return entity.fields.find(
    (field) => field.type === 'reference' && isPerson(draft.schema.entities.find((one) => one.name === field.target)?.label ?? ''),
  );
}

export function putRollup(draft: Draft, owner: Entity, { operation, entity, field }: Measure, link: Field, where: Condition[]): RecordValue {
  const label = labelOf({ operation, entity, field }, where).replace(/^(?=[a-z])/, operation === 'count' ? 'number of ' : '');
  const type =
    operation === 'count'
      ? 'integer'
      : field?.type === 'money'
        ? 'money'
        : operation === 'average' || field?.type === 'number'
          ? 'number'
          : 'integer';
  return putValue(draft, owner, {
    kind: 'rollup',
    label,
    type,
    of: entity.name,
    link: link.name,
    function: operation,
    field: field?.name ?? null,
    where,
  });
}

/** Entries per department, where an entry belongs to a class and a class to a department. */
function putOverTwo(draft: Draft, measure: Measure, target: Entity, where: Condition[]): boolean {
  if (measure.operation === 'average') return false;
  for (const first of measure.entity.fields.filter((field) => field.type === 'reference')) {
    const middle = draft.schema.entities.find((one) => one.name === first.target);
    const second = middle && linksBetween(middle, target).find((field) => field.type === 'reference');
    if (!middle || !second || middle === measure.entity) continue;
    const inner = putRollup(draft, middle, measure, first, where);
    putValue(draft, target, {
      kind: 'rollup',
      label: inner.label,
      type: inner.type,
      of: middle.name,
      link: second.name,
      function: 'sum',
      field: inner.name,
      where: [],
    });
    return true;
  }
  return false;
}
