import nlp from 'compromise';
import { remembered } from './remembered.js';

/** English word forms, as far as naming records, fields and addresses needs them. */

interface Inflection {
  toSingular(word: string, model: unknown): string;
  toPlural(word: string, model: unknown): string;
}
const model = (nlp as unknown as { model(): unknown }).model();
const inflection = (nlp as unknown as { methods(): { two: { transform: { noun: Inflection } } } }).methods().two.transform.noun;

/** Forms that the library gets wrong, or that this app means in another sense. */
const IRREGULAR: Readonly<Record<string, string>> = {
  lens: 'lenses',
  gas: 'gases',
  bus: 'buses',
  cache: 'caches',
  axe: 'axes',
  ache: 'aches',
  glass: 'glasses',
  quiz: 'quizzes',
  roof: 'roofs',
  plus: 'pluses',
  shoe: 'shoes',
  toe: 'toes',
  canoe: 'canoes',
  base: 'bases',
  die: 'dies',
  ski: 'skis',
  menu: 'menus',
  guru: 'gurus',
  man: 'men',
  woman: 'women',
  life: 'lives',
  expertise: 'expertises',
  taxi: 'taxis',
};
const SAME = new Set(
  'equipment sheep fish series species software hardware furniture news information staff feedback aircraft laundry jewelry data media music livestock poultry clothes premises headquarters crossroads'.split(
    ' ',
  ),
);
const SINGULAR_OF = new Map(Object.entries(IRREGULAR).map(([one, many]) => [many, one]));

const lastWord = (phrase: string, form: (word: string) => string): string => {
  const at = phrase.lastIndexOf(' ') + 1;
  return phrase.slice(0, at) + form(phrase.slice(at));
};

/** `time entry` -> `time entries`; what is plural already stays. */
export const plural = (phrase: string): string => lastWord(phrase, pluralWord);

/** `time entries` -> `time entry`; what is singular already stays. */
export const singular = (phrase: string): string => lastWord(phrase, singularWord);

/** Abbreviations such as SKU, and what is no word, take a plain s. */
const isOrdinary = (word: string): boolean => /^[A-Z]?[a-z]+$/.test(word);

const like = (word: string, form: string): string => (/^[A-Z]/.test(word) ? capital(form) : form);

const pluralWord = remembered(5_000, (word: string): string => {
  const low = word.toLowerCase();
  if (SAME.has(low) || SINGULAR_OF.has(low)) return word;
  const irregular = IRREGULAR[low];
  if (irregular) return irregular;
  if (!isOrdinary(word)) return /[A-Z0-9]s$/.test(word) ? word : /s$/.test(word) ? `${word}es` : `${word}s`;
  if (singularWord(word) !== word) return word;
  return like(word, inflection.toPlural(low, model));
});

const singularWord = remembered(10_000, (word: string): string => {
  const low = word.toLowerCase();
  if (SAME.has(low) || low in IRREGULAR) return word;
  const irregular = SINGULAR_OF.get(low);
  if (irregular) return irregular;
  if (low.length < 4) return word;
  if (/(ss|us|is)$/.test(low)) return word;
  if (!isOrdinary(word)) return word.replace(/(?<=[A-Za-z0-9])s$/, '');
  if (/..men$/.test(low) && !/(?:speci|regi|acu|abdo|sta|o|ra|hy)men$/.test(low)) return like(word, low.replace(/men$/, 'man'));
  const one = inflection.toSingular(low, model);
  if (/a$/.test(low) && !/^(?:criteria|phenomena|bacteria|curricula|memoranda)$/.test(low)) return word;
  return like(word, one !== low && inflection.toPlural(one, model) !== low && !/s$/.test(low) ? low : one);
});

/** True where the phrase's last word is a plural: `time entries`, `people`. */
export const isPlural = (phrase: string): boolean => singular(phrase) !== phrase || SAME.has(phrase.slice(phrase.lastIndexOf(' ') + 1).toLowerCase());

export const snake = (phrase: string): string => {
  const name = phrase
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(name) ? name : `the_${name}`).slice(0, 60).replace(/_+$/, '');
};

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const article = (phrase: string): string => {
  const spelled = /^[A-Z]{2}/.test(phrase);
  const vowel = spelled ? /^[AEFHILMNORSX]/.test(phrase) : /^([aeiou]|hour|honou?r|heir)/i.test(phrase) && !/^(uni|use|usa|euro|one\b)/i.test(phrase);
  return `${vowel ? 'an' : 'a'} ${phrase}`;
};

/** `fill` -> `filling`. */
export const gerund = remembered(1_000, (verb: string): string => {
  const form = (nlp(verb).tag('Verb') as unknown as { verbs(): { toGerund(): { text(): string } } }).verbs().toGerund().text();
  return /(\w+ing)$/.exec(form)?.[1] ?? `${verb.replace(/e$/, '')}ing`;
});

/** `[a, b, c]` -> `a, b and c`. */
export const listed = (items: readonly string[], word = 'and'): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1) ?? ''}`;

/** Splits `a, b (x, y) and c` at commas and at the word and, outside parentheses and quotation marks. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  const cut = (to: number, next: number): void => {
    parts.push(text.slice(from, to));
    from = next;
  };
  for (let at = 0; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here === '"') quoted = !quoted;
    if (here === '(') depth += 1;
    if (here === ')') depth -= 1;
    if (depth > 0 || quoted) continue;
    if (here === ',' || here === ';') cut(at, at + 1);
    const word = /^\s(and|&|plus|as well as)\s+/i.exec(text.slice(at));
    if (word) cut(at, at + word[0].length);
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim().replace(/^(and|plus|also)\s+/i, '')).filter((part) => part !== '');
}

/** Lower case, except for abbreviations such as ISBN. */
export const lowerWords = (phrase: string): string =>
  phrase
    .split(' ')
    .map((word) => (/^(?:I|[A-Z0-9][A-Z0-9-]+s?)$/.test(word) ? word : word.toLowerCase()))
    .join(' ');

/** Words as a regular expression that means just these. */
export const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
