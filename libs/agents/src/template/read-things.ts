import type { Entity } from '#contracts';
import { ensureEntity, findEntity, peopleOf, putField, remember } from './draft.js';
import type { Draft } from './draft.js';
import { EVENT_VERBS, isEvent, isPerson, kindOf } from './lexicon.js';
import { readFieldList, readLink, soundsLikeField } from './read-fields.js';
import { isNoThing, nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular, splitList } from './words.js';

/*
 * Which lists of records a sentence speaks of, what belongs to them, and how they relate.
 */

const MODAL =
  '(?:(?:can|may|should|must|will|would|could|also|always|usually|needs? to|has to|have to|want to|are able to|is able to|be able to)\\s+)*';
const HAS = new RegExp(
  `^(?:(?:each|every|an?|the|all|our|my|one|any)\\s+)?(.+?)\\s+${MODAL}(?:has|have|having|contains?|includes?|needs?|consists? of|stores?|records?|is described by|are described by|comes? with|keeps?)\\s+(.+)$`,
  'i',
);
const WITH = /^(.*?\b)(?:with|including|by|having|containing)\s+((?:an?|its|their|the|title|name|date|fields?|one|several)?\b.+)$/i;
const FOR_EACH =
  /^(?:.*?\b)?(?:for|about|of) (?:each|every|all|any) (.+?)(?:,|\s+(?=(?:the|an?|its|i|we|they|you|it|the app|users|people|record|note|store|track|save|keep)\b))\s*(?:(?:i|we|they|you|it|the app|users|people)\s+)?(?:also\s+)?(?:(?:want|need|would like|wants|needs|should|must|can|like)\s+)*(?:to\s+)?(?:be able to\s+)?(?:record|note|store|track|save|keep|know|see|enter|have|log|write|show|remember|list|there (?:is|are))?\s*(?:down\s+|track of\s+)?(.+)$/i;
const VERB =
  '(?:keep(?:s|ing)? (?:an? )?(?:track|list|record|log|overview|inventory|note|eye)s? (?:of|on)|(?:track|record|log|register|collect|monitor|maintain|administer|handle|plan|add|edit|enter|list|note|see|view|find|show|search|browse|delete|remember|document|keep|organi[sz]e?|manage|sav|stor|catalog(?:ue)?|creat|schedul|rat|review|assign|(?:want|need)(?! to\\b))(?:e|s|es|ing|ed)?)';
const RECORDS = new RegExp(`\\b${VERB}\\s+(?:(?:down|in|and ${VERB}|, ${VERB})\\s+)*(?:of\\s+)?(.+)$`, 'i');
const STARTS_WITH_VERB = new RegExp(`^${VERB}\\b`, 'i');
const NOT_A_SUBJECT =
  /^(?:i|we|you|users?|everyone|everybody|anyone|nobody|who|there|this app|the app|app|it should|which|that|what|system|the system|they all)$/i;

/** What `fieldSentence` found: the thing that is described, and its fields. */
export interface FieldSentence {
  readonly noun: string;
  readonly list: string;
  /** False where the words add to what is known ("also", "add"). */
  readonly complete: boolean;
}

/** Reads "Each book has a title", "Books: title, author", "books with a title" and "for each book note the title". */
export function fieldSentence(draft: Draft, sentence: string): FieldSentence | null {
  const also = /\balso\b|\badd(itionally)?\b|\btoo\b|\bas well\b|\bmore\b/i.test(sentence);
  const text = sentence.replace(/^(?:also|and|additionally|furthermore|please|then|so|here)[, ]+/i, '').replace(/,? (?:too|as well)$/i, '');
  const each = FOR_EACH.exec(text);
  const eachNoun = each && thingPhrase(each[1] ?? '');
  if (eachNoun && each?.[2]) return { noun: eachNoun, list: each[2], complete: !also };
  const colon = /^([^:(]{2,40}?)\s*(?::|\s[-–—]\s)\s*(.+)$/.exec(text) ?? /^([^(),]{2,30}?)\s*\(([^()]*,[^()]*)\)$/.exec(text);
  const head = colon ? thingPhrase(colon[1] ?? '') : null;
  if (
    colon &&
    head &&
    head.split(' ').length ===
      (colon[1] ?? '')
        .replace(/^(?:(?:the|an?|each|every|all|our|my|his|her|their|its) )+/i, '')
        .trim()
        .split(' ').length &&
    (isPlural(head) || kindOf(head) || findEntity(draft, head)) &&
    !soundsLikeList(colon[2] ?? '')
  ) {
    return { noun: head, list: colon[2] ?? '', complete: !also };
  }
  const kept = /^([^:]+):\s*([^:]+)$/.exec(text);
  const object = kept && !soundsLikeList(kept[2] ?? '') && splitList(kept[2] ?? '').length > 1 ? RECORDS.exec(kept[1] ?? '')?.[1] : undefined;
  const keptNoun = object === undefined ? null : thingPhrase(object.replace(/\s+(?:collection|list|inventory|library|catalog(?:ue)?|records?)$/i, ''));
  if (keptNoun) return { noun: keptNoun, list: kept?.[2] ?? '', complete: !also };
  const bare = /^([a-z][a-z -]*?) (?:with|including) ((?!my|our|each other|login|a login).+)$/i.exec(text);
  const bareNoun = bare && !new RegExp(`\\b${VERB}\\b`, 'i').test(bare[1] ?? '') ? thingPhrase(bare[1] ?? '') : null;
  if (
    bareNoun &&
    (isPlural(bareNoun) || findEntity(draft, bareNoun)) &&
    bareNoun.length === (bare?.[1] ?? '').replace(/^(?:the|all|our|my) /i, '').length
  )
    return { noun: bareNoun, list: bare?.[2] ?? '', complete: !also };
  const has = HAS.exec(
    text
      .replace(/\b(has|have|contains?|includes?|needs|fields|following|details)( the following[a-z ]*)?:\s*/i, '$1 ')
      .replace(/\bfollowing( (fields?|details|information|data))?\s*/i, ''),
  );
  if (has) {
    const subject = (has[1] ?? '').trim();
    if (/^(it|they|these|those|he|she)$/i.test(subject) && draft.last) return { noun: draft.last.label, list: has[2] ?? '', complete: false };
    if (/^people$/i.test(subject) && splitList(has[2] ?? '').every((item) => soundsLikeField(nounPhrase(item) ?? '')))
      return { noun: 'person', list: has[2] ?? '', complete: !also };
    const noun =
      NOT_A_SUBJECT.test(subject) || subject.split(' ').length > 4 || new RegExp(`\\b${VERB}\\b`, 'i').test(subject) ? null : thingPhrase(subject);
    if (noun && !/^(?:an? |the )?(?:\S+ ){0,3}(?:list|app|system|tool|website|site|way|place|database|program)$/i.test(has[2] ?? '')) return { noun, list: has[2] ?? '', complete: !also };
  }
  return null;
}

/** True for `members, classes and trainers`: plural things rather than fields. */
const soundsLikeList = (list: string): boolean => {
  const items = splitList(list)
    .filter((item) => !/^(who|which|when|whom)\b/i.test(item))
    .map((item) => nounPhrase(item) ?? '');
  return items.length > 1 && items.every((item) => item !== '' && isPlural(item) && kindOf(singular(item)) && !soundsLikeField(singular(item)));
};

/** First reading of a sentence: the lists of records it names. */
export function readThings(draft: Draft, sentence: string): void {
  const fields = fieldSentence(draft, sentence);
  if (fields) {
    draft.last = ensureEntity(draft, fields.noun);
    return;
  }
  const after = /^.{0,80}?:\s*(.+)$/.exec(sentence);
  if (after && soundsLikeList(after[1] ?? '')) return addThings(draft, after[1] ?? '');
  if (!/^(?:also|and|plus)\b/i.test(sentence) && !STARTS_WITH_VERB.test(sentence) && soundsLikeList(sentence)) return addThings(draft, sentence);
  const there = /^there (?:is|are) (.+)$/i.exec(sentence);
  if (there) return addThings(draft, there[1] ?? '');
  const match = RECORDS.exec(sentence);
  if (!match) {
    const bare = /^[a-z][a-z -]{2,30}$/i.test(sentence) ? thingPhrase(sentence) : null;
    if (bare && isPlural(bare) && kindOf(singular(bare)) && bare.split(' ').length <= 2) ensureEntity(draft, bare);
    return;
  }
  const object = (match[1] ?? '').replace(/\b(?:so that|so|because|in order to|when|while|if|but|via|then)\b.*$/i, '');
  const described = WITH.exec(object);
  if (
    described &&
    splitList(described[1] ?? '').length === 1 &&
    /^(with|including|having|containing)$/i.test(/(with|including|having|containing)\s/i.exec(object)?.[1] ?? '') &&
    !/^(my|our|his|her|other|each|friends|people|members)\b/i.test(described[2] ?? '')
  ) {
    const noun = thingPhrase(described[1] ?? '');
    if (noun && (isPlural(noun) || kindOf(noun))) draft.last = ensureEntity(draft, noun);
    return;
  }
  addThings(draft, object);
}

/** What is counted in hours or money is a list of entries. */
const ENTRIES: Readonly<Record<string, string>> = {
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

function addThings(draft: Draft, words: string): void {
  for (const item of splitList(words)) {
    if (/^(?:the )?(who|when|where|how|whether|which|what|if|totals?|sum|number|average|count)\b/i.test(item)) continue;
    const owner = /\b(?:of|for|to) (?:an?|each|every|the|all) (.+)$/i.exec(item);
    if (owner && thingPhrase(owner[1] ?? '')) {
      if (!isNoThing(owner[1] ?? '') && kindOf(singular(thingPhrase(owner[1] ?? '') ?? ''))) ensureEntity(draft, thingPhrase(owner[1] ?? '') ?? '');
      continue;
    }
    const raw = nounPhrase(item.replace(/\s+of\s+.*$/i, ''));
    const entry = raw ? ENTRIES[singular(raw.toLowerCase())] : undefined;
    const phrase = entry ?? thingPhrase(item);
    if (!phrase || draft.refused.has(singular(phrase.toLowerCase()))) continue;
    if (
      entry ||
      ((isPlural(phrase) || kindOf(phrase)) &&
        !(soundsLikeField(singular(phrase)) && !kindOf(singular(phrase))) &&
        !/^an? /i.test(item.replace(/^(list|log) of /i, '')))
    )
      draft.last = ensureEntity(draft, phrase);
  }
}

/** Second reading: the fields, and how things relate. Answers whether anything was taken. */
export function readRelations(draft: Draft, sentence: string): boolean {
  let taken = readEvents(draft, sentence);
  const fields = fieldSentence(draft, sentence);
  if (fields) {
    const entity = ensureEntity(draft, fields.noun);
    if (!taken) taken = readFieldList(draft, entity, cutTail(fields.list), fields.complete) > 0 || taken;
    return taken;
  }
  const match = RECORDS.exec(sentence);
  const object = match?.[1] ?? '';
  const described = /^(.*?)\s(?:with|including)\s+(?!my|our|each other)(.+)$/i.exec(object) ?? /^([^(]+)\(([^()]*,[^()]*)\)$/.exec(object);
  const noun = described && splitList(described[1] ?? '').length === 1 ? thingPhrase(described[1] ?? '') : null;
  const described2 = noun ? findEntity(draft, noun) : undefined;
  if (described2 && !taken) return readFieldList(draft, described2, cutTail(described?.[2] ?? ''), !/\balso\b|\badd\b/i.test(sentence)) > 0;
  return readLinks(draft, sentence) || readAddition(draft, sentence) || taken || (match !== null && !CONDITION.test(object));
}

/** Words that say which records are meant: such a sentence asks for more than a list of everything. */
const CONDITION = /\b(that|which|who|where|whose|if|when|only|sorted|ordered|how|total|most|least|best|average)\b/i;

const cutTail = (list: string): string => list.replace(/\b(?:so that|so we|so i|because|in order to)\b.*$/i, '');

const LINKS =
  /^(?:(?:each|every|an?|the|all|our)\s+)?(.+?)\s+(?:can |must |should |always |may )*(?:belongs? to|(?:is|are|be) (?:part of|assigned to|linked to|connected to|owned by|written by|made by|placed by|given by|taught by|led by|run by|created by|done by|taken by|for|in)|refers? to|links? to)\s+(exactly one |only one |an? |one or more |one |several |many |multiple |the |its |their |our )?(.+)$/i;

function readLinks(draft: Draft, sentence: string): boolean {
  const [, from, count = '', to] = LINKS.exec(sentence) ?? [];
  const noun = from === undefined ? null : thingPhrase(from);
  const target = to === undefined ? null : thingPhrase(to);
  if (!noun || !target || !(findEntity(draft, noun) || isPlural(noun) || kindOf(noun)) || !(findEntity(draft, target) || kindOf(singular(target))))
    return false;
  return readLink(draft, ensureEntity(draft, noun), target, /several|many|multiple|more/i.test(count));
}

/** "also a phone number for members", "add a publisher to books", "the publisher of a book". */
function readAddition(draft: Draft, sentence: string): boolean {
  const text = sentence
    .replace(/^(?:and|please|oh|yes|ok|well|hm+)[, ]+/i, '')
    .replace(/^(?:i|we) (?:would like|want|need|'d like) (?:to )?/i, '')
    .replace(
      /^(.+?) (for|of|to|on) ([a-z ]+?),? (?:which (?:is|are) |and (?:it|they) (?:is|are|must be) )?(unique|required|mandatory|optional)$/i,
      '$1 ($4) $2 $3',
    );
  const match =
    /^(?:also |additionally )?(?:(?:record|note|store|track|save|keep|add|include|want|need|show|have|log)\w* )?(?:also |down )?(.+?) (?:for|of|to|on|about|in) (?:each |every |all |the |an? |our |my )*([a-z -]+?)(?: too| as well)?$/i.exec(
      text,
    );
  const entity = match ? findEntity(draft, match[2] ?? '') : undefined;
  if (match && entity && !/^(?:show|list|total|sum|number|average|how|which|overdue|remove|rename|drop|delete|no|without)\b/i.test(match[1] ?? ''))
    return readFieldList(draft, entity, match[1] ?? '', false) > 0;
  return false;
}

/** "members can borrow books", "who borrowed them", "books are lent to friends": a record of its own. */
function readEvents(draft: Draft, sentence: string): boolean {
  for (const { verb, event, actor } of EVENT_VERBS) {
    const hit = verb.exec(sentence);
    if (!hit) continue;
    const before = sentence.slice(0, hit.index).trim();
    const after = sentence.slice(hit.index + hit[0].length).trim();
    const who = /\b(?:who|whom|which (\w+))\b(?: \w+)?$/i.exec(before);
    const subject =
      /(?:^|\b(?:and|that|when|where|how|which|lets?|if)\s)(?:the |our |my |all |each |every |an? )*([a-z-]+(?: [a-z-]+)?)(?: (?:can|may|could|should|will|must|want to|are able to|to|has|have|are|be|is|was|were|been|currently|already))*$/i.exec(
        before,
      );
    const passive = /\b(?:are|is|be|was|were|been|get|gets)(?: \w+)?$/i.test(before);
    const given = /^(?:.*?\b)?(?:by|to) (?:the |our |my |an? |other )*([a-z-]+)/i.exec(after);
    const subjectNoun = subject ? thingPhrase(subject[1] ?? '') : null;
    const objectNoun = thingPhrase(after.replace(/\b(?:by|to|from|until|for)\b.*$/i, ''));
    const modal = /\b(?:can|may|could|to|who|whom)(?: \w+)?$/i.test(before) || passive || who;
    if (!modal && !(subjectNoun && isPerson(singular(subjectNoun)))) continue;
    const object = (passive ? subjectNoun : objectNoun) ?? null;
    const thing = object && !isPerson(singular(object)) ? ensureEntity(draft, object) : lastThing(draft);
    if (!thing || isEvent(thing.label)) continue;
    const person =
      (passive || !subjectNoun || !isPerson(singular(subjectNoun)) ? (given ? thingPhrase(given[1] ?? '') : null) : subjectNoun) ??
      (subjectNoun && isPerson(singular(subjectNoun)) ? subjectNoun : null);
    addEvent(draft, event, thing, personEntity(draft, person ?? who?.[1] ?? null, actor));
    return true;
  }
  return false;
}

const lastThing = (draft: Draft): Entity | undefined =>
  [...draft.schema.entities].reverse().find((entity) => !isPerson(entity.label) && !isEvent(entity.label));

function personEntity(draft: Draft, noun: string | null, actor: string): Entity {
  if (noun && isPerson(singular(noun))) return ensureEntity(draft, noun);
  const known = peopleOf(draft)[0];
  if (known) return known;
  return ensureEntity(draft, /\b(club|association|society|library|union|co-?op|gym|members?)\b/i.test(draft.context) ? 'member' : actor);
}

function addEvent(draft: Draft, event: string, thing: Entity, person: Entity): void {
  const entity = ensureEntity(draft, event);
  putField(draft, entity, { label: thing.label, type: 'reference', target: thing.name, required: true });
  putField(draft, entity, { label: person.label, type: 'reference', target: person.name, required: true });
  remember(draft, entity.name);
}
