import { clausePartsOf } from './clause-parts.js';

it.each([
  ['for every customer I jot down the name and the street', 'for every customer', 'I', 'jot down', 'the name and the street'],
  ['shearings are noted per alpaca with the date', '', 'shearings', 'are noted', 'per alpaca with the date'],
  ['each vehicle sent needs a driver', '', 'each vehicle sent', 'needs', 'a driver'],
  ['volunteers sign up for shifts', '', 'volunteers', 'sign up', 'for shifts'],
  ['each guest has to sign a release', '', 'each guest', 'has to sign', 'a release'],
  ['about a family we also know the surname', 'about a family', 'we', 'know', 'the surname'],
])('takes "%s" apart', (text, lead, subject, verb, rest) => {
  const [clause] = clausePartsOf(text);
  expect([clause?.lead ? `${clause.lead.preposition} ${clause.lead.words}` : '', clause?.subject, clause?.verb, clause?.rest]).toEqual([
    lead,
    subject,
    verb,
    rest,
  ]);
});

it('keeps the subject for a second verb', () => {
  const clauses = clausePartsOf('every visit concerns one alpaca and gives a date and the bill');
  expect(clauses.map(({ subject, verb, rest }) => [subject, verb, rest])).toEqual([
    ['every visit', 'concerns', 'one alpaca'],
    ['every visit', 'gives', 'a date and the bill'],
  ]);
});

it('tells what is done from what may be done', () => {
  expect(clausePartsOf('visits are written down').map(({ passive, modal }) => [passive, modal])).toEqual([[true, false]]);
  expect(clausePartsOf('members can book rooms').map(({ passive, modal }) => [passive, modal])).toEqual([[false, true]]);
});

it('finds no clause in a list', () => {
  expect(clausePartsOf('name, street')).toEqual([]);
});
