import { newDraft } from './draft.js';
import type { Draft } from './draft.js';
import { readSpecification } from '../requirements/requirements.js';
import { guessRights } from './guess-rights.js';

const MODEL = [
  'The app keeps a list of members.',
  'The app keeps a list of keys.',
  'The app keeps a list of issues.',
  'A member has a name (text, required).',
  'A key has a code (text, required).',
  'A key has a deposit (amount of money).',
  'An issue has a key (link to a key, required).',
  'An issue has a member (link to a member, required).',
  'An issue has an issued on (date, required).',
  'An issue has a due date (date).',
  'An issue has a returned on (date).',
  'People have one of these roles: manager, helper.',
];

function model(): Draft {
  const draft = newDraft();
  readSpecification(draft, MODEL);
  return draft;
}

const guess = (text: string): string => (guessRights(model(), text, null) ?? []).join(' ');

describe('a guess of who may do what', () => {
  it.each([
    ['changing the keys is for the manager', 'Only a manager may change keys.'],
    ['nobody but the manager deletes keys', 'Only a manager may delete keys.'],
    ['Deposits are only set by managers, we lost a good one that way', 'Only a manager may add, change or delete keys.'],
  ])('%s', (said, expected) => expect(guess(said)).toContain(expected));

  it('names a role that nobody has yet', () => expect(guess('The porter will issue the keys')).toContain('People have one of these roles: porter.'));

  it.each(['you cannot put more in than the cabinet holds, though my nephew has tried', 'whoever checks it is not whoever made it'])(
    'none from "%s"',
    (said) => expect(guess(said)).toBe(''),
  );
});

it.each(["It's chaos by eleven", 'My records are in a row of pocket diaries', 'Many thanks, Jo', 'how many keys each member has'])(
  'guesses nothing of "%s"',
  (said) => expect(guess(said)).toBe(''),
);
