import { databaseSchema } from '#contracts';
import { writeRule } from '../../requirements/written-rules.js';
import { writeValue } from '../../requirements/written-values.js';
import { ensureEntity, newDraft, putField } from '../draft.js';
import type { Draft } from '../draft.js';
import { readValues } from '../read-values.js';
import { readFrames } from './frames.js';

/** A harbour, its rooms, trees, auctions and working hours: lists that link to others. */
function model(): Draft {
  const draft = newDraft();
  const put = (entity: string, ...fields: Parameters<typeof putField>[2][]): void => {
    for (const field of fields) putField(draft, ensureEntity(draft, entity), field);
  };
  const link = (target: string): Parameters<typeof putField>[2] => ({ label: target, type: 'reference', target });
  put('berth', { label: 'name' }, { label: 'length', type: 'number' });
  put('boat', { label: 'name' }, { label: 'length', type: 'number' }, link('berth'));
  put('room', { label: 'name' }, { label: 'capacity', type: 'integer' });
  put('booking', { label: 'guests', type: 'integer' }, { label: 'day', type: 'date', required: true }, link('room'));
  put('permit', { label: 'number' }, { label: 'valid until', type: 'date' });
  put('outing', { label: 'date', type: 'date', required: true }, link('permit'));
  put('inspector', { label: 'name' }, { label: 'card expiry', type: 'date' });
  put('tree', { label: 'code' });
  put('inspection', { label: 'date', type: 'date', required: true }, link('tree'), link('inspector'));
  put('employee', { label: 'name' }, { label: 'hourly rate', type: 'money' });
  put('time entry', { label: 'hours', type: 'number' }, link('employee'));
  put('lot', { label: 'title' });
  put('bid', { label: 'amount', type: 'money' }, { label: 'made on', type: 'date' }, link('lot'));
  return draft;
}

function read(text: string): string[] {
  const draft = model();
  if (!readFrames(draft, text, null)) readValues(draft, text, null);
  const { schema } = draft;
  expect(databaseSchema.safeParse(schema).error?.issues ?? []).toEqual([]);
  return schema.entities.flatMap((entity) => [
    ...entity.rules.map((rule) => writeRule(schema, entity, rule)),
    ...entity.values.map((value) => writeValue(schema, entity, value)),
  ]);
}

describe('a field and one of what it links to', () => {
  test.each([
    'A boat may be no longer than its berth',
    "a boat can't be longer than its berth",
    'The length of a boat must be at most the length of its berth',
  ])('%s', (text) => {
    expect(read(text)).toEqual(['The length of a boat must be at most the length of its berth.']);
  });
  test.each([
    ['guests can never exceed the capacity of the room', 'The guests of a booking must be at most the capacity of its room.'],
    ['No booking may have more guests than the capacity of the room', 'The guests of a booking must be at most the capacity of its room.'],
    ['The berth must be longer than the boat', 'The length of a boat must be less than the length of its berth.'],
    ['The permit must be valid on the day of the outing', 'The date of an outing must not be after the valid until of its permit.'],
    [
      'the inspection date must not be after the card expiry of the inspector',
      'The date of an inspection must not be after the card expiry of its inspector.',
    ],
  ])('%s', (text, rule) => {
    expect(read(text)).toEqual([rule]);
  });
  test.each([
    'cost = hours times the hourly rate of the employee',
    'the cost of a time entry is hours times their hourly rate',
    'the cost of a time entry is hours x hourly rate',
  ])('%s', (text) => {
    expect(read(text)).toEqual(['The cost of a time entry is worked out as hours times the hourly rate of its employee.']);
  });
});

describe('what belongs to something', () => {
  test.each([
    ['the next inspection is 6 months after the last one', '6 months'],
    ['next inspection = last inspection + 7 days', '7 days'],
    ['next inspection is due a year after the last one', '1 year'],
    ['next inspection is due three years after the last one', '3 years'],
  ])('%s', (text, later) => {
    expect(read(text)).toEqual([
      'The last inspection of a tree is worked out as the latest date of its inspections.',
      `The next inspection of a tree is worked out as the last inspection plus ${later}.`,
    ]);
  });
  test.each([
    ['the last inspection of each tree', 'The last inspection of a tree is worked out as the latest date of its inspections.'],
    ['show the highest bid per lot', 'The highest bid of a lot is worked out as the highest amount of its bids.'],
    ['the earliest bid for each lot', 'The earliest bid of a lot is worked out as the earliest made on of its bids.'],
  ])('%s', (text, value) => {
    expect(read(text)).toEqual([value]);
  });
  test('the first so many are no value', () => {
    expect(read('the first 10 inspections of each tree')).toEqual([]);
  });
});
