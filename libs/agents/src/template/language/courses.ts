import { tokensOf } from './tokens.js';
import { NO_STATE, isState, stateWords } from './state-words.js';

/*
 * A course of states as it is drawn or listed: "drying > fired > glazed, or scrapped", "idea -> booked -> done",
 * "packed, out, delivered, in that order". Each group holds the states of which one comes next.
 */

const ARROW = /\s*(?:-+>|→|=>|➔|»)\s*|\s+>+\s+/;
const CUE =
  /^.*\b(?:status(?:es)?|states?|stages?|steps?|goes|go|moves?|from|mark(?:s|ed)?|workflow|progress|life ?cycle|pipeline)\b(?: (?:is|are|from|through|like|so|this|it|them|as))*\s*:?\s*/i;

/** The groups of a course that is drawn with arrows; null where there is none. `names`: what the record itself is called. */
export function drawnCourse(text: string, names: readonly string[]): string[][] | null {
  const dashed = GOES.test(text) && text.split(/ [-–—] /).length > 2 ? text.replace(/ [-–—] /g, ' -> ') : text;
  const [head = '', ...tail] = dashed.split(ARROW);
  const plain = !/-+>|→|=>|➔|»/.test(dashed);
  if (tail.length === 0 || (plain && tail.length < 2 && !CUE.test(head)) || (plain && /\d/.test(text))) return null;
  const named = new RegExp(
    `^.*\\b(?:${names.map((one) => one.replace(/[^\w ]/g, '.')).join('|')})\\b(?: (?:is|are|goes|go|moves?))?\\s+(?=\\S)`,
    'i',
  );
  const first = head.replace(/^.*[:(]\s*/, '');
  const opened = CUE.test(first) && first.replace(CUE, '').trim() !== '' ? first.replace(CUE, '') : first.replace(named, '');
  const groups = [
    opened,
    ...tail.map((one) => one.split(/[.;(]|,? (?:and|but) (?=(?:it|they|only|never|not|once|if|when|a|an|the)\b)/i)[0] ?? ''),
  ].map(alternatives);
  return groups.every((group) => group.length > 0 && group.every((one) => one.split(' ').length <= 4)) ? groups : null;
}

const alternatives = (words: string): string[] =>
  words
    .replace(/\)$/, '')
    .split(/\s*\/\s*|,?\s+or\s+|,\s*/i)
    .map(stateWords)
    .filter((one) => one !== '');

const GOES = /\b(?:goes|go|moves?|status|stages?|states?)\b[^-–—]{0,30}[-–—]/i;

const IN_ORDER =
  /[,;. ]*\b(?:(?:always |strictly |only )?in (?:that|this|exactly this|exactly that) order|one after (?:the other|another)|in turn|no (?:skipping|jumping)(?: ahead)?)\b.*$/i;

/** Whether a statement says that the states stand in their order. */
export const inOrder = (text: string): boolean => IN_ORDER.test(text);

/** The states of "packed, out, delivered, in that order"; null where it lists none. */
export function listedCourse(text: string): string[][] | null {
  if (!inOrder(text)) return null;
  const states = text
    .replace(IN_ORDER, '')
    .replace(/^.*?:\s*/, '')
    .split(/\s*(?:,|\/|\bthen\b|\band\b)\s*/i)
    .map(stateWords)
    .filter((one) => one !== '');
  return states.length > 1 && states.every(soundsLikeState) ? states.map((one) => [one]) : null;
}

/** True for words that can be a state where the sentence says that there is one: also "ashore", "on the frame", "a proposal". */
export function soundsLikeState(words: string): boolean {
  if (isState(words)) return true;
  if (NO_STATE.test(words) || words.split(' ').length > 3 || words.length > 40) return false;
  const tokens = tokensOf(words);
  return (
    /^(?:adjective|adverb|verb|preposition)$/.test(tokens[0]?.part ?? '') &&
    tokens.every((one) => (one.part === 'verb' ? one.form === 'past' : /^(?:adjective|adverb|preposition|determiner|noun)$/.test(one.part)))
  );
}
