import type { Passage } from '../document.js';
import { meantEntity } from '../draft.js';
import type { Draft } from '../draft.js';
import type { FieldSentence } from '../heads.js';
import { isNoThing } from '../sentences.js';
import { tokensOf } from '../tokens.js';
import { nounsIn } from './nouns.js';
import type { NounIn } from './nouns.js';
import { CALLED } from './subject.js';

/*
 * What a text is about at each of its sentences: what was named last as a heading, as what there is, or as what has something.
 */

const THERE =
  /^(?:(?:then|and|also|next|now) )*(?:there(?:'s| is| are)(?: also)?|(?:i|we) (?:also )?(?:have|keep|run|hold|sell|lend|rent out|look after|breed|make|own|do)|the (?:centre|center|heart|core|main thing|basis)\b.*? is|(?:it|this|everything) (?:starts|begins|revolves) (?:with|around))\b/i;
/** "Pieces is the main thing". */
const MAIN =
  /^(?:the )?([a-z]+s?) (?:is|are) (?:really |basically )?the (?:main|big|important|central|most important) (?:thing|things|one|part|bit)\b/i;
/** "Under a practice come its dentists". */
const UNDER =
  /^(?:under|within|inside|in|on|behind) (?:an?|each|every) [a-z]+ (?:come|are|there are|sit|live|hang) (?:its|the|several|many|some)?\s*([a-z]+s)\b/i;
const RELATES = /^(?:(?:an?|each|every|one|the|our|all) )?\b.*?\b(?:belongs?|has|have|is|are|can|may|goes|go|gets?|comes?|must|consists?|needs?)\b/i;

/** What is counted in hours or money is a list of entries. */
const ENTRIES: Readonly<Record<string, string>> = {
  time: 'time entry',
  hours: 'time entry',
  timesheets: 'time entry',
  attendance: 'attendance',
  fuel: 'fuel',
  stock: 'item',
};

/** The noun that a sentence puts in the middle; null where it leaves things as they are. */
export function focusOf(draft: Draft, { text }: Passage, readings: readonly FieldSentence[]): string | null {
  const described = readings.map((one) => one.noun).filter((noun) => noun !== null && noun !== 'it');
  if (described.length > 0) return described.at(-1) ?? null;
  const entry = ENTRIES[text.toLowerCase()];
  if (entry !== undefined) return entry;
  const main = MAIN.exec(text)?.[1];
  if (main !== undefined && !isNoThing(main)) return main;
  const called = CALLED.exec(text)?.[1];
  const nouns = nounsIn(text).filter((one) => fits(draft, one));
  if (called !== undefined && nouns.some((one) => one.noun === called)) return called;
  const [first] = nouns;
  if (!first) return null;
  const heading = text.split(' ').length <= 3 && /^(?: (?:or|and\/or) [a-z]+)?$/i.test(text.slice(first.end));
  if (heading && (first.plural || first.sense === 'happening' || meantEntity(draft, first.noun))) return first.noun;
  const under = UNDER.exec(text)?.[1];
  if (under !== undefined && nouns.some((one) => one.noun === under)) return under;
  if (THERE.test(text)) return nouns.find((one) => one.plural || one.determiner === 'the')?.noun ?? null;
  const several = first.at === 0 && first.plural && first.sense !== 'person' && first.sense !== 'group';
  const subject = first.at <= 6 && (several || /^(?:an?|each|every|one)$/.test(first.determiner) || meantEntity(draft, first.noun) !== undefined);
  const verb = tokensOf(text.slice(first.end))[0]?.part;
  return subject && (RELATES.test(text) || (verb === 'verb' && /^(?:an?|each|every)$/.test(first.determiner))) ? first.noun : null;
}

const fits = (draft: Draft, { noun, sense }: NounIn): boolean =>
  !isNoThing(noun) &&
  (meantEntity(draft, noun) !== undefined || sense !== 'attribute') &&
  !/^(?:list|lot|bunch|couple|charity|company|club|business|firm|team|group|family|office|place|wife|husband)$/.test(noun);
