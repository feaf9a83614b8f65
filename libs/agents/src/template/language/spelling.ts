import { KINDS } from './lexicon.js';
import { plural } from './words.js';

/*
 * Slips of the pen: a letter left out, doubled or swapped in a word that the rules know. Words that differ in any other
 * way are taken as they are, as they may well be words of the trade.
 */

const FIELD_WORDS =
  'address category quantity description amount number customer e-mail telephone birthday deadline priority location colour ingredient schedule appointment calendar';
const KNOWN: readonly string[] = [...new Set([...KINDS.flatMap((kind) => kind.words), ...FIELD_WORDS.split(' ')])].filter(
  (word) => word.length >= 6 && /^[a-z]+$/.test(word),
);
const RIGHT = new Set(KNOWN.flatMap((word) => [word, plural(word)]));
/** Words of their own that are one letter away from another. */
const OTHER_WORDS = new Set(['patent', 'patents', 'parish', 'parishes', 'costumer', 'costumers', 'adress']);

/** Every form that a word has with one letter left out, one doubled, or two swapped. */
function slipsOf(word: string): string[] {
  const forms: string[] = [];
  for (let at = 1; at < word.length; at += 1) {
    forms.push(word.slice(0, at) + word.slice(at + 1), word.slice(0, at) + word.charAt(at) + word.slice(at));
    if (at + 1 < word.length) forms.push(word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2));
  }
  return forms;
}

/** A slip at the very end is a plural, a form of the word or another word. */
const SLIPS = new Map(
  [...RIGHT].flatMap((word) =>
    slipsOf(word)
      .filter((slip) => !RIGHT.has(slip) && !OTHER_WORDS.has(slip) && slip.at(-1) === word.at(-1))
      .map((slip) => [slip, word] as const),
  ),
);
SLIPS.set('adress', 'address');

/** The text with slips put right in words that are known. */
export const spelled = (text: string): string =>
  text.replace(/\b[a-z]{5,}\b/gi, (word) => {
    const right = SLIPS.get(word.toLowerCase());
    if (right === undefined) return word;
    return /^[A-Z]/.test(word) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
  });
