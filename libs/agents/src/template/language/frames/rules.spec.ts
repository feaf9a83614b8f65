import { writeRule } from '../../requirements/written-rules.js';
import { ensureEntity, newDraft, putField } from '../draft.js';
import type { Draft } from '../draft.js';
import { readFrames } from './frames.js';

/** Kennels: owners, pets, runs and stays. */
function kennels(): Draft {
  const draft = newDraft();
  const put = (entity: string, ...fields: Parameters<typeof putField>[2][]): void => {
    for (const field of fields) putField(draft, ensureEntity(draft, entity), field);
  };
  put('owner', { label: 'name' }, { label: 'member number' });
  put('pet', { label: 'name' }, { label: 'weight', type: 'number' }, { label: 'vaccinated', type: 'boolean' });
  put('pet', { label: 'owner', type: 'reference', target: 'owner', required: true });
  put('run', { label: 'code' }, { label: 'places', type: 'integer' }, { label: 'status', choices: ['free', 'out of action'] });
  put('stay', { label: 'arrival', type: 'date', required: true }, { label: 'departure', type: 'date', required: true });
  put('stay', { label: 'fee', type: 'money' }, { label: 'paid', type: 'money' }, { label: 'reason' });
  put('stay', { label: 'status', choices: ['booked', 'here', 'gone home', 'cancelled'] });
  put('stay', { label: 'pet', type: 'reference', target: 'pet', required: true }, { label: 'run', type: 'reference', target: 'run', required: true });
  return draft;
}

function rulesOf(text: string, under: string | null = null): string[] {
  const draft = kennels();
  readFrames(draft, text, draft.schema.entities.find((one) => one.name === under) ?? null);
  return draft.schema.entities.flatMap((entity) => entity.rules.map((rule) => writeRule(draft.schema, entity, rule)));
}

describe('two fields and a word that orders them', () => {
  test.each(['departure after arrival', 'Departure comes later than arrival', 'The arrival must be before the departure'])('%s', (text) => {
    const [rule] = rulesOf(text, 'stay');
    expect(rule).toMatch(/^The (?:departure of a stay must be after the arrival|arrival of a stay must be before the departure)\.$/);
  });
  test.each(["they can't leave before they've come in", 'departure >= arrival', 'The departure may not be earlier than the arrival'])(
    '%s',
    (text) => {
      expect(rulesOf(text, 'stay')).toEqual(['The departure of a stay must not be before the arrival.']);
    },
  );
  test('amounts are compared like days', () => {
    expect(rulesOf('what is paid can never be more than the fee', 'stay')).toEqual(['The paid of a stay must be at most the fee.']);
  });
  test('one day and the future are compared with today', () => {
    expect(rulesOf("an arrival can't be in the past", 'stay')).toEqual(['The arrival of a stay must not be before today.']);
  });
  test('what only tells something sets nothing', () => {
    expect(rulesOf('we usually give them a good wash on the evening before their departure and after the arrival of the van', 'stay')).toEqual([]);
  });
});

describe('a figure that bounds a number', () => {
  test.each([
    ['weight must be over 0', 'The weight of a pet must be more than 0.'],
    ["the fee can't go below nought", 'The fee of a stay must be at least 0.'],
    ['no pet with a weight of more than 60', 'The weight of a pet must be at most 60.'],
  ])('%s', (text, rule) => {
    expect(rulesOf(text, 'stay')).toContain(rule);
  });
  test('a range sets both ends', () => {
    expect(rulesOf('weight from 1 to 80', 'pet')).toEqual(['The weight of a pet must be at least 1.', 'The weight of a pet must be at most 80.']);
  });
});

describe('a figure, something countable and a group', () => {
  test.each([
    'at most 3 pets per owner',
    'an owner has no more than 3 pets',
    'nobody brings more than 3 pets',
    '3 pets each is the limit for an owner',
  ])('%s', (text) => {
    expect(rulesOf(text)).toEqual(['There may be at most 3 pets per owner.']);
  });
  test('a period is the window of a limit', () => {
    expect(rulesOf('a pet has 2 stays in a month tops')[0]).toMatch(/^There may be at most 2 stays per pet in each month of the arrival/);
  });
  test.each(['fewer than 3 nights cost extra', 'a run costs 12 euros a day', 'we have 38 runs'])('%s sets none', (text) => {
    expect(rulesOf(text)).toEqual([]);
  });
});

describe('what may not be the same twice', () => {
  test.each(["two pets can't be in one run at the same time", 'a run is never booked twice for the same days', 'no double bookings of a run'])(
    '%s',
    (text) => {
      expect(rulesOf(text, 'stay')[0]).toMatch(/^Two stays with the same run must not overlap between the arrival and the departure/);
    },
  );
  test('either of two things', () => {
    expect(rulesOf('neither a pet nor a run can be in two places at the same time', 'stay')).toHaveLength(2);
  });
  test('two fields together', () => {
    expect(rulesOf('no two stays have the same pet and arrival')).toEqual(['No two stays have the same pet and arrival together.']);
  });
});

describe('what depends on a state', () => {
  test.each([
    ['a run that is out of action cannot be booked', 'The run of a stay must be one where the status is not "out of action".'],
    ['only vaccinated pets can stay', 'The pet of a stay must be one where the vaccinated is "yes".'],
    ['a cancelled stay needs a reason', 'A stay needs a reason where the status is "cancelled".'],
    ["a stay that is gone home can't be changed or deleted", 'A stay cannot be changed or deleted where the status is "gone home".'],
  ])('%s', (text, rule) => {
    expect(rulesOf(text)).toEqual([rule]);
  });
  test.each(['only the office can cancel a stay', 'kennel hands may look but alter nothing', 'the vet only sees vaccinated pets'])(
    '%s is no rule',
    (text) => {
      expect(rulesOf(text)).toEqual([]);
    },
  );
});
