import type { DatabaseSchema } from '#contracts';
import type { Features } from './source.js';

/** What the app of a schema has. */
export function featuresOf({ entities, computed, auth }: DatabaseSchema): Features {
  const stepRoles = entities.some((entity) => entity.lifecycle?.transitions.some((step) => step.roles.length > 0));
  return {
    sign_in: auth.sign_in,
    access: auth.sign_in && (auth.roles.length > 0 || auth.permissions.length > 0 || stepRoles),
    roles: auth.sign_in && auth.roles.length > 0,
    states: entities.some((entity) => entity.lifecycle !== null),
    values: entities.some((entity) => entity.values.length > 0),
    defaults: entities.some((entity) => entity.defaults.length > 0),
    locks: entities.some((entity) => entity.rules.some((rule) => rule.kind === 'locked_when')),
    lists: computed.some((one) => one.kind === 'list'),
    totals: computed.some((one) => one.kind !== 'list'),
  };
}
