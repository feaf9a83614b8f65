import { FIGURE, daysOf, figureOf } from './figures.js';
import { OPENERS, openerOf } from './query-openers.js';
import { tokensOf, wordsOf } from './tokens.js';
import type { Token } from './tokens.js';

/*
 * What somebody asks to see, taken apart without knowing the model: what is counted or listed, for each of what, of which
 * time, in which order. "how many lessons each trainer taught this month" is a count of "lessons" taught, per "trainer", per
 * month.
 */

export type Period = 'day' | 'week' | 'month' | 'year';
export type Operation = 'list' | 'count' | 'sum' | 'average' | 'left' | 'share';

/** A stretch of days beside today: ahead, back, or older than so many. */
export interface Window {
  readonly way: 'within_days' | 'within_past_days' | 'older_than_days' | 'before_today' | 'today_or_later';
  readonly days: number | null;
  /** As it was said, for the name of the list. */
  readonly words: string;
}

export interface Query {
  /** As it was said. */
  readonly text: string;
  /** Null where only the model can tell: "hours per person", "barrels per cooper". */
  readonly operation: Operation | null;
  /** What is left of the words when groups, time and order are taken out. */
  readonly head: string;
  readonly groups: readonly string[];
  readonly period: Period | null;
  readonly window: Window | null;
  readonly order: { readonly words: string; readonly descending: boolean } | null;
  readonly limit: number | null;
}

const FRAME_HEAD =
  /^(?:(?:what|things?|stuff) (?:i|we|they|he|she)[^:]{0,40}:|[^:,]{0,40}\b(?:see|show|shows|know|reports?|lists?|views?|dashboard|overview|figures|wanted|needed|results?|statistics|numbers|totals)\b[^:,]{0,25}:)\s*/i;
const FRAME_TIME = /^(?:at|when(?:ever)?|on|every|each|in|for(?! each| every)|after|as soon as|once)\b[^,:]{0,60}?,? (?=(?:i|we|they|he|she)\b)/i;
const ASKING =
  /^(?:i|we|they|you|he|she|everyone|it|app|system|page|dashboard|should|would|could|can|must|will|'d|i'd|we'd|like|love|want|wants|need|needs|wish|require|to|be|been|able|see|seeing|know|knowing|show|shows|showing|tell|tells|give|gives|me|us|have|has|get|find|out|view|display|report|print|also|really|just|please|then|and|how|nice|if|great|good|cool|main|thing|is|a|an|the|list|lists|of|overview|chart|table|figure|for|what|i'm|after|quick|simple|look|at|keep|eye|on|work|calculate|glance|wonder|mostly|most)$/;
const ASKS = /^(?:see|seeing|know|knowing|show|shows|showing|tell|tells|view|display|report|list|lists|chart|overview|calculate)$/;
const WANTS = /^(?:want|wants|wish|need|needs|love|like|require|give|gives|find|print)$/;

/** The parts of a statement that each ask for something; `asked`: whether the statement says so itself. */
export function queriesIn(text: string): { readonly asked: 'surely' | 'maybe' | null; readonly queries: readonly Query[] } {
  const headed = FRAME_HEAD.test(text);
  const bare = text
    .replace(/\([^)]*\)/g, ' ')
    .replace(FRAME_HEAD, '')
    .replace(FRAME_TIME, '')
    .replace(/\s+/g, ' ')
    .trim();
  const tokens = tokensOf(bare);
  let start = 0;
  while (ASKING.test(tokens[start]?.low ?? '') && !opensQuestion(tokens, start)) start += 1;
  const opening = tokens.slice(0, start).map((one) => one.low);
  const that = tokens[start]?.low === 'that' && !tokens.slice(0, start).some((one) => one.low === 'list');
  const asked = that ? null : headed || opening.some((one) => ASKS.test(one)) ? 'surely' : opening.some((one) => WANTS.test(one)) ? 'maybe' : null;
  const from = asked === null ? 0 : start;
  const pieces = piecesOf(bare, tokens.slice(from));
  return { asked, queries: withShared(pieces.map(queryOf)) };
}

/** "what each horse cost", "how many": a question begins, not its frame. */
const opensQuestion = (tokens: readonly Token[], at: number): boolean =>
  (/^(?:what|how|which|who|whose)$/.test(tokens[at]?.low ?? '') && !/^(?:i|we)$/.test(tokens[at + 1]?.low ?? '')) ||
  (tokens[at]?.low === 'what' && /^(?:i|we)$/.test(tokens[at + 1]?.low ?? '') && !/^(?:want|need|like|love)$/.test(tokens[at + 2]?.low ?? ''));

const GOES_ON = /^(?:per|by|of|in|on|at|with|without|from|for|that|so|because|who|than|between|or|to|sorted|ranked|ordered|not|as|if|when|whose)$/;
const ORDERING = /\b(?:first|last)$|^(?:in order|sorted|ordered|ranked|alphabetically|by )\b/i;

/** Cuts at commas and "and" where another thing is asked for, not within one. */
function piecesOf(text: string, tokens: readonly Token[]): string[] {
  const spans: Token[][] = [[]];
  for (const [at, token] of tokens.entries()) {
    const conjunction = /^(?:and|plus|,|;|&|\+)$/.test(token.low);
    const next = tokens.slice(at + 1).find((one) => !/^(?:and|plus|also|,)$/.test(one.low));
    if (conjunction && next && !opensPiece(tokens, at, next, spans.at(-1) ?? [])) spans.at(-1)?.push(token);
    else if (conjunction) spans.push([]);
    else spans.at(-1)?.push(token);
  }
  return spans
    .filter((span) => span.some((one) => one.part !== 'mark'))
    .map((span) =>
      text
        .slice(span[0]?.at, span.at(-1)?.end)
        .replace(/^(?:(?:and|also|then|plus|to see|see|to know|know|as is|as are|a list of|list of|lists of|the list of)\s+)+/i, ''),
    );
}

function opensPiece(tokens: readonly Token[], at: number, next: Token, before: readonly Token[]): boolean {
  if (next.low === 'as' && /^(?:is|are)$/.test(tokens[tokens.indexOf(next) + 1]?.low ?? '')) return true;
  if (next.low === 'for' && /^how$/.test(tokens[tokens.indexOf(next) + 1]?.low ?? '')) return true;
  if (GOES_ON.test(next.low) && !(next.low === 'who' && tokens[at]?.low !== ',')) return /^(?:who|whose|what)$/.test(next.low) && before.length > 2;
  const rest = tokens.slice(tokens.indexOf(next));
  const upTo = rest.findIndex((one, index) => index > 0 && /^(?:and|,|;)$/.test(one.low));
  const words = rest.slice(0, upTo < 0 ? rest.length : upTo);
  if (ORDERING.test(words.map((one) => one.low).join(' ')) && words.length <= 5) return false;
  if (before.some((one) => one.low === 'between') && words.length <= 3) return false;
  if (before.length <= 1 && before[0]?.part !== 'noun') return false;
  return /^(?:noun|determiner|question|adjective|figure|verb|adverb|auxiliary)$/.test(next.part) || /^[%#]$/.test(next.low);
}

/** "hours and pay per person": the first has the group of the second. */
function withShared(queries: readonly Query[]): Query[] {
  return queries.map((one, at) => {
    const next = queries[at + 1];
    const before = queries[at - 1];
    if (
      one.groups.length === 0 &&
      before &&
      before.groups.length > 0 &&
      /\b(?:they|their|them|he|she|it|its)\b/i.test(one.text) &&
      one.window === null
    )
      return { ...one, groups: before.groups };
    const bare = one.groups.length === 0 && one.period === null && one.window === null && one.operation === null && one.order === null;
    return bare &&
      next?.operation === null &&
      next.groups.length > 0 &&
      one.head.split(' ').length <= 2 &&
      MEASURE.test(one.head) === MEASURE.test(next.head)
      ? { ...one, groups: next.groups, period: next.period }
      : one;
  });
}

/** What is added up by itself, and no list of records. */
const MEASURE = /\b(?:takings|income|revenue|earnings|turnover|sales|profit|money|costs?|fees|hours|kilos|tonnes|litres|miles)$/i;

const ORDER =
  /,?\s*\b(?:(?:the )?(oldest|newest|latest|earliest|most recent|best|worst|highest|lowest|longest|shortest|biggest|largest|smallest|cheapest|dearest|fastest|slowest|nearest|soonest|most \w+|least \w+) (?:ones? )?(?:first|at the top|on top)|(?:in|by) (?:the )?order of (?:the )?([a-z ]+)|(?:sorted|ordered|ranked) by (?:the )?([a-z ]+)|(alphabetical(?:ly)?|ranked|ranking|ranked list))\b/i;
const UNIT = '(days?|weeks?|months?|years?|fortnight)';
const WINDOWS: readonly (readonly [RegExp, (hit: RegExpExecArray) => Omit<Window, 'words'>])[] = [
  [
    new RegExp(`\\b(?:(?:in|within|over|for|during) )?(?:the )?(?:next|coming|following) ${FIGURE} ${UNIT}\\b`, 'i'),
    (hit) => ({ way: 'within_days', days: daysOf(hit[1] ?? '', hit[2] ?? '') }),
  ],
  [
    new RegExp(`\\b(?:in|within|over|during|for) (?:the )?(?:last|past|previous) (?:${FIGURE} )?${UNIT}\\b`, 'i'),
    (hit) => ({ way: 'within_past_days', days: daysOf(hit[1] ?? 'one', hit[2] ?? '') }),
  ],
  [new RegExp(`\\b(?:in|within) ${FIGURE} ${UNIT}\\b`, 'i'), (hit) => ({ way: 'within_days', days: daysOf(hit[1] ?? '', hit[2] ?? '') })],
  [
    new RegExp(`\\b(?:(?:since|for|by) )?(?:more|longer|older|over) (?:than )?(?:(?:${FIGURE}|a|an) )${UNIT}(?: (?:old|ago|late|overdue))?\\b`, 'i'),
    (hit) => ({ way: 'older_than_days', days: daysOf(hit[1] ?? 'one', hit[2] ?? '') }),
  ],
  [
    new RegExp(
      `\\b(?:(?<=\\b(?:not|never|no|n't|without)\\b.{0,40})(?:for|in|since|within)|n't\\b.{0,30}(?:for|in|since|within)) (?:more than |over |at least |the (?:last|past) )?(?:${FIGURE} |an? )${UNIT}\\b`,
      'i',
    ),
    (hit) => ({ way: 'older_than_days', days: daysOf(hit[1] ?? 'one', hit[2] ?? '') }),
  ],
  [
    new RegExp(`\\b${FIGURE} ?\\+? ?${UNIT} (?:or more|or longer|and more|plus|old|ago|and over)\\b|> ?${FIGURE} ${UNIT}\\b`, 'i'),
    (hit) => ({ way: 'older_than_days', days: daysOf(hit[1] ?? hit[3] ?? 'one', hit[2] ?? hit[4] ?? '') }),
  ],
  [
    new RegExp(`\\b(?:over|after|past) ${FIGURE} ${UNIT}(?: (?:old|ago|late|overdue))?\\b`, 'i'),
    (hit) => ({ way: 'older_than_days', days: daysOf(hit[1] ?? '', hit[2] ?? '') }),
  ],
  [/\b(?:due |on |for )?(?:today'?s?|tonight'?s?|this (?:morning|evening))\b/i, () => ({ way: 'within_days', days: 0 })],
  [/\b(?:for |on )?(?:tomorrow'?s?|the (?:next|following) day)\b/i, () => ({ way: 'within_days', days: 1 })],
  [
    /\b(?:for |in |within |during )?(?:the )?(?:this|next|coming|following) (?:week|fortnight)(?:'s)?\b/i,
    (hit) => ({ way: 'within_days', days: /fortnight/i.test(hit[0]) ? 14 : 7 }),
  ],
  [/\b(?:for |in |within |during )?(?:the )?(?:next|coming|following) month(?:'s)?\b/i, () => ({ way: 'within_days', days: 30 })],
  [/\b(?:upcoming|coming up|still to come|ahead)\b/i, () => ({ way: 'today_or_later', days: null })],
  [
    /\b(?:overdue|late|(?:gone )?past (?:its|their|the) [a-z -]*?(?:date|deadline|day)|past due|(?:has|have|is|are|date|day|deadline) (?:run out|expired|lapsed|passed|gone by|over)|expired|lapsed|out of date)\b/i,
    () => ({ way: 'before_today', days: null }),
  ],
];
const PERIODS: Readonly<Record<string, Period>> = {
  day: 'day',
  daily: 'day',
  week: 'week',
  weekly: 'week',
  month: 'month',
  monthly: 'month',
  year: 'year',
  yearly: 'year',
  annual: 'year',
  annually: 'year',
  season: 'year',
};
const PERIOD =
  /\b(?:(?:per|by|each|every|for each|for every|in an?|in any one|in the|for the|of the|this|last|for this|so far this|in each|in one) (?:calendar )?(day|week|month|year|season)\b(?:'s)?|(?:(?:day|week|month|year) by )(day|week|month|year)\b|(daily|weekly|monthly|yearly|annual|annually)\b)/i;

function queryOf(said: string): Query {
  let text = ` ${said.replace(/[.,;!?\s]+$/, '')} `;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const hit = pattern.exec(text);
    if (hit) text = `${text.slice(0, hit.index)} ${text.slice(hit.index + hit[0].length)}`;
    return hit;
  };
  const ordered = take(ORDER);
  const order = ordered
    ? {
        words: (ordered[1] ?? ordered[2] ?? ordered[3] ?? ordered[4] ?? '').trim().toLowerCase(),
        descending: /newest|latest|recent|best|highest|longest|biggest|largest|dearest|most|rank/i.test(ordered[0]),
      }
    : null;
  const top = take(
    new RegExp(
      `\\b(?:the )?(?:top|best|first|latest|newest|last|most recent|highest|biggest) ${FIGURE}\\b(?! (?:hours?|days?|nights?|weeks?|months?|years?)\\b)|\\b(?:the )?${FIGURE} (?:best|latest|newest|highest|biggest|most recent)\\b`,
      'i',
    ),
  );
  const days = WINDOWS.map(([pattern, read]) => ({ hit: pattern.exec(text), read })).find((one) => one.hit !== null);
  const sums = OPENERS.some(([, pattern]) => pattern.test(said));
  const repeated = take(PERIOD);
  const relative = repeated !== null && !sums && /\b(?:this|next|last)\b/i.test(repeated[0]);
  const window =
    days?.hit && !(repeated && !relative && days.hit[0].includes(repeated[0].trim())) ? { ...days.read(days.hit), words: days.hit[0].trim() } : null;
  if (window && !relative) take(new RegExp(window.words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'));
  const period =
    repeated && (sums || !/\b(?:this|last|the)\b/i.test(repeated[0]))
      ? (PERIODS[(repeated[1] ?? repeated[2] ?? repeated[3] ?? '').toLowerCase()] ?? null)
      : null;
  const { groups, rest } = groupsOf(text);
  const { operation, head } = openerOf(rest);
  return {
    text: said,
    operation: top && operation === null ? 'list' : operation,
    head,
    groups,
    period,
    window,
    order: order ?? (top ? { words: (/[a-z]+/i.exec(top[0])?.[0] ?? 'top').toLowerCase(), descending: !/first/i.test(top[0]) } : null),
    limit: top ? figureOf(top[1] ?? top[2] ?? '') : null,
  };
}

/** "per client", "for each species", "every wine", "each trainer taught": what there is one figure for. */
function groupsOf(text: string): { groups: string[]; rest: string } {
  const opened = /\b(?:per|each|every|by)\b/i.test(text);
  if (!opened)
    return {
      groups: [],
      rest: wordsOf(text)
        .map((one) => one.text)
        .join(' '),
    };
  const tokens = tokensOf(text);
  const groups: string[] = [];
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) break;
    const each = /^(?:each|every)$/.test(tokens[at + 1]?.low ?? '');
    const opens =
      /^(?:per|each|every)$/.test(token.low) ||
      (token.low === 'by' && tokens[at + 1]?.part !== 'determiner' && kept.length > 0) ||
      (/^(?:for|of|in|from|on|at|to|by)$/.test(token.low) && each);
    if (!opens) {
      kept.push(token);
      continue;
    }
    let to = at + (each ? 2 : 1);
    const first = to;
    while (/^(?:of|the|single|individual|our|my|us|one|single)$/.test(tokens[to]?.low ?? '') && to < first + 3) to += 1;
    const begin = to;
    while (to < tokens.length && to < begin + 3 && isNominal(tokens, to, begin)) to += 1;
    const name = text.slice(tokens[begin]?.at ?? 0, tokens[to - 1]?.end ?? 0).replace(/'s$/, '');
    if (to === begin) {
      if (tokens.slice(first, begin).some((one) => /^(?:us|one)$/.test(one.low))) groups.push('person');
      else kept.push(token);
      at = Math.max(at, begin - 1);
      continue;
    }
    groups.push(name);
    at = to - 1;
  }
  return { groups, rest: kept.map((one) => text.slice(one.at, one.end)).join(' ') };
}

const isNominal = (tokens: readonly Token[], at: number, begin: number): boolean => {
  const token = tokens[at];
  if (!token || /^(?:has|have|is|are|came|owns?|worked|spent|did|does)$/.test(token.low)) return false;
  if (token.part === 'noun' || (token.part === 'adjective' && at === begin)) return !/'s$/.test(tokens[at - 1]?.low ?? '') || at === begin;
  return token.part === 'verb' && at === begin && token.form !== 'past';
};
