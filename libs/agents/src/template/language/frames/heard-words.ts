import type { Condition } from '#contracts';
import type { Token } from '../tokens.js';
import { rootOf } from './word-forms.js';

/*
 * The words of a clause while conditions are heard in them: what was understood is marked, so that nothing is heard twice.
 */

/** A condition that words set; the worked-out value that it may need is added to the model when it is taken. */
export interface Said {
  readonly take: () => Condition;
  /** How surely it is meant: 3 by a name of the model, less by what usually happens. */
  readonly sure: number;
}

export const said = (condition: Condition, sure = 3): Said => ({ take: () => condition, sure });

/** The words of a clause; what was understood is marked as used. */
export interface Words {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly used: Set<number>;
}

export const NEGATIONS =
  /^(?:not|never|no|nobody|nothing|none|without|cannot|missing|lacking|yet|lacks?|unless)$|n't$|^(?:havent|hasnt|isnt|arent|wasnt|didnt|dont|doesnt)$/;
const UNDONE = /^(?:awaiting|waiting|needs?|needing|due|pending|still|wants?|to)$/;
export const BREAKS = /^(?:,|;|and|but|who|which)$/;

/** Whether the word at a place is denied: "not yet picked up", "waiting for pick up", "to be paid". */
export function denied({ tokens, used }: Words, at: number): boolean {
  let undone = false;
  for (let back = at - 1; back >= Math.max(0, at - 6); back -= 1) {
    const low = tokens[back]?.low ?? '';
    if (BREAKS.test(low)) return false;
    if (NEGATIONS.test(low)) {
      used.add(back);
      return true;
    }
    if (/^(?:awaiting|waiting|needs?|needing|pending)$/.test(low)) return true;
    if (/^(?:be|get|being|for|been)$/.test(low)) undone = true;
    else if (undone && UNDONE.test(low)) return true;
  }
  return false;
}

/** Where the telling words of a name stand in the text, one after the other; -1 where they do not. */
export function placeOf({ tokens, used }: Words, telling: readonly string[]): { from: number; to: number } | null {
  if (telling.length === 0) return null;
  for (let from = 0; from < tokens.length; from += 1) {
    let next = from;
    let found = 0;
    while (next < tokens.length && found < telling.length) {
      const token = tokens[next];
      if (token && !used.has(next) && rootOf(token.low) === telling[found]) found += 1;
      else if (found === 0 || !/^(?:determiner|auxiliary|preposition|adverb|pronoun)$/.test(token?.part ?? '')) break;
      next += 1;
    }
    if (found === telling.length) return { from, to: next };
  }
  return null;
}

export const use = ({ used }: Words, { from, to }: { from: number; to: number }): void => {
  for (let at = from; at < to; at += 1) used.add(at);
};

export const unprefixed = (low: string): string | null => /^(?:un|in|non-?)(\w{3,})$/.exec(low)?.[1] ?? null;

export const markText = (words: Words, from: number, to: number): void => {
  for (const [at, token] of words.tokens.entries()) if (token.at >= from && token.end <= to) words.used.add(at);
};
