import type { Entity, RecordValue } from '#contracts';
import type { Draft } from '../draft.js';
import { queriesIn } from '../queries.js';
import type { Query } from '../queries.js';
import { readBalance, readShare } from '../read-balances.js';
import type { Asked } from './asking.js';
import { readListWish } from './list-frame.js';
import { putAll, putTotal } from '../totals.js';
import { readFormula } from './formula-frame.js';
import { readSpan } from './span-frame.js';
import { readTotalWish } from './total-frame.js';

/*
 * What somebody wants to see, read by its ingredients: an operation, an amount or a countable thing, a group, conditions, a
 * stretch of days, an order. Each is filled from whatever the words hold, in any order; the model fills what they leave open.
 */

/** A wish with what stood in parentheses behind it, or after "meaning". */
export interface Wish extends Query {
  readonly gloss: string;
  /** True where one figure over all is asked for besides: "per event and altogether". */
  readonly altogether: boolean;
}

const ALTOGETHER = /,?\s*\b(?:and |plus )?(?:altogether|all together|in total|in all|all told|overall|over all|as a whole|in sum)\b/i;
/** Why something is wanted, behind what is: "so I can order", "because they ask", "for the tax". */
const REASON =
  /,?\s+\b(?:so (?:that )?(?=(?:i|we|they|he|she|it|you|the)\b)|because\b|since (?=(?:i|we|they|he|she|it|the)\b)|in case\b|which (?=(?:my|i|we)\b)|as (?=(?:i|we|they)\b)|would be\b|if (?:possible|that's)|please\b|as an? (?:chart|bar chart|graph|csv|table|list|pdf)|for the (?:tax\w*|accountant|treasurer|committee|council|boss|office|invoices|inspector|governors|trustees)\b)[^,]*/gi;
/** "Hall-wise revenue", "revenue hall-wise": for each hall. */
const WISE = /\b(\w+)-wise ((?:(?!and\b|or\b)[a-z]+ ?){0,4})/gi;
const MEANING = /,?\s*\b(?:meaning|that is|i\.e\.|ie|in other words|which means)\b:?,?\s+(.*)$/i;

/** The wishes of a statement, each with its own gloss. */
export function wishesIn(text: string): Wish[] {
  const glosses = [...text.matchAll(/([\w']+)\s*\(([^()]*)\)/g)].map((hit) => ({ behind: (hit[1] ?? '').toLowerCase(), words: hit[2] ?? '' }));
  const meant = MEANING.exec(text.replace(/\([^)]*\)/g, ' '));
  const bare = (meant ? text.replace(MEANING, '') : text).replace(WISE, '$2 per $1');
  const { queries } = queriesIn(bare.replace(REASON, ' ').replace(ALTOGETHER, (said) => (/\band\b/.test(said) ? ' altogether' : said)));
  const wishes = queries.map((query, at): Wish => {
    const own = glosses
      .filter(({ behind }) =>
        query.text
          .toLowerCase()
          .split(/[^\w']+/)
          .includes(behind),
      )
      .map(({ words }) => words);
    const gloss = [...own, ...(meant && at === queries.length - 1 ? [meant[1] ?? ''] : [])].join(', ');
    return { ...query, gloss, altogether: ALTOGETHER.test(query.text), head: query.head.replace(ALTOGETHER, ' ').trim() };
  });
  return wishes.map((wish, at) => (isBare(wish) && at > 0 ? withSubject(wish, wishes[at - 1]) : wish));
}

/** "who owes money, and how much altogether": how much of what, stands before it. */
const isBare = ({ head, groups, operation }: Wish): boolean =>
  operation !== null && operation !== 'list' && /^(?:(?:it|they|that|is|are|was|there|of|them|in|all)\s*)*$/i.test(head) && groups.length === 0;

const withSubject = (wish: Wish, before: Wish | undefined): Wish =>
  before ? { ...wish, head: before.head.replace(/^(?:who|which|what|whose)\b/i, '').trim(), text: `${wish.text} ${before.head}` } : wish;

/** More is not read: nobody asks for so much in one breath, and every wish is tried with every list. */
const MAX_WISHES = 12;
const MAX_LENGTH = 600;

/** Reads each wish of a statement; answers which were read and which were not. */
export function readWishes(draft: Draft, { text, surely }: Asked, topic: Entity | null): { taken: boolean; rest: string[] } {
  const wishes = wishesIn(text.slice(0, MAX_LENGTH)).slice(0, MAX_WISHES);
  const rest = wishes.filter((wish) => !(surely ? readWish(draft, wish, topic) : isTelling(wish) && readTotalWish(draft, wish, topic)));
  return { taken: rest.length < wishes.length, rest: rest.map((one) => one.text) };
}

/** What its form alone makes a wish. */
const isTelling = ({ operation, groups, period }: Wish): boolean =>
  operation !== 'list' && (groups.length > 0 || period !== null || operation !== null);

function readWish(draft: Draft, wish: Wish, topic: Entity | null): boolean {
  if (readGloss(draft, wish, topic)) return true;
  const span = readSpan(draft, wish.text, topic);
  if (span) return putSpan(draft, wish, span);
  switch (wish.operation) {
    case 'left':
      return readBalance(draft, wish, topic) || (!isFigure(wish) && readListWish(draft, wish, topic)) || readTotalWish(draft, wish, topic);
    case 'share':
      return readShare(draft, wish, topic);
    case 'list':
      return readListWish(draft, wish, topic) || readTotalWish(draft, wish, topic);
    case null:
      return isTotal(wish)
        ? readTotalWish(draft, wish, topic) || (wish.period === null && readListWish(draft, wish, topic))
        : readListWish(draft, wish, topic) || readTotalWish(draft, wish, topic);
    default:
      return readTotalWish(draft, wish, topic);
  }
}

/** What is counted or added up is no list of records. */
const isFigure = ({ text }: Wish): boolean => /\b(?:number of|how (?:many|much)|totals?|count of|sum of)\b/i.test(text);

/** "balance due (price - deposit)": the formula says what it is; "pay per server (hours x rate)" is added up besides. */
function readGloss(draft: Draft, wish: Wish, topic: Entity | null): boolean {
  if (wish.gloss === '' || !readFormula(draft, `${wish.head} (${wish.gloss})`, topic)) return false;
  if (wish.groups.length > 0 || wish.period !== null) readTotalWish(draft, wish, topic);
  return true;
}

/** How long it takes, on average or for each of something. */
function putSpan(draft: Draft, wish: Wish, { entity, value }: { entity: Entity; value: RecordValue }): true {
  const operation = wish.operation === 'average' ? 'average' : 'sum';
  const measure = { operation, entity, field: value } as const;
  const groups = wish.groups.filter((group) => putTotal(draft, measure, group, []));
  if (groups.length === 0 && operation === 'average') putAll(draft, measure, []);
  return true;
}

/** "takings each week", "what each member paid": no word says how, but there is one figure for each. */
const isTotal = ({ groups, period, window, order, altogether }: Wish): boolean =>
  altogether || ((groups.length > 0 || period !== null) && window === null && order === null);
