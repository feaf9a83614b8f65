import { composeAnswer, unattended } from './chat.js';

const questions = [
  { question: 'What is noted about each book?', proposal: 'A book has a title.' },
  { question: 'Who may use it?', proposal: 'Nobody needs to sign in.' },
];

it.each([
  ['takes all proposals', ['', ''], 'yes'],
  ['takes all proposals in words', ['yes', 'OK'], 'yes'],
  ['takes single proposals by their number', ['', 'Only people who sign in.'], '1: yes\n2: Only people who sign in.'],
  ['sends what was said, in order', ['A book has an author.', ' no '], '1: A book has an author.\n2: no'],
  ['sends what was said before the chat was ended', ['A book has an author.'], '1: A book has an author.'],
  ['says nothing where nothing was said', [], null],
])('%s', (_, given, expected) => {
  expect(composeAnswer(questions, { given })).toBe(expected);
});

it('passes on free text where nothing was asked', () => {
  expect(composeAnswer([], { given: ['Books have shelves.\nShelves have names.'] })).toBe('Books have shelves.\nShelves have names.');
});

it('numbers no answer to a single question', () => {
  expect(composeAnswer(questions.slice(0, 1), { given: ['A book has an author.'] })).toBe('A book has an author.');
});

describe('where nobody reads the questions', () => {
  const guess = {
    question: 'You wrote: "two each". Is this what you mean?',
    proposal: 'There may be at most 2 loans per member.',
    unsure: true as const,
  };

  it('takes what is usual and leaves guesses', () =>
    expect(composeAnswer([...questions, guess], unattended([...questions, guess]))).toBe('1: yes\n2: yes\n3: skip'));

  it.each([[[guess]], [[]]])('ends the chat where there are only guesses, or nothing', (asked) =>
    expect(unattended(asked)).toEqual({ given: [], end: true }),
  );
});
