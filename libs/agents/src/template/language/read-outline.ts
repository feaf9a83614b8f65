import type { Entity } from '#contracts';
import { deedOf } from './deeds.js';
import { ensureEntity, meantEntity, putField } from './draft.js';
import type { Draft } from './draft.js';
import { EVENT_VERBS, kindOf } from './lexicon.js';
import { partsOf, readNounPhrase } from './noun-phrases.js';
import { outlineOf } from './outline.js';
import type { Knows, Outline, Segment } from './outline.js';
import { readEvents } from './read-events.js';
import { soundsLikeField } from './field-words.js';
import { readFieldList } from './read-fields.js';
import { thingPhrase } from './sentences.js';
import { isPlural, plural, singular, snake } from './words.js';

/*
 * Taking what an enumeration or a deed says into the model: first the lists of records, then their fields and links.
 */

/** What is counted in hours or money is a list of entries. */
export const ENTRIES: Readonly<Record<string, string>> = {
  hour: 'time entry',
  time: 'time entry',
  'working hour': 'time entry',
  money: 'expense',
  spending: 'expense',
  stock: 'item',
  inventory: 'item',
  attendance: 'attendance',
  homework: 'assignment',
};

/** The nouns that a text speaks of as records: what "has" fields, stands before a colon, or begins an enumeration. */
export function spokenOf(sentences: readonly string[]): Set<string> {
  const heads = sentences.flatMap((sentence) => {
    const subject = /^(?:(?:each|every|an?|the|all|our|my)\s+)?([\w -]{2,40}?)(?:\s+(?:has|have|with|belongs? to)\b|:|\s*\()/i.exec(sentence)?.[1];
    const listed = partsOf(sentence).map((part) => /^((?:[\w-]+ ){0,2}?[\w-]+s) (?:with|having)\b/i.exec(part.text)?.[1]);
    return [subject, ...listed].filter((one) => one !== undefined && readNounPhrase(one) !== null);
  });
  return new Set(heads.map((one) => key(one ?? '')));
}

const key = (noun: string): string => snake(singular(noun.trim()));

/** Reads a sentence as a deed or an enumeration; null where it is neither, and other rules have to read it. */
export function readOutline(draft: Draft, sentence: string, spoken: ReadonlySet<string>): Outline | null {
  const knows: Knows = (noun) => spoken.has(key(noun)) || meantEntity(draft, noun) !== undefined;
  const outline = deedOf(sentence, knows, draft.last?.label_plural ?? null) ?? outlineOf(sentence, knows);
  return outline && inShort(outline, (noun) => shortOf(noun, spoken));
}

/** "client projects" are the projects that another sentence describes. */
function shortOf(noun: string, spoken: ReadonlySet<string>): string {
  const last = noun.slice(noun.lastIndexOf(' ') + 1);
  return !spoken.has(key(noun)) && spoken.has(key(last)) ? last : noun;
}

const inShort = ({ segments, loose }: Outline, short: (noun: string) => string): Outline => ({
  segments: segments.map((one) => ({ ...one, noun: short(one.noun), ties: one.ties.map((tie) => ({ ...tie, noun: short(tie.noun) })) })),
  loose: loose.map(({ from, to }) => ({ from: short(from), to: short(to) })),
});

/** The list of records that a noun means, made where there is none. */
export function entityFor(draft: Draft, noun: string): Entity | null {
  const known = meantEntity(draft, noun);
  if (known) return known;
  const phrase = ENTRIES[singular(noun.toLowerCase())] ?? thingPhrase(noun);
  return phrase === null || draft.refused.has(singular(phrase.toLowerCase())) ? null : ensureEntity(draft, phrase);
}

/** First reading: the lists of records, so that later sentences can speak of them. */
export function noteOutline(draft: Draft, { segments, loose }: Outline): void {
  for (const segment of segments) {
    for (const tie of segment.ties) entityFor(draft, tie.noun);
    const entity = entityFor(draft, segment.noun);
    if (entity) draft.last = entity;
    for (const part of partsOf(segment.fields)) if (isListOfItsOwn(part.text)) entityFor(draft, part.text);
  }
  for (const { from, to } of loose) for (const noun of [to, from]) entityFor(draft, noun);
}

/** "projects with a name and tasks": several of something that usually is a list. */
export const isListOfItsOwn = (words: string): boolean =>
  isPlural(words) &&
  readNounPhrase(words)?.noun === words &&
  kindOf(singular(words)) !== undefined &&
  !soundsLikeField(singular(words)) &&
  !soundsLikeField(words) &&
  !/(?:ingredient|step|note|comment|tag|category|genre|type|hour|author|material|good|key|title|part|place|table|site|cost|artist)s?$/i.test(words);

/** Second reading: the fields, and the links of which the sentence is sure. */
export function takeOutline(draft: Draft, { segments }: Outline, more: boolean): void {
  for (const segment of segments) {
    const entity = entityFor(draft, segment.noun);
    if (!entity) continue;
    takeTies(draft, entity, segment);
    if (segment.fields !== '') readFieldList(draft, entity, segment.fields, !more);
    for (const aside of segment.asides) takeAside(draft, entity, aside);
  }
}

function takeTies(draft: Draft, entity: Entity, { ties }: Segment): void {
  const links = ties.flatMap((tie) => {
    const target = entityFor(draft, tie.noun);
    if (!target || target === entity) return [];
    return tie.many
      ? putField(draft, entity, { label: plural(target.label), type: 'references', target: target.name })
      : putField(draft, entity, { label: target.label, type: 'reference', target: target.name, required: tie.either !== true });
  });
  entity.fields.splice(0, Infinity, ...new Set([...links, ...entity.fields]));
}

function takeAside(draft: Draft, entity: Entity, aside: string): void {
  const deed = /^who/i.test(aside) && EVENT_VERBS.some(({ verb }) => verb.test(aside));
  if (deed && readEvents(draft, aside.replace(/\b(?:them|it)\b/i, `the ${entity.label_plural}`))) return;
  const before = draft.described.has(entity.name);
  if (readFieldList(draft, entity, aside, false) > 0 && !before) draft.described.delete(entity.name);
}

/** Last of all, the links that words only hint at ("plants and their owners"), unless the two are linked already. */
export function takeHints(draft: Draft, { loose }: Outline): void {
  for (const hint of loose) {
    const from = entityFor(draft, hint.from);
    const to = entityFor(draft, hint.to);
    if (!from || !to || from === to || areLinked(draft, from, to)) continue;
    putField(draft, from, { label: to.label, type: 'reference', target: to.name });
  }
}

const areLinked = (draft: Draft, one: Entity, other: Entity): boolean =>
  [`${one.name}:${other.name}`, `${other.name}:${one.name}`].some((pair) => draft.mutual.has(pair)) ||
  one.fields.some((field) => field.target === other.name) ||
  other.fields.some((field) => field.target === one.name);
