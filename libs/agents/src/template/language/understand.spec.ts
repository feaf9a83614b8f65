import { HANDOFFS, databaseSchema } from '#contracts';
import { specify } from '../analyst.js';
import { writeRequirements } from '../requirements/requirements.js';
import { IDEAS, conversation } from '../testing.js';
import { amend, parseRequirements, understand } from './understand.js';

const requirements = (idea: string): string[] => writeRequirements(understand(idea).schema);
const after = (idea: string, ...words: string[]): string[] => {
  const draft = understand(idea);
  for (const said of words) amend(draft, said);
  return writeRequirements(draft.schema);
};

describe('understand', () => {
  it.each(Object.entries(IDEAS))('reads back what it writes, gives valid data and is deterministic: %s', (_, idea) => {
    const { schema } = understand(idea);
    expect(parseRequirements(writeRequirements(schema))).toMatchObject({ schema, notUnderstood: [] });
    expect(parseRequirements(writeRequirements(schema)).schema).toEqual(schema);
    expect(databaseSchema.parse(schema)).toEqual(schema);
    expect(understand(idea).schema).toEqual(schema);
  });

  it('makes a record of its own of who borrowed what', () => {
    expect(requirements(IDEAS.bookClub)).toEqual(
      expect.arrayContaining([
        'The app is called "Book club".',
        'The app keeps a list of books.',
        'The app keeps a list of members.',
        'A loan has a book (link to a book, required).',
        'A loan has a member (link to a member, required).',
        'The list "Overdue loans" shows the loans where the due date is before today and the return date is empty.',
      ]),
    );
  });

  it('takes fields, links, totals and sign-in from a paragraph', () => {
    const lines = requirements(IDEAS.timeTracking);
    expect(lines).toEqual(
      expect.arrayContaining([
        'A time entry has hours (number, required).',
        'A time entry has a project (link to a project, required).',
        'A project has an hourly rate (amount of money).',
        'The total "Total hours per project" adds up the hours of all time entries per project.',
        'People sign in with an e-mail address and a password.',
      ]),
    );
  });

  it('takes fields and rules from bullet points', () => {
    expect(requirements(IDEAS.plants)).toEqual(
      expect.arrayContaining([
        'A plant has a name (text, required, unique).',
        'A watering has a plant (link to a plant, required).',
        'A watering has an amount in ml (number).',
        'Nobody needs to sign in.',
      ]),
    );
  });

  it('takes choices, and totals per choice', () => {
    expect(requirements(IDEAS.expenses)).toEqual(
      expect.arrayContaining([
        'An expense has a category (one of: food, travel, rent, other).',
        'The total "Total amount per category" adds up the amount of all expenses per category.',
      ]),
    );
  });

  it('compares stock with its level, and says what it cannot do', () => {
    const draft = understand(IDEAS.inventory);
    expect(writeRequirements(draft.schema)).toContain(
      'The list "Products low in stock" shows the products where the quantity is below the reorder level.',
    );
    expect(draft.outOfScope).toEqual([expect.stringMatching(/^Sending e-mails/), expect.stringMatching(/^A native mobile/)]);
  });

  it('links by role and counts per link', () => {
    expect(requirements(IDEAS.bugs)).toEqual(
      expect.arrayContaining([
        'A ticket has an assignee (link to a person).',
        'The number "Tickets per assignee" counts all tickets per assignee.',
        'The list "Open tickets" shows the tickets where the status is "open".',
      ]),
    );
  });

  it('knows links to several', () => {
    expect(requirements(IDEAS.courses)).toContain('A student has courses (links to several courses).');
  });

  it('reports a sentence that it did not use', () => {
    expect(understand('Track books with title and author. Colour the best ones in gold.').unclear).toEqual(['Colour the best ones in gold']);
  });

  it('finds nothing in nothing', () => {
    expect(understand('Build something great for my grandmother').schema.entities).toEqual([]);
    expect(understand('').schema.entities).toEqual([]);
  });

  it('stays within what a specification can hold, whatever is written', () => {
    const words = Array.from(
      { length: 900 },
      (_, index) => `${'abcdefghij'.charAt(index % 10)}${'klmnopqrst'.charAt(Math.floor(index / 10) % 10)}${'uvwxyz'.charAt(index % 6)}`,
    );
    const texts = [
      words
        .slice(0, 200)
        .map((word) => `Each ${word}thing has a ${words.slice(0, 80).join(', ')}.`)
        .join(' '),
      `Track ${words.map((word) => `${word}things`).join(', ')}.`,
      `A book has a status (${words.join(', ')}).`,
      `Track ${'x'.repeat(500)}s and "quotes" <b>&amp;</b> \u0000 \u202e 本 books; drop table books;`,
      'The app is called "   ".\nThe app keeps a list of 1.\nA 1 has a 2 (text).',
      'The app keeps a list of ids. An id has an id (text), a version and an id (link to an id, required).',
    ];
    for (const text of texts)
      expect(HANDOFFS.software_specification.schema.safeParse(specify(conversation(text, { finalized: true }))).error?.issues ?? []).toEqual([]);
    for (const text of texts)
      expect(
        databaseSchema.safeParse(understand(text).schema).error?.issues.filter((issue) => issue.path[0] !== 'entities' || issue.path.length > 1) ??
          [],
      ).toEqual([]);
  });

  it('reads long and hostile text in little time', () => {
    const started = performance.now();
    for (const text of [
      'a book has '.repeat(3_000),
      'track a, '.repeat(5_000),
      '('.repeat(20_000),
      'Each thing has a name, a date and status (open, done). '.repeat(500),
    ])
      understand(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('amend', () => {
  const idea = 'Track books, each with a title and an author, and who borrowed them';

  it.each([
    ['also a nickname for borrowers', 'A borrower has a nickname (text).'],
    ['Also record the publisher of a book', 'A book has a publisher (text).'],
    ['also an ISBN for books, unique', 'A book has an ISBN (text, unique).'],
    ['A book also has a page count and a genre (novel, poetry)', 'A book has a genre (one of: novel, poetry).'],
    ['A book has a shelf (text).', 'A book has a shelf (text).'],
    ['the author is required', 'A book has an author (text, required).'],
    ['The genre of a book can be novel, poetry or essay', 'A book has a genre (one of: novel, poetry, essay).'],
    ['Members must log in', 'People sign in with an e-mail address and a password.'],
    ['No sign-in', 'Nobody needs to sign in.'],
    ['call it Page Turners', 'The app is called "Page Turners".'],
    ['rename book to volume', 'The app keeps a list of volumes.'],
    ['Show the number of loans per book', 'The number "Loans per book" counts all loans per book.'],
    ['Reviews have a rating and a text, and belong to a book', 'A review has a book (link to a book, required).'],
  ])('takes "%s"', (said, line) => {
    expect(after(idea, said)).toContain(line);
  });

  it('removes fields and lists with what depends on them', () => {
    expect(after(idea, 'remove the author').join()).not.toContain('author');
    const lines = after(idea, 'no loans').join('\n');
    expect(lines).not.toMatch(/loan/i);
    expect(lines).toContain('The app keeps a list of books.');
  });

  it('renames everywhere', () => {
    const lines = after(idea, 'rename loan to lending').join('\n');
    expect(lines).toContain('The list "Overdue lendings" shows the lendings');
    expect(lines).not.toMatch(/\bloans\b/i);
  });

  it('says when it understood nothing', () => {
    expect(amend(understand(idea), 'make it pop')).toBe(false);
  });
});
