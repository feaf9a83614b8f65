import type { DatabaseSchema, Entity } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { ensureRole, putDefault, putStep, sameState, stateField } from '../language/behaviour.js';
import type { Draft } from '../language/draft.js';
import { capital } from '../language/words.js';
import { type Sentence, entityNamed, fieldNamed, memberLabel, oneOf, quoted, rolesOf, valuesOf } from './names.js';

/*
 * States and their steps, and what a new record begins with:
 *
 *   A loan begins as "open".
 *   A loan goes from "open" to "returned" or "lost".
 *   Only a manager takes a request from "open" to "approved".
 *   The stage of a deal begins as "new".      (where "deal" has several choices)
 *   The priority of a new ticket is "normal".      The due date of a new loan is the loan date plus 21 days.
 */

export function writeLifecycle(schema: DatabaseSchema, entity: Entity): string[] {
  const { lifecycle } = entity;
  const field = entity.fields.find((one) => one.name === lifecycle?.field);
  if (!lifecycle || !field) return [];
  const plain = stateField({ ...entity, lifecycle: null }) === field;
  const record = plain ? oneOf(entity.label) : `the ${memberLabel(entity, field.name)} of ${oneOf(entity.label)}`;
  const steps: { from: string; to: string[]; roles: readonly string[] }[] = [];
  for (const { from, to, roles } of lifecycle.transitions) {
    const last = steps.at(-1);
    if (last?.from === from && JSON.stringify(last.roles) === JSON.stringify(roles)) last.to.push(to);
    else steps.push({ from, to: [to], roles });
  }
  return [
    `${capital(record)} begins as ${quoted(field.choices[0] ?? '')}.`,
    ...steps.map(({ from, to, roles }) => {
      const way = `from ${quoted(from)} to ${valuesOf(to)}`;
      return roles.length === 0
        ? `${capital(record)} goes ${way}.`
        : `Only ${rolesOf(roles.map((role) => roleLabel(schema, role)))} takes ${record} ${way}.`;
    }),
  ];
}

export const roleLabel = (schema: DatabaseSchema, name: string): string => schema.auth.roles.find((role) => role.name === name)?.label ?? name;

/** What a new record begins with. */
export const writeDefaults = (entity: Entity): string[] =>
  entity.defaults.map(({ field, value, days }) => {
    const type = entity.fields.find((one) => one.name === field)?.type;
    const day = type !== undefined && DATED_TYPES.includes(type);
    const start = !day ? quoted(value) : value === 'today' ? 'today' : `the ${memberLabel(entity, value)}`;
    const later = days === 0 ? '' : ` ${days > 0 ? 'plus' : 'minus'} ${Math.abs(days)} days`;
    return `The ${memberLabel(entity, field)} of a new ${oneOf(entity.label).replace(/^an? /, '')} is ${start}${later}.`;
  });

const BEGINS = /^(?:An?|Each|Every|The) (.+?) (?:begins|starts) as (.+)$/i;
const GOES = /^(?:An?|Each|Every|The) (.+?) goes from (.+?) to (.+)$/i;
const TAKES = /^Only (.+?) (?:takes|take|may take|can take) (?:an?|each|every|the) (.+?) from (.+?) to (.+)$/i;
const DEFAULT = /^The (.+) of a new (.+?) is (today|"\d+"|the .+?|.+?)(?: (plus|minus) (\d{1,4}) days)?$/i;
const OF = /^(.+) of (?:an?|each|every|the) (.+)$/i;

/** Reads one of these sentences; false where it is none. */
export function readStateSentence(draft: Draft, sentence: Sentence): boolean {
  return readDefault(draft, sentence) || readBegins(draft, sentence) || readStep(draft, sentence);
}

/** The record that the words mean, and its field with the states. */
function placeOf(draft: Draft, sentence: Sentence, words: string | undefined): { entity: Entity; field: Entity['fields'][number] } | null {
  const whole = words === undefined ? undefined : entityNamed(draft, sentence, words);
  const own = whole && stateField(whole);
  if (whole && own) return { entity: whole, field: own };
  const [, label, noun] = OF.exec(words ?? '') ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const field = entity && fieldNamed(entity, sentence, label);
  return entity && field?.type === 'choice' ? { entity, field } : null;
}

/** The state that the words name, in the spelling of the choice where there is one. */
const stateIn = (choices: readonly string[], said: string): string =>
  choices.find((one) => one === said) ?? choices.find((one) => sameState(one, said)) ?? said;

function readBegins(draft: Draft, sentence: Sentence): boolean {
  const [, words, said] = BEGINS.exec(sentence.text) ?? [];
  const place = said === undefined ? null : placeOf(draft, sentence, words);
  if (!place) return false;
  const { choices } = place.field;
  const first = stateIn(choices, sentence.say(said));
  choices.splice(0, Infinity, first, ...choices.filter((one) => one !== first));
  return true;
}

function readStep(draft: Draft, sentence: Sentence): boolean {
  const goes = GOES.exec(sentence.text);
  const takes = TAKES.exec(sentence.text);
  const [words, from, to] = goes ? goes.slice(1) : takes ? takes.slice(2) : [];
  const place = to === undefined ? null : placeOf(draft, sentence, words);
  if (!place || (!sentence.isQuoted(from) && /,| and | to /i.test(`${from ?? ''}${to ?? ''}`))) return false;
  const roles = takes ? sentence.items(takes[1]).map((role) => ensureRole(draft, role)) : [];
  const start = stateIn(place.field.choices, sentence.say(from));
  for (const end of sentence.items(to)) putStep(draft, place.entity, place.field.name, start, stateIn(place.field.choices, end), roles);
  return true;
}

function readDefault(draft: Draft, sentence: Sentence): boolean {
  const [, label, noun, said = '', way, days] = DEFAULT.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const field = entity && fieldNamed(entity, sentence, label);
  if (!entity || !field) return false;
  const day = DATED_TYPES.includes(field.type);
  const other = day && !/^today$/i.test(said) ? fieldNamed(entity, sentence, said)?.name : undefined;
  const value = day ? (other ?? (/^today$/i.test(said) ? 'today' : undefined)) : sentence.say(said);
  const known =
    field.type === 'choice' ? (field.choices.find((one) => one === value) ?? field.choices.find((one) => sameState(one, value ?? ''))) : value;
  if (known === undefined || known === '') return false;
  putDefault(draft, entity, field.name, known, days === undefined ? 0 : Number(days) * (/minus/i.test(way ?? '') ? -1 : 1));
  return true;
}
