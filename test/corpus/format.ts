import { z } from 'zod';

/** What kind of writing an idea is, and what it exercises. */
export const STYLES = [
  // How it is written.
  'vague_sentence',
  'plain_sentence',
  'paragraph',
  'prose',
  'bullets',
  'headings',
  'meeting_notes',
  'terse',
  'chatty',
  'british',
  'american',
  'typos',
  'second_language',
  'replaces_spreadsheet',
  // What it asks for.
  'contradiction',
  'impossible',
  'roles',
  'states',
  'computed',
  'cross_record',
  'unique',
  'optional',
  'many_to_many',
  'import_export',
  'dashboard',
  'search',
  'file_links',
] as const;

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
  'phone',
  'boolean',
  'choice',
  'rating',
  'file_link',
] as const;

export const COMPUTED_KINDS = ['list', 'count', 'sum', 'average', 'value'] as const;

export const RULE_KINDS = [
  'no_overlap',
  'not_negative',
  'maximum',
  'minimum',
  'after',
  'unique_together',
  'limit_per',
  'only_role_may',
  'other',
] as const;

export const FEATURES = ['csv_export', 'csv_import', 'json_export', 'json_import', 'dashboard', 'chart', 'search', 'filter', 'sort'] as const;

/** Names are written as a person says them: lower case, words apart, singular. */
const name = z.string().regex(/^[a-z0-9][a-z0-9 -]*$/, 'A name is lower case, with words apart.');

/** Other words that say the same thing. Any one of them will do. */
const aliases = z.array(z.string().min(1)).default([]);

/** True where only a fussy reader would infer it: finding it is fine, missing it costs nothing. */
const optionalToFind = z.boolean().default(false);

/** True or false where the text says so; null where it leaves the matter open, and then it is not scored. */
const required = z.boolean().nullable().default(null);

const regularExpression = z.string().refine((source) => {
  try {
    return new RegExp(source, 'i').source !== '';
  } catch {
    return false;
  }
}, 'Not a regular expression.');

/** A topic, found when a sentence holds `about` or any alias, without regard to case. */
const topic = z.strictObject({ about: z.string().min(1), aliases });

const role = z.strictObject({ name, aliases, optional_to_find: optionalToFind });

const field = z.strictObject({
  name,
  aliases,
  type: z.enum(FIELD_TYPES),
  /** Types that are as good as `type`. */
  or_types: z.array(z.enum(FIELD_TYPES)).default([]),
  required,
  unique: z.boolean().default(false),
  /** The choices the text names; the app may offer others beside them, such as "other". */
  choices: z.array(z.string().min(1)).default([]),
  /** Other entities that may hold it instead. */
  or_on: z.array(name).default([]),
  optional_to_find: optionalToFind,
});

const entity = z.strictObject({
  name,
  aliases,
  /**
   * Other fair models. `account`: these people may be the accounts that sign in, which have a name and an email already. `field`: it
   * may be a plain field of whatever links to it, and its own fields may stand there as well. Either also meets the relations to it.
   */
  or: z.array(z.enum(['account', 'field'])).default([]),
  fields: z.array(field).default([]),
  optional_to_find: optionalToFind,
});

const relation = z.strictObject({
  /** The entity that holds the link. A `many` to `many` link may be held by either side, or by an entity between the two. */
  from: name,
  to: name,
  kind: z.enum(['one', 'many']),
  /** Kinds that are as good: `one` beside `many` where several records may say the same (attendance a child, or a class). */
  or_kinds: z.array(z.enum(['one', 'many'])).default([]),
  /** What the link is called, where the text gives it a name of its own ("borrower"). Two links between the same entities need it. */
  as: name.optional(),
  required,
  optional_to_find: optionalToFind,
});

const state = z.strictObject({
  entity: name,
  field: name,
  /** The first is where a new record begins. */
  values: z.array(z.string().min(1)).min(2),
  /** Other words for a value. */
  value_aliases: z.record(z.string(), z.array(z.string().min(1))).default({}),
  /** Values that may be stored as well, or worked out instead ("overdue"). */
  also_values: z.array(z.string().min(1)).default([]),
  /** Allowed steps; empty where the text does not restrict them. */
  transitions: z.array(z.tuple([z.string(), z.string()])).default([]),
  /** Other fair models of a state with two values: a yes/no field, or a date that is empty until it happens. */
  or: z.array(z.enum(['boolean', 'date'])).default([]),
  optional_to_find: optionalToFind,
});

const computed = z.strictObject({
  kind: z.enum(COMPUTED_KINDS),
  or_kinds: z.array(z.enum(COMPUTED_KINDS)).default([]),
  about: z.string().min(1),
  aliases,
  /** Whose records are listed, counted or added up; for a `value`, whose record shows it. */
  entity: name,
  /** One result for each of these: an entity, a field or a period. Null: one for the whole app. */
  per: name.nullable().default(null),
  optional_to_find: optionalToFind,
});

const rule = z.strictObject({
  kind: z.enum(RULE_KINDS),
  or_kinds: z.array(z.enum(RULE_KINDS)).default([]),
  entity: name,
  about: z.string().min(1),
  /** The number in the rule, where it has one. */
  number: z.number().optional(),
  /** For `only_role_may`: who may. */
  roles: z.array(name).default([]),
  optional_to_find: optionalToFind,
});

const expectation = z.strictObject({
  sign_in: z.boolean(),
  roles: z.array(role),
  entities: z.array(entity).min(1),
  relations: z.array(relation),
  states: z.array(state),
  computed: z.array(computed),
  rules: z.array(rule),
  features: z.array(z.enum(FEATURES)),
  /** What must be declined aloud. */
  out_of_scope: z.array(topic),
  /** What must be asked before building: a contradiction, or a gap that blocks. */
  must_ask: z.array(topic),
});

const answer = z.strictObject({ about: regularExpression, answer: z.string().min(1) });

/** Stretches of time that a result may be worked out for. */
const PERIODS = ['day', 'week', 'month', 'year'];

type Expectation = z.infer<typeof expectation>;

/** Every name an expectation refers to that it does not itself declare. */
function danglingNames(expect: Expectation): string[] {
  const entities = new Set(expect.entities.map((one) => one.name));
  const roles = new Set(expect.roles.map((one) => one.name));
  const owners = [...expect.states, ...expect.computed, ...expect.rules].map((one) => one.entity);
  const known = expect.entities.flatMap((one) => one.fields.map((has) => `${one.name}.${has.name}`));
  const fields = new Set([...known, ...expect.states.map((one) => `${one.entity}.${one.field}`)]);
  const ends = expect.relations.flatMap((one) => [one.from, one.to]);
  return [
    ...expect.computed
      .filter(({ per, entity: of }) => per !== null && !PERIODS.includes(per) && !entities.has(per) && !fields.has(`${of}.${per}`))
      .map((one) => `per ${one.per ?? ''}`),
    ...[...owners, ...ends, ...expect.entities.flatMap((one) => one.fields.flatMap((has) => has.or_on))]
      .filter((one) => !entities.has(one))
      .map((one) => `entity ${one}`),
    ...expect.rules.flatMap((one) => one.roles.filter((who) => !roles.has(who))).map((one) => `role ${one}`),
    ...expect.states.flatMap((one) => Object.keys(one.value_aliases).filter((value) => !one.values.includes(value))).map((one) => `state ${one}`),
    ...expect.states.flatMap((one) => one.transitions.flat().filter((value) => !one.values.includes(value))).map((one) => `state ${one}`),
  ];
}

/** One idea, what its author would answer when asked, and what a sensible reader expects of the app once the answers are in. */
export const corpusIdea = z
  .strictObject({
    title: z.string().min(1),
    style: z.array(z.enum(STYLES)).min(1),
    /** The text as the person typed it, mistakes and line breaks included. */
    idea: z.string().min(1),
    /** The first answer whose expression matches a question (without regard to case) is given; to any other proposal they say "yes". */
    answers: z.array(answer),
    expect: expectation,
  })
  .superRefine((idea, context) => {
    for (const missing of danglingNames(idea.expect)) {
      context.addIssue({ code: 'custom', path: ['expect'], message: `Not declared: ${missing}` });
    }
    for (const asked of idea.expect.must_ask) {
      const words = [asked.about, ...asked.aliases];
      if (!idea.answers.some((one) => words.some((word) => new RegExp(one.about, 'i').test(word)))) {
        context.addIssue({ code: 'custom', path: ['answers'], message: `No answer about: ${asked.about}` });
      }
    }
  });

/** A file of the corpus once read: defaults are filled in. */
export type CorpusIdea = z.output<typeof corpusIdea>;
