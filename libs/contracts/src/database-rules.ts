import { z } from 'zod';

/*
 * What a record has to meet, and what is worked out for it: conditions, rules and values of an entity of `database_schema`.
 */

export const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be snake_case, beginning with a letter');
export const label = z.string().trim().min(1).max(120).regex(/[a-z]/i, 'must hold at least one letter from a to z');
/** A field or worked-out value of the record, or, as `link.field`, of the record that a reference of it points at. */
export const operandName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?$/, 'must be a field, or a link and a field of the linked record: berth.length');
export const choice = z.string().trim().min(1).max(120);

export const OPERATORS = [
  'is_empty',
  'is_not_empty',
  'is',
  'is_not',
  'before_today',
  'today_or_later',
  'within_days',
  'within_past_days',
  'older_than_days',
  'below',
  'above',
] as const;
export type Operator = (typeof OPERATORS)[number];

export const conditionSchema = z.strictObject({
  /** A field, or a value that is worked out for each record. */
  field: identifier,
  operator: z.enum(OPERATORS),
  /** `is`, `is_not`: a choice, or yes or no. `within_days` (from today on), `within_past_days` (up to today), `older_than_days`: a number of days. `below`, `above`: a number or another field. Otherwise null. */
  value: choice.nullable(),
});

export const conditions = z.array(conditionSchema).max(10);

export const COMPARISONS = ['at_least', 'at_most', 'above', 'below'] as const;

export const period = z.enum(['day', 'week', 'month', 'year']);

const ruleBase = { name: identifier };
/** A number, or a field of the entity that `by` links to ("the capacity of the class"). */
const maximum = z.union([z.number().min(0), identifier]);

/** A rule that a record has to meet when it is added or changed. */
export const ruleSchema = z.discriminatedUnion('kind', [
  /**
   * Two records with the same `same` never overlap between `from` and `to`; on one `day` where those are times of day.
   * One that ends when another begins does not overlap it; two days do where they share a day.
   */
  z.strictObject({
    kind: z.literal('no_overlap'),
    ...ruleBase,
    same: z.array(identifier).max(4),
    from: identifier,
    to: identifier,
    day: identifier.nullable().default(null),
    /** Records that do not count, such as cancelled ones, do not meet these. */
    where: conditions.default([]),
  }),
  /** No two records have the same values in all of these. */
  z.strictObject({ kind: z.literal('unique_together'), ...ruleBase, fields: z.array(identifier).min(2).max(5) }),
  /**
   * A number, day or time (of a field or a worked-out value) against a number, `today`, or another field or value, of this
   * record or of one that it links to; of `references`, how many there are. What is empty, or has no link, meets it. It is
   * checked when this record is added or changed: a change of the linked record is never refused for it.
   */
  z.strictObject({
    kind: z.literal('compare'),
    ...ruleBase,
    field: identifier,
    operator: z.enum(COMPARISONS),
    value: z.union([z.number(), operandName, z.literal('today')]),
  }),
  /**
   * At most so many records that meet `where` per linked record or value of `by`; with `field`, its sum is limited instead.
   * With `period`, so many in each day, week, month or year of the date `day`.
   */
  z.strictObject({
    kind: z.literal('limit'),
    ...ruleBase,
    by: identifier.nullable(),
    field: identifier.nullable().default(null),
    maximum,
    day: identifier.nullable().default(null),
    period: period.nullable().default(null),
    where: conditions.default([]),
  }),
  /** The field must be filled in where a record meets the conditions. */
  z.strictObject({ kind: z.literal('required_when'), ...ruleBase, field: identifier, where: conditions.min(1) }),
  /** Every record that `link` points at must meet the conditions when this one is added or pointed there. */
  z.strictObject({ kind: z.literal('linked_must'), ...ruleBase, link: identifier, where: conditions.min(1) }),
  /** A record that meets the conditions can no longer be changed, or deleted, or both. */
  z.strictObject({
    kind: z.literal('locked_when'),
    ...ruleBase,
    where: conditions.min(1),
    actions: z
      .array(z.enum(['change', 'delete']))
      .min(1)
      .max(2),
  }),
]);

const operand = z.union([z.number(), operandName]);
const valueBase = { name: identifier, label };
const number = { type: z.enum(['number', 'integer', 'money']) };

/** Something that is worked out for each record and never typed in. */
export const valueSchema = z.discriminatedUnion('kind', [
  /**
   * `left` and `right` are numbers, fields with numbers or values that come before this one, or numbers of a record that this
   * one links to. Empty where one of them is. Worked out whenever it is shown, so always from the linked record as it is now.
   */
  z.strictObject({
    kind: z.literal('formula'),
    ...valueBase,
    ...number,
    left: operand,
    operator: z.enum(['plus', 'minus', 'times', 'divided_by']),
    right: operand,
  }),
  /** Whole days, years as for an age, or hours, from one day or time to another, of this record or of one that it links to. */
  z.strictObject({
    kind: z.literal('between'),
    ...valueBase,
    ...number,
    unit: z.enum(['days', 'years', 'hours']),
    from: z.union([operandName, z.literal('today')]),
    to: z.union([operandName, z.literal('today')]),
  }),
  /**
   * The day so many days, weeks, months or years after (`plus`) or before (`minus`) another; of a month that is too short, its
   * last day. `amount` is a whole number, or a field or value that holds one. Empty where one of them is.
   */
  z.strictObject({
    kind: z.literal('shift'),
    ...valueBase,
    type: z.literal('date'),
    from: operandName,
    operator: z.enum(['plus', 'minus']),
    amount: z.union([z.int().min(0).max(36_500), operandName]),
    unit: z.enum(['days', 'weeks', 'months', 'years']),
  }),
  /**
   * Over the records of `of` whose `link` points here and that meet `where`. `highest` and `lowest` take numbers or days; of
   * days, with the type `date`, they are the latest and the earliest. Of no records they are empty, as the average is.
   */
  z.strictObject({
    kind: z.literal('rollup'),
    ...valueBase,
    type: z.enum([...number.type.options, 'date']),
    of: identifier,
    link: identifier,
    function: z.enum(['count', 'sum', 'average', 'highest', 'lowest']),
    /** What is added up, averaged or compared: a field or value of `of`; null for a count. */
    field: identifier.nullable(),
    where: conditions.default([]),
  }),
]);

export type Condition = z.infer<typeof conditionSchema>;
export type Rule = z.infer<typeof ruleSchema>;
export type RecordValue = z.infer<typeof valueSchema>;
