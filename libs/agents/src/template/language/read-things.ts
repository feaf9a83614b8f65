import { clausePartsOf } from './clause-parts.js';
import { ensureEntity, findEntity, meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import { WITH } from './field-sentence.js';
import { RECORDS, STARTS_WITH_VERB, soundsLikeList } from './heads.js';
import { kindOf } from './lexicon.js';
import { readEvents } from './read-events.js';
import { ENTRIES } from './read-outline.js';
import { soundsLikeField } from './field-words.js';
import { readFieldList } from './read-fields.js';
import { isNoThing, nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular, splitList } from './words.js';

/*
 * Which lists of records a sentence speaks of, what belongs to them, and how they relate.
 */

/** First reading of a sentence: the lists of records it names. In a text that describes its things (`told`) a mention is not enough. */
export function readThings(draft: Draft, sentence: string, told: boolean): void {
  const after = /^.{0,80}?:\s*(.+)$/.exec(sentence);
  if (after && soundsLikeList(after[1] ?? '')) return addThings(draft, after[1] ?? '');
  if (told) return bareThing(draft, sentence);
  if (!/^(?:also|and|plus)\b/i.test(sentence) && !STARTS_WITH_VERB.test(sentence) && soundsLikeList(sentence)) return addThings(draft, sentence);
  const there = /^there (?:is|are) (.+)$/i.exec(sentence);
  if (there) return addThings(draft, there[1] ?? '');
  const match = RECORDS.exec(sentence);
  if (!match) return bareThing(draft, sentence);
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

/** "Suppliers.": a list that is named and no more. */
function bareThing(draft: Draft, sentence: string): void {
  const plain = !/^(?:count|total|sum|average|display|sort|filter|number)\b/i.test(sentence) && /^[a-z][a-z -]{2,30}$/i.test(sentence);
  const bare = plain ? thingPhrase(sentence) : null;
  if (bare && isPlural(bare) && kindOf(singular(bare)) && bare.split(' ').length <= 2) ensureEntity(draft, bare);
}

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
  const taken = readEvents(draft, sentence);
  const match = RECORDS.exec(sentence);
  const object = match?.[1] ?? '';
  const described = /^(.*?)\s(?:with|including)\s+(?!my|our|each other)(.+)$/i.exec(object) ?? /^([^(]+)\(([^()]*,[^()]*)\)$/.exec(object);
  const noun = described && splitList(described[1] ?? '').length === 1 ? thingPhrase(described[1] ?? '') : null;
  const described2 = noun ? findEntity(draft, noun) : undefined;
  if (described2 && !taken) return readFieldList(draft, described2, cutTail(described?.[2] ?? ''), !/\balso\b|\badd\b/i.test(sentence)) > 0;
  const named =
    clausePartsOf(sentence).length === 0 &&
    splitList(sentence.replace(/^(?:[^:]{0,80}:|there (?:is|are) )/i, '')).every((item) => findEntity(draft, thingPhrase(item) ?? ''));
  return readAddition(draft, sentence) || taken || named || (match !== null && !CONDITION.test(object));
}

/** Words that say which records are meant: such a sentence asks for more than a list of everything. */
const CONDITION = /\b(that|which|who|where|whose|if|when|only|sorted|ordered|how|total|most|least|best|average)\b/i;

const cutTail = (list: string): string => list.replace(/\b(?:so that|so we|so i|because|in order to)\b.*$/i, '');

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
  const entity = match ? meantEntity(draft, match[2] ?? '') : undefined;
  const added =
    /^(?:also|additionally|record|note|store|track|save|keep|add|include|want|need|have|log|an?|the|their|its)\b|\balso\b/i.test(text) ||
    splitList(match?.[1] ?? '').every((item) => soundsLikeField(nounPhrase(item) ?? ''));
  if (
    match &&
    entity &&
    added &&
    !/^(?:show|list|total|sum|number|average|how|which|overdue|remove|rename|drop|delete|no|without)\b/i.test(match[1] ?? '')
  )
    return readFieldList(draft, entity, match[1] ?? '', false) > 0;
  return false;
}
