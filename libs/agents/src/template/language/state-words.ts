import { lowerWords } from './words.js';

/*
 * Which words can be the state of a record, and how they are written down.
 */

const STATE_WORD =
  /^(?:(?:not )?(?:new|open|done|active|inactive|ready|free|vacant|available|unavailable|out|in|pending|draft|provisional|overdue|late|lost|sold|let|final|live|full|empty|due|complete|incomplete|current|past|missing|broken|good|outstanding|gone|away|alive|dead|valid|invalid|void|in .+|on .+|under .+|at .+|out .+|waiting.*|to do|no[- ]shows?|intake|mature|maturing|sick|dead|retired|in|given .+|picked .+|done|gone|sent|paid|unpaid|lent|kept|left|spent|built|met|cut|put away|refused|\w+(?:ed|en|ght|wn|ld|ing)(?: (?:up|out|off|in|of|back|to [\w ]+|by [\w ]+|for [\w ]+|on [\w ]+|from [\w ]+))?))$/i;
export const NO_STATE =
  /^(?:until|till|than|with|either|never|afterwards|we|i)\b|[<>]|^(?:an?|the|any|some|every|each|my|our|his|her|their|its|two|more|at least|at most|\d)\b|^(?:different|important|urgent|student|department|client|patient|agent|parent|adult|event|equipment|content|present|red|green|unit|cat|recent|frequent|permanent|text)$/i;

/** True for words that can be the state of a record. */
export const isState = (words: string): boolean =>
  words.split(' ').length <= 4 && words.length <= 40 && STATE_WORD.test(words) && !NO_STATE.test(words);

/** A state without what stands around it: `it's reported`, `then the assigned` -> `reported`, `assigned`. */
export const stateWords = (words: string): string =>
  lowerWords(
    words
      .replace(/\([^)]*\)/g, ' ')
      .replace(/["']/g, (mark, at: number) => (/\w/.test(words.charAt(at - 1)) && /\w/.test(words.charAt(at + 1)) ? mark : ''))
      .replace(
        /^(?:(?:it's|it is|is|are|be|being|been|it|they|then|and|or|either|finally|lastly|at last|later|first|to|the|afterwards?|either|becomes?|gets?|goes to|go to|marked(?: as)?|set to|back(?: to)?|also|eventually|ends? (?:up )?(?:as|in))\s+)+/i,
        '',
      )
      .replace(/\s+(?:again|at last|finally|later|afterwards|first|if (?:it|they) .*|when (?:it|they) .*|after .*|once .*)$/i, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
