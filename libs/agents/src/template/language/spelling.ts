import { DICTIONARY, KINDS } from './lexicon.js';
import { plural } from './words.js';

/*
 * Slips of the pen: a letter left out, doubled, swapped or wrong in a word that the rules know. What a dictionary knows, and
 * what differs in any other way, is taken as it is: it may well be a word of the trade.
 */

const FIELD_WORDS =
  'address category quantity description amount number customer e-mail telephone birthday deadline priority location colour ingredient schedule appointment calendar attendance delivery supplier instructor common negative nursery address receive different separate necessary reference signature available calculate should which because everything their really maximum minimum library language address address picture invoice license licence business';
const KNOWN: readonly string[] = [...new Set([...KINDS.flatMap((kind) => kind.words), ...FIELD_WORDS.split(' ')])].filter(
  (word) => word.length >= 5 && /^[a-z]+$/.test(word),
);
const RIGHT = new Set(KNOWN.flatMap((word) => [word, plural(word)]));
/** Words of their own that are one letter away from another. */
const OTHER_WORDS = new Set(
  'patent parish costumer tasks costs causes plan plans plane planes boats coach rooms sites rites shots stores tools parks ports parts cares cases caste curse curses horse hours house flower flowers loans'.split(
    ' ',
  ),
);

/** A word as the dictionary would have it: its plural and verb forms are words too. */
const isWord = (word: string): boolean =>
  [
    word,
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/(?:ed|ing)$/, ''),
    word.replace(/(?:ed|ing)$/, 'e'),
    word.replace(/ies$/, 'y'),
  ].some((form) => Object.hasOwn(DICTIONARY, form));

/** Every form that a word has with one letter left out, one doubled, two swapped, or (in a long word) one vowel taken for another. */
function slipsOf(word: string): string[] {
  const forms: string[] = [];
  for (let at = 1; at < word.length; at += 1) {
    forms.push(word.slice(0, at) + word.slice(at + 1), word.slice(0, at) + word.charAt(at) + word.slice(at));
    if (at + 1 < word.length) forms.push(word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2));
    if (word.length >= 7 && /[aeiou]/.test(word.charAt(at))) for (const vowel of 'aeiou') forms.push(word.slice(0, at) + vowel + word.slice(at + 1));
  }
  return forms;
}

/** A slip at the very end is a plural, a form of the word or another word. */
const SLIPS = new Map(
  [...RIGHT].flatMap((word) =>
    slipsOf(word)
      .filter((slip) => slip.length >= 4 && !RIGHT.has(slip) && !OTHER_WORDS.has(slip) && slip.at(-1) === word.at(-1) && !isWord(slip))
      .map((slip) => [slip, word] as const),
  ),
);
for (const [slip, word] of [
  ['adress', 'address'],
  ['wich', 'which'],
  ['attendence', 'attendance'],
] as const)
  SLIPS.set(slip, word);

/** The text with slips put right in words that are known. */
export const spelled = (text: string): string =>
  text.replace(/\b[a-z]{4,}\b/gi, (word) => {
    const right = SLIPS.get(word.toLowerCase());
    if (right === undefined) return word;
    return /^[A-Z]/.test(word) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
  });
