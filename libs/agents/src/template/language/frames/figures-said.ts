import type { Rule } from '#contracts';
import { FIGURE, figureOf } from '../figures.js';
import { tokensOf } from '../tokens.js';
import type { Force } from './ingredients.js';

/*
 * The figures of a clause, each with the bound that it is: "no more than 3", "3 at most", "3 is the limit", "a maximum of 3",
 * "never over 3", "1-10", "between 1 and 10".
 */

type Operator = Extract<Rule, { kind: 'compare' }>['operator'];

export interface Figure {
  readonly value: number;
  readonly at: number;
  readonly end: number;
  /** Which way it bounds, once what forbids it is taken in; null for a figure that bounds nothing by itself. */
  readonly way: Operator | null;
}

const BEFORE: readonly (readonly [RegExp, Operator])[] = [
  [
    /(?:at (?:the )?(?:very )?most|up to|max(?:imum|\.)?(?: (?:is|of|number(?: of)?))*|limit(?:ed)?(?: (?:is|of|to))*|a cap of|capped at|only|just|no more than|not more than|<=|≤|a total of|as many as)\s*:?\s*$/i,
    'at_most',
  ],
  [
    /(?:at (?:the )?(?:very )?least|min(?:imum|\.)?(?: (?:is|of|number(?: of)?))*|no (?:less|fewer) than|not (?:less|fewer) than|>=|≥|as few as)\s*:?\s*$/i,
    'at_least',
  ],
  [
    /(?:more|greater|higher|larger|longer|bigger|heavier|older|taller|further|dearer|over|above|exceed(?:s|ing)?|beyond|past)(?: than)?\s*$|>\s*$/i,
    'above',
  ],
  [/(?:less|fewer|lower|smaller|shorter|lighter|younger|cheaper|under|below)(?: than)?\s*$|<\s*$/i, 'below'],
];
const BEHIND: readonly (readonly [RegExp, Operator])[] = [
  [
    /^(?: [\w'-]+){0,4}? (?:at (?:the )?(?:very )?most|max(?:imum|\.)?|tops|or (?:fewer|less|under|below)|and no more|is (?:the|our|my|their|its) (?:limit|max(?:imum)?|most|cap|ceiling)|is (?:all|as (?:many|much) as|what)|(?:is|are) (?:enough|all))\b/i,
    'at_most',
  ],
  [
    /^(?: [\w'-]+){0,4}? (?:at (?:the )?(?:very )?least|min(?:imum|\.)?|or (?:more|over|above|older)|and (?:up|over)|is the min(?:imum)?)\b/i,
    'at_least',
  ],
];
const TURNED: Readonly<Record<Operator, Operator>> = { above: 'at_most', below: 'at_least', at_least: 'below', at_most: 'above' };
const ZERO = '(?:zero|0|nought|naught|nothing|nil|none)';
const NEGATIVE = new RegExp(
  `\\b(?:negative|(?:in|into|go(?:es)?) minus|(?:below|under|(?:less|lower|smaller|fewer) than|past|beyond) ${ZERO})\\b`,
  'i',
);

/** What a number may not be: negative. */
export const saysNegative = (text: string): boolean => NEGATIVE.test(text) || /\b(?:non-?negative|run (?:us )?into the red|in the red)\b/i.test(text);

/** The figures of a clause with what they bound. */
export function figuresSaid(text: string, force: Force | null): Figure[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.,-])${FIGURE}(?![\\w]|[.,]\\d)(?!\\s?%)`, 'gi'))].map((hit) => {
    const end = hit.index + hit[0].length;
    const [before, behind] = [text.slice(0, hit.index), text.slice(end)];
    const set =
      BEFORE.find(([pattern]) => pattern.test(before))?.[1] ?? BEHIND.find(([pattern]) => pattern.test(behind.split(/[,;]/)[0] ?? ''))?.[1] ?? null;
    const own = /\b(?:no|not|never)(?: \w+)?\s*$/i.test(before.replace(/(?:more|less|fewer|over|under|above|below)[\w ]*$/i, ''));
    const way = set !== null && (force === 'never' || own) && (set === 'above' || set === 'below') ? TURNED[set] : set;
    return { value: figureOf(hit[0]), at: hit.index, end, way };
  });
}

/** "1-10", "between 1 and 10", "from 0 to 24": the least and the most; null where the clause has no such range. */
export function rangeSaid(text: string): { readonly from: number; readonly to: number; readonly at: number } | null {
  const hit =
    new RegExp(`\\b(?:between|from) ${FIGURE} (?:and|to) ${FIGURE}\\b`, 'i').exec(text) ??
    /(?<![\w/.-])(\d{1,4})\s?(?:-|–|to)\s?(\d{1,4})(?![\w/-]|\.\d)/.exec(text);
  if (!hit) return null;
  const [from, to] = [figureOf(hit[1] ?? ''), figureOf(hit[2] ?? '')];
  return from < to ? { from, to, at: hit.index } : null;
}

/** The noun phrase right behind a figure: "3 things" of "at most 3 things to one event". */
export function countedWords(text: string, figure: Figure): string {
  const words: string[] = [];
  for (const token of tokensOf(text).filter((one) => one.at >= figure.end)) {
    if (!/^(?:noun|adjective|adverb|verb)$/.test(token.part) || (token.part === 'verb' && words.length > 0)) break;
    words.push(token.text);
  }
  return words.join(' ');
}
