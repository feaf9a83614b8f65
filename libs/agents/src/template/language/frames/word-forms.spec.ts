import { rootOf, rootsIn } from './word-forms.js';

describe('roots of words', () => {
  it.each([
    [['adopted', 'adoptions', 'adopting', 'adopt']],
    [['cancelled', 'cancellations', 'canceled', 'cancel']],
    [['paid', 'pay', 'paying']],
    [['sold', 'sales', 'selling']],
    [['picked', 'pick', 'picking']],
    [['inspected', 'inspections', 'inspection']],
    [['approved', 'approve', 'approval']],
    [['serviced', 'service', 'servicing']],
    [['fixed', 'fix', 'fixing', 'fixes']],
    [['returned', 'return', 'back']],
  ])('%j is one word', (forms) => {
    expect(new Set(forms.map(rootOf)).size).toBe(1);
  });

  it.each([
    ['fee', 'feed'],
    ['glass', 'glaze'],
    ['bus', 'business'],
    ['station', 'state'],
  ])('"%s" and "%s" are two', (one, other) => {
    expect(rootOf(one)).not.toBe(rootOf(other));
  });

  it('leaves out what tells nothing', () => {
    expect(rootsIn('on the bench')).toEqual(['bench']);
    expect(rootsIn('date it was picked up')).toEqual(['pick', 'up']);
  });
});
