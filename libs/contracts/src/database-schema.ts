import { z } from 'zod';

/**
 * `database_schema` of an implementation plan: what the app records, how records relate, the rules they obey and what
 * is worked out from them. It is data, not SQL, so that a person can amend it at the gate and have the amendment
 * validated and used as it is.
 */

const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be snake_case, beginning with a letter');
const label = z.string().trim().min(1).max(120).regex(/[a-z]/i, 'must hold at least one letter from a to z');
const choice = z.string().trim().min(1).max(120);

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
  'url',
  'boolean',
  'choice',
  'rating',
  'reference',
  'references',
] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** Types that totals and averages can be worked out of. */
export const NUMERIC_TYPES: readonly FieldType[] = ['number', 'integer', 'money', 'rating'];

/** Types of which two records may always have the same value. */
export const NEVER_UNIQUE: readonly FieldType[] = ['boolean', 'choice', 'rating', 'long_text', 'references'];

/** Types that totals can be grouped by. */
export const GROUPING_TYPES: readonly FieldType[] = ['reference', 'choice', 'text'];

/** Names that every record has already. */
export const RESERVED_FIELDS = ['id', 'version', 'created_at', 'updated_at'] as const;
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

export const entitySchema = z.strictObject({ name: identifier, label, label_plural: label, fields: z.array(fieldSchema).min(1).max(60) });

export const OPERATORS = ['is_empty', 'is_not_empty', 'is', 'is_not', 'before_today', 'today_or_later', 'within_days', 'below', 'above'] as const;
export type Operator = (typeof OPERATORS)[number];

export const conditionSchema = z.strictObject({
  field: identifier,
  operator: z.enum(OPERATORS),
  /** `is`, `is_not`: a choice, or yes or no. `within_days`: a number of days. `below`, `above`: a number or another field. Otherwise null. */
  value: choice.nullable(),
});

const computedBase = { name: identifier, label, entity: identifier };

/** What the app works out: a list of the records that meet every condition, or a total over all records or per value of the field `by`. */
export const computedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('list'), ...computedBase, conditions: z.array(conditionSchema).min(1).max(10) }),
  z.strictObject({ kind: z.literal('count'), ...computedBase, by: identifier.nullable() }),
  z.strictObject({ kind: z.literal('sum'), ...computedBase, field: identifier, by: identifier.nullable() }),
  z.strictObject({ kind: z.literal('average'), ...computedBase, field: identifier, by: identifier.nullable() }),
]);

const structure = z.strictObject({
  title: z.string().trim().min(1).max(120).default('Records'),
  entities: z.array(entitySchema).min(1).max(40),
  computed: z.array(computedSchema).max(60).default([]),
  auth: z.strictObject({ sign_in: z.boolean() }).default({ sign_in: false }),
  /** What was asked for and is not part of this plan, one sentence each. */
  not_included: z.array(z.string().trim().min(1).max(2_000)).max(100).default([]),
});

export type Field = z.infer<typeof fieldSchema>;
export type Entity = z.infer<typeof entitySchema>;
export type Condition = z.infer<typeof conditionSchema>;
export type Computed = z.infer<typeof computedSchema>;
export type DatabaseSchema = z.infer<typeof structure>;

/** One structural problem: where it is and what to do about it. */
export interface SchemaProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

export const databaseSchema = structure.superRefine((schema, ctx) => {
  for (const { path, message } of schemaProblems(schema)) ctx.addIssue({ code: 'custom', path, message });
});

/** The part of an address that names an entity or a computed list. */
export const addressOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Every structural problem of a schema whose shape is right: unknown targets, names that appear twice, and the like. */
export function schemaProblems(schema: DatabaseSchema): SchemaProblem[] {
  return [
    ...repeats(
      schema.entities.map((entity) => entity.name),
      (index) => ['entities', index, 'name'],
      'entity',
    ),
    ...repeats(
      schema.entities.map((entity) => addressOf(entity.label_plural)),
      (index) => ['entities', index, 'label_plural'],
      'address of an entity',
    ),
    ...repeats(
      schema.computed.map((computed) => computed.name),
      (index) => ['computed', index, 'name'],
      'computed list or total',
    ),
    ...repeats(
      schema.computed.map((computed) => addressOf(computed.label)),
      (index) => ['computed', index, 'label'],
      'address of a computed list or total',
    ),
    ...schema.entities.flatMap((entity, index) => entityProblems(schema, entity, ['entities', index])),
    ...cycleProblems(schema),
    ...schema.computed.flatMap((computed, index) => computedProblems(schema, computed, ['computed', index])),
  ];
}

function repeats(names: string[], path: (index: number) => (string | number)[], what: string): SchemaProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: path(index), message: `the ${what} "${name}" appears twice: rename or remove one of them` }] : [],
  );
}

function entityProblems(schema: DatabaseSchema, entity: Entity, at: (string | number)[]): SchemaProblem[] {
  const problems = repeats(
    entity.fields.map((field) => field.name),
    (index) => [...at, 'fields', index, 'name'],
    `field of ${entity.name}`,
  );
  if ((RESERVED_PATHS as readonly string[]).includes(addressOf(entity.label_plural)))
    problems.push({
      path: [...at, 'label_plural'],
      message: `"${entity.label_plural}" is an address that the app needs itself: choose another plural`,
    });
  entity.fields.forEach((field, index) => {
    const path = [...at, 'fields', index];
    const add = (key: string, message: string): void => void problems.push({ path: [...path, key], message });
    const links = field.type === 'reference' || field.type === 'references';
    if ((RESERVED_FIELDS as readonly string[]).includes(field.name)) add('name', `every record has "${field.name}" already: choose another name`);
    if (field.type === 'choice' && field.choices.length === 0)
      add('choices', `"${field.name}" is a choice: list at least one value, or use the type text`);
    if (field.type !== 'choice' && field.choices.length > 0)
      add('choices', `only a choice has choices: empty the list, or set the type of "${field.name}" to choice`);
    if (new Set(field.choices).size < field.choices.length) add('choices', `a value of "${field.name}" appears twice: remove one`);
    if (links && field.target === null) add('target', `"${field.name}" is a ${field.type}: name the entity it points at`);
    if (!links && field.target !== null)
      add('target', `only a reference has a target: set it to null, or set the type of "${field.name}" to reference`);
    if (links && field.target !== null && !schema.entities.some((one) => one.name === field.target))
      add('target', `there is no entity "${field.target}": add it, or point at one of ${schema.entities.map((one) => one.name).join(', ')}`);
    if (field.unique && NEVER_UNIQUE.includes(field.type)) add('unique', `a ${field.type} cannot be unique: set it to false`);
  });
  return problems;
}

function cycleProblems(schema: DatabaseSchema): SchemaProblem[] {
  const field = requiredCycle(schema);
  if (!field) return [];
  const index = schema.entities.findIndex((entity) => entity.fields.includes(field));
  const at = schema.entities[index]?.fields.indexOf(field) ?? 0;
  return [
    {
      path: ['entities', index, 'fields', at, 'required'],
      message: `"${field.name}" needs a record that itself needs this one, so neither could be added: set required to false`,
    },
  ];
}

/** A required link that leads, over required links, back to its own entity; undefined where there is none. */
export function requiredCycle(schema: DatabaseSchema): Field | undefined {
  const links = (name: string): Field[] =>
    schema.entities.find((entity) => entity.name === name)?.fields.filter((field) => field.required && field.target !== null) ?? [];
  const reaches = (from: string | null, to: string, seen: Set<string>): boolean => {
    if (from === to) return true;
    if (from === null || seen.has(from)) return false;
    seen.add(from);
    return links(from).some((field) => reaches(field.target, to, seen));
  };
  for (const entity of [...schema.entities].reverse()) {
    const field = links(entity.name).find((one) => reaches(one.target, entity.name, new Set()));
    if (field) return field;
  }
  return undefined;
}

function computedProblems(schema: DatabaseSchema, computed: Computed, at: (string | number)[]): SchemaProblem[] {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  if (!entity) {
    const known = schema.entities.map((one) => one.name).join(', ');
    return [{ path: [...at, 'entity'], message: `there is no entity "${computed.entity}": use one of ${known}` }];
  }
  const find = (name: string): Field | undefined => entity.fields.find((field) => field.name === name);
  const missing = (name: string): string =>
    `${entity.name} has no field "${name}": use one of ${entity.fields.map((field) => field.name).join(', ')}`;
  const problems: SchemaProblem[] = [];
  if (computed.kind === 'list') {
    computed.conditions.forEach((condition, index) => {
      const field = find(condition.field);
      const path = [...at, 'conditions', index];
      if (!field) problems.push({ path: [...path, 'field'], message: missing(condition.field) });
      else problems.push(...conditionProblems(condition, field, find, path));
    });
    return problems;
  }
  if (computed.kind !== 'count') {
    const field = find(computed.field);
    if (!field) problems.push({ path: [...at, 'field'], message: missing(computed.field) });
    else if (!NUMERIC_TYPES.includes(field.type))
      problems.push({ path: [...at, 'field'], message: `"${field.name}" holds no numbers: choose a field of type ${NUMERIC_TYPES.join(', ')}` });
  }
  if (computed.by !== null) {
    const by = find(computed.by);
    if (!by) problems.push({ path: [...at, 'by'], message: missing(computed.by) });
    else if (!GROUPING_TYPES.includes(by.type))
      problems.push({
        path: [...at, 'by'],
        message: `"${by.name}" cannot group records: choose a field of type ${GROUPING_TYPES.join(', ')}, or null for one total`,
      });
  }
  return problems;
}

function conditionProblems(
  { operator, value }: Condition,
  field: Field,
  find: (name: string) => Field | undefined,
  path: (string | number)[],
): SchemaProblem[] {
  const wrong = (key: string, message: string): SchemaProblem[] => [{ path: [...path, key], message }];
  const dated = field.type === 'date' || field.type === 'datetime';
  const number = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);
  switch (operator) {
    case 'is':
    case 'is_not':
      if (value === null) return wrong('value', `say which value "${field.name}" is compared with`);
      if (field.type === 'choice' && !field.choices.includes(value))
        return wrong('value', `"${value}" is no choice of "${field.name}": use one of ${field.choices.join(', ')}`);
      if (field.type === 'boolean' && value !== 'yes' && value !== 'no') return wrong('value', 'a yes-or-no field is compared with yes or no');
      return [];
    case 'below':
    case 'above':
      if (!NUMERIC_TYPES.includes(field.type)) return wrong('operator', `"${field.name}" holds no numbers: use another operator`);
      if (value === null) return wrong('value', 'give a number or the name of another field');
      if (!number(value) && !NUMERIC_TYPES.includes(find(value)?.type ?? 'text'))
        return wrong('value', `"${value}" is neither a number nor a field with numbers`);
      return [];
    case 'within_days':
      if (!dated) return wrong('operator', `"${field.name}" holds no dates: use another operator`);
      return value !== null && /^\d{1,4}$/.test(value) ? [] : wrong('value', 'give a number of days, such as 7');
    case 'before_today':
    case 'today_or_later':
      if (!dated) return wrong('operator', `"${field.name}" holds no dates: use another operator`);
      return value === null ? [] : wrong('value', 'this operator takes no value: set it to null');
    default:
      return value === null ? [] : wrong('value', 'this operator takes no value: set it to null');
  }
}
