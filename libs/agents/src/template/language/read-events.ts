import type { Entity } from '#contracts';
import { ensureEntity, peopleOf, putField, remember } from './draft.js';
import type { Draft } from './draft.js';
import { EVENT_VERBS, isEvent, isPerson } from './lexicon.js';
import { thingPhrase } from './sentences.js';
import { singular } from './words.js';

/*
 * What happens between things: borrowing, booking and the like become records of their own.
 */

/** "members can borrow books", "who borrowed them", "books are lent to friends": a record of its own. */
export function readEvents(draft: Draft, sentence: string): boolean {
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
