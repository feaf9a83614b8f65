import { databaseSchema } from '#contracts';
import { writeBehaviour, writeRequirements } from '../requirements/requirements.js';
import { findEntity } from './draft.js';
import { readStates, workOutStates } from './read-states.js';
import { parseRequirements } from './understand.js';

const BASE = [
  'The app keeps a list of tickets.',
  'The app keeps a list of loans.',
  'The app keeps a list of bikes.',
  'A ticket has a title (text, required).',
  'A loan has a purpose (text, required).',
  'A loan has a due date (date).',
  'A bike has a number (text, required).',
];

/** What some sentences about one list say, as controlled English. */
function statesOf(noun: string, ...clauses: string[]): string[] {
  const { draft } = parseRequirements(BASE);
  const topic = findEntity(draft, noun) ?? null;
  for (const clause of clauses) expect([clause, readStates(draft, clause, topic)]).toEqual([clause, true]);
  workOutStates(draft);
  expect(databaseSchema.safeParse(draft.schema).error?.issues ?? []).toEqual([]);
  expect(parseRequirements(writeRequirements(draft.schema)).schema).toEqual(draft.schema);
  return [...writeRequirements(draft.schema).filter((line) => line.includes('one of:')), ...writeBehaviour(draft.schema)];
}

describe('states in plain words', () => {
  it.each([
    ['ticket', 'a ticket is new, in progress or done', 'A ticket has a status (one of: new, in progress, done).'],
    ['loan', 'A loan is either open or returned', 'A loan has a status (one of: open, returned).'],
    ['bike', "whether it's available, rented or in repair", 'A bike has a status (one of: available, rented, in repair).'],
    ['loan', 'provisional, confirmed, cancelled', 'A loan has a status (one of: provisional, confirmed, cancelled).'],
    ['ticket', 'a ticket is new, baking, ready or picked up', 'A ticket has a status (one of: new, baking, ready, picked up).'],
  ])('%s: "%s"', (noun, clause, line) => {
    expect(statesOf(noun, clause)).toEqual([line]);
  });

  it('reads a story of states, told one after the other and over several sentences', () => {
    expect(
      statesOf(
        'ticket',
        'a ticket starts off booked, then it is either accepted or declined, and finally closed',
        'accepted tickets can go back to booked',
        'any of these can be withdrawn',
      ),
    ).toEqual([
      'A ticket has a status (one of: booked, accepted, declined, closed, withdrawn).',
      'A ticket begins as "booked".',
      'A ticket goes from "booked" to "accepted" or "declined".',
      'A ticket goes from "accepted" to "closed".',
      'A ticket goes from "declined" to "closed".',
      'A ticket goes from "accepted" to "booked".',
      'A ticket goes from "booked" to "withdrawn".',
      'A ticket goes from "accepted" to "withdrawn".',
      'A ticket goes from "declined" to "withdrawn".',
    ]);
  });

  it('reads that a circle of steps is told pair by pair', () => {
    expect(
      statesOf('bike', 'a bike is free, lent or cleaned', 'from free it goes to lent, from lent to cleaned, from cleaned to free again'),
    ).toEqual([
      'A bike has a status (one of: free, lent, cleaned).',
      'A bike begins as "free".',
      'A bike goes from "free" to "lent".',
      'A bike goes from "lent" to "cleaned".',
      'A bike goes from "cleaned" to "free".',
    ]);
  });

  it.each([
    [
      'ticket',
      'a ticket goes from new to in progress to done',
      ['A ticket begins as "new".', 'A ticket goes from "new" to "in progress".', 'A ticket goes from "in progress" to "done".'],
    ],
    [
      'ticket',
      'status: received -> processing -> stored',
      ['A ticket begins as "received".', 'A ticket goes from "received" to "processing".', 'A ticket goes from "processing" to "stored".'],
    ],
    [
      'ticket',
      "it's reported, then assigned, then fixed, then closed",
      ['A ticket begins as "reported".', 'A ticket goes from "reported" to "assigned".', 'A ticket goes from "fixed" to "closed".'],
    ],
    [
      'ticket',
      'Ticket goes so: new, given to translator, checked, sent to client',
      ['A ticket goes from "new" to "given to translator".', 'A ticket goes from "checked" to "sent to client".'],
    ],
    [
      'ticket',
      'Tickets move through these stages: draft, review and published',
      ['A ticket goes from "draft" to "review".', 'A ticket goes from "review" to "published".'],
    ],
  ])('%s: "%s" sets the steps', (noun, clause, lines) => {
    expect(statesOf(noun, clause)).toEqual(expect.arrayContaining(lines));
  });

  it('adds steps that later sentences name', () => {
    expect(
      statesOf(
        'ticket',
        'it goes from new to in progress to done',
        'only done tickets can be archived',
        'Closed ones can be reopened back to new'.replace('Closed', 'Done'),
      ),
    ).toEqual(expect.arrayContaining(['A ticket goes from "done" to "archived" or "new".']));
    expect(
      statesOf(
        'loan',
        'A loan begins as requested',
        'It may be approved or refused by the Keeper and by nobody else',
        'An approved loan is dispatched, then on display, then returned',
        'A refused loan goes no further',
      ),
    ).toEqual(
      expect.arrayContaining([
        'A loan begins as "requested".',
        'Only a keeper takes a loan from "requested" to "approved" or "refused".',
        'A loan goes from "on display" to "returned".',
      ]),
    );
    expect(statesOf('bike', 'Bike is available, out, lost or scrapped', 'Scrapped is final')).toContain(
      'A bike goes from "available" to "out", "lost" or "scrapped".',
    );
  });

  it('works out what nobody sets', () => {
    expect(statesOf('loan', 'A loan is open, returned or overdue')).toEqual(['A loan has a status (one of: open, returned).']);
  });

  it.each([
    ['loan', 'A loan has a start and an end'],
    ['ticket', 'We are open from nine to five'],
    ['bike', 'A bike is red, green or blue'],
    ['bike', 'a bike is a cruiser, a tandem or an e-bike'],
    ['loan', 'Loans are for members and friends'],
  ])('%s: "%s" sets no states', (noun, clause) => {
    const { draft } = parseRequirements(BASE);
    expect(readStates(draft, clause, findEntity(draft, noun) ?? null)).toBe(false);
    expect(writeRequirements(draft.schema)).toEqual(writeRequirements(parseRequirements(BASE).schema));
  });
});
