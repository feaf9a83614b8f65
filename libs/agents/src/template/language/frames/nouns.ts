import { isNoThing } from '../sentences.js';
import { tokensOf } from '../tokens.js';
import type { Token } from '../tokens.js';
import { isPlural, singular } from '../words.js';
import { senseOf } from './senses.js';
import type { Sense } from './senses.js';

/*
 * The noun phrases of some words, wherever they stand.
 */

export interface NounIn {
  /** Without determiner, as written, in lower case. */
  readonly noun: string;
  readonly one: string;
  readonly sense: Sense | null;
  readonly plural: boolean;
  /** The word before it: `each`, `a`, `two`; empty where there is none. */
  readonly determiner: string;
  /** The word before that: a preposition, a verb. */
  readonly before: Token | null;
  readonly at: number;
  readonly end: number;
}

const ORDER = /^(?:track|keep|manage|record|list|store|log|show|plan|organi[sz]e|collect|register|note|count|need|want)$/;

/** A word that the tagger takes for a verb is a noun after an article, and before the end of a phrase. */
function isNounAt(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  const before = tokens[at - 1];
  if (!token || (at === 0 && ORDER.test(token.low) && /^(?:noun|adjective|determiner)$/.test(tokens[1]?.part ?? ''))) return false;
  if (token.part === 'noun') return true;
  if (token.part !== 'verb') return false;
  if (before?.part === 'conjunction' && /^(?:of|with|for|by)$/.test(tokens[at + 1]?.low ?? '')) return senseOf(token.low) === 'happening';
  if (before === undefined || /^(?:determiner|figure|adjective)$/.test(before.part)) return senseOf(token.low) !== null || token.form === 'gerund';
  return before.part === 'noun' && token.form === 'gerund' && tokens[at + 1]?.part !== 'determiner';
}

/** The noun phrases of a text, in their order. */
export function nounsIn(text: string): NounIn[] {
  const tokens = tokensOf(text);
  const found: NounIn[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    let end = at;
    while (end < tokens.length && (isNounAt(tokens, end) || isModifier(tokens, end, at))) end += 1;
    if (end === at) continue;
    const first = tokens[at];
    const last = tokens[end - 1];
    if (first && last && last.part !== 'adjective') {
      const noun = text.slice(first.at, last.end).toLowerCase();
      const [before, further] = [tokens[at - 1], tokens[at - 2]];
      const determined = before?.part === 'determiner' || before?.part === 'figure';
      found.push({
        noun,
        one: singular(noun),
        sense: senseOf(noun),
        plural: isPlural(noun),
        determiner: determined ? before.low : '',
        before: (determined ? further : before) ?? null,
        at: first.at,
        end: last.end,
      });
    }
    at = end;
  }
  return found.filter(
    ({ noun, at }) =>
      /^[a-z][a-z' -]*$/.test(noun) &&
      !/^(?:i|it|there|that|who|what|he|she|we|they|let)'/.test(noun) &&
      !/ (?:it|i|there|that)'/.test(noun) &&
      !isName(text, at) &&
      !isNoThing(noun) &&
      noun.split(' ').length <= 3,
  );
}

/** "Maureen" in the middle of a sentence is a name. */
const isName = (text: string, at: number): boolean =>
  at > 0 && /^[A-Z][a-z]/.test(text.slice(at)) && !/[.:!?("] ?$/.test(text.slice(0, at)) && /[a-z]{3}/.test(text.slice(0, at));

const VAGUE =
  /^(?:several|many|various|different|multiple|few|same|new|old|big|small|own|whole|other|next|last|first|little|local|single|different|certain|good|bad|main|current)$/;

const isModifier = (tokens: readonly Token[], at: number, from: number): boolean => {
  const token = tokens[at];
  if (!token || !isNounAt(tokens, at + 1) || (at === from && VAGUE.test(token.low))) return false;
  return token.part === 'adjective' || (token.part === 'verb' && token.form !== 'present' && tokens[at - 1]?.part === 'determiner');
};
