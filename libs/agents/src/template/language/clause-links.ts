import type { Entity } from '#contracts';
import { clausePartsOf } from './clause-parts.js';
import type { ClauseParts } from './clause-parts.js';
import { findEntity, meantEntity, putField } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { readNounPhrase } from './noun-phrases.js';
import { purposeOf } from './purpose.js';
import { isPlural, plural } from './words.js';

/*
 * Two known things in one clause have to do with each other, whatever its verb: "every job is printed on one of our presses",
 * "a load may be applied to a contract", "volunteers clean beaches".
 */

/** Verbs by which the subject holds the object: many of the object are the subject's. */
const HOLDS =
  /\b(?:has|have|owns?|keeps?|runs?|leads?|manages?|teach(?:es)?|hosts?|supervises?|looks?|cares?|sells?|makes?|holds?|contains?|includes?)\b/;
const SEVERAL = /^(?:several|many|multiple|various|different|some|two|three|four|a few|any number of|one or more|lots of|\d+)\b/i;

interface End {
  readonly entity: Entity;
  readonly several: boolean;
  readonly each: boolean;
}

/** Links the things that a sentence names, unless they are linked already. */
export function linkByClause(draft: Draft, text: string): void {
  if (['result', 'feature', 'aside', 'access'].includes(purposeOf(text) ?? '')) return;
  for (const clause of clausePartsOf(text)) linkEnds(draft, clause);
}

function linkEnds(draft: Draft, { lead, subject, verb, passive, rest }: ClauseParts): void {
  if (lead || /\b(?:not|n't|never|only|no|cannot)\b|n't\b|\b(?:see|sees|view|edit|change|delete|add|enter|record|note)\b/.test(verb)) return;
  const from = endIn(draft, subject);
  const [, preposition = '', single = '', words = ''] =
    /^(?:(?:off|out|up|down|away|back|after) )?((?:by|to|from|in|on|at|for|with|of|into|under) )?(one of (?:our|the|my) )?(.+)$/i.exec(rest) ?? [];
  const to = endIn(draft, words.split(/ (?:and|or|for|on|in|at|with|by|to|from|when|if|so|but|until|which|that|who)\b|[,;(]/i)[0] ?? '');
  if (!from || !to || from.entity === to.entity || areLinked(draft, from.entity, to.entity)) return;
  const holds = !passive && preposition === '' && HOLDS.test(verb) && !/^(?:an?|one|exactly one) /i.test(words);
  const [owner, target] = holds ? [to, from] : [from, to];
  const many = holds ? false : (to.several && single === '') || (isPerson(from.entity.label) && !from.each && !passive);
  const may = /\b(?:may|can|might|could)\b/.test(verb) || /\bor not\b|\bif any\b/i.test(rest);
  putField(draft, owner.entity, {
    label: many ? plural(target.entity.label) : target.entity.label,
    type: many ? 'references' : 'reference',
    target: target.entity.name,
    required: !many && !may && (from.each || passive),
  });
}

function endIn(draft: Draft, words: string): End | null {
  const phrase = readNounPhrase(words.replace(/^(?:the same|exactly|just|always|at least|only) /i, ''));
  const entity = phrase === null ? undefined : (findEntity(draft, phrase.noun) ?? meantEntity(draft, phrase.noun));
  if (!phrase || !entity) return null;
  const each = /\b(?:each|every|an?|one|the)\b/.test(phrase.determiner) && !isPlural(phrase.noun);
  return { entity, each, several: SEVERAL.test(words) || (isPlural(phrase.noun) && !/^(?:our|the|my) /i.test(words)) };
}

const pointsAt = (one: Entity, other: Entity): boolean => one.fields.some((field) => field.target === other.name);

const areLinked = (draft: Draft, one: Entity, other: Entity): boolean =>
  pointsAt(one, other) ||
  pointsAt(other, one) ||
  draft.schema.entities.some((between) => pointsAt(between, one) && pointsAt(between, other)) ||
  draft.mutual.has(`${one.name}:${other.name}`);
