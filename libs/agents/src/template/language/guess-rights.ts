import type { Action, Entity } from '#contracts';
import { ACTIONS, databaseSchema } from '#contracts';
import { settleAccess } from './access.js';
import { newDraft } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { readRoles } from './read-roles.js';
import { actionsAtStart, roleNamed } from './role-words.js';
import { nameOf, rolesOf } from '../requirements/names.js';
import { readRequirement, writeRequirements } from '../requirements/requirements.js';
import { listed, singular } from './words.js';
import { fieldIn, mentionsOf } from './rule-words.js';
import { tokensOf } from './tokens.js';
import type { Token } from './tokens.js';

/*
 * Guesses at who may do what: as the reader of roles has it when it is told that the words give a right, or by the ingredients, in
 * whatever order: somebody alone, a deed and a thing ("changing the berths is for the harbour master"). A guess is put to a person and
 * never built without a yes, so it may be bolder than what is read in silence.
 */

/** Words that give or take a right; without one of them somebody who does something has no role for it. */
const GRANTS = /\b(?:only|can|can't|cannot|may|must|should|allowed|log(?:s|ged)?[ -]?(?:in|on)|sign(?:s)?[ -]?in|nobody|except|own|will)\b/i;
const ALONE =
  /\b(?:only|nobody (?:but|except|else)|no one (?:but|except|else)|none but|just|except|apart from|exclusively|reserved|alone|job|sole|business|responsib\w+|charge|up to|is for|are for)\b/i;

/**
 * What a clause that was not read may say about rights, in controlled English, for a person to confirm; null where nothing is likely.
 * `topic`: the list of its heading or of the sentence before it.
 */
export function guessRights(draft: Draft, text: string, topic: Entity | null): readonly string[] | null {
  return [() => byReader(draft, text, topic), () => byIngredients(draft, text)].map((guess) => guess()).find((one) => holds(draft, one)) ?? null;
}

/** True where all sentences can be read, and the model that comes of them is another one and fits together. */
function holds(draft: Draft, sentences: readonly string[]): boolean {
  if (sentences.length === 0) return false;
  const trial = newDraft(draft.schema);
  const read = sentences.every((sentence) => readRequirement(trial, sentence));
  return read && JSON.stringify(trial.schema) !== JSON.stringify(draft.schema) && databaseSchema.safeParse(trial.schema).success;
}

/** Rights that the reader of roles would add to the model; of the roles only those that are new. */
function byReader(draft: Draft, text: string, topic: Entity | null): string[] {
  if (!GRANTS.test(text) && !ALONE.test(text)) return [];
  const near = topic ?? mentionsOf(draft, text).at(-1)?.entity ?? null;
  const trial: Draft = { ...newDraft(draft.schema), exact: false, context: draft.context };
  if (!readRoles(trial, text, near, true, true)) return [];
  settleAccess(trial);
  const before = new Set(writeRequirements(draft.schema));
  const known = draft.schema.auth.roles.map(({ name }) => name);
  const roles = trial.schema.auth.roles.filter(({ name }) => !known.includes(name)).map(({ label }) => nameOf(label));
  const rights = writeRequirements(trial.schema).filter((line) => !before.has(line) && !/^People (?:sign in|have one)/.test(line));
  if (rights.length > 3) return [];
  return [...(roles.length > 0 ? [`People have one of these roles: ${roles.join(', ')}.`] : []), ...rights];
}

/** Somebody who alone does something with what the clause names. */
function byIngredients(draft: Draft, text: string): string[] {
  if (!ALONE.test(text)) return [];
  const roles = rolesIn(draft, text).filter((role) => isAlone(text, role));
  const actions = actionsIn(mentionsOf(draft, text).reduce((rest, { at, end }) => rest.slice(0, at) + '_'.repeat(end - at) + rest.slice(end), text));
  if (roles.length === 0 || actions.length === 0) return [];
  return thingsIn(draft, text, roles).map((entity) => `Only ${rolesOf(roles)} may ${listed(actions, 'or')} ${nameOf(entity.label_plural)}.`);
}

/** True where it is they, and not what they do, whom the words set apart: "only the clerk", "set by the clerk", "the clerk alone". */
const isAlone = (text: string, role: string): boolean =>
  new RegExp(
    `\\b(?:only|just|but|except|from|by|for|of|to|it is|sole)(?: ever| for| by| to| the| an?| our)* (?:[a-z]+ )?${role}s?\\b|\\b${role}s? (?:alone|only|(?:is|are) the (?:only|sole))\\b`,
    'i',
  ).test(text);

/** Everybody whom the clause names and who is no record of the app alone: roles that are known, else persons and offices. */
function rolesIn(draft: Draft, text: string): string[] {
  const known = draft.schema.auth.roles.filter((role) => new RegExp(`\\b${role.label}s?\\b`, 'i').test(text)).map((role) => role.label);
  if (known.length > 0) return known.slice(0, 3);
  const tokens = tokensOf(text);
  const said = tokens.flatMap((token, at): string[] => {
    const before = tokens[at - 1];
    if (token.part !== 'noun' || tokens[at + 1]?.part === 'noun' || !actsAt(tokens, at)) return [];
    const two = before?.part === 'noun' || before?.part === 'adjective' ? `${before.low} ${token.low}` : '';
    const role = (OFFICE.test(two) ? roleNamed(two) : null) ?? roleNamed(token.low);
    return role === null ? [] : [singular(role)];
  });
  const things = draft.schema.entities.map((one) => one.label);
  return [...new Set(said)].filter((role) => isPerson(role) || !things.includes(role)).slice(0, 3);
}

const OFFICE = /^(?:head|front|lead|senior|junior|shift|harbour|team|office|studio|site|duty|desk|floor|stage|store|class)\b/;

/** True where somebody can stand: before a verb, or behind "only", "by", "but", "for" and the like. */
function actsAt(tokens: readonly Token[], at: number): boolean {
  const behind = tokens.slice(at + 1, at + 4).find((one) => one.part !== 'adverb' && one.part !== 'pronoun');
  if (behind && ['modal', 'verb', 'auxiliary', 'negation'].includes(behind.part)) return true;
  return tokens.slice(Math.max(0, at - 4), at).some((one) => /^(?:only|by|but|except|for|to|from|nobody|just|of)$/.test(one.low));
}

const DEEDS: readonly (readonly [RegExp, readonly Action[]])[] = [
  [/\b(?:see|sees|seen|view|views|look|looks|read|reads|visible|show|shown|hidden|secret|access)\b/i, ['view']],
  [
    /\b(?:add|adds|added|adding|create\w*|creating|enter\w*|register\w*|record\w*|log|logs|book|books|booking|make|makes|making|put|puts|open|opens|post\w*|submit\w*|report\w*|issue\w*)\b/i,
    ['add'],
  ],
  [
    /\b(?:chang\w+|edit\w*|updat\w+|amend\w*|alter\w*|correct\w*|assign\w*|set|sets|adjust\w*|modif\w+|touch\w*|write|writes|fix|move|moves)\b/i,
    ['change'],
  ],
  [/\b(?:delet\w+|remov\w+|cancel\w*|scrap\w*|throw\w*|erase\w*)\b/i, ['delete']],
  [/\b(?:manag\w+|maintain\w*|handle\w*|look after|looks after|in charge|keep|keeps|responsib\w+|charge)\b/i, ['add', 'change', 'delete']],
];

/** What is done, by every word for a deed. */
function actionsIn(text: string): Action[] {
  const words = text.replace(/\b(?:don't|doesn't|do not|does not)\b/gi, ' ').replace(/\b(?:log|sign)(?:s|ged)?[- ]?in\b/gi, ' ');
  const start = actionsAtStart(words)?.actions ?? [];
  const found = DEEDS.filter(([deed]) => deed.test(words)).flatMap(([, actions]) => actions);
  return ACTIONS.filter((one) => start.includes(one) || found.includes(one));
}

/** The lists that the deed is about: those that are named and act not themselves, or those of a field that is named. */
function thingsIn(draft: Draft, text: string, roles: readonly string[]): Entity[] {
  const named = [...new Set(mentionsOf(draft, text).map((one) => one.entity))].filter((one) => !roles.includes(one.label));
  const field = named.length > 0 ? undefined : fieldIn(draft, text, []);
  return field ? [field.entity] : named;
}
