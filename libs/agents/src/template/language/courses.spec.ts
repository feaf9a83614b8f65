import { drawnCourse, listedCourse } from './courses.js';

describe('courses of states', () => {
  it.each([
    ['status requested > confirmed > done, or no-show', [['requested'], ['confirmed'], ['done', 'no-show']]],
    ['a pot goes drying -> fired -> glazed', [['drying'], ['fired'], ['glazed']]],
    ['A ticket gets a tech, and goes open - waiting on parts - fixed', [['open'], ['waiting on parts'], ['fixed']]],
    ['kilos > 0', null],
  ])('"%s"', (text, groups) => {
    expect(drawnCourse(text, ['pot', 'pots', 'ticket', 'tickets'])).toEqual(groups);
  });

  it('reads a list that stands in its order', () => {
    expect(listedCourse('Delivery: packed, out, delivered, in that order')).toEqual([['packed'], ['out'], ['delivered']]);
    expect(listedCourse('Delivery: driver, date, hotel')).toBeNull();
  });
});
