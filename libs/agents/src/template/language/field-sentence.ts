import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { kindOf } from './lexicon.js';
import { soundsLikeField } from './read-fields.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular, splitList } from './words.js';

/*
 * Sentences that describe one thing: whose fields they list, and which words list them.
 */

const MODAL =
  '(?:(?:can|may|should|must|will|would|could|also|always|usually|needs? to|has to|have to|want to|are able to|is able to|be able to)\\s+)*';
const HAS = new RegExp(
  `^(?:(?:each|every|an?|the|all|our|my|one|any)\\s+)?(.+?)\\s+${MODAL}(?:has|have|having|contains?|includes?|needs?|consists? of|stores?|records?|is described by|are described by|comes? with|keeps?)\\s+(.+)$`,
  'i',
);
export const WITH = /^(.*?\b)(?:with|including|by|having|containing)\s+((?:an?|its|their|the|title|name|date|fields?|one|several)?\b.+)$/i;
const FOR_EACH =
  /^(?:.*?\b)?(?:for|about|of) (?:each|every|all|any) (.+?)(?:,|\s+(?=(?:the|an?|its|i|we|they|you|it|the app|users|people|record|note|store|track|save|keep)\b))\s*(?:(?:i|we|they|you|it|the app|users|people)\s+)?(?:also\s+)?(?:(?:want|need|would like|wants|needs|should|must|can|like)\s+)*(?:to\s+)?(?:be able to\s+)?(?:record|note|store|track|save|keep|know|see|enter|have|log|write|show|remember|list|there (?:is|are))?\s*(?:down\s+|track of\s+)?(.+)$/i;
const VERB =
  '(?:keep(?:s|ing)? (?:an? )?(?:track|list|record|log|overview|inventory|note|eye)s? (?:of|on)|(?:track|record|log|register|collect|monitor|maintain|administer|handle|plan|add|edit|enter|list|note|see|view|find|show|search|browse|delete|remember|document|keep|organi[sz]e?|manage|sav|stor|catalog(?:ue)?|creat|schedul|rat|review|assign|(?:want|need)(?!s? to\\b))(?:e|s|es|ing|ed)?)';
/** A verb of keeping records, with what is kept. */
export const RECORDS = new RegExp(`\\b${VERB}\\s+(?:(?:down|in|and ${VERB}|, ${VERB})\\s+)*(?:of\\s+)?(.+)$`, 'i');
export const STARTS_WITH_VERB = new RegExp(`^${VERB}\\b`, 'i');
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
  const keptNoun =
    object === undefined ? null : thingPhrase(object.replace(/\s+(?:collection|list|inventory|library|catalog(?:ue)?|records?)$/i, ''));
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
    if (noun && !/^(?:an? |the )?(?:\S+ ){0,3}(?:list|app|system|tool|website|site|way|place|database|program)$/i.test(has[2] ?? ''))
      return { noun, list: has[2] ?? '', complete: !also };
  }
  return null;
}

/** True for `members, classes and trainers`: plural things rather than fields. */
export const soundsLikeList = (list: string): boolean => {
  const items = splitList(list)
    .filter((item) => !/^(who|which|when|whom)\b/i.test(item))
    .map((item) => nounPhrase(item) ?? '');
  return items.length > 1 && items.every((item) => item !== '' && isPlural(item) && kindOf(singular(item)) && !soundsLikeField(singular(item)));
};
