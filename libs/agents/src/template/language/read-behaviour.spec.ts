import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { databaseSchema } from '#contracts';
import { specify } from '../analyst.js';
import { writeRequirements } from '../requirements/requirements.js';
import { conversation } from '../testing.js';
import { readDocument } from './document.js';
import { cutImpossible } from './limits.js';
import { purposeOf } from './purpose.js';
import { amend, parseRequirements, understand } from './understand.js';

const IDEA =
  'Our tool library lends tools to members. A tool has a name, a quantity, a price and a status (available, in repair). Members have a name and an email. A loan has a tool, a member, a loan date, a due date and a return date.';

const linesOf = (...sentences: string[]): string[] => writeRequirements(understand([IDEA, ...sentences].join(' ')).schema);
const after = (said: readonly string[], ...corrections: string[]): string[] => {
  const draft = understand([IDEA, ...said].join(' '));
  for (const one of corrections) expect([one, amend(draft, one)]).toEqual([one, true]);
  expect(databaseSchema.safeParse(draft.schema).error?.issues ?? []).toEqual([]);
  return writeRequirements(draft.schema);
};

describe('what records do, read from an idea', () => {
  it.each([
    ['A member can have at most 3 tools out at a time.', 'There may be at most 3 loans per member where the return date is empty.'],
    ['The quantity must never be negative.', 'The quantity of a tool must be at least 0.'],
    ['Stock value = quantity x price.', 'The stock value of a tool is worked out as quantity times price.'],
    ['Show how many days a loan is overdue.', 'The days overdue of a loan is worked out as the days from the due date to today.'],
    ['Show the number of loans per month.', 'The number "Loans per month" counts all loans per month of the loan date.'],
    [
      'I want to see the loans due in the next 7 days.',
      'The list "Loans due in the next 7 days" shows the loans where the due date is within the next 7 days and the return date is empty, sorted by the due date.',
    ],
    ['Show tools with fewer than 3 left.', 'The list "Tools with fewer than 3 left" shows the tools where the quantity is below 3.'],
    ['Show members with more than 2 loans.', 'The list "Members with more than 2 loans" shows the members where the number of loans is above 2.'],
    ['Show the latest 5 loans.', 'The list "Latest 5 loans" shows the first 5 loans, sorted by the loan date, latest first.'],
    ['Only tools that are available can be borrowed.', 'The tool of a loan must be one where the status is "available".'],
    ['Only the manager may delete members.', 'Only a manager may delete members.'],
    ['A loan is due 14 days after the loan date.', 'The due date of a new loan is the loan date plus 14 days.'],
    [
      'Show which tools have not been borrowed in the last 30 days.',
      'The list "Tools have not been borrowed in the last 30 days" shows the tools where the "loans in the last 30 days" is below 1.',
    ],
    ['Show the total price of all tools.', 'The total "Total price of tools" adds up the price of all tools.'],
  ])('"%s"', (said, line) => {
    expect(linesOf(said)).toContain(line);
  });

  it('remembers the sentence that each rule, state, value and right comes from', () => {
    const said = [
      'The quantity must never be negative.',
      'Stock value = quantity x price.',
      'Only the manager may delete members.',
      'A loan goes from open to returned to archived.',
    ];
    const { sources } = understand([IDEA, ...said].join(' '));
    const keys = ['rule.tool.quantity_at_least', 'value.tool.stock_value', 'permission.member.delete', 'lifecycle.loan'];
    expect(keys.map((key) => sources.get(key))).toEqual(said.map((one) => one.replace(/\.$/, '')));
  });

  it('takes corrections of rules, states and rights', () => {
    expect(after(['A member can have at most 3 tools out at a time.'], 'remove the limit').join()).not.toMatch(/at most/);
    expect(after(['A member can have at most 3 tools out at a time.'], 'a member can have at most 5 tools out at a time')).toContain(
      'There may be at most 5 loans per member where the return date is empty.',
    );
    expect(after([], 'add a state lost to tools')).toContain('A tool has a status (one of: available, in repair, lost).');
    expect(after(['Only the manager may delete tools. Staff sign in and see everything.'], 'staff may delete tools too')).toContain(
      'Only a manager or staff may delete tools.',
    );
    expect(after(['Only the manager may delete members.'], 'No sign-in').join()).not.toMatch(/manager/);
    const renamed = after(
      ['A member can have at most 3 tools out at a time.', 'Stock value = quantity x price.'],
      'rename price to cost',
      'rename loan to lending',
    );
    expect(renamed).toEqual(
      expect.arrayContaining([
        'The stock value of a tool is worked out as quantity times cost.',
        'There may be at most 3 lendings per member where the return date is empty.',
      ]),
    );
    expect(after(['Stock value = quantity x price.', 'The quantity must never be negative.'], 'remove the quantity').join()).not.toMatch(
      /stock value|at least 0/,
    );
  });

  it('declines aloud what is impossible and reads the rest of the sentence', () => {
    const draft = understand(
      `${IDEA} Show overdue loans and send the members an e-mail reminder when a loan is due. We want to pay by credit card. Also export the loans to CSV.`,
    );
    expect(draft.outOfScope).toEqual([expect.stringMatching(/^Sending e-mails.*shows lists instead/), expect.stringMatching(/credit card/)]);
    expect(writeRequirements(draft.schema).join()).toContain('The list "Overdue loans"');
    expect(draft.unclear).toEqual([]);
  });

  it('names what every app can do among the features', () => {
    const features = specify(conversation(IDEA, { finalized: true })).high_level_features.join(' ');
    for (const word of ['Search', 'filters', 'sorting', 'dashboard', 'charts', 'CSV', 'JSON']) expect(features).toContain(word);
  });
});

describe('every sentence of an idea', () => {
  const folder = join(import.meta.dirname, '../../../../../test/corpus');
  const ideas = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, idea: String((JSON.parse(readFileSync(join(folder, file), 'utf8')) as { idea: unknown }).idea) }));

  it.each(ideas)('of $file that wants a rule, a result or a right is understood, declined or said to be not understood', ({ idea }) => {
    const { understood, unclear, contradictions } = understand(idea);
    const silent = readDocument(idea).filter(
      ({ said, text }) =>
        ['rule', 'result', 'access', 'feature'].includes(purposeOf(text) ?? '') &&
        !understood.has(said) &&
        !contradictions.some(({ sentences }) => sentences.includes(said)) &&
        cutImpossible(text).found.length === 0 &&
        !/\b(?:log ?in|sign ?in|logins?)\b/i.test(text) &&
        !unclear.some((one) => text.includes(one) || one.includes(text)),
    );
    expect(silent.map((one) => one.said)).toEqual([]);
  });

  it.each(ideas)('of $file gives valid data that reads back as it was written', ({ idea }) => {
    const { schema } = understand(idea);
    expect(databaseSchema.safeParse(schema).error?.issues ?? []).toEqual([]);
    expect(parseRequirements(writeRequirements(schema))).toMatchObject({ schema, notUnderstood: [] });
  });
});
