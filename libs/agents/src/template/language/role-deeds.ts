import type { Entity } from '#contracts';
import { sameState, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { conditionFor, mentionsOf } from './rule-words.js';
import { baseOf, isVerb, participlesOf } from './verbs.js';

/*
 * What somebody does, in verbs of all trades: weigh, allocate, score, tick off.
 */

/** Verbs that do nothing to records. */
export const NO_DEED =
  /^(?:be|is|are|get|have|has|need|want|use|pay|receive|come|go|sign|log|work|know|live|belong|like|own|love|let|seem|become|earn|cost|count|last|start|end|join|leave|come|stay|play|help|ask|call|wait|try|borrow|rent|hire|lend|attend|buy|bring)$/;

/** What an uncommon verb does to which lists: "allocate vehicles" adds allocations, "weigh landings" works on landings. */
export function deedOf(draft: Draft, words: string): { entities: Entity[]; rest: string } | null {
  const [, verb = '', rest = ''] = /^([a-z]+) (.+)$/i.exec(words) ?? [];
  const base = verb === '' ? '' : baseOf(verb);
  if (base.length < 3 || NO_DEED.test(base) || !isVerb(base)) return null;
  const object = rest.split(/\b(?:when|if|for|from|to|at|by|with|because|before|after|who|that|which|once)\b/)[0] ?? '';
  const objects = [...new Set(mentionsOf(draft, object).map((one) => one.entity))];
  const stem = base.replace(/(?:e|y)$/, '');
  const made = draft.schema.entities.find(
    (one) =>
      stem.length > 3 && one.name.startsWith(stem) && /^(?:|e|s|es|ion|ation|ment|ing|al|y|ance|ure|ification)$/.test(one.name.slice(stem.length)),
  );
  if (objects.length === 0) return null;
  return { entities: made ? [made] : objects, rest };
}

/** "Cannot enter the same race twice": what limits records, not who may. */
export const LIMITS =
  /\b(?:twice|the same|at once|at the same time|more than|less than|unless|until|while|from (?:their|his|her) own|at most|again|overlapping|(?:if|when|once|before|after) (?:it|they|he|she|the|an?|there))\b/i;

/** The state to which a verb leads: `approve` -> `approved`, `mark it fixed` -> `fixed`. */
export function stateOfVerb(entity: Entity, words: string): string | undefined {
  const marked = /^(?:marks?|sets?|puts?) (?:(?:it|them|an?|the|\w+)(?: \w+)? )?(?:as |to )?(.+)$/i.exec(words)?.[1];
  const verb = marked ?? /^([a-z]+)/i.exec(words)?.[1] ?? '';
  const field = stateField(entity);
  if (!field || verb.length < 3) return undefined;
  const done =
    marked === undefined ? participlesOf(baseOf(verb)).flatMap((form) => field.choices.find((one) => sameState(one, form)) ?? [])[0] : undefined;
  if (done !== undefined) return done;
  const condition = conditionFor(
    { ...entity, fields: [field] },
    marked ? (verb.split(/[,.]| and /)[0] ?? '') : verb.replace(/e?s$/i, (end) => (end === 'es' ? 'e' : '')),
  );
  const value = condition?.value ?? undefined;
  return marked === undefined && value?.includes(' ') && !value.toLowerCase().startsWith(verb.toLowerCase().slice(0, 3)) ? undefined : value;
}
