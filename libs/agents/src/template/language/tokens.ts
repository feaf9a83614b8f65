import { remembered } from './remembered.js';
import { tagsOf } from './tagger.js';
import { baseOf } from './verbs.js';
import { singular } from './words.js';

/*
 * The words of a statement with their parts of speech. The small words are known by themselves; the others are tagged by the
 * library, which hears the whole statement.
 */

export type PartOfSpeech =
  | 'noun'
  | 'verb'
  | 'modal'
  | 'auxiliary'
  | 'negation'
  | 'adjective'
  | 'adverb'
  | 'determiner'
  | 'pronoun'
  | 'preposition'
  | 'conjunction'
  | 'question'
  | 'figure'
  | 'bound'
  | 'mark';

export interface Token {
  readonly text: string;
  readonly low: string;
  /** Nouns in the singular, verbs without ending. */
  readonly lemma: string;
  readonly part: PartOfSpeech;
  /** Of a verb: `past` also for participles ("lent"), `gerund` for "lending", `present` with or without -s. */
  readonly form: 'past' | 'gerund' | 'present' | null;
  readonly at: number;
  readonly end: number;
}

const CLOSED: readonly (readonly [PartOfSpeech, string])[] = [
  ['modal', "can can't cannot could couldn't may might must mustn't should shouldn't shall will won't would wouldn't"],
  [
    'auxiliary',
    "is isn't are aren't was wasn't were weren't be been being am has hasn't have haven't had hadn't having do don't does doesn't did didn't get gets got gotten",
  ],
  ['negation', 'not never'],
  [
    'determiner',
    'a an the this that these those each every all any some no its their his her our my your another both either neither same such only',
  ],
  [
    'pronoun',
    'i we you he she it they them us me him nobody anyone anybody everyone everybody someone somebody something nothing anything everything one ones none',
  ],
  [
    'preposition',
    'per by for of in on at to from with without than between among within during since over under above below into onto against about as via towards through across near behind beyond past before after until till up off out away down',
  ],
  ['conjunction', 'and but or nor so yet if when whenever unless while where because whether once though although that then'],
  ['question', 'what which who whom whose how why'],
  ['adverb', 'still already yet currently now also always ever just too very really twice once again together so'],
];
const BY_WORD = new Map(CLOSED.flatMap(([part, words]) => words.split(' ').map((word) => [word, part] as const)).reverse());
const LEMMAS: Readonly<Record<string, string>> = {
  is: 'be',
  are: 'be',
  was: 'be',
  were: 'be',
  been: 'be',
  being: 'be',
  am: 'be',
  has: 'have',
  had: 'have',
  having: 'have',
  does: 'do',
  did: 'do',
  gets: 'get',
  got: 'get',
  gotten: 'get',
  cannot: 'can',
  "can't": 'can',
};
const NUMBER =
  /^-?\d[\d.,]*$|^(?:zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|dozen)$/;

/** Words that set a bound, with the way it goes: "no more than" is `at_most`. */
const BOUNDS: readonly (readonly [string, RegExp])[] = [
  [
    'at_most',
    /(?:at (?:the )?most|(?:no|not|never) (?:more|greater|higher|larger|longer|bigger|later|older|heavier) than|up to(?= (?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten|a dozen)\b))|(?:(?:with )?an? )?max(?:imum)?\b\.?(?: (?:number )?of| is)?(?= (?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b))|limited to|<=|≤)/iy,
  ],
  [
    'at_least',
    /(?:at (?:the very )?least|(?:no|not|never) (?:less|fewer|lower|smaller|shorter|earlier|younger) than|(?:an? )?min(?:imum)?\b\.?(?: of| is)?(?= (?:\d|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b))|>=|≥)/iy,
  ],
  [
    'above',
    /(?:(?:more|greater|higher|larger|longer|bigger|later|older|heavier|taller|dearer|further) than|in excess of|(?:over|above)(?= \d)|>(?= ?\d))/iy,
  ],
  ['below', /(?:(?:less|fewer|lower|smaller|shorter|earlier|younger|lighter|cheaper|sooner) than|(?:under|below)(?= \d)|<(?= ?\d))/iy],
  ['exactly', /(?:exactly(?= )|(?:only|just)(?= (?:\d|(?:one|two|three|four|five|six)\b)))/iy],
];

/** A word, a mark or a bound as it stands; only the small words have a part of speech that is known without the others. */
export interface Word extends Pick<Token, 'text' | 'low' | 'at' | 'end'> {
  readonly part: PartOfSpeech | null;
  /** Which way a bound goes. */
  readonly way: string | null;
}

/** The words and marks of a text where the small ones are enough: nothing is tagged. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const hit of text.matchAll(/[A-Za-z][\w'-]*|-?\d[\d.,]*\w*|[^\s\w]/g)) {
    const at = hit.index;
    if (at < (words.at(-1)?.end ?? 0)) continue;
    const bound = boundAt(text, at);
    const word = bound?.words ?? (hit[0].replace(/[.,]$/, '') || hit[0]);
    const low = word.toLowerCase();
    words.push({ text: word, low, part: bound ? 'bound' : smallPartOf(low), way: bound?.way ?? null, at, end: at + word.length });
  }
  return words;
}

/** The words and marks of a text, tagged. */
export const tokensOf = remembered(3_000, (text: string): readonly Token[] => {
  const tagged = tagsOf(text);
  const tokens: Token[] = [];
  for (const { way, part: small, ...word } of wordsOf(text)) {
    const { low } = word;
    const tags = tagged.get(low) ?? new Set<string>();
    const part = small ?? partOf(low, tags, tokens.at(-1));
    const form =
      part === 'verb'
        ? tags.has('Gerund')
          ? 'gerund'
          : tags.has('PastTense') || tags.has('Participle') || /(?:ed|en)$/.test(low)
            ? 'past'
            : 'present'
        : null;
    const lemma =
      way ?? LEMMAS[low] ?? (part === 'verb' ? (/ss$/.test(low) ? low : baseOf(low)) : part === 'noun' ? singular(low) : low.replace(/n't$/, ''));
    tokens.push({ ...word, lemma, part, form });
  }
  return tokens.map((one, at) => (isNameOfThing(tokens, at) ? { ...one, part: 'noun' as const, form: null, lemma: singular(one.low) } : one));
});

/** A word that stands where only a noun can: alone between commas ("couple, contact, fee"), in front of the verb ("finds are washed"), at the end of "every animal". */
function isNameOfThing(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token?.part === 'adjective') return /^(?:an?|each|every)$/.test(before?.low ?? '') && /^(?:pronoun|modal|auxiliary)$/.test(next?.part ?? '');
  if (token?.part !== 'verb' || token.form !== 'present') return false;
  const alone = (before === undefined || before.low === ',') && next?.low === ',';
  const last = before?.low === ',' && next === undefined;
  return alone || last || (before === undefined && /[^s]s$/.test(token.low) && (next?.part === 'auxiliary' || next?.part === 'verb'));
}

function boundAt(text: string, at: number): { way: string; words: string } | undefined {
  if (at > 0 && /\w/.test(text.charAt(at - 1))) return undefined;
  for (const [way, pattern] of BOUNDS) {
    pattern.lastIndex = at;
    const hit = pattern.exec(text);
    if (hit) return { way, words: hit[0] };
  }
  return undefined;
}

const smallPartOf = (low: string): PartOfSpeech | null => (!/\w/.test(low) ? 'mark' : (BY_WORD.get(low) ?? (NUMBER.test(low) ? 'figure' : null)));

function partOf(low: string, tags: ReadonlySet<string>, before: Token | undefined): PartOfSpeech {
  if (/(?:ed|en)$/.test(low) && before?.part === 'auxiliary') return 'verb';
  if (tags.has('Verb') && !(before?.part === 'determiner' && !tags.has('Adjective'))) return 'verb';
  if (tags.has('Adjective')) return 'adjective';
  if (tags.has('Adverb')) return 'adverb';
  return 'noun';
}
