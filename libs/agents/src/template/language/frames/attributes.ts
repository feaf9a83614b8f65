import { findEntity, meantEntity } from '../draft.js';
import type { Draft } from '../draft.js';
import { soundsLikeField } from '../field-words.js';
import { OPTIONAL, UNIQUE } from '../item-rules.js';
import { readFieldItem } from '../items.js';
import { splitItems } from '../split-items.js';
import { isPlural } from '../words.js';
import { tokensOf, wordsOf } from '../tokens.js';
import { nounsIn } from './nouns.js';
import { senseOf } from './senses.js';

/*
 * The items of an enumeration: whether they are what is noted of something, and in which words a list of fields has them.
 */

export type Grade = 'sure' | 'fair' | 'no';

const QUESTION =
  /^(?:(?:by|from|to|for|with|on|in|at|of|since|until|till) )?(?:who|whom|whose|what|what's|who's|when|where|which|how|whether|why)\b|^(?:if|did|was|is|are|were|does|has) (?:it|they|he|she|we|i|there|the|that|one)\b|^(?:any|anything) (?!other|else)[a-z]/i;
const OPENING =
  /^(?:(?:and|also|plus|then|of course|obviously|maybe|perhaps|possibly|sometimes|ideally|usually|roughly|at least|even|just|or|as well as) )+/i;
const NEVER =
  /^(?:(?:about |around |roughly |some |over |only |at least |at most |more than |up to )?(?:\d[\d,.]*(?!-)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundreds?|dozens?|several|many|most|half|none)\b|more than|the same$|no |not |for each|for every|(?:is|are|was|has|have) (?!it\b|they\b|he\b|she\b|there\b)|(?:an? |the )?(?:list|register|record|log|bunch|lot) of |["£$€])|^(?:so|because|but|then|that'?s|this|these|it|they|we|i|you|he|she|there|nobody|everybody|everyone|no one|please|thanks|only|never|always|when|if|for|of|in|on|at)$|^(?:so|because|but|that's|we|i|you|they|he|she|it|there|nobody|everybody|everyone|please|never|show|let|make sure|send|print|export|search|sort|filter)\b/i;
/** What is asked of all records together is no field of one. */
const RESULT =
  /\b(?:per|each|every|by|this|next|last|for the|a|the) (?:[a-z]+ )?(?:day|week|month|year|season|term|quarter)s?\b(?! (?:of|it|they|he|she))|\bper [a-z]+$|\b(?:the (?:most|least|best|worst)|most often|soonest|oldest|(?:next|last|past) \d+|today|tomorrow|overdue|so far|in total|altogether|at (?:a|one) glance|for me|to me|owes?|owed|outstanding|left to pay|right now)\b|\beach [a-z]+'s\b/i;
/** Half of a sentence: somebody does something. */
const TALKING =
  /\b(?:i|us|me|we|you|they|he|she|it|everyone|everybody|nobody|someone|somebody|people|must|should|would|cannot|can't|mustn't|will|won't|don't|doesn't|let)\b/i;

/** How sure it is that some words of an enumeration say what is noted. */
export function gradeOf(draft: Draft, written: string): Grade {
  const text = written
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(OPENING, '')
    .trim();
  if (text === '' || NEVER.test(text)) return 'no';
  const words = text.split(' ').length;
  if (
    RESULT.test(text) &&
    !/^(?:the |an? )?(?:price|cost|rate|fee|pay|wage|rent|charge|hours|number|day|night|evening|time|what it costs|how much)\b/i.test(text)
  )
    return 'no';
  if (QUESTION.test(text)) return words <= 10 ? 'sure' : words <= 15 ? 'fair' : 'no';
  const ruled = withoutClause(text.replace(OPTIONAL, ' ').replace(UNIQUE, ' ').trim());
  const [, head = '', clause = ''] = /^(.+?) (?:that|which|who|when|where|it|they|we|he|she|i|you)\b(.*)$/i.exec(ruled) ?? [];
  const noted = senseOf(head.replace(/^(?:an?|the|its|their|our) /i, '')) === 'attribute';
  if (head !== '' && (noted || nounsIn(head).length === 1) && words <= 10) return noted || clause.length < 25 ? 'sure' : 'fair';
  if (TALKING.test(ruled) || words > 8) return 'no';
  const all = wordsOf(ruled);
  if (all.some(({ part, low }) => part === 'modal' || /^(?:is|are|was|were|am|has|have|do|does)$/.test(low))) return 'no';
  const [, second] = all;
  if (second && (second.part === 'determiner' || second.part === 'pronoun' || second.low === 'to')) {
    const [first] = tokensOf(ruled);
    if (first?.part === 'verb' && first.form !== 'past') return 'no';
  }
  const several = /^(?:the |our |my |all )?([a-z]+(?: [a-z]+)?s)(?: (?:with|in|to|for|of) .*)?$/i.exec(ruled)?.[1];
  if (several !== undefined && isPlural(several) && !soundsLikeField(several) && senseOf(several) !== 'attribute')
    return / with /.test(ruled) ? 'no' : 'fair';
  if (written.includes('(') && words <= 4 && nounsIn(ruled).length === 1) return /[£$€]/.test(written) ? 'fair' : 'sure';
  const label = readFieldItem(written)?.label;
  if (label === undefined) return 'no';
  const sure =
    /\((?![^)]*[£$€\d])/.test(written) ||
    ruled !== text ||
    soundsLikeField(label) ||
    senseOf(label) === 'attribute' ||
    findEntity(draft, label) ||
    meantEntity(draft, label);
  return sure ? 'sure' : words <= 5 ? 'fair' : 'no';
}

/** "the number of someone else if we cannot raise them": what is noted, without when. */
const withoutClause = (text: string): string => text.replace(/^((?:\S+ ){1,5}?)(?:if|when|unless|because|in case|so that) .*$/i, '$1').trim();

/** What stands in an enumeration, from its first good item on, and how good it is as a list of fields. */
export interface Listed {
  readonly items: readonly string[];
  readonly sure: number;
}

/** The items up to the first that is none; a single bad one among many is left out. */
export function listedIn(draft: Draft, list: string): Listed {
  const items: string[] = [];
  let sure = 0;
  const all = splitItems(list);
  for (const [at, whole] of all.entries()) {
    const mark = whole.replace(/\([^)]*\)/g, (inside) => '_'.repeat(inside.length)).search(/:\s|\s[-–—=]\s/);
    const item = mark > 0 ? whole.slice(0, mark) : whole;
    const opensAnother = mark > 0 && nounsIn(item).some((one) => one.sense !== 'attribute');
    const graded = opensAnother ? 'no' : gradeOf(draft, item);
    const grade = graded === 'no' && sure > 0 && isBetween(draft, item, all.slice(at + 1)) ? 'fair' : graded;
    if (grade === 'no') break;
    items.push(item.replace(OPENING, ''));
    if (grade === 'sure') sure += 1;
    if (mark > 0) break;
  }
  return { items, sure };
}

/** A short thing that no rule knows ("m³", "ship to") is a field where the enumeration goes on behind it. */
const isBetween = (draft: Draft, item: string, rest: readonly string[]): boolean =>
  item.split(' ').length <= 3 &&
  !TALKING.test(item) &&
  !/^(?:and|but|so|then|not|no) /i.test(item) &&
  readFieldItem(item) !== null &&
  rest.slice(0, 2).some((one) => !/[:=]/.test(one) && gradeOf(draft, one) === 'sure');

const UNLIKELY =
  /^(?:should|must|did|does|do|can|could|would|will|twice|once|since|then|not|also|again|valid|so|many|much|too|else|me|us|me see|see just)$|\b(?:everyone|everybody|somebody|someone|nobody|must|should|not|never|cannot)\b|^(?:to|minus|less|allowed|they|we|i) [a-z]+|^[a-z]+s (?:come|go|get|happen|arrive)\b|^(?:can|may|must|should|will|could|would|mostly|usually|often|normally|roughly) [a-z0-9]|^(?:on|in|at) an? |\bone before\b|\b(?:gets?|has|have|needs?) one$|\b(?:and|or|of|the|help us)$|^(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|and|heaven) [a-z]/i;
const HALF_A_SENTENCE =
  /^(?!who|what|when|where|how|whether|which|why).*\b(?:i|we|they|you|he|she|it|people|who|which|me|us|(?:they|we|i|it|he|she|you)'[a-z]+)\b/i;

/** True for words that no field is called by: half of a sentence, or a small word alone. */
export const isUnlikely = (label: string | undefined): boolean => label !== undefined && (UNLIKELY.test(label) || HALF_A_SENTENCE.test(label));

/** True where most of a list can be no fields: "launches, on a tablet, and can correct that day's". */
export const isMostlyUnlikely = (list: string): boolean => {
  const labels = splitItems(list).map((item) => readFieldItem(item)?.label);
  return labels.length > 1 && labels.filter((label) => label === undefined || isUnlikely(label)).length * 2 > labels.length;
};

/** True for words that no list of records is called by: a pronoun, a verb, half of a sentence. */
export const isUnlikelyName = (label: string): boolean =>
  /^(?:same|other|different|another|both|two|three|several|i|me|we|us|you|it|they|go|going|everybody|everyone|nobody|somebody|against|for|of|with|without|from|by|after|before|because|if|when) ?\b|\b(?:and|or|me|us|them|it|i)$|\band [a-z]+$|['’]s?$/i.test(
    label,
  );
