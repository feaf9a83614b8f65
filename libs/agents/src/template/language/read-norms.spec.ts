import { ensureEntity, newDraft, putField } from './draft.js';
import type { Draft } from './draft.js';
import { readRules } from './read-rules.js';

/** Horses, trainers and the lessons that they have; loads of grain; clients. */
function stable(): Draft {
  const draft = newDraft();
  const [horse, lesson, load, client] = ['horse', 'lesson', 'load', 'client'].map((one) => ensureEntity(draft, one));
  if (!horse || !lesson || !load || !client) throw new Error('Not made.');
  putField(draft, horse, { label: 'status', type: 'choice', choices: ['sound', 'resting'] });
  putField(draft, horse, { label: 'insurance expiry', type: 'date' });
  putField(draft, lesson, { label: 'horse', type: 'reference', target: 'horse' });
  putField(draft, lesson, { label: 'date', type: 'date' });
  putField(draft, load, { label: 'moisture', type: 'number' });
  putField(draft, load, { label: 'dropped off', type: 'time' });
  putField(draft, load, { label: 'picked up', type: 'time' });
  putField(draft, client, { label: 'date of birth', type: 'date' });
  return draft;
}

const rulesOf = (clause: string): unknown[] => {
  const draft = stable();
  readRules(draft, clause, null);
  return draft.schema.entities.flatMap((entity) => entity.rules.map(({ name: _, ...rule }) => ({ of: entity.name, ...rule })));
};

describe('rules out of clauses', () => {
  it.each([
    ["Can't use a horse in more than 3 lessons a day", { of: 'lesson', kind: 'limit', by: 'horse', maximum: 3, day: 'date', period: 'day' }],
    ["We don't take anything over 20 percent moisture", { of: 'load', kind: 'compare', field: 'moisture', operator: 'at_most', value: 20 }],
    ['Pick up has to be later than drop off', { of: 'load', kind: 'compare', field: 'picked_up', operator: 'above', value: 'dropped_off' }],
    ['The same horse is not booked for a lesson twice in one day', { of: 'lesson', kind: 'unique_together', fields: ['horse', 'date'] }],
    ['nobody under 18', { of: 'client', kind: 'compare', field: 'age', operator: 'at_least', value: 18 }],
    ['moisture never < 0', { of: 'load', kind: 'compare', field: 'moisture', operator: 'at_least', value: 0 }],
    [
      'A horse whose insurance has expired cannot be booked for a lesson',
      { of: 'lesson', kind: 'linked_must', link: 'horse', where: [{ field: 'insurance_expiry', operator: 'today_or_later', value: null }] },
    ],
  ])('"%s"', (clause, rule) => {
    expect(rulesOf(clause)).toEqual([expect.objectContaining(rule)]);
  });

  it.each([
    'There are never more than 6 horses in the arena at the same time',
    'two horses can never have the same',
    'under three trainers, with one clerk',
  ])('leaves "%s" alone', (clause) => {
    expect(rulesOf(clause)).toEqual([]);
  });
});
