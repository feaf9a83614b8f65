import type { Entity } from '#contracts';
import { ensureEntity, findEntity, meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import type { FieldSentence } from './heads.js';
import { kindOf } from './lexicon.js';
import { isHappening } from './noun-phrases.js';
import { plainEnglish } from './plain-english.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * Which list of records a list of fields belongs to, where the words that list them do not name it.
 */

/** The thing that is described; what has no name is what was spoken of last, or what nothing else describes. */
export function describedEntity(draft: Draft, { noun, list }: FieldSentence): Entity | null {
  if (noun === 'it') return draft.last;
  if (noun !== null) return meantEntity(draft, noun) ?? (isNoThing(noun) && noun !== 'person' ? null : ensureEntity(draft, noun));
  const bare = draft.schema.entities.find((one) => !draft.described.has(one.name) && (isHappening(one.label) || draft.schema.entities.length === 1));
  const timed = /\b(?:start|end|from|until|date|time)\b/i.test(list) ? (bare ?? happeningSpokenOf(draft)) : null;
  const found = timed ?? ownedMany(draft) ?? bare ?? spokenMost(draft) ?? draft.last;
  if (found) draft.last = found;
  return found;
}

/** "I have roughly 4,000 records": what an app is about, unless it is described elsewhere. */
function ownedMany(draft: Draft): Entity | null {
  const noun =
    /\b(?:have|own|keep|collect|hold|sell|run|look after) (?:about |around |roughly |some |over |nearly )?\d[\d,.]* (?:different |old |rare )?([a-z]+s)\b/i.exec(
      plainEnglish(draft.context.slice(0, 600)),
    )?.[1];
  const known = noun === undefined ? undefined : findEntity(draft, noun);
  if (noun === undefined || (known && draft.described.has(known.name))) return null;
  return known ?? ensureEntity(draft, noun);
}

/** "a small kayak rental": what happens there is what has a start and an end. */
function happeningSpokenOf(draft: Draft): Entity | null {
  const noun = /\b(rental|hire|booking|reservation|loan|lending|visit|appointment|order|delivery|repair)s?\b/i
    .exec(draft.context)?.[1]
    ?.toLowerCase();
  return noun === undefined || findEntity(draft, noun) ? null : ensureEntity(draft, noun);
}

/** The plural noun that the text speaks of most. */
function spokenMost(draft: Draft): Entity | null {
  const usual = counted.get(draft) ?? spokenIn(draft.context);
  counted.set(draft, usual);
  const best = usual.find(({ word }) => findEntity(draft, word) === undefined);
  return best && best.count >= 2 ? ensureEntity(draft, best.word) : null;
}

const counted = new WeakMap<Draft, readonly { readonly word: string; readonly count: number }[]>();

/** The plural nouns of common things in a text, the most frequent first. */
function spokenIn(context: string): { word: string; count: number }[] {
  const words = context.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const counts = new Map<string, number>();
  for (const word of words) counts.set(singular(word), (counts.get(singular(word)) ?? 0) + 1);
  return [...new Set(words)]
    .filter((word) => isPlural(word) && !isNoThing(word) && kindOf(singular(word)) !== undefined)
    .map((word) => ({ word, count: counts.get(singular(word)) ?? 0 }))
    .sort((a, b) => b.count - a.count);
}
