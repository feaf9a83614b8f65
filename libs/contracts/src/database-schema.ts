import { z } from 'zod';
import { choice, conditions, identifier, label, period, ruleSchema, valueSchema } from './database-rules.js';

/**
 * `database_schema` of an implementation plan: what the app records, how records relate, the rules they obey, who may do
 * what, and what is worked out from them. It is data, not SQL, so that a person can amend it at the gate and have the
 * amendment validated and used as it is.
 */

export const FIELD_TYPES = [
  'text',
  'long_text',
  'number',
  'integer',
  'money',
  'date',
  'time',
  'datetime',
  'email',
  'phone',
  'url',
  'file_link',
  'boolean',
  'choice',
  'rating',
  'reference',
  'references',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** Types that totals and averages can be worked out of. */
export const NUMERIC_TYPES: readonly FieldType[] = ['number', 'integer', 'money', 'rating'];

/** Types that hold a day. */
export const DATED_TYPES: readonly FieldType[] = ['date', 'datetime'];

/** Types whose values have an order: numbers, days and times. */
export const ORDERED_TYPES: readonly FieldType[] = [...NUMERIC_TYPES, ...DATED_TYPES, 'time'];

/** Types of which two records may always have the same value. */
export const NEVER_UNIQUE: readonly FieldType[] = ['boolean', 'choice', 'rating', 'long_text', 'references'];

/** Types that totals can be grouped by; a day is grouped by its `period`. */
export const GROUPING_TYPES: readonly FieldType[] = ['reference', 'choice', 'text', 'boolean', 'date', 'datetime'];

/** Names that every record has already. */
export const RESERVED_FIELDS = ['id', 'version', 'created_at', 'updated_at', 'created_by'] as const;
/** Plurals whose address the app needs for itself. */
export const RESERVED_PATHS = ['api', 'assets', 'healthz', 'lists', 'totals', 'sign-in', 'sign-up', 'sign-out', 'session', 'accounts'] as const;

export const fieldSchema = z.strictObject({
  name: identifier,
  label,
  type: z.enum(FIELD_TYPES),
  required: z.boolean(),
  unique: z.boolean(),
  /** Allowed values of a `choice`; empty for every other type. */
  choices: z.array(choice).max(60),
  /** Entity that a `reference` (one) or `references` (many) points at; null for every other type. */
  target: identifier.nullable(),
});

/** States of a record: the choices of `field`, of which a new record has the first, and which may follow which. */
export const lifecycleSchema = z.strictObject({
  field: identifier,
  transitions: z
    .array(
      z.strictObject({
        from: choice,
        to: choice,
        /** Roles that may take this step; empty: whoever may change the record. */
        roles: z.array(identifier).max(10).default([]),
      }),
    )
    .min(1)
    .max(120),
});

export const orderSchema = z.strictObject({ field: identifier, descending: z.boolean() });

export const entitySchema = z.strictObject({
  name: identifier,
  label,
  label_plural: label,
  fields: z.array(fieldSchema).min(1).max(60),
  lifecycle: lifecycleSchema.nullable().default(null),
  rules: z.array(ruleSchema).max(40).default([]),
  values: z.array(valueSchema).max(20).default([]),
  /** What a form begins with, and what a record gets where nothing was given. */
  defaults: z
    .array(
      z.strictObject({
        field: identifier,
        /** A choice, a number, a text, yes or no; for a day `today` or another day of the record, plus `days`. */
        value: choice,
        days: z.int().min(-3_650).max(3_650).default(0),
      }),
    )
    .max(40)
    .default([]),
  /** How the list is sorted at first; null: by title. */
  order: orderSchema.nullable().default(null),
});

const computedBase = { name: identifier, label, entity: identifier };
const totalBase = {
  by: identifier.nullable(),
  /** How days are put together where `by` is one; null for every other `by`. */
  period: period.nullable().default(null),
  conditions: conditions.default([]),
};

/** What the app works out: a list of the records that meet every condition, or a total over all records or per value of the field `by`. */
export const computedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list'),
    ...computedBase,
    conditions,
    order: orderSchema.nullable().default(null),
    limit: z.int().min(1).max(1_000).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('count'), ...computedBase, ...totalBase }),
  z.strictObject({ kind: z.literal('sum'), ...computedBase, field: identifier, ...totalBase }),
  z.strictObject({ kind: z.literal('average'), ...computedBase, field: identifier, ...totalBase }),
]);

export const ACTIONS = ['view', 'add', 'change', 'delete'] as const;
export type Action = (typeof ACTIONS)[number];

/** Without an entry everybody who uses the app may; with one only these roles, and with `own` others with what is theirs. */
export const permissionSchema = z.strictObject({
  entity: identifier,
  action: z.enum(ACTIONS),
  roles: z.array(identifier).max(10),
  /** Records that the account added, or that are or link to a record with the account's e-mail address. */
  own: z.boolean().default(false),
});

export const authSchema = z.strictObject({
  sign_in: z.boolean(),
  /** The first may do everything and gives the roles; a new account gets the last. Empty where all have the same rights. */
  roles: z
    .array(z.strictObject({ name: identifier, label }))
    .max(10)
    .default([]),
  permissions: z.array(permissionSchema).max(400).default([]),
});

/** The shape alone; `databaseSchema` also checks that all its parts fit together. */
export const databaseStructure = z.strictObject({
  title: z.string().trim().min(1).max(120).default('Records'),
  entities: z.array(entitySchema).min(1).max(40),
  computed: z.array(computedSchema).max(60).default([]),
  auth: authSchema.default({ sign_in: false, roles: [], permissions: [] }),
  /** What was asked for and is not part of this plan, one sentence each. */
  not_included: z.array(z.string().trim().min(1).max(2_000)).max(100).default([]),
});

export type Field = z.infer<typeof fieldSchema>;
export type Entity = z.infer<typeof entitySchema>;
export type Lifecycle = z.infer<typeof lifecycleSchema>;
export type Computed = z.infer<typeof computedSchema>;
/** A computed list or total with what may be left out left out. */
export type ComputedWish = z.input<typeof computedSchema>;
export type Permission = z.infer<typeof permissionSchema>;
export type DatabaseSchema = z.infer<typeof databaseStructure>;

/** The part of an address that names an entity or a computed list. */
export const addressOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
