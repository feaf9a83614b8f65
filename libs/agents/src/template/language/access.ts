import { ACTIONS } from '#contracts';
import type { Action } from '#contracts';
import { putPermission } from './behaviour.js';
import type { Draft, Duty } from './draft.js';

/*
 * From what was said about single roles to permissions: who alone may do what. Whoever may do everything is in each of them.
 */

/** Works what was said about roles into the permissions, and puts the roles in order: the first may do everything. */
export function settleAccess(draft: Draft): void {
  const { auth } = draft.schema;
  const { duties } = draft;
  if (duties.length === 0 && !draft.exact) dropIdleRole(draft);
  if (duties.length === 0) return;
  const rank = (role: string): number => {
    const kinds = duties.filter((one) => one.role === role).map((one) => one.kind);
    const steps = draft.schema.entities.some((entity) => entity.lifecycle?.transitions.some((step) => step.roles.includes(role)));
    if (kinds.includes('everything')) return 0;
    if (kinds.includes('never') || kinds.includes('own')) return kinds.includes('alone') ? 3 : 4;
    return kinds.includes('alone') ? 1 : kinds.includes('may') ? 3 : steps ? 2 : 4;
  };
  const first = !draft.exact && auth.permissions.length === 0;
  if (first) auth.roles.sort((a, b) => rank(a.name) - rank(b.name));
  if (first && auth.roles.length > 0 && auth.roles.every((role) => rank(role.name) < 3)) {
    auth.roles.push({ name: 'user', label: 'user' });
    draft.assumptions.push(
      `Whoever has no other role is a user; the first person to sign in is the ${auth.roles[0]?.label ?? ''} and gives the roles.`,
    );
  }
  dropUmbrella(draft);
  for (const entity of draft.schema.entities) for (const action of ACTIONS) settleAction(draft, entity.name, action);
  duties.splice(0);
}

/** A single role that nothing depends on says no more than that people sign in. */
function dropIdleRole(draft: Draft): void {
  const { auth, entities } = draft.schema;
  const used = auth.permissions.length > 0 || entities.some((entity) => entity.lifecycle?.transitions.some((step) => step.roles.length > 0));
  if (!used && auth.roles.length === 1) auth.roles.splice(0);
}

/** "Staff sign in", where it is then said who of them does what: no role beside theirs. */
function dropUmbrella({ schema, duties, exact }: Draft): void {
  const { roles } = schema.auth;
  const used = (name: string): boolean =>
    duties.some((one) => one.role === name) || schema.entities.some((one) => one.lifecycle?.transitions.some((step) => step.roles.includes(name)));
  const idle = roles.findIndex(({ name }) => /^(?:staff|team|people|crew|employee|colleague|worker|committee)$/.test(name) && !used(name));
  if (!exact && idle >= 0 && roles.filter(({ name }) => used(name)).length >= 2) roles.splice(idle, 1);
}

function settleAction(draft: Draft, entity: string, action: Action): void {
  const { auth } = draft.schema;
  const about = draft.duties.filter((one) => one.actions.includes(action) && (one.entities === null || one.entities.includes(entity)));
  const has = (kind: Duty['kind']): string[] => [...new Set(about.filter((one) => one.kind === kind).map((one) => one.role))];
  const everything = draft.duties.filter((one) => one.kind === 'everything').map((one) => one.role);
  const [alone, never, own, may] = [has('alone'), has('never'), has('own'), has('may')];
  const known = auth.permissions.find((one) => one.entity === entity && one.action === action);
  const names = auth.roles.map((role) => role.name);
  const inOrder = (roles: readonly string[]): string[] => names.filter((name) => roles.includes(name));
  const put = (roles: readonly string[], others = false): void => {
    const source = about.find((one) => one.kind !== 'may')?.sentence ?? about[0]?.sentence ?? '';
    const sentence = draft.sentence;
    draft.sentence = source;
    putPermission(draft, { entity, action, roles: inOrder(roles), own: others });
    draft.sentence = sentence;
  };
  if (alone.length > 0) return put([...alone, ...may, ...everything], own.length > 0 || (known?.own ?? false));
  if (known && may.length > 0) return put([...known.roles, ...may], known.own);
  if (own.length > 0) {
    const others = names.filter((name) => !own.includes(name) && !never.includes(name));
    const given = may.length > 0 ? [...may, ...everything] : others;
    return put(given, true);
  }
  if (never.length > 0)
    return put(names.filter((name) => !never.includes(name) && (may.length === 0 || may.includes(name) || everything.includes(name))));
  const duty = may.length > 0 && action !== 'view' && names.length > 1;
  if (duty) return put([...may, ...everything, ...(names[0] ? [names[0]] : [])]);
}
