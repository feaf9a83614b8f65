import type { Action, Entity } from '#contracts';
import { ensureRole, putStep, sameState, stateField } from '../behaviour.js';
import { findEntity } from '../draft.js';
import type { Draft, Duty } from '../draft.js';
import { deedOf, stateOfVerb } from '../role-deeds.js';
import { actionsAtStart, actionsOfParticiples } from '../role-words.js';
import { fieldIn, mentionsOf } from '../rule-words.js';
import { singular, snake } from '../words.js';
import { EVERYTHING } from './rights.js';
import type { Right } from './rights.js';

/*
 * What a right means for the lists of a model: which actions on which lists, or which step, and whether others keep it.
 */

const CHANGING: readonly Action[] = ['add', 'change', 'delete'];
const LOOKING = /^(?:(?:read|view|look)(?:ing|s)?(?:[- ]only)?|(?:see|view|read|look at) (?:but|and) not.*)(?= access| rights|$)/i;
const OWN =
  /\bown(?: ones?)?\b|\b(?:assigned|given|belonging) to (?:them|him|her)\b|\bonly (?:their|his|her|theirs)\b|\bwhat(?:'s| is)(?: been)? assigned to\b|\b(?:that|which|only(?: for)? [a-z]+|those|[a-z]+s) (?:they|he|she)(?:'re|'s| are| is| have| has)? (?:been )?[a-z]+/i;

/** Takes a right into the draft; answers the lists it speaks of. `before`: those of the right before it. */
export function grant(draft: Draft, right: Right, before: readonly Entity[], topic: Entity | null): Entity[] {
  const { roles, deed, not, alone } = right;
  const step = not ? null : grantStep(draft, right, topic);
  if (step) return step;
  const whole = EVERYTHING.test(deed);
  const looking = LOOKING.test(deed);
  const found = objectsOf(draft, right.passive ? `the ${deed}` : deed, before, topic);
  const actions = actionsOf(draft, right, found);
  if (actions.length === 0 || (found.length === 0 && !whole && !looking)) {
    for (const role of roles)
      if (!draft.exact && !not && (right.sure || (actions.some((one) => one !== 'view') && !findEntity(draft, role)))) ensureRole(draft, role);
    return [...before];
  }
  const duty = (kind: Duty['kind'], of: readonly Action[], entities: readonly Entity[] | null): void => {
    for (const role of roles)
      draft.duties.push({
        role: ensureRole(draft, role),
        actions: of,
        entities: entities?.map((one) => one.name) ?? null,
        kind,
        sentence: draft.sentence,
      });
  };
  const all = whole || (looking && found.length === 0);
  const lists = all ? null : found;
  const nothing = /\b(?:nothing|none of)\b/i.test(deed);
  const views = actions.every((one) => one === 'view');
  if (all && /\b(?:else|rest)\b/i.test(deed) && !not && !views) duty('alone', CHANGING, null);
  if (not || nothing) duty('never', nothing || (actions.includes('change') && lists === null) ? CHANGING : actions, lists);
  else if (OWN.test(deed)) {
    const others = actions.filter((one) => one !== 'add');
    if (others.length > 0) duty('own', others, lists);
    if (actions.includes('add')) duty('may', ['add'], lists);
    if (views && right.nothingElse) duty('never', ['change', 'delete'], lists);
  } else if (alone) duty('alone', actions, lists);
  else if (lists === null && !views) duty('everything', [], null);
  else if (views && (right.nothingElse || looking)) duty('never', CHANGING, lists);
  else duty('may', actions, lists);
  return found.length > 0 ? found : [...before];
}

const isRole = (draft: Draft, role: string): boolean => draft.schema.auth.roles.some((one) => one.name === snake(role));

/** What is done: by verbs that mean an action, else by any verb, as what is done to the lists it names. */
function actionsOf(draft: Draft, { deed, passive }: Right, found: readonly Entity[]): readonly Action[] {
  if (LOOKING.test(deed)) return ['view'];
  if (passive) {
    const gerund = /^([a-z]+)ing\b/i.exec(deed)?.[0];
    const told =
      gerund === undefined
        ? actionsOfParticiples(deed.split(' ').slice(-3).join(' , '))
        : (actionsAtStart(gerund.replace(/ing$/i, ''))?.actions ?? actionsAtStart(gerund.replace(/ing$/i, 'e'))?.actions ?? []);
    if (told.length > 0) return told;
    return /\b(?:details?|visible|seen|hidden|invisible)\b/i.test(deed) ? ['view'] : found.length > 0 ? CHANGING : [];
  }
  const known = actionsAtStart(deed);
  if (known) return known.actions;
  if (EVERYTHING.test(deed) || deedOf(draft, deed) !== null || found.length > 0) return CHANGING;
  return [];
}

/** The lists that a deed is done to; "their own" and "one" go back to the list named before. */
function objectsOf(draft: Draft, deed: string, before: readonly Entity[], topic: Entity | null): Entity[] {
  const made = deedOf(draft, deed);
  if (made && !actionsAtStart(deed)) return made.entities;
  const words = actionsAtStart(deed)?.rest ?? deed;
  const named = [...new Set(mentionsOf(draft, words).map((one) => one.entity))];
  const things = named.filter((one) => !isRole(draft, one.label) || !/\b(?:to|by)\b/i.test(words));
  if (things.length > 0) return things;
  const field = fieldIn(draft, words, [topic, ...before]);
  if (field) return [field.entity];
  const noun = /\bown ([a-z]+)/i.exec(words)?.[1];
  const meant = noun === undefined ? undefined : draft.schema.entities.find((one) => one.label.split(' ').includes(singular(noun.toLowerCase())));
  if (meant) return [meant];
  if (noun !== undefined && !/^ones?$/i.test(noun)) return [];
  if (/^(?:one|it|them|these|those|ones)\b|\bown$|\bown ones?$/i.test(words) || OWN.test(words) || words === '')
    return before.length > 0 ? [...before] : topic ? [topic] : [];
  return [];
}

/** "Only a supervisor can dispose of items", "the keeper approves or refuses loans": who takes the step to a state. */
function grantStep(draft: Draft, { roles: labels, deed, alone, passive }: Right, topic: Entity | null): Entity[] | null {
  const named = mentionsOf(draft, deed).map((one) => one.entity);
  const candidates = [...new Set([...named, ...(topic ? [topic] : []), ...(draft.last ? [draft.last] : []), ...draft.schema.entities])];
  const verbs = passive ? deed.split(/[\s,]+/) : deed.split(/\s+(?:or|and)\s+|,\s*|\s*\/\s*/).slice(0, 3);
  for (const entity of candidates) {
    const field = stateField(entity);
    if (!field) continue;
    const roles = (): string[] => labels.map((label) => ensureRole(draft, label));
    if (/^(?:change|set|update|edit)s? (?:the |its |their )?(?:status|state|stage)\b/i.test(deed)) {
      const steps = entity.lifecycle?.transitions ?? [];
      if (!alone || (named.length > 0 && !named.includes(entity))) continue;
      if (steps.length === 0) return null;
      for (const step of steps) putStep(draft, entity, field.name, step.from, step.to, roles());
      return [entity];
    }
    const states = verbs.flatMap((verb) => stateOfVerb(entity, verb) ?? []);
    if (states.length === 0) continue;
    if (!entity.lifecycle && alone) for (const from of field.choices) for (const to of field.choices) putStep(draft, entity, field.name, from, to);
    const steps = (entity.lifecycle?.transitions ?? []).filter((step) => states.some((state) => sameState(state, step.to)));
    if (steps.length === 0) continue;
    for (const step of steps) putStep(draft, entity, field.name, step.from, step.to, [...new Set([...(alone ? [] : step.roles), ...roles()])]);
    const others = passive
      ? []
      : verbs.filter((verb) => stateOfVerb(entity, verb) === undefined).flatMap((verb) => actionsAtStart(verb)?.actions ?? []);
    if (others.length > 0)
      for (const role of roles())
        draft.duties.push({ role, actions: others, entities: [entity.name], kind: alone ? 'alone' : 'may', sentence: draft.sentence });
    return [entity];
  }
  return null;
}
