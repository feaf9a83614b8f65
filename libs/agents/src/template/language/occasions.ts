import nlp from 'compromise';
import { clausePartsOf } from './clause-parts.js';
import type { ClauseParts } from './clause-parts.js';
import { listsFields, says, thingIn } from './clause-fields.js';
import { nameOfDeed } from './doings.js';
import { meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import type { FieldSentence } from './heads.js';
import { splitItems } from './split-items.js';
import { isPerson } from './lexicon.js';
import { isHappening, readItem } from './noun-phrases.js';
import { nounPhrase } from './sentences.js';
import { singular } from './words.js';

/*
 * What is noted on an occasion: "every time I go I jot down the date and what I did" is a visit, "when a complaint comes in we
 * note who it is from" a complaint.
 */

const OPENING = /^(?:and |then |so )?(?:when(?:ever)?|if|once|as soon as|after|(?:every|each) time(?: that)?) /i;
const WRITER = /(?:^|[ ,])(?=(?:i|we|you|they|he|she|somebody|someone|the [a-z]+|an? [a-z]+) )/gi;
const ANYBODY = /^(?:i|we|you|they|he|she|somebody|someone|people|one|anyone)$/i;
const ITSELF = /^(?:it|one|them|this|that|him|her)$/i;
const COMING = /^(?:go|come|visit|call|turn up|drop|pop|stop)$/;
/** What happens to a thing once at most: a date of the thing, and no record of its own. */
const ENDS = /^(?:die|close|finish|leave|end|cancel|empty|expire|retire|return|sell|use|release|give|move|join|start|begin|arrive)$/;
const LIGHT = /^(?:have|get|do|make|hold|take|run|receive|be|want|need|see|know|find)$/;

/** Reads what is noted on an occasion; null where the sentence tells of none. */
export function occasion(draft: Draft, text: string): FieldSentence | null {
  const opening = OPENING.exec(text)?.[0];
  if (opening === undefined) return null;
  const whole = text.slice(opening.length);
  for (const cut of [...whole.matchAll(WRITER)].slice(0, 6)) {
    if (cut.index < 3) continue;
    const [noting] = clausePartsOf(whole.slice(cut.index + cut[0].length));
    if (
      !noting ||
      noting.passive ||
      !says(noting) ||
      (noting.modal && !/(?:know|record|note|write|enter|log|keep|have|register|need|want)(?: down| in| up)?$/.test(noting.verb))
    )
      continue;
    if (!(ANYBODY.test(noting.subject) || isPerson(singular(nounPhrase(noting.subject) ?? '')))) continue;
    if (!listsFields(draft, noting.rest, 2)) continue;
    const [event] = clausePartsOf(
      whole
        .slice(0, cut.index)
        .replace(/[\s,]+$/, '')
        .replace(/^(it|he|she|one|that)'s /i, '$1 is ')
        .replace(/^they're /i, 'they are '),
    );
    return event ? recordOf(draft, event, noting.rest) : null;
  }
  return null;
}

function recordOf(draft: Draft, event: ClauseParts, list: string): FieldSentence | null {
  const verb = infinitive(event.verb);
  const object = event.passive ? null : readItem(event.rest.replace(/^(?:in|out|up|for|to|at|on|with) | (?:in|out|up|down|off|away|back)$/gi, ''));
  const own = object === null ? null : thingIn(draft, `${object.determiner} ${object.noun}`.trim());
  const subject = ANYBODY.test(event.subject) ? null : thingIn(draft, event.subject);
  if (own !== null && (LIGHT.test(verb) || isHappening(singular(own)))) return { noun: own, list, complete: true };
  const thing = event.passive || own === null ? subject : own;
  if (!event.passive && /^(?:something|anything|some|things?|stuff)\b/i.test(event.rest)) return { noun: null, list, complete: true };
  if (!event.passive && own === null && subject !== null && !isPerson(singular(subject))) return { noun: subject, list, complete: true };
  const items = splitItems(list);
  const brief = items.length < 3 && !items.some((item) => /^(?:who|which)\b/i.test(item) || meantEntity(draft, nounPhrase(item) ?? ''));
  if (brief && (thing !== null || ENDS.test(verb))) return { noun: thing ?? 'it', list, complete: false };
  if (LIGHT.test(verb)) return null;
  if (thing === null && event.passive) return { noun: 'it', list, complete: false };
  const tie = thing === null ? [] : [`the ${singular(thing)}`];
  const named = items.some((item) => thing !== null && singular(nounPhrase(item) ?? '') === singular(thing));
  return {
    noun: COMING.test(verb) ? 'visit' : nameOfDeed(verb),
    list: [...(named ? [] : tie), list].join(', '),
    complete: true,
    ...(thing === null && (object === null || ITSELF.test(object.noun)) && { ofLast: true }),
  };
}

function infinitive(verb: string): string {
  const last =
    verb
      .split(' ')
      .filter((word) => !/^(?:up|out|off|down|in|away|back)$/.test(word))
      .at(-1) ?? verb;
  const base = (nlp(last).tag('Verb') as unknown as { verbs(): { toInfinitive(): { text(): string } } }).verbs().toInfinitive().text();
  return base === '' ? last : base;
}
