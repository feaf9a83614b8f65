import { NO_STATE, isState } from '../state-words.js';
import { soundsLikeState } from '../courses.js';
import { lowerWords } from '../words.js';

/*
 * A course of states in the words of a sentence: what stands between arrows, or between words that say "next", is a state, or
 * several of which one holds. "a > b > c or d", "starts as a, then b or c, in the end d", "a first, after that b".
 */

export interface Course {
  /** What comes after one another; of the states in a group one holds. */
  readonly groups: readonly (readonly string[])[];
  /** What stands before the first state: who or what is in these states. */
  readonly head: string;
}

const ARROW = /\s*(?:-+>|→|=+>|➔|»|⇒)\s*|\s+>+\s+/;
const NEXT =
  /[,;:]?\s*(?:\b(?:and|but|or|so)\b\s*)?\b(?:then|next|after(?:wards?| that| which)|finally|lastly|eventually|in the (?:end|last place)|at (?:the )?(?:very )?(?:last|end)|from there(?: on)?|later(?: on)?|followed by|subsequently|thereafter|ultimately)\b[,:]?\s*|[,;]\s*(?:and\s+)?(?=(?:it|they|he|she)?\s*(?:goes (?:to|on|into|in)|moves? (?:to|into|on)|pass(?:es)? (?:on )?(?:to|into)|becomes?|turns? (?:in)?to|ends? up)\s)|[,;]\s*(?:and\s+)?after\s+(?=(?:it is|it's|they are|is) |(?:[a-z]+(?:ed|en|ght|id|ld|nt|ne)\b(?! (?:the|an?|by|it|them))|in [a-z]+|on [a-z]+|under [a-z]+))/i;
const STARTS =
  /\b(?:(?:starts?|begins?|commences?)(?: (?:off|out|life|its life|their life))?(?: (?:as|being|in|on|with))?(?: (?:the )?(?:status|state))?|(?:is|are) (?:born|created|entered|new)(?: as)?|comes? in(?: as)?|enters? as|opens? as|(?:stands?|sits?) (?:at|as))(?=\s)/i;
const AT_FIRST =
  /\s*,?\s*\b(?:(?:comes|is|goes) first|first(?: of all)?|at first|to (?:start|begin)(?: with| off)?|initially|in the beginning|at the start|(?:as )?the (?:first|start)|before(?=,|$))\b[,\s]*/i;
const LEAD =
  /^(?:(?:and|but|so|or|how it goes|how it works)\b[\s:,]*)*(?:(?:it|they|he|she|this|that|these|those|one|everything|there|its|their|the (?:status|state|stage))\b(?:'s|'re|'ve)?\s*)?(?:(?:is|are|'s|'re|was|were|pass(?:es)?|stands?|sits?|at|kept|considered|classed|known|on the (?:day|morning|evening|night)|it|they|be|being|been|gets?|becomes?|become|goes|go|moves?|move|turns?|turn|ends?|end|comes?|stays?|remains?|starts?|begins?|marked?|marks?|set|counts?|called|can|may|must|will|has|have|either|maybe|usually|just|simply|still|now|up|off|out(?= as)|in(?= (?:as|the state))|on(?= to)|to|into|as|over|back|eventually|sometimes|often|perhaps|hopefully|normally|we|i|call|it(?= (?:a|an|is)\b))\b\s*)*(?:an?\s+|the\s+)?/i;
const TAIL =
  /\s*,?\s+(?:once|when(?:ever)?|if|until|till|unless|after|before|because|bc|while|as soon as|as long as|so (?:that|we|i|they)|which|who|where|since|by (?:the|an?|its|their|our|him|her|me|us|them)|for (?:the|an?|its|us|me|them|good)|on (?:the|a)|from (?:the|an?)|and (?:that|it|we|i|nothing|no|never|the|an?|only)|but (?:only|never|not|nothing|it|they|no|the|we|i)|again|too|straight away|with (?:the|an?)|though|in which case|depending|at which)\b.*$/i;

/** The state that some words name, without what stands around it: "it's confirmed once I have the deposit" is `confirmed`. */
function stateOf(words: string, known: readonly string[]): string | null {
  const plain = words
    .replace(/\([^)]*\)/g, ' ')
    .replace(/["“”]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const kept = known.find((one) => plain.toLowerCase() === one.toLowerCase());
  if (kept !== undefined) return kept;
  const bare = plain
    .replace(AT_FIRST, ' ')
    .trim()
    .replace(LEAD, '')
    .replace(TAIL, '')
    .replace(/[.:;,\s]+$/, '')
    .trim();
  const same = known.find((one) => bare.toLowerCase() === one.toLowerCase());
  if (same !== undefined) return same;
  const fits = bare !== '' && bare.length <= 40 && bare.split(' ').length <= 4 && !NO_STATE.test(bare) && !SENTENCE.test(bare);
  return fits ? lowerWords(bare) : null;
}

const SENTENCE =
  /\b(?:we|i|you|they|it|he|she|is|are|was|were|has|have|had|do|does|did|can|could|must|should|will|would|may|might|my|our|your|his|her|their|its|who|what|which|how|want|need|keep|record|note|see|show)(?<!-show)\b|[:=$£€]|n't\b/i;

/** The states of one step: alternatives where "or" or a stroke stands between them, else one after the other. */
function groupsOf(part: string, known: readonly string[]): (readonly string[])[] | null {
  const shown = part.replace(/\([^)]*\)/g, ' ').replace(TAIL_OF_LIST, '');
  const alternatives = /\bor\b|\/|\|/.test(shown);
  const items = shown.split(alternatives ? /\s*(?:,|\/|\||\bor\b)\s*(?:or\s+)?/i : /\s*,\s*(?:and\s+)?/i).filter((one) => one.trim() !== '');
  const states = items.map((one) => stateOf(one, known));
  if (states.length === 0 || states.some((one) => one === null)) return null;
  const all = states.flatMap((one) => one ?? []);
  return alternatives ? [all] : all.map((one) => [one]);
}

const TAIL_OF_LIST =
  /[,;]?\s+(?:(?:and|but|so)\s+)?(?=(?:if|when|once|unless|until|because|depending|nothing|never|no|it can|they can|only|except)\b).*$/i;

const BOTH_WAYS = /([^,;:<>]+?)\s*(?:<[-=]+>|↔|⇄)\s*([^,;:<>]+)/g;

/** The course that a text tells or draws; null where it tells none. `known`: states that the list has already. */
export function courseIn(text: string, known: readonly string[]): Course | null {
  const said = text.replace(/\s+/g, ' ').trim();
  return drawn(said.replace(/ ?\([^()]*\)/g, '').replace(BOTH_WAYS, '$1 -> $2 -> $1'), known) ?? told(said, known);
}

function drawn(said: string, known: readonly string[]): Course | null {
  const parts = said.split(ARROW);
  const [first = '', ...tail] = parts;
  const plain = !/-+>|→|=+>|➔|»|⇒/.test(said);
  if (tail.length === 0 || (plain && (/\d/.test(said) || (tail.length < 2 && !COURSE.test(first))))) return null;
  const opened = /^(.*(?:[:(]|\b(?:goes|go|moves?|from|is|are|status|stages?|states?|steps?|through)\b))\s*(\S.*)$/i.exec(first);
  const [head, start] = opened ? [opened[1] ?? '', opened[2] ?? ''] : ['', first];
  const ended = tail.map((one, at) => (at === tail.length - 1 ? (one.split(/[.;(]|,? (?:and|but|except|unless|only|no )\b/i)[0] ?? '') : one));
  const groups = [start, ...ended].map((one) => alternativesOf(one, known));
  const sure = tail.length > 1 || COURSE.test(first) || groups.flat().every((one) => known.includes(one) || soundsLikeState(one));
  const before = first.slice(0, Math.max(0, first.toLowerCase().lastIndexOf((groups[0]?.[0] ?? '').toLowerCase())));
  return sure && groups.every((one) => one.length > 0) ? { groups, head: head === '' ? before : head } : null;
}

const COURSE = /\b(?:goes|go|moves?|status(?:es)?|stages?|states?|steps?|progress|workflow|life ?cycle|pipeline|course)\b/i;

/** Between arrows a comma is an "or". */
const alternativesOf = (part: string, known: readonly string[]): string[] =>
  part
    .replace(/\)$/, '')
    .split(/\s*(?:\/|\||,|\bor\b)\s*(?:or\s+)?/i)
    .filter((one) => one.trim() !== '')
    .flatMap((one) => stateOf(one, known) ?? []);

function told(said: string, known: readonly string[]): Course | null {
  const plain = said.replace(/\([^)]*\)/g, ' ');
  const parts = plain.split(NEXT).filter((one) => one.trim() !== '');
  const [opening = '', ...tail] = parts;
  const goesOn = new RegExp(`^${NEXT.source}`, 'i').test(plain) && NEXT.exec(plain)?.index === 0;
  const starts = STARTS.exec(opening);
  const first = AT_FIRST.test(opening);
  const cues = tail.length + Number(goesOn) + Number(starts !== null) + Number(first);
  if (cues === 0 || (cues === 1 && (tail.length === 0 || said.split(' ').length > 9))) return null;
  const subject = /^(.*?\b(?:is|are|gets?|becomes?|can be|goes|'s|'re|:))\s+(\S.*)$/i.exec(
    opening.replace(/(it|they|that|there)('s|'re)\b/gi, '$1 $2'),
  );
  const [head, start] = starts
    ? [opening.slice(0, starts.index), opening.slice(starts.index + starts[0].length)]
    : subject && !goesOn
      ? [subject[1] ?? '', subject[2] ?? '']
      : ['', opening];
  const begun = start.replace(LEAD, '').trim() === '';
  const groups = (begun ? tail : [start, ...tail]).map((one) => groupsOf(one, known));
  if (groups.some((one) => one === null)) return null;
  const all = groups.flatMap((one) => one ?? []);
  const states = all.flat();
  const sure = starts !== null || first || cues > 1 || states.every((one) => known.includes(one));
  const fit = states.filter((one) => known.includes(one) || soundsLikeState(one)).length;
  if (new Set(states).size < 2 || fit < (sure ? states.length / 2 : states.length)) return null;
  return { groups: all, head };
}

const ONE_OF =
  /^(.*?)\b(?:(?:can|may|must|could|will|has to|have to) (?:only |either |also |always )*be|(?:is|are|it's|they're|is always) (?:either|one of(?: these)?|marked(?: as)?|marked either)|status(?:es)?(?: is| are)?|states?(?: is| are)?|stages?(?: is| are)?|marked as|whether (?:it|they|he|she)(?:'s|'re| is| are)|is|are)\b\s*:?\s*(.+)$/i;

const WHETHER =
  /^(.*?)\b(?:whether|if) (?:it|they|he|she)(?:'s|'re| is| are) ((?:[\w' -]+, )*[\w' -]+,? or [\w' -]+?)(?=$|[;.,]| [-–—] | and (?:the|an?|its|whether)\b)/i;

/** The states that a text lists without an order: "it can be waiting, inscribed or stopped", "state in safe | issued | lost". */
export function statesListed(text: string, known: readonly string[]): { readonly states: readonly string[]; readonly head: string } | null {
  const plain = text.replace(/\([^)]*\)/g, ' ').replace(/\s+/g, ' ');
  const hit = WHETHER.exec(plain) ?? ONE_OF.exec(plain);
  const list = hit?.[2]?.replace(TAIL_OF_LIST, '') ?? '';
  const items = list.split(/\s*(?:,|\/|\||\bor\b)\s*(?:or\s+|and\s+)?/i).filter((one) => one.trim() !== '');
  if (!hit || items.length < 2 || !/\bor\b|\/|\||,.*,/.test(list)) return null;
  const states = items.map((one) => stateOf(one, known));
  if (states.some((one) => one === null)) return null;
  const all = states.flatMap((one) => one ?? []);
  const fit = all.filter((one) => known.includes(one) || isState(one) || soundsLikeState(one)).length;
  const sure = /\b(?:status|state|stage|either|one of|can be|may be|must be|marked|whether)\b/i.test(text);
  if (new Set(all).size < all.length || fit < (sure && all.length > 2 ? Math.ceil((all.length * 2) / 3) : all.length)) return null;
  if (all.length === 2 && all.some((one) => /^(?:not|un)/.test(one))) return null;
  return { states: all, head: plain.slice(0, plain.length - (hit[2] ?? '').length) };
}
