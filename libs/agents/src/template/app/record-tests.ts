import type { DatabaseSchema, Entity, Field } from '#contracts';
import type { Check } from '../requirements/criteria.js';
import { addFn, apiPath, camel, pagePath, quote, valuesFn } from './samples.js';

type Of<K extends Check['kind']> = Extract<Check, { kind: K }>;

/** The body of the test of a check on one list of records. */
export function recordTestBody(schema: DatabaseSchema, check: Of<'add' | 'change' | 'values' | 'required' | 'unique' | 'in_use'>): string[] {
  switch (check.kind) {
    case 'add':
      return addBody(check.entity);
    case 'change':
      return changeBody(check.entity);
    case 'values':
      return valuesBody(check.entity);
    case 'required':
      return requiredBody(check.entity, check.field);
    case 'unique':
      return uniqueBody(schema, check.entity, check.field);
    case 'in_use':
      return inUseBody(schema, check.entity, check.field);
  }
}

const addBody = (entity: Entity): string[] => [
  `const values = await ${valuesFn(entity)}(app);`,
  `const answer = await app.submit(${quote(pagePath(entity))}, values);`,
  'assert.equal(answer.status, 303);',
  `const { items } = (await app.api('GET', ${quote(apiPath(entity))})).json;`,
  'assert.equal(items.length, 1);',
  'assert.deepEqual(saved(items[0], values), values);',
  `const list = await app.page(${quote(pagePath(entity))});`,
  `assert.ok(list.text.includes(\`href="${pagePath(entity)}/\${items[0].id}"\`));`,
];

const changeBody = (entity: Entity): string[] => [
  `const { id } = await ${addFn(entity)}(app);`,
  `const path = \`${pagePath(entity)}/\${id}\`;`,
  `const values = await ${valuesFn(entity)}(app);`,
  'assert.equal((await app.page(`${path}/edit`)).status, 200);',
  'assert.equal((await app.submit(path, values)).status, 303);',
  "const changed = (await app.api('GET', `/api${path}`)).json;",
  'assert.deepEqual(saved(changed, values), values);',
  'assert.equal((await app.submit(`${path}/delete`, {})).status, 303);',
  'assert.equal((await app.page(path)).status, 404);',
];

const WRONG: Partial<Record<Field['type'], string>> = {
  number: "'many'",
  integer: "'2.5'",
  money: "'1.234'",
  date: "'2030-02-30'",
  time: "'25:00'",
  datetime: "'2030-01-31'",
  email: "'no address'",
  url: "'javascript:alert(1)'",
  choice: "'none of these'",
  rating: "'6'",
  reference: '999999',
};

const valuesBody = (entity: Entity): string[] => [
  'const wrong = {',
  ...entity.fields.filter((field) => WRONG[field.type]).map((field) => `  ${field.name}: ${WRONG[field.type] ?? ''},`),
  '};',
  `const values = await ${valuesFn(entity)}(app);`,
  'for (const [name, value] of Object.entries(wrong)) {',
  `  const answer = await app.api('POST', ${quote(apiPath(entity))}, { ...values, [name]: value });`,
  '  assert.equal(answer.status, 400, name);',
  '  assert.deepEqual(Object.keys(answer.json.errors), [name]);',
  '}',
  `assert.equal((await app.api('GET', ${quote(apiPath(entity))})).json.total, 0);`,
];

const requiredBody = (entity: Entity, field: Field): string[] => [
  `const values = await ${valuesFn(entity)}(app, { ${field.name}: ${field.type === 'references' ? '[]' : "''"} });`,
  `const answer = await app.submit(${quote(pagePath(entity))}, values);`,
  'assert.equal(answer.status, 400);',
  `assert.match(answer.text, /id="field-${field.name}-error"/);`,
  `const refused = await app.api('POST', ${quote(apiPath(entity))}, values);`,
  'assert.equal(refused.status, 400);',
  `assert.deepEqual(Object.keys(refused.json.errors), [${quote(field.name)}]);`,
  `assert.equal((await app.api('GET', ${quote(apiPath(entity))})).json.total, 0);`,
];

function uniqueBody(schema: DatabaseSchema, entity: Entity, field: Field): string[] {
  const target = schema.entities.find((one) => one.name === field.target);
  const first = target
    ? [`const linked = await ${addFn(target)}(app);`, `const first = await ${addFn(entity)}(app, { ${field.name}: linked.id });`]
    : [`const first = await ${addFn(entity)}(app);`];
  return [
    ...first,
    `const values = await ${valuesFn(entity)}(app, { ${field.name}: first.${field.name} });`,
    `const answer = await app.api('POST', ${quote(apiPath(entity))}, values);`,
    'assert.equal(answer.status, 409);',
    `assert.deepEqual(Object.keys(answer.json.errors), [${quote(field.name)}]);`,
    `assert.equal((await app.api('PUT', \`${apiPath(entity)}/\${first.id}\`, values)).status, 200);`,
  ];
}

function inUseBody(schema: DatabaseSchema, entity: Entity, field: Field): string[] {
  const target = schema.entities.find((one) => one.name === field.target) ?? entity;
  const used = camel(`used_${target.name}`);
  const user = camel(`using_${entity.name}`);
  const value = field.type === 'references' ? `[${used}.id]` : `${used}.id`;
  return [
    `const ${used} = await ${addFn(target)}(app);`,
    `const ${user} = await ${addFn(entity)}(app, { ${field.name}: ${value} });`,
    `const page = await app.page(\`${pagePath(target)}/\${${used}.id}\`);`,
    `assert.ok(page.text.includes(\`href="${pagePath(entity)}/\${${user}.id}"\`));`,
    `assert.equal((await app.api('DELETE', \`${apiPath(target)}/\${${used}.id}\`)).status, 409);`,
    `assert.equal((await app.api('GET', \`${apiPath(target)}/\${${used}.id}\`)).status, 200);`,
  ];
}
