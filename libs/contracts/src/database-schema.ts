import { z } from 'zod';

/**
 * `database_schema` of an implementation plan: what the app records, how records relate, and the rules they obey.
 * It is data, not SQL, so that a person can amend it at the gate and have the amendment validated and used as it is.
 */

const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be snake_case, beginning with a letter');
const label = z.string().trim().min(1).max(120);

export const FIELD_TYPES = [
  'text', 'long_text', 'number', 'integer', 'money', 'date', 'time', 'datetime', 'email', 'url', 'boolean', 'choice', 'rating', 'reference', 'references',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

export const fieldSchema = z.strictObject({
  name: identifier,
  label,
  type: z.enum(FIELD_TYPES),
  required: z.boolean(),
  unique: z.boolean(),
  /** Allowed values of a `choice`; empty for every other type. */
  choices: z.array(label).max(60),
  /** Entity that a `reference` (one) or `references` (many) points at; null for every other type. */
  target: identifier.nullable(),
});

export const databaseSchema = z.strictObject({
  entities: z.array(z.strictObject({ name: identifier, label, label_plural: label, fields: z.array(fieldSchema).min(1).max(60) })).min(1).max(40),
});

export type DatabaseSchema = z.infer<typeof databaseSchema>;
