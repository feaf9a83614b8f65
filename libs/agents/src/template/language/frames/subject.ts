import { nameOfDeed } from '../doings.js';
import { meantEntity } from '../draft.js';
import type { Draft } from '../draft.js';
import { baseOf } from '../verbs.js';
import { isNoThing } from '../sentences.js';
import { tokensOf } from '../tokens.js';
import { isPlural, singular } from '../words.js';
import type { Listing } from './listing.js';
import { nounsIn } from './nouns.js';
import type { NounIn } from './nouns.js';
import { canBeRecord, senseOf } from './senses.js';

/*
 * Whose fields an enumeration lists, by the nouns that stand around it.
 */

/** The thing described (null: the words name none), and the other things that each record of it points at. */
export interface Subject {
  readonly noun: string | null;
  readonly ties: readonly string[];
}

const NOBODY: Subject = { noun: null, ties: [] };
/** "it's a recapture", "which we call a batch". */
export const CALLED =
  /(?:\b(?:it|that|this|which)(?:'s| is| was| counts as| makes| becomes)|\bcall(?:s|ed)? (?:it|that|this|them)|\bcounts as|^[^=]{3,40} =) (?:an?|our) ([a-z][a-z-]+)\b/i;
/** A line on paper is no thing of its own. */
const MAKER =
  /\b(?:tracker|manager|diary|planner|journal|inventory|catalogue?|organi[sz]er|directory|database|logbook|app|system|tool to|register)$/i;
const PAPER = /^(?:line|row|entry|record|note|sheet|card|form|page|list|box|slip|file|system|app|program|column|heading|section|word|few word)s?$/i;
const EACH =
  /\b(?:(?:for|of|about|on|per|with|from|in|under|against|to|at) )?(each|every|per|any|all)(?: single| new| one of (?:our|the|my)| of (?:our|the|my))? /i;
const KEPT_IN =
  /^(?:.*\b)?(?:list|register|record|log|book|file|collection|catalogue?|inventory|database|table|card index|archive|directory|diary|overview|track|kind|type|number|stock|set|bunch|lot|couple)s? of (?:all )?(?:the |our |my )?(?=[a-z])/i;
const OCCASION = /\b(?:when(?:ever)?|if|once|as soon as|after|(?:every|each|any) time(?: that)?|on) /i;
const LIGHT = /^(?:have|get|do|make|hold|take|run|receive|be|want|need|see|know|find|log|record|note|enter|open|come|go|start)$/;

/** "From the work", "For a crushing", "Part". */
const ALONE = /^(?:(?:from|of|about|for|on|per|with) )?(?:(?:the|an?|each|every|our) )?([a-z]{3,})$/i;
/** "Each is given", "they all have": what was spoken of before. */
const OF_BEFORE =
  /^(?:each|every one|all|they|these|those|it|he|she)(?: (?:one|of (?:them|these|those)|all))? (?:is|are|has|have|gets?|carries|carry|bears?|comes?|was|were|belongs?|needs?|takes?|costs?|lasts?|holds?|concerns?|goes|go)\b/i;
/** "A household belongs to a branch, with", "trucks come under a pour:": the first of the two. */
const RELATED =
  /^((?:(?:an?|the|each|every|our) )?[a-z][a-z -]*?) (?:always |then |all )?(?:belongs?|comes?|goes|go|is|are|sits?|hangs?|lives?|runs?|stays?|stands?|falls?) (?:on(?:to)?|to(?! be\b)|under|in(?:to)?|at|from|with|against|out of|off)\b[^,:]*,?$/i;

/** Whose fields are listed. */
export function subjectOf(draft: Draft, listing: Listing): Subject {
  const lead = listing.lead
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(KEPT_IN, '');
  const called = CALLED.exec(lead)?.[1];
  const nouns = nounsIn(lead).filter((one) => isSomething(draft, one));
  if (called !== undefined && canBeRecord(called) && !isNoThing(called)) return { noun: called, ties: tiesIn(draft, nouns, called) };
  const alone = listing.cue === 'mark' && listing.items.length > 3 ? ALONE.exec(lead)?.[1] : undefined;
  if (
    alone !== undefined &&
    !PAPER.test(alone) &&
    !/^(?:ones?|them|it|that|all|each|every|these|those|this)$/i.test(alone) &&
    (!isNoThing(alone) || listing.sure > 2)
  )
    return { noun: alone.toLowerCase(), ties: [] };
  if (OF_BEFORE.test(lead)) return NOBODY;
  const related = listing.cue === 'having' || listing.cue === 'mark' ? RELATED.exec(lead) : null;
  const whose = related ? nouns.find((one) => one.at <= 6 && one.end <= (related[1] ?? '').length) : undefined;
  if (whose && whose.sense !== 'attribute')
    return {
      noun: whose.noun,
      ties: nouns
        .filter((one) => one.at > whose.end && !one.plural)
        .map((one) => one.one)
        .slice(0, 2),
    };
  const owned = ownerBehind(draft, listing.tail);
  if (owned !== null) return { noun: owned, ties: [] };
  const each = EACH.exec(lead);
  const first = each
    ? nouns.find((one) => one.at >= each.index && one.at <= each.index + each[0].length + 14 && one.sense !== 'attribute')
    : undefined;
  const second = nouns.find((one) => first !== undefined && one.at > first.at && /^(?:each|every|per)$/.test(one.determiner));
  if (first && second && !isWriter(lead, first)) return { noun: first.noun, ties: [second.one] };
  const beside =
    listing.cue === 'mark' ? nouns.find((one) => one.end >= lead.length - 8 && /^(?:| itself| too| as well)$/.test(lead.slice(one.end))) : undefined;
  if (beside && first && beside.one !== first.one && !isWriter(lead, first)) return { noun: beside.noun, ties: [first.one] };
  const [opening, object] = nouns;
  const verb = opening ? tokensOf(lead.slice(opening.end))[0] : undefined;
  const says = opening?.at === 0 && opening.plural && opening.sense !== 'person' && (verb?.part === 'verb' || verb?.part === 'auxiliary');
  if (listing.cue === 'mark' && says)
    return { noun: opening.noun, ties: object && /^(?:an?|one|each|the)$/.test(object.determiner) && !object.plural ? [object.one] : [] };
  const occasion = beside && !/^(?:the|my|our)$/.test(beside.determiner) ? null : OCCASION.exec(lead);
  if (occasion)
    return onOccasion(
      draft,
      lead.slice(occasion.index + occasion[0].length),
      nouns.filter((one) => one.at >= occasion.index),
    );
  if (first && !isPart(lead, first)) return { noun: first.noun, ties: [] };
  if (listing.cue === 'keeping' && goesOn(lead)) return NOBODY;
  const candidates = nouns.filter((one) => !isWriter(lead, one) && !isPart(lead, one));
  const near =
    listing.cue === 'having' || (listing.cue === 'mark' && /[a-z]$/i.test(lead))
      ? candidates
      : candidates.filter((one) => one.plural || one.determiner !== '');
  const best = near.map((one, at) => ({ one, worth: worthOf(draft, one, lead, at === near.length - 1) })).sort((a, b) => b.worth - a.worth)[0];
  if (!best || best.worth < 1) return NOBODY;
  const [, deed = ''] = /\b([a-z]+) (?:of|for|by|to) (?:(?:an?|the|each|every) )?$/i.exec(lead.slice(0, best.one.at)) ?? [];
  if (listing.cue === 'having' && senseOf(deed) === 'happening') return { noun: deed.toLowerCase(), ties: [best.one.one] };
  return { noun: best.one.noun, ties: tiesIn(draft, nouns, best.one.noun, true) };
}

/** Another statement stands before the writing: "copies go out to members and I must know". */
const goesOn = (lead: string): boolean =>
  /,? (?:and|so|but|then) (?:i|we|they|you|somebody|someone|the [a-z]+)\b[^,]*$/i.test(lead) && lead.split(' ').length > 5;

const isSomething = (draft: Draft, { noun, sense }: NounIn): boolean =>
  meantEntity(draft, noun) !== undefined || (sense !== 'attribute' && !PAPER.test(noun) && !MAKER.test(noun));

/** "the name and the phone of each member". */
function ownerBehind(draft: Draft, tail: string): string | null {
  const found = /^(?:of|for|about|per|from|on) (?:(?:each|every|all|any|the|all the|our)(?: single)? )?(.+)$/i.exec(tail);
  const [noun] = found ? nounsIn(found[1] ?? '') : [];
  return noun && (isSomething(draft, noun) || noun.plural) && noun.at === 0 ? noun.noun : null;
}

/** Somebody who does the writing is not what is written about: "the warden notes", "members tell us". */
function isWriter(lead: string, { at, end, sense, determiner }: NounIn): boolean {
  if (sense !== 'person' || /^(?:each|every|per|any|all)$/.test(determiner)) return false;
  const next = tokensOf(lead.slice(end)).find((token) => token.part !== 'adverb' && token.part !== 'modal');
  return at < 25 && next?.part === 'verb' && next.form !== 'past';
}

/** What only says where, when or with what: "on the lid", "in two apiaries", "on paper". */
const isPart = (lead: string, { at, end, before }: NounIn): boolean =>
  end < lead.length &&
  before?.part === 'preposition' &&
  /^(?:in|on|at|into|onto|from|by|during|with|to|through|under|since|until)$/.test(before.low) &&
  !/\b(?:for|of|about) $|\b(?:put|typ|log|fill|key|writ|enter|hand|book|sign|tak|bring)\w* (?:in|down|up|out) (?:an? |the |each |every )?$/i.test(
    lead.slice(0, at),
  );

function worthOf(draft: Draft, { noun, determiner, plural, sense, before }: NounIn, lead: string, last: boolean): number {
  return (
    (meantEntity(draft, noun) ? 2 : 0) +
    (/^(?:each|every|per|any|all|an?|one)$/.test(determiner) ? 1.5 : 0) +
    (plural ? 1 : 0) +
    (last ? 1 : 0) +
    (sense === 'happening' ? 0.5 : sense === 'place' || sense === 'group' || sense === 'substance' ? -0.5 : 0) +
    (/^(?:our|my|your)$/.test(determiner) && !plural ? -2 : 0) +
    (lead.split(' ').length <= 3 ? 1 : 0) +
    (before?.part === 'preposition' && !/^(?:for|of|about|per)$/.test(before.low) ? -1 : 0)
  );
}

const tiesIn = (draft: Draft, nouns: readonly NounIn[], noun: string, known = false): string[] =>
  nouns
    .filter(
      (one) =>
        one.one !== singular(noun.toLowerCase()) &&
        (known ? /^(?:each|every|per)$/.test(one.determiner) : !one.plural) &&
        one.sense !== 'attribute' &&
        !isPlural(one.noun),
    )
    .filter((one) => meantEntity(draft, one.noun) !== undefined || /^(?:each|every|per|an?|the|same)$/.test(one.determiner) || one.sense === 'thing')
    .map((one) => one.one)
    .slice(0, 2);

/** "when a boat arrives", "if somebody borrows a tool", "once a firing is done". */
function onOccasion(draft: Draft, clause: string, nouns: readonly NounIn[]): Subject {
  const happening = nouns.find((one) => senseOf(one.noun) === 'happening');
  if (happening) return { noun: happening.noun, ties: [] };
  const verb = tokensOf(clause).find((token) => token.part === 'verb');
  if (/\b(?:something|anything|things?|stuff|it|them|that|this)\b/i.test(clause) && nouns.every((one) => one.sense === 'person')) return NOBODY;
  const thing = nouns.find((one) => one.sense !== 'person') ?? nouns[0];
  const light = verb === undefined || LIGHT.test(verb.lemma);
  if (thing && (light || !meantEntity(draft, thing.noun))) return { noun: thing.noun, ties: [] };
  if (verb === undefined) return NOBODY;
  return { noun: nameOfDeed(baseOf(verb.low)), ties: nouns.map((one) => one.one).slice(0, 2) };
}
