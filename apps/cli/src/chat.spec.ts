import { composeAnswer } from './chat.js';

const questions = [
  { question: 'What is noted about each book?', proposal: 'A book has a title.' },
  { question: 'Who may use it?', proposal: 'Nobody needs to sign in.' },
];

it.each([
  ['takes all proposals', ['', ''], 'yes'],
  ['takes all proposals in words', ['yes', 'OK'], 'yes'],
  ['fills in the proposals that were taken', ['', 'Only people who sign in.'], 'A book has a title.\nOnly people who sign in.'],
  ['sends what was said, in order', ['A book has an author.', ' no '], 'A book has an author.\nno'],
  ['sends what was said before the chat was ended', ['A book has an author.'], 'A book has an author.'],
  ['says nothing where nothing was said', [], null],
])('%s', (_, given, expected) => {
  expect(composeAnswer(questions, { given })).toBe(expected);
});

it('passes on free text where nothing was asked', () => {
  expect(composeAnswer([], { given: ['Books have shelves.\nShelves have names.'] })).toBe('Books have shelves.\nShelves have names.');
});
