/** English word forms, as far as naming records, fields and addresses needs them. */

const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  child: 'children',
  man: 'men',
  woman: 'women',
  mouse: 'mice',
  foot: 'feet',
  tooth: 'teeth',
  goose: 'geese',
  shelf: 'shelves',
  leaf: 'leaves',
  life: 'lives',
  knife: 'knives',
  wife: 'wives',
  half: 'halves',
  loaf: 'loaves',
  wolf: 'wolves',
  calf: 'calves',
  thief: 'thieves',
  criterion: 'criteria',
  analysis: 'analyses',
  quiz: 'quizzes',
  hero: 'heroes',
  potato: 'potatoes',
  tomato: 'tomatoes',
  bus: 'buses',
  gas: 'gases',
  status: 'statuses',
  bonus: 'bonuses',
  virus: 'viruses',
  campus: 'campuses',
  movie: 'movies',
  cookie: 'cookies',
  zombie: 'zombies',
  pie: 'pies',
  tie: 'ties',
  selfie: 'selfies',
  calorie: 'calories',
  genie: 'genies',
  cache: 'caches',
  axe: 'axes',
  shoe: 'shoes',
  toe: 'toes',
  lens: 'lenses',
  ache: 'aches',
  expertise: 'expertises',
  house: 'houses',
};
const SAME = new Set([
  'equipment',
  'sheep',
  'fish',
  'series',
  'species',
  'software',
  'hardware',
  'furniture',
  'news',
  'information',
  'staff',
  'feedback',
  'aircraft',
  'laundry',
  'jewelry',
]);
const SINGULAR_OF = new Map(Object.entries(IRREGULAR).map(([one, many]) => [many, one]));

const lastWord = (phrase: string, form: (word: string) => string): string => {
  const at = phrase.lastIndexOf(' ') + 1;
  return phrase.slice(0, at) + form(phrase.slice(at));
};

/** `time entry` -> `time entries`; what is plural already stays. */
export const plural = (phrase: string): string => lastWord(phrase, pluralWord);

/** `time entries` -> `time entry`; what is singular already stays. */
export const singular = (phrase: string): string => lastWord(phrase, singularWord);

function pluralWord(word: string): string {
  const low = word.toLowerCase();
  if (SAME.has(low) || SINGULAR_OF.has(low)) return word;
  const irregular = IRREGULAR[low];
  if (irregular) return irregular;
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/i.test(word)) return `${word}es`;
  return `${word}s`;
}

function singularWord(word: string): string {
  const low = word.toLowerCase();
  if (SAME.has(low) || low in IRREGULAR || low.length < 4) return word;
  const irregular = SINGULAR_OF.get(low);
  if (irregular) return irregular;
  if (/[^aeiou]ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|ch|sh|zz)es$/i.test(word)) return word.slice(0, -2);
  if (/(ss|us|is)$/i.test(word) || !/s$/i.test(word)) return word;
  return word.slice(0, -1);
}

/** True where the phrase's last word is a plural: `time entries`, `people`. */
export const isPlural = (phrase: string): boolean => singular(phrase) !== phrase || SAME.has(phrase.split(' ').at(-1) ?? '');

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
