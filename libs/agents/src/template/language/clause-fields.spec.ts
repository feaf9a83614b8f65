import { understand } from './understand.js';

/** The fields of each list, with `>` before what points at another one and `>>` before what points at several. */
const read = (idea: string): Record<string, string[]> =>
  Object.fromEntries(
    understand(idea).schema.entities.map(({ label, fields }) => [
      label,
      fields.map((field) => `${field.type === 'references' ? '>>' : field.type === 'reference' ? '>' : ''}${field.label}`),
    ]),
  );

describe('what a clause lists of a thing, whatever its verb', () => {
  it.each([
    ['Of each piano I want the make, the serial number and the year it was built.', 'piano', ['make', 'serial number', 'year']],
    ['About a family we know the surname, the address and the phone.', 'family', ['surname', 'address', 'phone']],
    ['A bird is identified by the number on its ring. We also hold its species and its sex.', 'bird', ['ring number', 'species', 'sex']],
    ['I want that a student is registered with name, birthday and phone.', 'student', ['name', 'birthday', 'phone']],
    ['Each customer has a card with their name, address and phone.', 'customer', ['name', 'address', 'phone']],
    ['To pick teams we need to know the players: name, mobile, date of birth.', 'player', ['name', 'mobile', 'date of birth']],
    ['My spreadsheet has these columns: Plate number | Make | Next inspection. One row per van.', 'van', ['plate number', 'make', 'next inspection']],
    ['1. BINS\nBin number, capacity in bushels.\n\n2. FARMERS\nName, phone.', 'farmer', ['name', 'phone']],
    ['Items: name, kind (loco, coach), maker. Locos also have an address.', 'item', ['name', 'kind', 'maker', 'address']],
    ['Stock item: maker; livery; kind - loco, coach or wagon; year.', 'stock item', ['maker', 'livery', 'kind', 'year']],
  ])('%s', (idea, thing, fields) => {
    expect(read(idea)[thing]).toEqual(fields);
  });

  it.each([
    ['Alpacas have a name. Shearings are noted per alpaca with the date and the weight.', 'shearing', ['>alpaca', 'date', 'weight']],
    [
      'I want to log the water tests for my fish tanks (date, temperature and salinity).',
      'water test',
      ['>fish tank', 'date', 'temperature', 'salinity'],
    ],
    ['Jobs have a price. There are several payments to a job, each with a date and an amount.', 'payment', ['>job', 'date', 'amount']],
    ['Pianos have a make. Every time I go I jot down the date and what I charged.', 'visit', ['>piano', 'date', 'what I charged']],
    ['Films have a title. Jurors give a score from 0 to 10 plus a comment.', 'score', ['>film', '>juror', 'score', 'comment']],
    ['Presses have a name. Jobs have a number of copies. Every job is printed on one of our presses.', 'job', ['number of copies', '>press']],
  ])('and what it has to do with: %s', (idea, thing, fields) => {
    expect(read(idea)[thing]).toEqual(fields);
  });

  it('takes neither what somebody did nor a title for a thing', () => {
    expect(Object.keys(read('Railway Club - wish list for the register\n\n* Members: name, phone\n* Inks I have never used'))).toEqual(['member']);
  });
});
