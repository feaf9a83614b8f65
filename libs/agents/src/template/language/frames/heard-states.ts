import type { Entity, Field } from '#contracts';
import { isPerson } from '../lexicon.js';
import { on } from '../lists.js';
import { CLOSING, openConditions } from '../rule-words.js';
import { denied, markText, NEGATIONS, placeOf, said, unprefixed, use } from './heard-words.js';
import type { Said, Words } from './heard-words.js';
import { rootOf, rootsIn } from './word-forms.js';

/*
 * The states that words mean: of a choice, a yes-or-no field, a day that is filled in once something is done.
 */

/** A state that the words name, whole or by its first telling word; several of one field leave the others out. */
export function stateConditions(words: Words, field: Field): Said[] {
  const firsts = field.choices.map((choice) => rootsIn(choice)[0] ?? '');
  const hits = field.choices
    .flatMap((choice) => {
      const telling = rootsIn(choice);
      const whole = placeOf(words, telling);
      const [first = ''] = telling;
      const alone = first.length > 3 && firsts.filter((one) => one === first).length === 1;
      const place = whole ?? (alone && telling.length > 1 ? placeOf(words, [first]) : null);
      return place && first.length > 1 ? [{ choice, ...place }] : [];
    })
    .sort((a, b) => b.to - b.from - (a.to - a.from));
  const kept = hits.filter((hit, at) => !hits.slice(0, at).some((one) => one.from < hit.to && hit.from < one.to));
  const named = kept.map((hit) => ({ ...hit, not: denied(words, hit.from) || unprefixed(words.tokens[hit.from]?.low ?? '') === hit.choice }));
  for (const hit of named) use(words, hit);
  const not = named.filter((one) => one.not);
  if (not.length > 0 || named.length < 2) return named.slice(0, 3).map((one) => said(on(field, one.not ? 'is_not' : 'is', one.choice)));
  const others = field.choices.filter((choice) => !named.some((one) => one.choice === choice));
  return others.length <= 6 ? others.map((choice) => said(on(field, 'is_not', choice))) : [];
}

/** A yes-or-no field, or a day that is filled in once something is done: "unpaid", "not back yet", "has been inspected". */
export function doneCondition(words: Words, field: Field): Said[] {
  const boolean = field.type === 'boolean';
  const telling = rootsIn(field.label);
  const [first = ''] = telling;
  const negative = words.tokens.findIndex((one, at) => !words.used.has(at) && rootOf(unprefixed(one.low) ?? '') === first && telling.length === 1);
  const place = negative >= 0 ? { from: negative, to: negative + 1 } : placeOf(words, telling);
  if (!place || first.length < 3) return [];
  const token = words.tokens[place.from];
  const not = negative >= 0 || denied(words, place.from);
  if (!boolean && !not && token?.form !== 'past') return [];
  use(words, place);
  return [said(boolean ? on(field, 'is', not ? 'no' : 'yes') : on(field, not ? 'is_empty' : 'is_not_empty'))];
}

export const isDone = (field: Field): boolean =>
  CLOSING.test(field.label) || /(?:ed|en|ght|id|ld|back|out|given|made|sent|ent)(?: (?:on|at|date))?$/i.test(field.label);

const OPEN =
  /\b(?:unpaid|owed|owing|owes?|outstanding|unfinished|unreturned|undelivered|unsolved|unresolved|incomplete|open|pending|active|current(?:ly)?|still (?:out|open|on loan|away|with|to)|on loan|lent out|hired out|rented out|checked out|out (?:now|at the moment|there|with)|(?:is|are|'s|what|still|has|have) out|not (?:yet )?(?:been )?(?:back|paid|returned|done|finished|closed|settled|collected|solved|come back|brought back|handed back))\b/i;
const DONE = /\b(?:paid|returned|finished|completed|closed|settled|done)\b/i;

/** "Open", "outstanding", "on loan": records that nothing has closed yet. */
export function openOrDone(words: Words, entity: Entity): Said[] {
  const negative = words.tokens.findIndex((one) => NEGATIONS.test(one.low));
  const hit = OPEN.exec(words.text) ?? (negative >= 0 ? DONE.exec(words.text) : null);
  if (!hit || (/ow(?:ed|ing|es?)/i.test(hit[0]) && isPerson(entity.label) && openConditions(entity).length === 0)) return [];
  const open = openConditions(entity);
  if (open.length > 0) {
    markText(words, hit.index, hit.index + hit[0].length);
    if (negative >= 0) words.used.add(negative);
  }
  return open.map((one) => said(one, 1.5));
}
