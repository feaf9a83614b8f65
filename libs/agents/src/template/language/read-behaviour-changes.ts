import { putStates, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { entityOfWords, mentionsOf } from './rule-words.js';
import { dropUses } from './uses.js';
import { lowerWords, snake } from './words.js';
import { removesName, writtenWith } from './rule-names.js';

/*
 * Corrections of rules, states, values and rights: "remove the limit", "no rule about overlapping", "add a state cancelled",
 * "members may delete books too".
 */

const REMOVES =
  /^(?:please )?(?:remove|drop|delete|forget|skip|take out|leave out|without|no|there is no|there should be no|(?:i|we) (?:do not|don't) (?:need|want))\s+(?:the |any |that |this )*(.+)$/i;
const ADD_STATE =
  /^(?:please )?(?:also )?(?:add|there is also|include)(?: (?:a|the|another))?(?: new)? (?:state|status)(?: called| named)? "?([\w -]+?)"?(?: (?:to|for|of) (?:the |an? |each )?([\w -]+))?$/i;
const STATE_TOO = /^(?:an? |the |each )?([\w -]+?) (?:can|may) also be "?([\w -]+?)"?$/i;

/** Reads one correction of this kind; false where the sentence is none. */
export function readBehaviourChange(draft: Draft, text: string): boolean {
  return readAddedState(draft, text) || readRemovedRule(draft, text) || readMoreRights(draft, text);
}

function readAddedState(draft: Draft, text: string): boolean {
  const added = ADD_STATE.exec(text);
  const too = added ? null : STATE_TOO.exec(text);
  const [state, noun] = added ? [added[1], added[2]] : [too?.[2], too?.[1]];
  if (state === undefined) return false;
  const named = entityOfWords(draft, noun);
  const withStates = draft.schema.entities.filter((one) => stateField(one) !== undefined);
  const entity = named ?? (added ? ((draft.last && stateField(draft.last) ? draft.last : undefined) ?? withStates[0]) : undefined);
  if (!entity || (too && !stateField(entity))) return false;
  const field = stateField(entity);
  if (field && !field.choices.includes(lowerWords(state))) field.choices.push(lowerWords(state));
  else if (!field) putStates(draft, entity, [lowerWords(state)]);
  return true;
}

/** Takes out the rules, steps, values or rights that the words name. */
function readRemovedRule(draft: Draft, text: string): boolean {
  const what = REMOVES.exec(text)?.[1];
  if (what === undefined) return false;
  const { schema } = draft;
  const owners = mentionsOf(draft, what).map((one) => one.entity);
  const places = owners.length > 0 ? owners : schema.entities;
  if (/\b(?:roles?|permissions?|rights)\b/i.test(what) && (schema.auth.roles.length > 0 || schema.auth.permissions.length > 0)) {
    schema.auth.permissions.splice(0);
    schema.auth.roles.splice(0);
    for (const entity of schema.entities) for (const step of entity.lifecycle?.transitions ?? []) step.roles.splice(0);
    return true;
  }
  if (/\b(?:steps|transitions|lifecycle|order of (?:the )?(?:states|statuses))\b/i.test(what)) {
    const with_ = places.filter((one) => one.lifecycle !== null);
    for (const entity of with_) entity.lifecycle = null;
    return with_.length > 0;
  }
  const value = schema.entities
    .flatMap((entity) => entity.values.map((one) => ({ entity, one })))
    .find(({ one }) => one.name === snake(what.replace(/ (?:of|for) .*$/i, '')));
  if (value) {
    value.entity.values.splice(value.entity.values.indexOf(value.one), 1);
    dropUses(schema, value.entity.name, value.one.name);
    return true;
  }
  const kinds = removesName(what);
  if (kinds === null) return false;
  const found = places.flatMap((entity) =>
    entity.rules.filter((rule) => kinds.includes(rule.kind) && writtenWith(schema, entity, rule, what)).map((rule) => ({ entity, rule })),
  );
  for (const { entity, rule } of found) entity.rules.splice(entity.rules.indexOf(rule), 1);
  return found.length > 0;
}

const MAY_TOO = /^(.+?) (?:may|can|should be able to) (?:also )?(view|see|add|change|edit|delete)(?: (.+?))?(?: too| as well| also)$/i;

/** "Members may delete books too". */
function readMoreRights(draft: Draft, text: string): boolean {
  const [, who = '', verb = '', what] = MAY_TOO.exec(text) ?? [];
  const { auth } = draft.schema;
  const role = auth.roles.find((one) => snake(one.label) === snake(who) || new RegExp(`\\b${one.label}s?\\b`, 'i').test(who));
  if (!role) return false;
  const action = verb === 'see' ? 'view' : verb === 'edit' ? 'change' : verb.toLowerCase();
  const entity = entityOfWords(draft, what);
  const about = auth.permissions.filter((one) => one.action === action && (entity === undefined || one.entity === entity.name));
  for (const permission of about) if (!permission.roles.includes(role.name)) permission.roles.push(role.name);
  return about.length > 0;
}
