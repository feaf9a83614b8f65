import nlp from 'compromise';
import { remembered } from './remembered.js';
import { isPlural } from './words.js';

/*
 * The forms of verbs.
 */

/** Whether a word can be what somebody does to something. */
export const isVerb = remembered(
  2_000,
  (word: string): boolean => /^[a-z]+$/i.test(word) && baseOf(word) !== '' && nlp(`they ${baseOf(word)} it`).has('#Pronoun #Verb #Pronoun'),
);

/** `closes`, `closing`, `allocates` -> `close`, `allocate`. */
export const baseOf = (verb: string): string => baseOfLow(verb.toLowerCase());

const baseOfLow = remembered(2_000, (low: string): string => {
  const form =
    nlp(/ing$/.test(low) ? `they are ${low}` : `he ${low}`)
      .verbs()
      .toInfinitive()
      .text()
      .split(' ')
      .at(-1) ?? '';
  return form === '' || form === low ? low.replace(/(?:(?<=(?:ch|sh|ss|x|z))es|(?<=[a-z]{2})s)$/, '') : form;
});

/** `release` -> `released`, `withdraw` -> `withdrawn`. */
export const participlesOf = remembered(1_000, (base: string): readonly string[] => {
  const { PastTense, Participle } = (nlp(`he ${base}`).verbs().conjugate() as { PastTense?: string; Participle?: string }[])[0] ?? {};
  return [PastTense, Participle].flatMap((one) => (one === undefined || one === '' ? [] : [one.replace(/^he /, '')]));
});

/** "Clerks weigh", "the clerk weighs": the verb of a plain sentence goes with who does it. */
export const agrees = (subject: string, words: string): boolean => {
  const verb = /^[a-z]+/i.exec(words)?.[0] ?? '';
  const many = isPlural(subject.toLowerCase()) || /(?: and |&|\+)/.test(subject);
  return (
    /\b(?:staff|board|committee|crew|team|police|council|audit|office|accounts|security|management|reception|helpdesk|desk)$/i.test(subject) ||
    many === (baseOf(verb) === verb.toLowerCase())
  );
};
