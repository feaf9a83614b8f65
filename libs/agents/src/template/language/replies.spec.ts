import { readReply } from './replies.js';

/** Verdicts as "1 yes", "2 no", "3 words". */
const verdicts = (said: string, count = 3): string[] =>
  (readReply(said, count)?.verdicts ?? []).map(({ question, kind, words }) => `${question + 1} ${kind === 'words' ? words : kind}`);

describe('an answer to several questions', () => {
  it.each([
    ['yes', ['1 yes', '2 yes', '3 yes']],
    ['Sounds good!', ['1 yes', '2 yes', '3 yes']],
    ['no', ['1 no', '2 no', '3 no']],
    ['skip', ['1 skip', '2 skip', '3 skip']],
    ['yes to the first, no to 2', ['1 yes', '2 no']],
    ['yes to 1 and 3, no to the second', ['1 yes', '3 yes', '2 no']],
    ['1 yes, 2 no, 3 skip', ['1 yes', '2 no', '3 skip']],
    ['the first is right, the last is wrong', ['1 yes', '3 no']],
    ['1: yes\n2: no\n3: skip', ['1 yes', '2 no', '3 skip']],
    ['all but the second', ['1 yes', '2 no', '3 yes']],
    ['only the first', ['1 yes', '2 no', '3 no']],
    ['1: yes\n2: no, it is per week', ['1 yes', '2 no, it is per week']],
    ['2. it is four, not three', ['2 it is four, not three']],
    ['yes\nno\nyes', ['1 yes', '2 no', '3 yes']],
  ])('%j', (said, expected) => expect(verdicts(said)).toEqual(expected));

  it.each(['Books have a shelf.', 'We settled it: everybody sees everything', 'rename member to reader', '3 books at most'])(
    'leaves "%s" to be read as a statement',
    (said) => expect(readReply(said, 3)).toBeNull(),
  );

  it('keeps what is said besides', () => {
    expect(readReply('1: no\nBooks also have a shelf.', 2)).toMatchObject({
      verdicts: [{ question: 0, kind: 'no' }],
      rest: 'Books also have a shelf.',
    });
  });

  it('answers nothing where nothing was asked', () => expect(readReply('yes', 0)).toBeNull());
});
