import { understand } from './understand.js';

const read = (idea: string): Record<string, string[]> =>
  Object.fromEntries(understand(idea).schema.entities.map((one) => [one.label, one.fields.map((field) => field.label)]));

test.each([
  [
    'A workshop has a title. A tutor has a name. A slot is one workshop with one tutor, with a date and a start time.',
    'slot',
    ['workshop', 'tutor', 'date', 'start time'],
  ],
  ['A judge has a name. A dish has a name. One mark from 1 to 10 per judge per dish, with a comment.', 'mark', ['judge', 'dish', 'mark', 'comment']],
  ['Each kiln has a number. When we fire a kiln we write down: kiln, date, temperature.', 'firing', ['kiln', 'date', 'temperature']],
  ['Each tank has a number. Every week we do the topping up: tank, date, litres.', 'topping up', ['tank', 'date', 'litres']],
  ['We have 12 donkeys. For each one I want the name and the year it was born.', 'donkey', ['name']],
  ['TENTS\n- name, number of beds, date bought', 'tent', ['name', 'number of beds', 'date bought']],
  ['There is a waiting list, name, phone and when they asked.', 'waiting list entry', ['name', 'phone']],
  ['Each pony has a name. Medicines held for a pony: name of medicine, dose, expiry date.', 'medicine', ['pony', 'name', 'dose', 'expiry date']],
  ['Every player has a name and a rank, a duel goes from open to played.', 'duel', []],
])('%s', (idea, entity, fields) => {
  expect(read(idea)[entity]).toEqual(expect.arrayContaining([...fields]));
});

test('a field may be empty or unique in many words', () => {
  const { entities } = understand(
    'Each van has a plate that can not repeat, a chassis number (never two equal), a nickname if it has one and a deposit (not everybody pays one).',
  ).schema;
  const of = (label: string) => entities[0]?.fields.find((one) => one.label === label);
  expect([of('plate')?.unique, of('chassis number')?.unique]).toEqual([true, true]);
  expect([of('nickname')?.required, of('deposit')?.required]).toEqual([false, false]);
});
