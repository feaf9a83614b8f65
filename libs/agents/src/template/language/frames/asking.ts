import type { Passage } from '../document.js';
import { purposeOf } from '../purpose.js';
import type { Purpose } from '../purpose.js';

/*
 * Whether a statement asks to see something, and which of its words say what. A wish may open a statement ("Show me ..."), follow
 * a heading ("Every morning: ...") or stand behind something else ("Most pay late, so I should know how much is outstanding").
 */

/** The words that say what is wanted. */
export interface Asked {
  readonly text: string;
  /** False where nothing says that it is wanted but its form: "sessions per machine". */
  readonly surely: boolean;
}

const SEE =
  '(?:see|look at|know|view|report|show|shown|tell|told|have|get|find(?: out)?|print|pull up|keep an eye on|check|calculate|work out|count|list|spot|read off|search|watch|follow)';
const WISH =
  "(?:(?:would|'d|should|shall|must|can|could|will|may|might|want(?:s|ed)?|wanna|need(?:s|ed)?|like(?:s|d)?|love|wish(?:es)?|hope|ought|got|gotta|have|has|also|really|just|only|always|most|mostly|then|please|be|able|to|all) )+";
const WHO =
  '(?:i|we|she|he|they|you|it|the (?:app|system|program|first page|page|screen|dashboard|office|treasurer|trustees|committee|council|board|manager|boss|owner|accountant)|everyone|everybody|somebody)';
/** A wish in the middle of a statement. */
const EMBEDDED = new RegExp(
  `\\b(?:${WHO}(?: |(?='d))${WISH}(?:${SEE}(?: (?:me|us|out|at a glance))*|(?=an? (?:list|overview|report|chart|total|count|graph)|the (?:total|sum|number|average|list|income)))|(?:show|tell|give) (?:me|us)|let (?:me|us) (?:see|know)|(?:so|and) (?:that )?(?:i|we) (?:can |could |may )?(?:see|know|find)|(?:log|logs|sign|signs) (?:in|on) to (?:see|look up)|to (?:see|know|find out|check)(?= (?:what|which|who|how)\\b)|\\w+ (?:wants|would like|asks for|asked for)(?: to (?:see|know))?)\\b[: ]+(?=\\S)`,
  'gi',
);
/** What is wanted opens with a question, a figure or a list. */
const RESULT =
  /^(?:(?:the|a|an|all|any|each|every|just|also|of|simple|quick) )*(?:what|which|who|whose|whos|how (?:many|much|often|long|far)|when|totals?|sum|number|count|average|avg|mean|list|lists|overview|report|chart|graph|table|percent\w*|share|top|most|income|revenue|takings|hours|days|balance|profit|\w+s\b)/i;
/** A question behind a list of other things: "..., plus what's due this week and how much each customer still owes". */
const BESIDES =
  /(?:,|\bplus|\band|\balso|\bthen)+ (?=(?:what(?:'s| is| are)?|which|who|how many|how much)\b[^,]*\b(?:each|every|per|due|overdue|late|owes?|owing|this (?:week|month)|today|not (?:yet|been)|hasn't|haven't)\b)/i;
const OPENING =
  /^(?:and |also |then |plus |please )*(?:what|which|who|whose|whos|how (?:many|much|often|long))\b(?!.*\?)(?!(?: \w+){0,2} (?:must|may|can|cannot|should) )/i;
const HEAD =
  /^(?:(?:every|each|at the|by the|the|on the|on|in the|for the|end of(?: the)?|first|my|our|your) )*(?:what|things?|stuff|morning|evening|night|day|week|month|year|season|monday|friday|weekend|end|home ?page|first page|front page|start page|screen|board|dashboard|overview|summary|reports?|figures|statistics|stats|numbers|totals|results?|lists?|views?|useful|wanted|needed|need|want|nice|handy|helpful|show|see|know|questions|answers|output|treasurer|committee|council|trustees|accountant)\b[^:.]{0,60}:\s+/i;
const NORM =
  /\b(?:must|cannot|can't|may not|can only|should not|shouldn't|at most|at least|no more than|never|not allowed|limit|forbidden|only (?:the|when|if|one))\b/i;
const FIGURES =
  /\b(?:totals?|sums?|averages?|avg|mean|number of|counts?|how (?:many|much)|percentages?|share of|revenue|turnover|takings|income|balance)\b|#|%/i;
const GROUPED = /\b(?:per|for (?:each|every)|by(?! an? | the )|in each|of each) [a-z]/i;
const STORY =
  /\b(?:is|are|was|were|has|have|had|goes?|gets?|belongs?|comes?|can|will|does|do|puts?|takes?|begins?|starts?|may|might)\b|^(?:(?:only|just|an?|max\w*) )?(?:one|two|three|single|\d+) /i;

/** "For each van I need to know ...": what there is one figure for may stand before. */
const EACH = /\b(?:for|of) (?:each|every) [a-z][a-z -]*?(?=,|\s*$| (?:i|we|he|she|they|it|you)\b)/i;
const IMPERATIVE = /^(?:please )?(?:show|list|display|give me|tell me) (?:me |us )?(?=\S)/i;
const isResult = (words: string): boolean => RESULT.test(words) || GROUPED.test(words);
const LOOSE_HEAD =
  /^[^:.]{0,80}\b(?:dashboard|reports?|lists?|see|show|show me|know|overview|screen|figures|statistics|numbers|totals|views?|asks?|wanted|needed|wants?|needs?|check|look at|(?:each|every) (?:morning|evening|night|day|week|month))\b[^:.]{0,40}:\s+(?=\S)/i;
const TELLING =
  /\b(?:per|each|every|totals?|average|how many|how much|due|overdue|late|expir\w+|next|this (?:week|month|year)|today|unpaid|not|still|most|top|number of|who|which|what's|open|left)\b|[%#]/i;

/** What a statement asks to see; null where it asks for nothing. `free`: it describes no fields. */
export function askedIn(said: string, section: Passage['section'], purpose: Purpose | null, free: boolean): Asked | null {
  if (section === 'access') return null;
  const text = said.replace(/^(?:and |also |plus |then |so )+/i, '');
  const headed = HEAD.exec(text);
  if (headed) return { text: text.slice(headed[0].length), surely: true };
  const loose = LOOSE_HEAD.exec(text);
  if (
    loose &&
    TELLING.test(text.slice(loose[0].length)) &&
    (free || /\b(?:dashboard|reports?|see|show|overview|screen|figures|statistics)\b/i.test(loose[0]))
  )
    return { text: text.slice(loose[0].length), surely: true };
  if (section === 'results') return { text: text.replace(/^[^:()]{2,60}:\s+(?=\S)/, ''), surely: true };
  if (purpose === 'result' || purposeOf(text) === 'result') return { text, surely: true };
  const imperative = IMPERATIVE.exec(text);
  if (imperative) return { text: text.slice(imperative[0].length), surely: true };
  const embedded = [...text.matchAll(EMBEDDED)].find((hit) => isResult(text.slice(hit.index + hit[0].length)));
  if (embedded && !(NORM.test(text.slice(0, embedded.index + embedded[0].length)) && /\b(?:only|never|not)\b|n't/i.test(embedded[0])))
    return { text: `${text.slice(embedded.index + embedded[0].length)} ${EACH.exec(text.slice(0, embedded.index))?.[0] ?? ''}`.trim(), surely: true };
  const besides = BESIDES.exec(text);
  if (besides) return { text: text.slice(besides.index + besides[0].length), surely: true };
  if (free && OPENING.test(text)) return { text, surely: true };
  if (!free || purpose === 'access' || purpose === 'rule') return null;
  if (purpose === 'feature' || purpose === 'aside' || NORM.test(text) || STORY.test(text)) return null;
  return FIGURES.test(text) || GROUPED.test(text) ? { text, surely: false } : null;
}
