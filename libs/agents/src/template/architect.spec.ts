import { HANDOFFS, databaseSchema } from '#contracts';
import type { DatabaseSchema, ImplementationPlan, SoftwareSpecification } from '#contracts';
import { specify } from './analyst.js';
import { plan as planOf } from './architect.js';
import { IDEAS, conversation } from './testing.js';

const specification = (idea: string): SoftwareSpecification => specify(conversation(idea, { purpose: 'specify', finalized: true }));
const plan = (spec: SoftwareSpecification): ImplementationPlan =>
  HANDOFFS.implementation_plan.schema.parse(planOf({ specification: spec, revision: null }));
const revised = (previous: ImplementationPlan, reason: string): ImplementationPlan =>
  HANDOFFS.implementation_plan.schema.parse(planOf({ specification: specification(IDEAS.bookClub), revision: { previous, reason } }));
const missing = (): never => {
  throw new Error('no such part');
};
const fields = (schema: DatabaseSchema, name: string): string[] =>
  schema.entities.find((entity) => entity.name === name)?.fields.map((field) => field.name) ?? [];

describe('the plan', () => {
  it.each(Object.entries(IDEAS))('is valid and deterministic: %s', (_, idea) => {
    const first = plan(specification(idea));
    expect(plan(specification(idea))).toEqual(first);
    expect(first.acceptance_criteria).toEqual(specification(idea).acceptance_criteria);
  });

  it('comes from the specification as a person amended it', () => {
    const spec = specification(IDEAS.bookClub);
    const amended = plan({
      ...spec,
      requirements: [...spec.requirements.filter((line) => !line.includes('notes')), 'A book has a shelf (text).', 'Make it shine'],
      acceptance_criteria: [
        ...spec.acceptance_criteria,
        { id: 'AC-90', text: 'A book without a shelf is refused.', source: null },
        { id: 'AC-91', text: 'It is fast.', source: null },
      ],
    });
    expect(fields(amended.database_schema, 'book')).toEqual(['title', 'author', 'shelf']);
    expect(amended.database_schema.entities[0]?.fields[2]?.required).toBe(true);
    expect(amended.acceptance_criteria.slice(-2).map((one) => one.id)).toEqual(['AC-90', 'AC-91']);
    expect(amended.database_schema.not_included).toEqual([expect.stringContaining('"Make it shine"'), expect.stringContaining('AC-91')]);
  });

  it('draws a diagram that names every list and field', () => {
    const url = plan(specification(IDEAS.toolLibrary)).architecture_diagram_url;
    const svg = Buffer.from(url.replace('data:image/svg+xml;base64,', ''), 'base64').toString('utf8');
    for (const word of ['<svg', 'Members', 'Loans', 'Tools', 'serial number', 'return date']) expect(svg).toContain(word);
  });

  it('changes by a reason in plain words', () => {
    const first = plan(specification(IDEAS.bookClub));
    const renamed = revised(first, 'rename member to reader');
    expect(renamed.database_schema.entities.map((entity) => entity.name)).toEqual(['book', 'reader', 'loan']);
    expect(fields(renamed.database_schema, 'loan')).toContain('reader');
    expect(renamed.acceptance_criteria.map((one) => one.text).join()).not.toContain('member');
    expect(fields(revised(first, 'add a publisher to books').database_schema, 'book')).toContain('publisher');
    expect(revised(first, 'I do not like it').database_schema.not_included).toEqual([expect.stringContaining('I do not like it')]);
  });

  it('refuses a specification without records in a sentence', () => {
    expect(() => planOf({ specification: { ...specification(IDEAS.todo), requirements: ['Dance!'] }, revision: null })).toThrow(
      /name no list of records/,
    );
  });
});

describe('database_schema', () => {
  const valid = plan(specification(IDEAS.bookClub)).database_schema;
  const broken = (change: (schema: DatabaseSchema) => void): string[] => {
    const schema = structuredClone(valid);
    change(schema);
    return databaseSchema.safeParse(schema).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  };
  const field = (schema: DatabaseSchema, entity: number, at: number) => schema.entities[entity]?.fields[at] ?? missing();

  it.each<[string, (schema: DatabaseSchema) => void, RegExp]>([
    [
      'an unknown target',
      (schema) => void (field(schema, 2, 0).target = 'volume'),
      /^entities\.2\.fields\.0\.target: there is no entity "volume": add it, or point at one of/,
    ],
    ['a reference without target', (schema) => void (field(schema, 2, 0).target = null), /name the entity it points at/],
    [
      'a choice without choices',
      (schema) => void (field(schema, 0, 1).type = 'choice'),
      /^entities\.0\.fields\.1\.choices: .*list at least one value/,
    ],
    ['choices of a text', (schema) => void field(schema, 0, 1).choices.push('a'), /only a choice has choices/],
    ['a field twice', (schema) => void (field(schema, 0, 1).name = 'title'), /^entities\.0\.fields\.1\.name: .*appears twice/],
    [
      'an entity twice',
      (schema) => void schema.entities.push(structuredClone(schema.entities[0] ?? missing())),
      /^entities\.3\.name: .*appears twice/,
    ],
    ['a reserved name', (schema) => void (field(schema, 0, 0).name = 'id'), /every record has "id" already/],
    ['a reserved address', (schema) => void Object.assign(schema.entities[0] ?? {}, { label_plural: 'API' }), /address that the app needs itself/],
    [
      'a list over no field',
      (schema) => void (field(schema, 2, 4).name = 'back_on'),
      /^computed\.0\.conditions\.0\.field: loan has no field "return_date": use one of/,
    ],
    ['dates compared with text', (schema) => void (field(schema, 2, 3).type = 'text'), /holds no dates/],
    [
      'links in a circle',
      (schema) => void schema.entities[0]?.fields.push({ ...field(schema, 2, 0), name: 'loan', target: 'loan' }),
      /set required to false/,
    ],
    [
      'a total over text',
      (schema) =>
        void schema.computed.push({ kind: 'sum', name: 's', label: 'S', entity: 'book', field: 'title', by: null, period: null, conditions: [] }),
      /holds no numbers/,
    ],
  ])('refuses %s and says what to do', (_, change, message) => {
    expect(broken(change)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });
});
