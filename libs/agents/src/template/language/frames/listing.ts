import type { Draft } from '../draft.js';
import { isState } from '../items.js';
import { listedIn } from './attributes.js';

/*
 * Where in some words an enumeration of fields stands, whatever verb or mark opens it, and what stands around it.
 */

/** An enumeration, with the words before and behind it. */
export interface Listing {
  readonly lead: string;
  readonly items: readonly string[];
  readonly tail: string;
  /** What opens it. */
  readonly cue: 'mark' | 'keeping' | 'having' | 'start';
  /** How many of its items can only be fields. */
  readonly sure: number;
}

const MARK = /\s*:-?\s+|\s*=\s+|\s[-–—]+>?\s+|,\s*(?:i\.e\.|namely|that is|meaning):? /gi;
const PARTICLES = String.raw`(?: (?:down|in|up|out|on it|on them|on the \w+|it|them|this|these|together|always|also|just|first|basically|for (?:each|every|it|them)(?: one)?|of (?:each|every|it|them)(?: one)?|to (?:know|record|note|write|keep|have|see|remember|be told)|(?:a )?(?:note|record|track) of|in addition|besides|additionally|as well))*`;
const KEEPING = new RegExp(
  String.raw`(?<!\b(?:the|an?|its|their|his|her|our|my|your|each|every|any|no|of|for|by) )\b(?:record|note|writ(?:e|ing|ten)|jot|scribble|log|put|type|enter|fill|keep|kept|hold|store|track|need|want|know|remember|register|ask(?: for)?|take|collect|capture|list|document|mark|measure|weigh|count|check|get|say|tell|have to have|care about|interest(?:ed)? in|includ(?:e|es|ing)|show|state|give|save|matters?|contain)(?:s|ed|d)?${PARTICLES}[,:]? `,
  'gi',
);
const HAVING = new RegExp(
  String.raw`\b(?:has|have|having|had|with|w|gets?|got|carries|carry|bears?|contains?|consists? of|comes? (?:in )?with|is described by|is made up of|there(?:'s| is| are)|plus|including)(?! to\b| no\b)(?: (?:always|also|just|its own|their own|the following|following|of course|usually))*:? `,
  'gi',
);
const CLOSING =
  /,? (?:so that|so (?:i|we|they|you|it|nobody)|because|since (?:we|i|they)|otherwise|in order to|before (?:we|i|they|it)|until (?:we|i|they)|which is|and that's (?:it|all)|that's (?:it|all)|and (?:then )?(?:i|we|they|it|he|she) )\b.*$/i;
const WRITTEN =
  /,? (?:(?:is|are|get|gets|must be|should be|has to be|have to be|needs? to be|will be|to be)(?: (?:all|also|always|then))* (?:noted|recorded|written|kept|stored|entered|logged|put|registered|filled in|asked|needed|required|wanted|known|collected|taken|saved|on it|there|important|enough)|go(?:es)? (?:on|in|into)|must (?:go (?:on|in)|enter|be there))\b(.*)$/i;

/** "Payments come in whenever, date, amount". */
const ARRIVING = /(?<=^[a-z]+s )(?:come|go|are|get|happen|need|arrive)\b[^,:.()]{0,25}, /gi;
/** "A sale is a date, a clerk and ...": what a record is made of. */
const BEING = /(?<=^(?:an?|each|every|one) [a-z-]+(?: [a-z-]+)? )(?:is|means) (?=(?:an?|the|one) )/gi;

const cutsIn = (text: string, pattern: RegExp, cue: Listing['cue']): { from: number; to: number; cue: Listing['cue'] }[] =>
  [...text.matchAll(pattern)].map((match) => ({ from: match.index, to: match.index + match[0].length, cue }));

/** Every enumeration that some words may hold, the best first. `headed`: they stand right under the name of what they list. */
export function listingsIn(draft: Draft, text: string, headed = false): Listing[] {
  if (!/[,;&+]|\band\b|\bplus\b/i.test(text)) return [];
  const outside = text.replace(/\([^)]*\)|"[^"]*"/g, (inside) => '_'.repeat(inside.length));
  const cuts = [
    ...cutsIn(outside, MARK, 'mark'),
    ...cutsIn(outside, KEEPING, 'keeping'),
    ...cutsIn(outside, HAVING, 'having'),
    ...cutsIn(outside, BEING, 'mark'),
    ...cutsIn(outside, ARRIVING, 'mark'),
    { from: 0, to: 0, cue: 'start' as const },
  ];
  return cuts
    .slice(-12)
    .map(({ from, to, cue }) => listingAt(draft, text, { from, to, cue }))
    .filter((one) => isEnough(one, headed))
    .sort((a, b) => worth(b) - worth(a));
}

function listingAt(draft: Draft, text: string, { from, to, cue }: { from: number; to: number; cue: Listing['cue'] }): Listing {
  const all = text.slice(to);
  const closed = WRITTEN.exec(all) ?? CLOSING.exec(all);
  const list = closed ? all.slice(0, closed.index) : all;
  const { items: listed, sure } = listedIn(draft, list);
  const items = [...listed];
  const last = items.at(-1) ?? '';
  const owned = /^(.+?) ((?:of|for|about|per) (?:each|every|all)\b.*)$/i.exec(last);
  if (owned) items.splice(-1, 1, owned[1] ?? last);
  const found = last === '' ? -1 : list.lastIndexOf(last);
  const rest = found < 0 ? '' : `${owned?.[2] ?? ''}${list.slice(found + last.length)}`;
  return { lead: text.slice(0, from).trim(), items, tail: `${rest} ${closed?.[1] ?? closed?.[0] ?? ''}`.trim(), cue, sure };
}

/** Two fields after a cue, three without one. */
const isEnough = ({ items, sure, cue }: Listing, headed: boolean): boolean =>
  sure > 0 &&
  items.length >= (cue === 'start' ? 3 : 2) &&
  sure * 3 >= items.length &&
  !(cue === 'start' && sure < (headed ? 1 : 2)) &&
  items.filter((item) => isState(item.replace(/^(?:an?|the) /i, '')) && !item.includes('(')).length * 2 <= items.length;

const CUES: Readonly<Record<Listing['cue'], number>> = { mark: 0.9, keeping: 0.6, having: 0.6, start: 0 };
const worth = ({ items, sure, cue, tail }: Listing): number => items.length + sure * 0.5 + CUES[cue] - Math.min(2, tail.split(' ').length / 8);
