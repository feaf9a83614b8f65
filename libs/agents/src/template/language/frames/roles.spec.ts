import { ensureEntity, newDraft, putField } from '../draft.js';
import { rightsIn } from './rights.js';
import { peopleOf } from './who.js';

/** The rights that a statement gives, in short: who, `alone` or `not`, and what they do. */
function rightsOf(said: string, { open = false, context = said }: { open?: boolean; context?: string } = {}): string[] {
  const draft = newDraft();
  draft.context = context;
  putField(draft, ensureEntity(draft, 'parcel'), { label: 'weight' });
  return rightsIn(peopleOf(draft), said, open).map(({ roles, alone, not, nothingElse, deed }) =>
    [roles.join('+'), alone ? 'alone' : '', not ? 'not' : '', nothingElse ? 'nothing else' : '', deed].filter((one) => one !== '').join(': '),
  );
}

describe('who', () => {
  test.each([
    ['Couriers weigh parcels', ['courier: weigh parcels']],
    ['The couriers and the dispatcher weigh parcels', ['courier+dispatcher: weigh parcels']],
    ['Only the dispatcher deletes parcels', ['dispatcher: alone: deletes parcels']],
    ['It is the dispatcher alone who deletes parcels', ['dispatcher: alone: deletes parcels']],
    ['The dispatcher is the only one who can delete parcels', ['dispatcher: alone: delete parcels']],
    ['Deleting parcels is reserved to the dispatcher', ['dispatcher: alone: Deleting parcels is reserved']],
    ['Prices are only set by the dispatcher', ['dispatcher: alone: Prices are only set']],
    ['Parcels are kept from the couriers', ['courier: not: Parcels are kept']],
    ['Couriers weigh parcels, nobody else', ['courier: alone: weigh parcels']],
    ['A parcel weighs 3 kilos', []],
  ])('%s', (said, rights) => {
    expect(rightsOf(said)).toEqual(rights);
  });

  it('knows people by what the text calls them', () => {
    const context = 'I am the treasurer of a small town. JB (dispatcher) left. The courier (Tom) is new.';
    expect(rightsOf('I do everything', { context })).toEqual(['treasurer: do everything']);
    expect(rightsOf('Only JB deletes parcels', { context })).toEqual(['dispatcher: alone: deletes parcels']);
    expect(rightsOf('Tom weighs parcels', { context })).toEqual(['courier: weighs parcels']);
  });

  it('takes any noun for a role where rights are given', () => {
    expect(rightsOf('franking weighs parcels')).toEqual([]);
    expect(rightsOf('franking weighs parcels', { open: true })).toEqual(['franking: weighs parcels']);
    expect(rightsOf('Access: franking weighs parcels')).toEqual(['franking: weighs parcels']);
  });

  it('leaves what the writer does alone, unless it is all', () => {
    expect(rightsOf('I weigh parcels')).toEqual([]);
  });
});

describe('what they do', () => {
  test.each([
    ['Couriers weigh parcels and stamp them', ['courier: weigh parcels', 'courier: stamp them']],
    ["Couriers weigh parcels but can't delete them", ['courier: weigh parcels', 'courier: not: delete them']],
    ['Couriers weigh parcels, the dispatcher stamps them', ['courier: weigh parcels', 'dispatcher: stamps them']],
    ['Couriers see parcels but not the prices', ['courier: see parcels', 'courier: not: see the prices']],
    ['Couriers only see their own parcels', ['courier: nothing else: see their own parcels']],
    ['Couriers log in to weigh parcels', ['courier: weigh parcels']],
    ['Couriers never log in', []],
    ['Dispatcher: everything', ['dispatcher: everything']],
  ])('%s', (said, rights) => {
    expect(rightsOf(said)).toEqual(rights);
  });
});
