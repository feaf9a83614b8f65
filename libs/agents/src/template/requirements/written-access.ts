import { ACTIONS } from '#contracts';
import type { Action, DatabaseSchema, Permission } from '#contracts';
import { ensureRole, putPermission } from '../language/behaviour.js';
import { remember } from '../language/draft.js';
import type { Draft } from '../language/draft.js';
import { listed } from '../language/words.js';
import { type Sentence, entityNamed, nameOf, rolesOf } from './names.js';
import { roleLabel } from './written-states.js';

/*
 * Who signs in, and who may do what:
 *
 *   Nobody needs to sign in.   People sign in with an e-mail address and a password.
 *   People have one of these roles: manager, member.
 *   Only a manager may add, change or delete books.
 *   Only a manager may view loans, and others only their own.
 *   Everybody may change only their own bookings.   Nobody may delete burials.
 */

export function writeAccess({ auth }: DatabaseSchema): string[] {
  return [
    auth.sign_in ? 'People sign in with an e-mail address and a password.' : 'Nobody needs to sign in.',
    ...(auth.roles.length > 0 ? [`People have one of these roles: ${auth.roles.map((role) => nameOf(role.label)).join(', ')}.`] : []),
  ];
}

/** The permissions; those that differ only in the action stand in one sentence. */
export function writePermissions(schema: DatabaseSchema): string[] {
  const groups: { same: string; first: Permission; actions: Action[] }[] = [];
  for (const permission of schema.auth.permissions) {
    const same = JSON.stringify([permission.entity, permission.roles, permission.own]);
    const last = groups.at(-1);
    if (last?.same === same) last.actions.push(permission.action);
    else groups.push({ same, first: permission, actions: [permission.action] });
  }
  return groups.map(({ first: { entity, roles, own }, actions }) => {
    const many = nameOf(schema.entities.find((one) => one.name === entity)?.label_plural ?? entity);
    const verbs = listed(actions, 'or');
    if (roles.length === 0) return own ? `Everybody may ${verbs} only their own ${many}.` : `Nobody may ${verbs} ${many}.`;
    return `Only ${rolesOf(roles.map((role) => roleLabel(schema, role)))} may ${verbs} ${many}${own ? ', and others only their own' : ''}.`;
  });
}

const ROLES = /^(?:People|Users|Accounts) have one of these roles: (.+)$/i;
const VERBS = '((?:view|see|add|change|edit|delete)(?:(?:, | or | and |, or )(?:view|see|add|change|edit|delete))*)';
const ONLY = new RegExp(`^Only (.+?) (?:may|can) ${VERBS} (.+?)(, and others only their own)?$`, 'i');
const OWN = new RegExp(`^Everybody may ${VERBS} only their own (.+?)$`, 'i');
const NOBODY = new RegExp(`^Nobody may ${VERBS} (.+?)$`, 'i');

/** Reads the sentence that names the roles; read before anything refers to them. */
export function readRoles(draft: Draft, sentence: Sentence): boolean {
  const [, roles] = ROLES.exec(sentence.text) ?? [];
  if (roles === undefined) return false;
  for (const item of roles.split(/\s*,\s*(?:and )?|\s+and\s+/)) {
    const label = sentence.say(item);
    if (label !== '') ensureRole(draft, label, label);
  }
  return true;
}

/** Reads one of these sentences; false where it is none. */
export function readAccessSentence(draft: Draft, sentence: Sentence): boolean {
  if (/^(?:Nobody|No one) needs to sign in$/i.test(sentence.text)) return setSignIn(draft, false);
  if (/^People sign in with an e-mail address and a password$/i.test(sentence.text)) return setSignIn(draft, true);
  if (readRoles(draft, sentence)) return true;
  const only = ONLY.exec(sentence.text);
  const own = OWN.exec(sentence.text);
  const [verbs = '', many] = only ? only.slice(2) : (own ?? NOBODY.exec(sentence.text) ?? []).slice(1);
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  if (!entity) return false;
  const labels = sentence.items(only?.[1]);
  if (labels.length > 10) return false;
  const roles = labels.map((label) => ensureRole(draft, label));
  for (const action of actionsIn(verbs)) putPermission(draft, { entity: entity.name, action, roles, own: own !== null || only?.[4] !== undefined });
  return true;
}

const actionsIn = (verbs: string): Action[] =>
  verbs
    .toLowerCase()
    .replace(/\bsee\b/g, 'view')
    .replace(/\bedit\b/g, 'change')
    .split(/\W+/)
    .filter((one): one is Action => (ACTIONS as readonly string[]).includes(one));

/** Says whether people sign in. Without it there are no roles either. */
export function setSignIn(draft: Draft, wanted: boolean): true {
  const { auth, entities } = draft.schema;
  auth.sign_in = wanted;
  if (!wanted) {
    auth.roles.splice(0);
    auth.permissions.splice(0);
    for (const entity of entities) for (const step of entity.lifecycle?.transitions ?? []) step.roles.splice(0);
  }
  draft.signInSaid = true;
  remember(draft, 'sign_in');
  return true;
}
