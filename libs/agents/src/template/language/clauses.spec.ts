import { parseClauses } from './clauses.js';

const told = (text: string): string[] =>
  parseClauses(text).map(({ subject, verb, object, modifiers, conditions }) =>
    [
      subject ? `${subject.quantifier ? `${subject.quantifier} ` : ''}${subject.text}` : '-',
      verb ? `${verb.negated ? 'not ' : ''}${verb.modal ? `${verb.modal} ` : ''}${verb.lemma}${verb.passive ? ' (passive)' : ''}` : '-',
      object ? `${object.bound ? `${object.bound.way} ${String(object.bound.figure)} ` : ''}${object.text}` : '-',
      ...modifiers.map(
        (one) => `${one.preposition} ${one.phrase.bound ? `${one.phrase.bound.way} ${String(one.phrase.bound.figure)} ` : ''}${one.phrase.text}`,
      ),
      ...conditions.map((one) => `[${one.marker}: ${one.text}]`),
    ].join(' | '),
  );

describe('clauses', () => {
  it.each([
    ['A student carries at most 3 active cases', ['student | carry | at_most 3 active cases']],
    ['no more than three dogs per walker per day', ['- | - | at_most 3 dogs | per walker | per day']],
    ["Can't use a horse in more than 3 lessons a day", ['- | not can use | horse | in above 3 lessons | per day']],
    ['no driver should be given more than three funerals in a day', ['no driver | not should give (passive) | above 3 funerals | in day']],
    ["No animal gets adopted if it isn't fixed", ["no animal | not adopt (passive) | - | [if: it isn't fixed]"]],
    ['when it is rejected the clerk must say why', ['clerk | must say | why | [when: it is rejected]']],
    ['once signed off it cannot be changed', ['it | not can change (passive) | - | [once: signed off]']],
    ["temp reached can't be over the kiln's max temp", ["temp reached | not can be | - | over kiln's max temp"]],
  ])('"%s"', (text, clauses) => {
    expect(told(text)).toEqual(clauses);
  });

  it('gives a coordinated verb its own clause', () => {
    expect(told('A resting horse can come back to sound, and a sound one can go to resting')).toEqual([
      'resting horse | can come | - | to sound',
      'sound one | can go | - | to resting',
    ]);
  });
});
