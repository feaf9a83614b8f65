import type { Entity } from '#contracts';
import type { Passage } from './document.js';
import { ensureEntity, findEntity, findField, meantEntity, putField, removeField } from './draft.js';
import type { Draft } from './draft.js';
import { kindOf } from './lexicon.js';
import { purposeOf } from './purpose.js';
import { readLink } from './read-fields.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { escaped, isPlural, plural, singular, snake } from './words.js';

/*
 * How things relate: "each animal belongs to one owner", "a kid can have 1 or 2 parents", "genres, a record can be in several".
 */

const LINKS =
  /^(?:(?:each|every|an?|the|all|our|one)\s+)?(.+?)\s+(?:can |must |should |always |may |only )*(?:belongs? to|comes? from|(?:is|are|be) (?:part of|assigned to|linked to|connected to|owned by|written by|made by|placed by|given by|taught by|led by|run by|created by|done by|taken by|supplied by|for|in)|refers? to|links? to)\s+(exactly one |only one |an? |just one |one or more |one |several |many |multiple |more than one |the |its |their |our )?(.+)$/i;

/** "Two groups can't be in the same room" forbids, and links nothing. */
const DENIES = /\b(?:can(?:'t|not| not)|must(?:n't| not)|may not|should(?:n't| not)|never|no two|nobody|no one)\b/i;

/** Reads one sentence that links two things; with `apply` false it is only recognised. */
export function readRelation(draft: Draft, sentence: string, apply = true): boolean {
  if (DENIES.test(sentence)) return false;
  const [, from, count = '', to] = LINKS.exec(sentence) ?? [];
  const noun = from === undefined ? null : thingPhrase(from);
  const target = to === undefined ? null : thingPhrase(to);
  if (!noun || !target || !(findEntity(draft, noun) || isPlural(noun) || kindOf(noun)) || !(findEntity(draft, target) || kindOf(singular(target))))
    return false;
  return !apply || readLink(draft, ensureEntity(draft, noun), target, /several|many|multiple|more/i.test(count));
}

const WHOSE = /\b([a-z]+s) whose ([a-z]+)s? (?:is|are|has|have|was|were|expires?|runs?|ends?)\b/i;

/** "animals whose vaccination is due": a vaccination is an animal's. */
export function readWhose(draft: Draft, text: string): void {
  const [, owners = '', things = ''] = WHOSE.exec(text) ?? [];
  const owner = findEntity(draft, owners);
  const thing = findEntity(draft, things);
  const linked = (one: Entity, other: Entity): boolean => one.fields.some((field) => field.target === other.name);
  if (owner && thing && owner !== thing && !linked(owner, thing) && !linked(thing, owner))
    putField(draft, thing, { label: owner.label, type: 'reference', target: owner.name, required: true });
}

/** How many of one thing another may have, as a sentence says it. */
export interface Cardinality {
  readonly from: Entity;
  /** The noun of the other thing, in the singular. */
  readonly to: string;
  readonly many: boolean;
  readonly said: string;
}

const ONE = '(?:exactly |only |always |just )*(?:one|1|a single|exactly an?|only an?)(?: and only one)?(?: main| single)?';
const MANY =
  '(?:(?:several|many|multiple|various|different|lots of|plenty of|more than one|one or more|any number of|(?:\\d+|one|two|three) (?:or|to|-) (?:\\d+|two|three|four|five|more)|two|three|four|five|a few|up to \\w+|at most \\w+) )(?:or (?:more|several) )?(?:different )?';
const SUBJECT = '(?:^|,? (?:and|but|or|so|that|because) |, |: )(?:each|every|an?|one|any|the|some|big|large|most)? ?(?:big |large |same )?';

const QUANTITY =
  /\b(?:one|1|single|several|many|multiple|various|different|lots of|plenty of|more than|any number|two|three|four|five|a few|up to|at most|\d+ (?:or|to))\b/i;

/** Everything that the statements say about how many of what belong to what. */
export function cardinalitiesOf(draft: Draft, passages: readonly Passage[]): Cardinality[] {
  const found: Cardinality[] = [];
  for (const { text, said } of passages) {
    if (/\b(?:can't|cannot|must not|mustn't|may not|never|no two|at the same time|in total)\b/i.test(text) || purposeOf(text) === 'result') continue;
    if (!QUANTITY.test(text)) continue;
    const low = text.toLowerCase();
    for (const from of draft.schema.entities.filter((one) => low.includes(one.label) || low.includes(one.label_plural))) {
      const subject = new RegExp(`${SUBJECT}(?:${forms(from.label)})\\b(.*)$`, 'i').exec(text)?.[1];
      if (subject === undefined) continue;
      const others = [
        ...draft.schema.entities.filter((one) => one !== from).map((one) => one.label),
        ...from.fields.filter((field) => field.target === null && field.type === 'text').map((field) => singular(field.label)),
      ];
      for (const to of new Set(others.filter((one) => low.includes(one.toLowerCase()) || low.includes(plural(one).toLowerCase())))) {
        const one = new RegExp(`^[^,;:]*?\\b${ONE} ${escaped(to)}\\b`, 'i').test(subject);
        const many = new RegExp(`^[^,;:]*?\\b${MANY}${escaped(plural(to))}\\b`, 'i').test(subject);
        if (one || many) found.push({ from, to, many, said });
      }
      const turned = new RegExp(
        `^(${forms(from.label)}),? (?:an?|each|every|one) ([a-z -]+?) (?:can|may) (?:be in|have|belong to|be on|speak|play|need) (?:more than one|several|many)`,
        'i',
      ).exec(text);
      const holder = turned ? findEntity(draft, turned[2] ?? '') : undefined;
      if (holder) found.push({ from: holder, to: from.label, many: true, said });
    }
    const listed = listedFor(draft, text);
    if (listed) found.push({ ...listed, said });
  }
  return found;
}

/** "Skills, several per person", "Genres, a record can be in more than one": what nothing else describes. */
function listedFor(draft: Draft, text: string): Omit<Cardinality, 'said'> | null {
  const per = /^([a-z][a-z -]{2,30}?)(?:,|:)? (?:several|many|more than one|multiple|one or more) (?:per|for (?:each|every|an?)) ([a-z]+)\b/i.exec(
    text,
  );
  const turned =
    /^([a-z][a-z -]{2,30}?),? (?:an?|each|every|one) ([a-z -]+?) (?:can|may) (?:be in|have|belong to|be on|speak|play|need) (?:more than one|several|many)\b/i.exec(
      text,
    );
  const having =
    /\b(?:an?|each|every|one) ([a-z][a-z -]*?) (?:can|may|might) (?:also )?have (?:several|many|multiple|more than one|one or more|two or more) ([a-z]+(?: [a-z]+)?)\b/i.exec(
      text,
    );
  const holder = having ? meantEntity(draft, having[1] ?? '') : undefined;
  const held = having ? thingPhrase(having[2] ?? '') : null;
  if (holder && held && isPlural(held)) return { from: holder, to: singular(held), many: true };
  const [, things = '', owner = ''] = per ?? turned ?? [];
  const thing = things === '' ? null : thingPhrase(things);
  if (thing === null || !isPlural(thing)) return null;
  const from = findEntity(draft, owner) ?? (/^(?:person|one|each|people)$/i.test(owner) ? draft.last : null);
  return from && singular(thing) !== from.label ? { from, to: singular(thing), many: true } : null;
}

const forms = (label: string): string => [...new Set([label, plural(label)])].map(escaped).join('|');

/** Makes links of several where the statements say so. */
export function applyCardinalities(draft: Draft, facts: readonly Cardinality[]): void {
  const isMany = (from: string, to: string): boolean => facts.some((one) => one.many && one.from.name === from && snake(one.to) === to);
  for (const { from, to, many, said } of facts.filter((one) => one.many)) {
    if (!many || !draft.schema.entities.includes(from)) continue;
    const target = meantEntity(draft, to);
    draft.sentence = said;
    const field = target ? from.fields.find((one) => one.target === target.name) : findField(from, to);
    const back = target?.fields.find((one) => one.target === from.name);
    if (field?.type === 'references') continue;
    const between = target && draft.schema.entities.some((one) => [from, target].every((end) => one.fields.some((each) => each.target === end.name)));
    if (back?.type === 'references' || between) continue;
    const both = target !== undefined && isMany(target.name, from.name);
    if (target && back && !both) continue;
    if (back && target) removeField(draft, target, back);
    const other = target ?? ensureEntity(draft, nounPhrase(to) ?? to);
    const { required, at } = { required: field?.required ?? false, at: field ? from.fields.indexOf(field) : from.fields.length };
    if (field) from.fields.splice(at, 1);
    const made = putField(draft, from, { label: plural(other.label), type: 'references', target: other.name, required });
    from.fields.splice(from.fields.indexOf(made), 1);
    from.fields.splice(at, 0, made);
  }
}
