import { ensureEntity, newDraft, putField } from '../draft.js';
import { readCourses } from './states.js';

/** What the statements make of the states of jobs: the values, and the steps between them. */
function statesOf(...statements: string[]): { values: readonly string[]; steps: readonly string[] } {
  const draft = newDraft();
  draft.context = statements.join('. ');
  const customer = ensureEntity(draft, 'customer');
  putField(draft, customer, { label: 'name' });
  const job = ensureEntity(draft, 'job');
  putField(draft, job, { label: 'customer', type: 'reference', target: 'customer' });
  for (const one of statements) readCourses(draft, one, job);
  const field = job.fields.find((one) => one.name === 'status');
  return { values: field?.choices ?? [], steps: job.lifecycle?.transitions.map(({ from, to }) => `${from} > ${to}`) ?? [] };
}

test.each([
  'A job is survey -> quoted -> installed',
  'goes survey > quoted > installed',
  'Job starts as survey, from there quoted, then installed',
  'survey first, then quoted, and in the end installed',
  "It begins as survey, then it's quoted once we have measured, then installed",
  'A job enters as survey, passes to quoted when the office is done, then it is installed',
])('a course: %s', (text) => {
  expect(statesOf(text)).toEqual({ values: ['survey', 'quoted', 'installed'], steps: ['survey > quoted', 'quoted > installed'] });
});

test.each(['new, then accepted or refused', 'It starts as new, then either accepted or refused', 'new -> accepted / refused'])(
  'a fork: %s',
  (text) => {
    expect(statesOf(text).steps).toEqual(['new > accepted', 'new > refused']);
  },
);

test('both ways', () => {
  expect(statesOf('rested <-> lame').steps).toEqual(['rested > lame', 'lame > rested']);
});

test.each(['it can be waiting, signed or stopped', 'the status is waiting, signed or stopped'])('a list without an order: %s', (text) => {
  expect(statesOf(text)).toEqual({ values: ['waiting', 'signed', 'stopped'], steps: [] });
});

describe('single steps', () => {
  const COURSE = 'A job starts as new, then quoted, then done';
  test.each([
    ['a quoted one can also be rejected', ['quoted > rejected']],
    ['it can be cancelled at any point until it is done', ['new > cancelled', 'quoted > cancelled']],
    ['any of those except done can turn into cancelled', ['new > cancelled', 'quoted > cancelled']],
    ['quoted ones can go back to new', ['quoted > new']],
    ['I sometimes have to call one off, though only before it is done', ['new > called off', 'quoted > called off']],
    ['Cancelled is allowed up until it is done', ['new > cancelled', 'quoted > cancelled']],
    ['Once done, it eventually lapses', ['done > lapsed']],
    ['Lost (from quoted)', ['quoted > lost']],
    ['denied comes out of quoted', ['quoted > denied']],
    ['quoted may be sent back to new', ['quoted > new']],
    ['It is afterwards either paid or waived', ['done > paid', 'done > waived']],
  ])('%s', (text, steps) => {
    expect(statesOf(COURSE, text).steps).toEqual(['new > quoted', 'quoted > done', ...steps]);
  });
});

test.each(['we measure the room, then order the parts', 'our jobs are kitchens, bathrooms or roofs for the customers', 'a customer is asked first'])(
  '%s tells of no states',
  (text) => {
    expect(statesOf(text).steps).toEqual([]);
  },
);
