import { FIELD_TYPES, NEVER_UNIQUE, computedSchema, databaseSchema } from '#contracts';
import type { ComputedWish, Condition, DatabaseSchema, Entity, Field } from '#contracts';
import { writeRequirements } from './requirements.js';
import { parseRequirements } from '../language/understand.js';
import { plural, snake } from '../language/words.js';

/** Numbers that look random and are the same every time (mulberry32). */
const randomFrom = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

const THINGS = ['book', 'person', 'time entry', 'class', 'box', 'city', 'shelf', 'ISBN', 'news item', 'hour', 'user', 'choice of wine'];
const LABELS = [
  'title',
  'notes',
  'due date',
  'ISBN',
  'size in cm',
  'page count',
  'URL',
  'status',
  'is done',
  'e-mail address',
  'how often',
  'species',
  'hourly rate',
  'start',
  'number of seats',
];

function randomSchema(seed: number): DatabaseSchema {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const names = [...new Set(Array.from({ length: 1 + random(4) }, () => pick(THINGS)))];
  const entities = names.map((label): Entity => ({
    name: snake(label),
    label,
    label_plural: plural(label),
    fields: [],
    lifecycle: null,
    rules: [],
    values: [],
    defaults: [],
    order: null,
  }));
  for (const entity of entities) {
    for (const label of new Set(Array.from({ length: 1 + random(6) }, () => pick(LABELS)))) {
      const type = pick(FIELD_TYPES);
      const link = type === 'reference' || type === 'references';
      const field: Field = {
        name: snake(label),
        label,
        type,
        required: !link && random(2) === 0,
        unique: !NEVER_UNIQUE.includes(type) && random(4) === 0,
        choices: type === 'choice' ? ['open', 'in progress', 'done'].slice(0, 1 + random(3)) : [],
        target: link ? pick(entities).name : null,
      };
      entity.fields.push(field);
    }
  }
  const computed = entities.flatMap((entity, index): ComputedWish[] => {
    const conditions = entity.fields.flatMap((field): Condition[] => {
      if (field.type === 'date') return [{ field: field.name, operator: pick(['before_today', 'today_or_later', 'is_empty'] as const), value: null }];
      if (field.type === 'choice') return [{ field: field.name, operator: pick(['is', 'is_not'] as const), value: field.choices[0] ?? '' }];
      if (field.type === 'integer') return [{ field: field.name, operator: pick(['below', 'above'] as const), value: '12' }];
      if (field.type === 'datetime') return [{ field: field.name, operator: 'within_days', value: '7' }];
      return field.type === 'boolean' ? [{ field: field.name, operator: 'is', value: 'yes' }] : [];
    });
    const number = entity.fields.find((field) => field.type === 'money' || field.type === 'number');
    const by = entity.fields.find((field) => ['choice', 'reference', 'text'].includes(field.type));
    const base = { entity: entity.name };
    return [
      ...(conditions.length > 0 ? [{ kind: 'list' as const, ...base, name: `list_${index}`, label: `List ${index}`, conditions }] : []),
      ...(number
        ? [
            {
              kind: pick(['sum', 'average'] as const),
              ...base,
              name: `total_${index}`,
              label: `Total ${index}`,
              field: number.name,
              by: by?.name ?? null,
            },
          ]
        : []),
      { kind: 'count', ...base, name: `count_${index}`, label: `Count ${index}`, by: by?.name ?? null },
    ];
  });
  return {
    title: pick(['Book club', 'My "best" app', 'CRM', 'Records 2']),
    entities,
    computed: computed.map((one) => computedSchema.parse(one)),
    auth: { sign_in: random(2) === 0, roles: [], permissions: [] },
    not_included: [],
  };
}

describe('requirements', () => {
  it('are read back word by word, for any model', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const schema = randomSchema(seed);
      const lines = writeRequirements(schema);
      const read = parseRequirements(lines);
      expect({ seed, lines, notUnderstood: read.notUnderstood, schema: read.schema }).toEqual({ seed, lines, notUnderstood: [], schema });
      expect(databaseSchema.safeParse(schema).error?.issues ?? []).toEqual([]);
    }
  });

  it('take a sentence in plain words beside controlled ones', () => {
    const read = parseRequirements([
      'The app keeps a list of books.',
      'A book has a title (text, required).',
      'Books also have a shelf and a number of pages',
      'Dance!',
    ]);
    expect(writeRequirements(read.schema)).toEqual([
      'The app is called "Records".',
      'The app keeps a list of books.',
      'A book has a title (text, required).',
      'A book has a shelf (text).',
      'A book has number of pages (whole number).',
      'Nobody needs to sign in.',
    ]);
    expect(read.notUnderstood).toEqual(['Dance!']);
  });

  it('do not bring back a rule that a person took out', () => {
    expect(parseRequirements(['The app keeps a list of books.', 'A book has a title (text).']).schema.entities[0]?.fields[0]?.required).toBe(false);
  });
});
