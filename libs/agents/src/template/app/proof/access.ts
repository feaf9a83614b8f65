import type { Action, DatabaseSchema, Entity, Permission } from '#contracts';
import { apiPath, pagePath, quote, targetOf } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { Impossible, pathOf, stepCall } from './scenario.js';
import type { Scenario } from './scenario.js';
import { bring, wayTo } from './lifecycles.js';
import { capacityDemands, needsOf } from './solver.js';
import { isEmpty } from './world.js';

/** The accounts of a test: one per role; two where all have the same rights, as one may not see what the other has. */
export function accountsOf({ auth }: DatabaseSchema): string[] {
  if (auth.roles.length > 0) return auth.roles.map((role) => role.name);
  return auth.permissions.length > 0 ? ['first', 'second'] : ['first'];
}

/** How far a role may do something with records of a kind. */
function right(schema: DatabaseSchema, role: string, action: Action, entity: Entity): 'all' | 'own' | 'none' {
  if (schema.auth.roles[0]?.name === role) return 'all';
  const permission = schema.auth.permissions.find((one) => one.entity === entity.name && one.action === action);
  if (!permission || permission.roles.includes(role)) return 'all';
  return permission.own ? 'own' : 'none';
}

const as = (role: string): string => `app.as(${quote(role)})`;

/** Who may and who may not, one account of each role after the other. */
export function provePermission(test: Scenario, entity: Entity, permission: Permission): void {
  const [, ...others] = accountsOf(test.schema);
  if (permission.action === 'add') return proveAdding(test, entity, others);
  const theirs = test.add(entity, { open: true }, 'theirs');
  let proven = 0;
  for (const role of others) {
    const [may, sees] = [right(test.schema, role, permission.action, entity), right(test.schema, role, 'view', entity)];
    if (may !== 'all') {
      test.say(`assert.equal((${call(permission.action, role, theirs)}).status, 403, ${quote(`${role}, a record of somebody else`)});`);
      if (permission.action === 'view') test.say(listCheck(entity, role, may));
      if (may === 'none')
        test.attempt(() => {
          const own = ownRecord(test, entity, role);
          test.say(`assert.equal((${call(permission.action, role, own)}).status, 403, ${quote(`${role}, an own record`)});`);
        });
      proven += 1;
    } else if (sees === 'all')
      test.attempt(() => {
        const record = permission.action === 'delete' ? test.add(entity, { open: true }) : theirs;
        test.say(allowed(permission.action, role, record));
      });
    if (may === 'own') {
      const done = test.attempt(() => {
        const own = ownRecord(test, entity, role);
        if (permission.action === 'view')
          test.say(`assert.deepEqual((await ${as(role)}.api('GET', ${quote(apiPath(entity))})).json.items.map(({ id }) => id), [${own.name}.id]);`);
        test.say(allowed(permission.action, role, own));
      });
      if (!done) throw new Impossible(permission.action);
    }
  }
  if (proven === 0) throw new Impossible(permission.action);
}

function listCheck(entity: Entity, role: string, may: 'own' | 'none'): string {
  const list = `await ${as(role)}.api('GET', ${quote(apiPath(entity))})`;
  return may === 'none' ? `assert.equal((${list}).status, 403);` : `assert.equal((${list}).json.total, 0);`;
}

function call(action: Action, role: string, record: Sample): string {
  if (action === 'view') return `await ${as(role)}.api('GET', ${pathOf(record)})`;
  return action === 'delete' ? `await ${as(role)}.api('DELETE', ${pathOf(record)})` : `await ${as(role)}.api('PATCH', ${pathOf(record)}, {})`;
}

const allowed = (action: Action, role: string, record: Sample): string =>
  `assert.equal((${call(action, role, record)}).status, ${action === 'delete' ? 204 : 200}, ${quote(role)});`;

function proveAdding(test: Scenario, entity: Entity, others: readonly string[]): void {
  let refused = 0;
  for (const role of others) {
    const may = right(test.schema, role, 'add', entity);
    if (may === 'none') {
      const sample = unsaved(test, entity);
      test.say(
        `assert.equal((await ${as(role)}.api('POST', ${quote(apiPath(entity))}, ${test.valuesOf(sample)})).status, 403, ${quote(role)});`,
        `assert.equal((await ${as(role)}.page(${quote(`${pagePath(entity)}/new`)})).status, 403);`,
      );
      refused += 1;
    } else if (maySeeLinks(test, entity, role)) test.attempt(() => void addedBy(test, entity, role));
  }
  if (refused === 0) throw new Impossible('add');
}

/** A record that could be added now. */
function unsaved(test: Scenario, entity: Entity, path: readonly string[] = firstPath(entity)): Sample {
  const { values } = test.find(entity, { path });
  if (entity.lifecycle) values[entity.lifecycle.field] = path[0] ?? null;
  const sample: Sample = { entity, values, name: test.nameFor('unsaved') };
  test.settleLinks(sample);
  return sample;
}

const firstPath = (entity: Entity): string[] =>
  entity.lifecycle ? [entity.fields.find((field) => field.name === entity.lifecycle?.field)?.choices[0] ?? ''] : [];

/** A role can link only to what it may see. */
function maySeeLinks(test: Scenario, entity: Entity, role: string): boolean {
  const values = test.plain.of(entity)?.values ?? {};
  return entity.fields.every((field) => {
    const target = targetOf(test.schema, entity, field.name);
    return !target || isEmpty(values[field.name]) || right(test.schema, role, 'view', target) === 'all';
  });
}

function addedBy(test: Scenario, entity: Entity, role: string, path?: readonly string[]): Sample {
  const sample = unsaved(test, entity, path);
  const { values } = sample;
  const record: Sample = { entity, values, name: test.nameFor(`own_${entity.name}`) };
  test.define(record, `await ${as(role)}.add(${quote(apiPath(entity))}, ${test.valuesOf(sample)});`);
  return record;
}

/** A record, in its first state, that belongs to an account of the role: it added it, or it holds or links to the account's address. */
function ownRecord(test: Scenario, entity: Entity, role: string, path?: readonly string[]): Sample {
  const address = `${role}@example.org`;
  if (right(test.schema, role, 'add', entity) !== 'none' && maySeeLinks(test, entity, role)) {
    let own: Sample | null = null;
    if (test.attempt(() => (own = addedBy(test, entity, role, path))) && own) return own;
  }
  const ways: Record<string, Figure>[] = entity.fields.filter((field) => field.type === 'email').map((field) => ({ [field.name]: address }));
  if (path) throw new Impossible(role);
  let own: Sample | null = null;
  for (const fixed of ways) if (!own) test.attempt(() => (own = test.add(entity, { fixed, open: true }, `own_${entity.name}`)));
  if (own) return own;
  for (const field of entity.fields.filter((one) => one.target !== null)) {
    const target = targetOf(test.schema, entity, field.name);
    const email = target?.fields.find((one) => one.type === 'email');
    if (!target || !email || own) continue;
    test.attempt(() => {
      const draft: Sample = { entity, values: test.plain.of(entity)?.values ?? {}, name: '' };
      const holder = test.add(target, {
        fixed: { [email.name]: address },
        meets: needsOf(entity, field.name),
        demands: capacityDemands(entity, field.name, draft),
      });
      own = test.add(entity, { fixed: { [field.name]: field.type === 'references' ? [holder] : holder }, open: true }, `own_${entity.name}`);
    });
  }
  if (!own) throw new Impossible(role);
  return own;
}

/** A step that only some roles may take: refused to the others, and taken by each of these. */
export function proveStepRoles(test: Scenario, entity: Entity, from: string, to: string, roles: readonly string[]): void {
  const way = wayTo(entity, from);
  if (!way) throw new Impossible(from);
  const [first, ...rest] = accountsOf(test.schema);
  const record = bring(test, entity, way, to);
  const outsiders = rest.filter((role) => !roles.includes(role));
  for (const role of outsiders) {
    test.say(`assert.equal((${stepCall(record, to, as(role))}).status, 403, ${quote(role)});`);
    if (right(test.schema, role, 'change', entity) === 'own')
      test.attempt(() => {
        const own = ownRecord(test, entity, role, [...way, to]);
        for (const state of way.slice(1)) test.step(own, state);
        test.say(`assert.equal((${stepCall(own, to, as(role))}).status, 403, ${quote(`${role}, an own record`)});`);
      });
  }
  const insiders = rest.filter((role) => roles.includes(role) && right(test.schema, role, 'view', entity) === 'all');
  for (const [index, role] of (insiders.length > 0 ? insiders : [first ?? 'first']).entries()) {
    const sample = index === 0 ? record : bring(test, entity, way, to);
    test.say(`assert.equal((${stepCall(sample, to, role === first ? 'app' : as(role))}).status, 200, ${quote(role)});`);
    sample.values[entity.lifecycle?.field ?? ''] = to;
  }
}

/** Who gives the roles. */
export function proveRoles(test: Scenario): void {
  const roles = test.schema.auth.roles.map((role) => role.name);
  const [first = '', last = ''] = [roles[0], roles.at(-1)];
  test.say(
    "const account = { email: 'new@example.org', password: 'a long enough password' };",
    "assert.equal((await app.api('POST', '/api/accounts', account)).status, 201);",
    "const roleOf = async (email) => (await app.api('GET', '/api/accounts')).json.items.find((one) => one.email === email).role;",
    `assert.equal(await roleOf(${quote(`${first}@example.org`)}), ${quote(first)});`,
    `assert.equal(await roleOf(account.email), ${quote(last)});`,
    `const give = (who, role) => who.api('PATCH', \`/api/accounts/\${account.email}\`, { role });`,
    `assert.equal((await give(${as(last)}, ${quote(first)})).status, 403);`,
    `assert.equal((await ${as(last)}.page('/accounts')).status, 403);`,
    "assert.equal((await app.page('/accounts')).status, 200);",
    `assert.equal((await give(app, ${quote(first)})).status, 200);`,
    `assert.equal(await roleOf(account.email), ${quote(first)});`,
  );
}
