import { NEVER_UNIQUE } from '#contracts';
import type { Entity, Field } from '#contracts';
import { ensureEntity, findEntity, findField, putField, remember, removeEntity, removeField } from './draft.js';
import type { Draft } from './draft.js';
import { typeOfWord } from './field-words.js';
import { setSignIn } from '../requirements/requirements.js';
import { readBehaviourChange } from './read-behaviour-changes.js';
import { nounPhrase } from './sentences.js';
import { renameEntityUses, renameUses } from './uses.js';
import { capital, lowerWords, plural, singular, snake } from './words.js';

/*
 * Corrections in plain words: "remove the ISBN", "rename member to reader", "the phone is required", "no sign-in",
 * "status can be open, closed or lost", "call it Book Buddy".
 */

const SIGN_IN =
  /\b(log ?-?ins?|log(?:s|ged|ging)? in|sign ?-?ins?|signed in|sign(?:s|ing)? in|sign ?-?ups?(?! for)|passwords?|authentication|authenticate|user accounts?|accounts?)\b/i;
const NOT = /\b(no|not|without|n't|never|nobody|don't|doesn't|isn't|aren't|unnecessary|overkill|needless|skip|none)\b|n't\b/i;

/** Reads what is said about signing in; answers the sentence without it, or null where nothing else is left. */
export function readSignIn(draft: Draft, sentence: string): string | null {
  if (!SIGN_IN.test(sentence) || (/\b(bank|customer|client)\b/i.test(sentence) && !/sign|log/i.test(sentence))) return sentence;
  const clauses = sentence.split(
    /(?<=,)\s+|\s+(?=and (?:people|users|members|everyone|i|we|they|it|no|there|must|should)\b)|\s+(?=but\b|without\b|with (?:a )?(?:log|sign|user|pass))/i,
  );
  for (const clause of clauses) {
    if (!SIGN_IN.test(clause)) continue;
    const some =
      /^(?:and |but )?(?:the )?(?!we\b|i\b|they\b|you\b|people\b|users?\b|it\b|there\b|that\b)[a-z]+s (?:do not|don't|cannot|can't|never|need not|needn't) /i.test(
        clause,
      );
    if (!(some && NOT.test(clause))) setSignIn(draft, !NOT.test(clause));
  }
  const rest = clauses
    .filter((clause) => !SIGN_IN.test(clause))
    .join(' ')
    .replace(/[,\s]+(and|but)?$/i, '')
    .trim();
  return rest === '' ? null : rest;
}

/** Reads one correction; false where the sentence is none. */
export function readChange(draft: Draft, sentence: string): boolean {
  const text = sentence.replace(/^(?:please|and|also|then|oh|well|ok|okay|yes|actually|but|no(?=,))[, ]+/i, '').trim();
  return readRename(draft, text) || readBehaviourChange(draft, text) || readRemoval(draft, text) || readRule(draft, text) || readChoices(draft, text);
}

function readRename(draft: Draft, text: string): boolean {
  const title =
    /^(?:call it|name it|the (?:app|name|title) (?:is|should be)(?: called)?|(?:let's |please )?call the app|it (?:is|should be) called)\s+"?([^"]+?)"?$/i.exec(
      text,
    );
  if (title) {
    draft.schema.title = capital(title[1] ?? '').slice(0, 120);
    draft.titleSaid = true;
    return true;
  }
  const match =
    /^(?:rename|change|call)\s+(?:the |a |an )?"?([\w -]+?)"?(?: (?:of|for|on|in) (?:the |an? |each )?([\w -]+?))?\s+(?:to|into|as)\s+(?:the |an? )?"?([\w -]+?)"?(?: instead)?$/i.exec(
      text,
    ) ?? /^(?:call)\s+(?:the )?"?([\w-]+)"?()\s+"?([\w-]+)"?(?: instead)?$/i.exec(text);
  const [, from = '', owner, to = ''] = match ?? [];
  const next = nounPhrase(to, 4);
  if (!match || !next) return false;
  const entity = owner ? undefined : findEntity(draft, from);
  if (entity) {
    renameEntity(draft, entity, next);
    return true;
  }
  const place = fieldPlace(draft, from, owner);
  if (!place) return false;
  renameField(draft, place.entity, place.field, lowerWords(next));
  return true;
}

function renameEntity(draft: Draft, entity: Entity, to: string): void {
  const before = { name: entity.name, label: entity.label, many: entity.label_plural };
  const label = singular(lowerWords(to));
  if (findEntity(draft, label)) return;
  Object.assign(entity, { name: snake(label), label, label_plural: plural(label) });
  for (const other of draft.schema.entities) {
    for (const field of other.fields.filter((one) => one.target === before.name)) {
      field.target = entity.name;
      if (field.name === before.name) renameField(draft, other, field, label);
      else if (field.name === snake(before.many)) renameField(draft, other, field, entity.label_plural);
    }
  }
  renameEntityUses(draft.schema, before.name, entity.name);
  for (const computed of draft.schema.computed.filter((one) => one.entity === entity.name)) {
    relabel(computed, before.many, entity.label_plural);
    relabel(computed, before.label, label);
  }
  if (draft.described.delete(before.name)) draft.described.add(entity.name);
  remember(draft, entity.name);
}

function renameField(draft: Draft, entity: Entity, field: Field, label: string): void {
  const before = { name: field.name, label: field.label };
  Object.assign(field, { name: snake(label), label });
  renameUses(draft.schema, entity.name, before.name, field.name);
  for (const computed of draft.schema.computed.filter((one) => one.entity === entity.name)) relabel(computed, before.label, label);
}

function relabel(computed: { name: string; label: string }, from: string, to: string): void {
  const words = computed.label.split(new RegExp(`\\b${from}\\b`, 'i'));
  if (words.length < 2) return;
  computed.label = capital(words.join(to));
  computed.name = snake(computed.label);
}

function readRemoval(draft: Draft, text: string): boolean {
  const match =
    /^(?:please )?(?:remove|drop|delete|leave out|forget(?: about)?|without|skip|take out|no need for|there is no need for|(?:i|we) (?:do not|don't) (?:need|want)|(?:do not|don't) (?:need|want|record|track|store|show)|no)\s+(?:the |an? |any |to (?:record|track|store|show) (?:the )?)*"?([\w' -]+?)"?(?: (?:of|from|for|in|on) (?:the |an? |each |all )?"?([\w -]+?)"?)?(?: (?:field|list|needed|please|at all|any more|anymore|page|total))*$/i.exec(
      text,
    );
  if (!match) return false;
  const computed = draft.schema.computed.findIndex((one) => snake(one.label) === snake(match[1] ?? ''));
  if (computed >= 0) {
    draft.schema.computed.splice(computed, 1);
    draft.refused.add('computed');
    return true;
  }
  const names = (match[1] ?? '')
    .split(/,| and | or /)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const removed = names.filter((name) => {
    const entity = match[2] ? undefined : findEntity(draft, name);
    const place = entity ? undefined : fieldPlace(draft, name, match[2]);
    if (entity && draft.schema.entities.length > 1) removeEntity(draft, entity);
    else if (place && place.entity.fields.length > 1) removeField(draft, place.entity, place.field);
    else return false;
    return true;
  });
  return removed.length > 0;
}

/** Where the words' field is: in the named entity, or in the one that has it. */
function fieldPlace(draft: Draft, words: string, owner: string | undefined): { entity: Entity; field: Field } | undefined {
  const phrase = (nounPhrase(words, 4) ?? words).replace(/'s\b/g, '');
  const places = owner ? [findEntity(draft, owner)] : [draft.last ?? undefined, ...draft.schema.entities];
  for (const entity of places) {
    const field = entity && draft.schema.entities.includes(entity) ? findField(entity, phrase) : undefined;
    if (entity && field) return { entity, field };
  }
  const [first = '', ...rest] = phrase.split(' ');
  const entity = owner || rest.length === 0 ? undefined : findEntity(draft, first);
  const field = entity && findField(entity, rest.join(' '));
  return entity && field ? { entity, field } : undefined;
}

function readRule(draft: Draft, text: string): boolean {
  const same = /\bno two ([\w -]+?) (?:may|can|should|must|are allowed to)?\s*(?:have|share) the same ([\w -]+)$/i.exec(text);
  const without =
    /^(?:an? |every |each )?([\w -]+?) (?:without|must have|needs to have|must not lack) (?:an? |its )?([\w -]+?)(?: (?:is|are) (?:refused|not allowed|not possible|rejected))?(?:,.*)?$/i.exec(
      text,
    );
  if (same) return applyRule(draft, same[2] ?? '', same[1], 'unique');
  if (without && findEntity(draft, without[1] ?? '') && /without|must|needs/.test(text)) {
    const entity = findEntity(draft, without[1] ?? '');
    if (entity && findField(entity, without[2] ?? '')) return applyRule(draft, without[2] ?? '', without[1], 'required');
  }
  const rule =
    /^(?:make |mark |set )?(?:the |an? |every |each )?([\w' -]+?)(?: (?:of|for|in) (?:the |an? |each |every |all )?([\w -]+?))?\s+(?:is |are |as |be |must be |should be |has to be |needs to be |must also be )?(always |not )?(required|mandatory|optional|unique|necessary|needed)$/i.exec(
      text,
    );
  if (!rule) return false;
  const negative = /not/.test(rule[3] ?? '') || rule[4] === 'optional';
  const what = rule[4] === 'unique' ? 'unique' : 'required';
  return applyRule(draft, (rule[1] ?? '').replace(/\s+(must|should|has to|needs to)$/i, ''), rule[2], what, !negative);
}

function applyRule(draft: Draft, words: string, owner: string | undefined, rule: 'required' | 'unique', value = true): boolean {
  const place = fieldPlace(draft, words, owner);
  if (!place || (rule === 'unique' && value && NEVER_UNIQUE.includes(place.field.type))) return false;
  place.field[rule] = value;
  const key = `${place.entity.name}.${place.field.name}`;
  if (rule === 'required' && !value) draft.optional.add(key);
  draft.sources.delete(key);
  remember(draft, key);
  return true;
}

/** "status can be open, in progress or done"; "the price should be a whole number". */
function readChoices(draft: Draft, text: string): boolean {
  const match =
    /^(?:the |an? |each |its |their )?([\w' -]+?)(?: (?:of|for) (?:the |an? |each |all )?([\w -]+?))?\s+(?:can be|may be|is one of|is either|are|is|should be|should be one of|must be one of|could be|must be|can either be)(?: either| one of)?:?\s+(.+)$/i.exec(
      text,
    );
  if (!match) return false;
  const place = fieldPlace(draft, match[1] ?? '', match[2]);
  const words = (match[3] ?? '').replace(/^(?:an? |the )/i, '');
  const type = typeOfWord(words);
  const values = words
    .split(/\s*(?:,|\/|\bor\b)\s*/)
    .map((one) =>
      one
        .replace(/^["']|["']$/g, '')
        .replace(/^(?:and|or) /i, '')
        .trim(),
    )
    .filter((one) => one !== '');
  const owner = match[2] ? findEntity(draft, match[2]) : undefined;
  if (place && type) putField(draft, place.entity, { label: place.field.label, type });
  else if (
    values.length >= 2 &&
    values.every((one) => one.length <= 60 && one.split(' ').length <= 4) &&
    (place ?? (owner && ensureEntity(draft, owner.label)))
  ) {
    const entity = place?.entity ?? owner;
    if (entity) putField(draft, entity, { label: place?.field.label ?? lowerWords(match[1] ?? ''), type: 'choice', choices: [...new Set(values)] });
  } else return false;
  return true;
}
