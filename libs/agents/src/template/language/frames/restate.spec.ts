import { newDraft } from '../draft.js';
import { understand } from '../understand.js';
import { restated } from './restate.js';
import { senseOf } from './senses.js';

const read = (text: string, focus: string | null = null): [string | null, string][] =>
  restated(newDraft(), text, focus).map(({ noun, list }) => [noun, list]);

describe('an enumeration, whatever opens it', () => {
  test.each([
    ['When I open a hive I scribble on the lid: the date, temper, whether I saw the queen', 'hive'],
    ['Catches get reported by permit holders: species, weight, length, date', 'catches'],
    ['the following should be noted of each photograph - title, photographer, technique', 'photograph'],
    ['For every practice there is the collection of documents: what document, when it arrived, until when it is valid', 'documents'],
    ['the name, the address and the phone of each member', 'member'],
    ['Register of fishing permits: holder, address, type (day/week), fee', 'fishing permits'],
  ])('%s', (text, noun) => {
    expect(read(text)[0]?.[0]).toBe(noun);
  });

  test('names no thing: it is of what the text is about', () => {
    expect(read('Name, breed, sex, date of birth if known, what they eat', 'pets')[0]?.[0]).toBe('pets');
  });

  test.each([
    'An order is new, baking, ready or picked up',
    'I want to see what each client owes and the total per month',
    'We are two sisters and a dog',
  ])('is not in: %s', (text) => {
    expect(read(text)).toEqual([]);
  });

  test('a thing described inside it is a thing of its own', () => {
    expect(read("A clock comes in with a ticket number, the owner (name & phone), the maker and what's wrong").map(([noun]) => noun)).toEqual([
      'clock',
      'owner',
    ]);
  });
});

describe('what a text is about', () => {
  const fieldsOf = (idea: string, list: string): string[] =>
    understand(idea)
      .schema.entities.find((one) => one.name === list)
      ?.fields.map((field) => field.label) ?? [];

  test('is the heading above, in one line or in its own', () => {
    expect(fieldsOf('OWNERS. First name, surname, mobile, email.\nBOATS. Belongs to an owner. Name, length, mooring.', 'boat')).toEqual(
      expect.arrayContaining(['name', 'length', 'mooring']),
    );
  });
});

test('what stands alone is tied to the list that the text speaks of with it', () => {
  const { entities } = understand('Members: name, phone.\nShifts: date, start, end. No more than 3 shifts per member.').schema;
  expect(entities.find((one) => one.name === 'shift')?.fields.map((field) => field.target)).toContain('member');
});

test.each([
  ['ringer', 'person'],
  ['visit', 'happening'],
  ['kiln', 'thing'],
  ['weight', 'attribute'],
])('a %s is a %s', (noun, sense) => {
  expect(senseOf(noun)).toBe(sense);
});
