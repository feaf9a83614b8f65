import type { Entity, Field } from '#contracts';
import { putRule } from './behaviour.js';
import { putField } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import {
  assumeField,
  between,
  entityOfWords,
  fieldIn,
  happeningTo,
  linksBetween,
  mentionsOf,
  openConditions,
  personLink,
  stillCounts,
} from './rule-words.js';
import type { Mention } from './rule-words.js';
import { NEVER_UNIQUE } from '#contracts';
import { singular } from './words.js';

/*
 * What may not happen twice: "a room can't be booked twice at the same time", "no double bookings", "two samples can't be in
 * the same box and position", "everyone can rate a game only once", "a deed number is never used twice".
 */

/** The two ends of what a record lasts, both of one type; `day`: the day that times are of. */
export interface Range {
  readonly from: Field;
  readonly to: Field;
  readonly day: Field | null;
}

const START =
  /^(?:start|begin|beginning|from|date of begin\w*|(?:start|begin|pick-?up|check-?in|arrival|out|loan|rental|first|booking|hire|borrow(?:ed|ing)?|departure|collection)(?:s|ing)? ?(?:date|day|time|on|timestamp)?|date of start|date|time|date out|out|starts? (?:on|at))$/i;
const END =
  /^(?:end|finish|until|to|till|date of (?:finish|end)|(?:end|finish|return|due|check-?out|departure|last|back|in|drop-?off)(?:s|ing)? ?(?:date|day|time|on|timestamp)?|date in|in|ends? (?:on|at))$/i;

/** From when to when a record of the list lasts; an end that nobody mentioned is added. */
export function rangeOf(draft: Draft, entity: Entity): Range | null {
  const day = entity.fields.find((field) => field.type === 'date') ?? null;
  for (const type of ['datetime', 'time', 'date'] as const) {
    const fields = entity.fields.filter((field) => field.type === type);
    const from = fields.find((field) => START.test(field.label) && !END.test(field.label)) ?? (fields.length === 2 ? fields[0] : undefined);
    const to = fields.find((field) => field !== from && END.test(field.label)) ?? (fields.length === 2 && from === fields[0] ? fields[1] : undefined);
    const journey =
      from && to && /arriv/i.test(from.label) && /depart|leav/i.test(to.label) && !/stay|booking|reservation|guest|visit/i.test(entity.label);
    if (from && to) return { from: journey ? to : from, to: journey ? from : to, day: type === 'time' ? day : null };
  }
  const timed = entity.fields.find((field) => (field.type === 'datetime' || field.type === 'time') && START.test(field.label));
  if (timed)
    return {
      from: timed,
      to: assumeField(draft, entity, timed.type === 'time' ? 'end time' : 'end', timed.type),
      day: timed.type === 'time' ? day : null,
    };
  if (day) return { from: day, to: day, day: null };
  if (draft.exact) return null;
  const from = assumeField(draft, entity, 'start', 'datetime');
  return { from, to: assumeField(draft, entity, 'end', 'datetime'), day: null };
}

const TWICE =
  /\bdouble[- ]?book|\boverlap|\b(?:twice|two|several|more than one|2|both|another|to somebody else|by someone else)\b.*\b(?:at (?:once|the same time|one time|any time)|(?:in|for|on|at) (?:the )?same (?:time|moment|day|date|night|hour|period|slot)s?|overlapping)\b|\b(?:at|in) (?:the )?same (?:time|moment)\b|\btwice (?:on|in|for) (?:the )?same\b|\bsame (?:days|dates|times)\b|\bclash(?:es)?\b|\bin two places\b/i;
const FORBIDDEN =
  /\b(?:no|not|never|cannot|can't|can not|mustn't|must not|may not|shouldn't|nobody|no one|avoid|prevent|stop|without|tired of|warn|refuse)\b|n't\b/i;

/** Reads that something may not happen twice at a time. */
export function readOverlap(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (!TWICE.test(clause) || !FORBIDDEN.test(clause) || SOME_AT_ONCE.test(clause)) return false;
  const mentions = mentionsOf(draft, clause);
  const happening = happeningOf(draft, clause, mentions, topic);
  if (!happening) return false;
  const resource = resourceOf(draft, clause, happening, mentions);
  if (resource === null) return false;
  const open = openConditions(happening);
  const range = rangeOf(draft, happening);
  const planned = range !== null && range.from !== range.to && range.from.type !== 'date';
  if (open.length > 0 && !planned && !/\b(?:date|day|overlap|hour|slot|period|double)/i.test(clause) && resource) {
    putRule(draft, happening, { kind: 'limit', by: resource.name, maximum: 1, where: open });
    return true;
  }
  if (!range) return false;
  const weekday = happening.fields.find((field) => field.type === 'choice' && /\b(?:day|weekday)\b/i.test(field.label));
  const numbered = happening.fields.find((field) => field !== resource && field.target === null && fieldMeant(field, clause));
  const besides = [range.from.type === 'time' && range.day === null ? weekday : undefined, numbered];
  for (const one of [resource, ...othersBeside(clause, happening, mentions, resource)])
    putRule(draft, happening, {
      kind: 'no_overlap',
      same: [one, ...besides].flatMap((field) => (field ? [field.name] : [])),
      from: range.from.name,
      to: range.to.name,
      day: range.day?.name ?? null,
      where: stillCounts(happening),
    });
  return true;
}

/** "The same horse or the same trainer": each is had once at a time. */
function othersBeside(clause: string, happening: Entity, mentions: readonly Mention[], resource: Field | undefined): Field[] {
  const named = mentions.flatMap((one, at): Field[] => {
    const before = clause.slice(mentions[at - 1]?.end ?? 0, one.at);
    const [link] = linksBetween(happening, one.entity);
    return at > 0 && link && /\b(?:or|nor|and(?: also)?(?: not)?(?: with)?)(?: (?:the|an?|one))?(?: same)? $/i.test(before) ? [link] : [];
  });
  return resource ? named.filter((one) => one.name !== resource.name) : [];
}

/** "No more than 6 at the same time" is no question of one. */
const SOME_AT_ONCE = /\b(?:more|over|most) (?:than )?(?:[2-9]|\d{2,}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\b/i;

const fieldMeant = (field: Field, clause: string): boolean =>
  ['text', 'integer'].includes(field.type) && field.label.includes(' ') && new RegExp(`\\bsame ${field.label}\\b`, 'i').test(clause);

/** The list of what happens: named itself, or known by what it happens to. */
function happeningOf(draft: Draft, clause: string, mentions: readonly Mention[], topic: Entity | null): Entity | undefined {
  const timed = (entity: Entity): boolean => entity.fields.some((field) => ['date', 'datetime', 'time'].includes(field.type));
  const ends = [...new Set(mentions.map((one) => one.entity))];
  const named = ends.find((one) => !isPerson(one.label) && timed(one) && ends.some((other) => other !== one && linksBetween(one, other).length > 0));
  if (named) return named;
  const counted = mentions.find((one) => timed(one.entity) && !isPerson(one.entity.label) && SEVERAL.test(clause.slice(0, one.at)))?.entity;
  if (counted) return counted;
  if (/double[- ]?book/i.test(clause) && ends.length === 0) {
    const booked = draft.schema.entities.find((one) => /\b(?:booking|reservation|appointment|rental|lesson|shift)$/.test(one.label));
    if (booked) return booked;
  }
  const both =
    ends.length >= 2 ? ends.flatMap((one) => ends.flatMap((other) => (one === other ? [] : (between(draft, one, other) ?? []))))[0] : undefined;
  if (both) return both;
  const first = ends[0];
  const happens = first && happeningTo(draft, [first], clause);
  if (happens && timed(happens)) return happens;
  const alone = ends.find((one) => timed(one) && !isPerson(one.label));
  return alone ?? (topic && timed(topic) ? topic : undefined);
}

const SEVERAL = /\b(?:two|several|more than one|2|both)\s+(?:\w+\s+)?$/i;

/** What cannot be had twice: undefined where the words name nothing, null where they name something that has no link. */
function resourceOf(draft: Draft, clause: string, happening: Entity, mentions: readonly Mention[]): Field | undefined | null {
  const others = mentions.filter((one) => one.entity !== happening);
  const several = (one: Mention): boolean =>
    /\b(?:two|several|different|more than one|2|many|another|other)\s+(?:\w+\s+)?$/i.test(clause.slice(0, one.at));
  const named = [...others].sort((a, b) => Number(several(a)) - Number(several(b)));
  for (const one of named) {
    const [link] = linksBetween(happening, one.entity);
    if (link) return link;
  }
  const word = /\bsame (?!time|date|day|hour|period|slot)(\w+)/i.exec(clause)?.[1] ?? /^(?:an?|the|no|every|each) (\w+)/i.exec(clause)?.[1];
  const own =
    word === undefined
      ? undefined
      : happening.fields.find((field) => singular(field.label.toLowerCase()) === singular(word.toLowerCase()) && field.type !== 'date');
  if (own && own.type !== 'time' && own.type !== 'datetime') return own;
  if (named.length > 0 && named[0] && !several(named[0])) return null;
  const links = happening.fields.filter((field) => field.target !== null);
  const things = links.filter((field) => !isPerson(draft.schema.entities.find((one) => one.name === field.target)?.label ?? ''));
  return things.length === 1
    ? things[0]
    : things.length === 0 && links.length === 1
      ? links[0]
      : things.length === 0 && links.length === 0
        ? undefined
        : (things[0] ?? null);
}

const LISTED = "([\\w' -]+?(?:(?:, | and |\\/| & |, and )[\\w' -]+?)+)";
const TOGETHER: readonly RegExp[] = [
  new RegExp(`\\b(?:in|at|on|with|have|has|share|of) the same ${LISTED}(?: together| twice| at once)?$`, 'i'),
  new RegExp(`^(?:the )?${LISTED} together (?:must|should|may|can|identif|are|is|has|have|make|form|occur|never|only|cannot)`, 'i'),
  new RegExp(`^(?:the )?(?:combination|pair) of ${LISTED} (?:must|should|may|can|is|has|cannot|occurs|never|only)`, 'i'),
  new RegExp(
    `\\b(?:only |just )?(?:one|a single)(?: [\\w' -]+?)??(?: from \\d+ to \\d+)? (?:per|for (?:each|every|the same|any one)) (\\w[\\w' -]*?(?:(?: per |, | and |, and | for each | for every )[\\w' -]+?)+?)(?:,? (?:with|as|at most|only)\\b.*)?$`,
    'i',
  ),
  new RegExp(`\\b(?:each|every|any|one) (?:combination|pair) of ${LISTED}(?: is| can| may| must| only| once)`, 'i'),
  new RegExp(`\\bunique (?:per|by|for each|in combination of|combination of) ${LISTED}$`, 'i'),
];
const IDENTIFY =
  /\b(?:the )?(?:two|three|four|both|these|all(?: three| four)?) together (?:identif|must be unique|are unique|must not|may not|make|form|cannot)/i;

/** Reads that a combination is unique; `above`: what the sentence before listed ("The three together identify a plot"). */
export function readUnique(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (IDENTIFY.test(clause)) {
    const owner = mentionsOf(draft, clause)[0]?.entity ?? topic ?? draft.last;
    const count = /\bthree\b/i.test(clause) ? 3 : /\bfour\b/i.test(clause) ? 4 : 2;
    const fields = owner?.fields.slice(0, count).map((field) => field.name) ?? [];
    if (!owner || fields.length < count) return false;
    putRule(draft, owner, { kind: 'unique_together', fields });
    return true;
  }
  for (const pattern of TOGETHER) {
    const words = pattern.exec(clause)?.[1];
    const named = words === undefined ? undefined : fieldsListed(draft, words, [...mentionsOf(draft, clause).map((one) => one.entity), topic]);
    if (named && named.fields.length >= 2 && (FORBIDDEN.test(clause) || /\b(?:unique|once|together|combination|pair|one|single)\b/i.test(clause))) {
      putRule(draft, named.entity, { kind: 'unique_together', fields: named.fields });
      return true;
    }
  }
  return readOnce(draft, clause) || readSingleUnique(draft, clause, topic);
}

/** The list that has all of these fields. */
function fieldsListed(draft: Draft, words: string, near: readonly (Entity | null)[]): { entity: Entity; fields: string[] } | undefined {
  const labels = words.split(/\s*(?:,|\/|&|\band\b|\bper\b|\bfor (?:each|every)\b)\s*/).filter((one) => one !== '');
  const owners = [...near, ...draft.schema.entities].filter((one) => one !== null);
  for (const entity of owners) {
    const alone = { ...draft, schema: { ...draft.schema, entities: [entity] } };
    const fields = labels.map((label) => fieldIn(alone, label.replace(/^(?:the|an?|its|their) /i, ''), [entity])?.field);
    const names = [...new Set(fields.flatMap((field) => (field && 'required' in field ? [field.name] : [])))];
    if (names.length === labels.length && names.length <= 5) return { entity, fields: names };
  }
  return undefined;
}

const ONCE =
  /\bonly once\b|\bjust once\b|\bonce only\b|\bonly one time\b|\bnot (?:more than once|twice)\b|\b(?:an?|the|each|every) [\w ]+ once$|\bat most once\b|\bmore than once\b/i;

/** "Each landing is sold only once": what happens to a thing happens one time. */
const PASSIVE = /\b(?:is|are|be|gets?)\b(?: \w+)? \w+(?:ed|en|ld|id|ght)\b/i;

/** "Everyone can rate a game only once", "a judge scores an entry once". */
function readOnce(draft: Draft, clause: string): boolean {
  if (!ONCE.test(clause) || /\bat once\b/i.test(clause)) return false;
  const ends = [...new Set(mentionsOf(draft, clause).map((one) => one.entity))];
  const verbOf = (pair: readonly Entity[]): Entity | undefined => happeningTo(draft, pair, clause);
  for (const one of ends) {
    for (const other of ends.filter((each) => each !== one)) {
      const middle = verbOf([one, other]) ?? between(draft, one, other);
      if (middle && middle !== one && middle !== other) return putPair(draft, middle, linksBetween(middle, one)[0], linksBetween(middle, other)[0]);
      if (linksBetween(one, other).length > 0 && personLink(draft, one) && !isPerson(other.label))
        return putPair(draft, one, linksBetween(one, other)[0], personLink(draft, one));
    }
  }
  const [thing] = ends;
  const doing = thing && ends.length === 1 && !isPerson(thing.label) && PASSIVE.test(clause) ? happeningTo(draft, [thing], clause, true) : undefined;
  const link = doing && thing && linksBetween(doing, thing).find((field) => field.type === 'reference');
  if (doing && link) {
    putRule(draft, doing, { kind: 'limit', by: link.name, maximum: 1, where: stillCounts(doing) });
    return true;
  }
  const only =
    ends.length === 1 && ends[0] && /\b(?:everyone|everybody|anyone|each person|people|nobody|no one|one|they|you)\b/i.test(clause)
      ? happeningTo(draft, [ends[0]], clause, true)
      : undefined;
  const person = only && personLink(draft, only);
  return only !== undefined && ends[0] !== undefined && person !== undefined && putPair(draft, only, linksBetween(only, ends[0])[0], person);
}

function putPair(draft: Draft, entity: Entity, one: Field | undefined, other: Field | undefined): boolean {
  if (!one || !other || one === other) return false;
  putRule(draft, entity, { kind: 'unique_together', fields: [one.name, other.name] });
  return true;
}

const SINGLE =
  /\bno two (.+?) (?:with|have|has|share|may have|can have|may share|can share|must have)(?: the)? same ([\w' -]+)$|\b([\w' -]+?) (?:is|are|must be|may be|can be|should be) (?:never|not|only) (?:used|given|issued|assigned) (?:twice|again|once|more than once)|\b(?:an?|the|each) ([\w' -]+?) (?:(?:is|are) )?never (?:be )?(?:repeated|reused|used twice)|^(?:the )?([\w' -]+?) (?:must|has to|should) be (?:different|unique|distinct)\b/i;

/** "No two animals with the same chip": a field of which no value occurs twice. */
function readSingleUnique(draft: Draft, clause: string, topic: Entity | null): boolean {
  const hit = SINGLE.exec(clause);
  if (!hit) return false;
  const owner = entityOfWords(draft, hit[1]) ?? mentionsOf(draft, clause)[0]?.entity ?? topic;
  const place = fieldIn(draft, hit[2] ?? hit[3] ?? hit[4] ?? hit[5] ?? '', [owner]);
  if (!place || !('required' in place.field) || NEVER_UNIQUE.includes(place.field.type) || place.field.target !== null) return false;
  putField(draft, place.entity, { label: place.field.label, unique: true });
  return true;
}
