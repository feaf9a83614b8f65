import type { Entity, Field } from '#contracts';
import { domainOf } from './domains.js';
import { apiPath, fieldOf, isFresh, pagePath, printFigure, quote, targetOf, valuesFn } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { others } from './variants.js';
import { Impossible, idOf, pathOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import { capacityDemands, fieldsOfRule, needsOf } from './solver.js';
import type { Solution } from './solver.js';
import { isEmpty } from './world.js';

export function proveAdding(test: Scenario, entity: Entity): void {
  test.say(
    `const values = await ${valuesFn(entity)}(app);`,
    `const answer = await app.submit(${quote(pagePath(entity))}, values);`,
    'assert.equal(answer.status, 303);',
    `const { items } = (await app.api('GET', ${quote(apiPath(entity))})).json;`,
    'assert.equal(items.length, 1);',
    'assert.deepEqual(saved(items[0], values), values);',
    `const list = await app.page(${quote(pagePath(entity))});`,
    `assert.ok(list.text.includes(\`href="${pagePath(entity)}/\${items[0].id}"\`));`,
  );
  if (test.plain.of(entity) === null) throw new Impossible(entity.name);
}

export function proveChanging(test: Scenario, entity: Entity): void {
  const record = test.add(entity, { open: true }, 'record');
  const { values } = differently(test, record);
  const changes = entity.fields
    .filter((field) => field.name !== entity.lifecycle?.field)
    .filter((field) => !(isFresh(values[field.name]) || (isEmpty(values[field.name]) && isEmpty(test.plain.of(entity)?.values[field.name]))))
    .filter((field) => field.target !== null || values[field.name] !== test.plain.of(entity)?.values[field.name])
    .map((field) => `${field.name}: ${changedFigure(field, values[field.name] ?? null)}`);
  test.say(
    `const path = \`${pagePath(entity)}/\${record.id}\`;`,
    `const values = await ${valuesFn(entity)}(app${changes.length > 0 ? `, { ${changes.join(', ')} }` : ''});`,
    'assert.equal((await app.page(`${path}/edit`)).status, 200);',
    'assert.equal((await app.submit(path, values)).status, 303);',
    "const changed = (await app.api('GET', `/api${path}`)).json;",
    'assert.deepEqual(saved(changed, values), values);',
    'assert.equal((await app.submit(`${path}/delete`, {})).status, 303);',
    'assert.equal((await app.page(path)).status, 404);',
  );
}

/** A form has no null: an empty value is an empty text, and no link none at all. */
const changedFigure = (field: Field, value: Figure): string => (value === null ? 'null' : printFigure(field, value));

/** The values of a record with one of them changed; the same where none can be. */
function differently(test: Scenario, record: Sample): Solution {
  const { entity } = record;
  for (const field of entity.fields.filter((one) => one.name !== entity.lifecycle?.field && one.target === null))
    for (const value of domainOf(test.schema, entity, field, false)) {
      if (value === record.values[field.name] || isFresh(value) || isEmpty(value)) continue;
      const fixed = { ...others(record, [field.name]), [field.name]: value };
      let found: Solution | null = null;
      if (test.attempt(() => (found = test.find(entity, { from: record, fixed, open: true }))) && found) return found;
    }
  return { values: record.values, steps: [] };
}

const WRONG: Readonly<Record<Field['type'], readonly string[]>> = {
  text: ["'x'.repeat(201)"],
  long_text: ["'x'.repeat(10_001)"],
  number: ["'many'"],
  integer: ["'2.5'"],
  money: ["'1.234'"],
  date: ["'2030-02-30'"],
  time: ["'24:00'"],
  datetime: ["'2030-01-31'"],
  email: ["'no address'"],
  phone: ["'call me'"],
  url: ["'javascript:alert(1)'"],
  file_link: ["'javascript:alert(1)'"],
  boolean: ["'perhaps'"],
  choice: ["'none of these'"],
  rating: ["'0'", "'6'"],
  reference: ['999999'],
  references: ['[999999]'],
};

const RIGHT: Partial<Record<Field['type'], readonly string[]>> = {
  text: ["'x'.repeat(200)"],
  long_text: ["'x'.repeat(10_000)"],
  number: ['-0.5', '1_000_000'],
  integer: ['-1', '0'],
  money: ['0.01', '99999.99'],
  date: ["'2096-02-29'"],
  time: ["'00:00'", "'23:59'"],
  datetime: ["'2096-02-29T23:59'"],
  email: ["'a.b+c@sub.example.org'"],
  phone: ["'+44 (0)20 7946-0123'"],
  url: ["'http://example.org/a?b=c'"],
  file_link: ["'https://example.org/a%20b.pdf'"],
  boolean: ['true'],
  rating: ['1', '5'],
};

/** A wrong value for each field, and right ones at the limits of those fields that no rule is about. */
export function proveTypes(test: Scenario, entity: Entity): void {
  const state = entity.lifecycle?.field;
  const ruled = new Set(entity.rules.flatMap((rule) => fieldsOfRule(test.schema, entity, rule)));
  const fields = entity.fields.filter((field) => field.name !== state);
  const right = fields.filter((field) => !ruled.has(field.name) && RIGHT[field.type] !== undefined);
  const entries = (of: readonly Field[], table: Partial<Record<Field['type'], readonly string[]>>): string[] =>
    of.map((field) => `  ${field.name}: [${(table[field.type] ?? []).join(', ')}],`);
  const valid = test.attempt(() => {
    test.say('const right = {', ...entries(right, RIGHT), '};');
    const record = test.add(entity, { open: true }, 'record');
    test.say(
      'for (const [name, values] of Object.entries(right))',
      `  for (const value of values) assert.equal((await app.api('PATCH', ${pathOf(record)}, { [name]: value })).json[name], value, name);`,
    );
  });
  const draft: Sample = { entity, values: test.find(entity, {}).values, name: test.nameFor('sample') };
  test.settleLinks(draft);
  test.say('const wrong = {', ...entries(fields, WRONG), '};');
  test.say(
    `const { total } = (await app.api('GET', ${quote(apiPath(entity))})).json;`,
    `const sample = ${test.valuesOf(draft)};`,
    'for (const [name, values] of Object.entries(wrong))',
    `  for (const value of values) assertRefused(await app.api('POST', ${quote(apiPath(entity))}, { ...sample, [name]: value }), 400, name);`,
    `assert.equal((await app.api('GET', ${quote(apiPath(entity))})).json.total, total);`,
  );
  if (!valid || test.plain.of(entity) === null) throw new Impossible(entity.name);
}

export function proveRequired(test: Scenario, entity: Entity, field: Field): void {
  const empty = field.type === 'references' ? '[]' : "''";
  if (entity.defaults.some((one) => one.field === field.name)) {
    const record = test.add(entity, { open: true }, 'record');
    test.say(`assertRefused(await app.api('PATCH', ${pathOf(record)}, { ${field.name}: ${empty} }), 400, ${quote(field.name)});`);
    return;
  }
  if (test.plain.of(entity) === null) throw new Impossible(entity.name);
  test.say(
    `const values = await ${valuesFn(entity)}(app, { ${field.name}: ${empty} });`,
    `const answer = await app.submit(${quote(pagePath(entity))}, values);`,
    'assert.equal(answer.status, 400);',
    `assert.match(answer.text, /id="field-${field.name}-error"/);`,
    `assertRefused(await app.api('POST', ${quote(apiPath(entity))}, values), 400, ${quote(field.name)});`,
    `assert.equal((await app.api('GET', ${quote(apiPath(entity))})).json.total, 0);`,
  );
}

export function proveUniqueField(test: Scenario, entity: Entity, field: Field): void {
  const filled = { fields: [field.name], test: (one: Sample) => !isEmpty(one.values[field.name]) };
  const first = test.add(entity, { demands: [filled], open: true }, 'first');
  const value = first.values[field.name] ?? null;
  const { values } = test.find(entity, { fixed: { [field.name]: value }, repeats: field.name });
  const sample: Sample = { entity, values, name: test.nameFor('refused') };
  test.settleLinks(sample);
  const [changes = '{ }'] = test.changesArgument({
    ...sample,
    values: { ...values, [field.name]: test.plain.of(entity)?.values[field.name] ?? null },
  });
  const others = changes.slice(2, -2).trim();
  test.say(
    `const values = await ${valuesFn(entity)}(app, { ${others === '' ? '' : `${others}, `}${field.name}: first.${field.name} });`,
    `assertRefused(await app.api('POST', ${quote(apiPath(entity))}, values), 409, ${quote(field.name)});`,
    `assert.equal((await app.api('PATCH', ${pathOf(first)}, { ${field.name}: first.${field.name} })).status, 200);`,
  );
  if (typeof value === 'string' && ['text', 'email'].includes(field.type))
    test.say(
      `const capitals = { ...values, ${field.name}: first.${field.name}.toUpperCase() };`,
      `assertRefused(await app.api('POST', ${quote(apiPath(entity))}, capitals), 409, ${quote(field.name)});`,
    );
}

export function proveInUse(test: Scenario, entity: Entity, field: Field): void {
  const target = targetOf(test.schema, entity, field.name);
  if (!target) throw new Impossible(field.name);
  const draft: Sample = { entity, values: test.plain.of(entity)?.values ?? {}, name: '' };
  const used = test.add(target, { meets: needsOf(entity, field.name), demands: capacityDemands(entity, field.name, draft) }, `used_${target.name}`);
  const user = test.add(entity, { fixed: { [field.name]: field.type === 'references' ? [used] : used } }, `using_${entity.name}`);
  test.say(
    `const page = await app.page(\`${pagePath(target)}/\${${idOf(used)}}\`);`,
    `assert.ok(page.text.includes(\`href="${pagePath(entity)}/\${${idOf(user)}}"\`));`,
    `assert.equal((await app.api('DELETE', ${pathOf(used)})).status, 409);`,
    `assert.equal((await app.api('GET', ${pathOf(used)})).status, 200);`,
  );
}

/** What a field gets where nothing is given for it. */
export function proveDefault(test: Scenario, entity: Entity, field: Field): void {
  const given = entity.defaults.find((one) => one.field === field.name);
  if (!given) throw new Impossible(field.name);
  const dated = field.type === 'date' || field.type === 'datetime';
  const base = dated && given.value !== 'today' ? fieldOf(entity, given.value) : undefined;
  const meaning = (): Figure => {
    if (field.type === 'boolean') return given.value === 'yes' || given.value === 'true';
    if (dated) return given.days;
    return ['number', 'integer', 'money', 'rating'].includes(field.type) ? Number(given.value) : given.value;
  };
  if (field.type === 'datetime' || base?.type === 'datetime') throw new Impossible(field.name);
  const fixed = base ? {} : { [field.name]: meaning() };
  const later = {
    fields: [field.name, ...(base ? [base.name] : [])],
    test: (one: Sample) => base !== undefined && Number(one.values[field.name]) === Number(one.values[base.name]) + given.days,
  };
  const follows = test.firstOf([true, false], (whole) => {
    const want = base ? { demands: whole ? [later] : [] } : { fixed: whole ? fixed : {} };
    if (!whole) throw new Impossible(field.name);
    test.find(entity, want);
  });
  const { values } = test.find(entity, base && follows ? { demands: [later] } : { fixed });
  const sample: Sample = { entity, values, name: 'record' };
  test.settleLinks(sample);
  const [changes = ''] = test.changesArgument({ ...sample, values: { ...values, [field.name]: test.plain.of(entity)?.values[field.name] ?? null } });
  test.say(
    `const { ${field.name}: _, ...values } = await ${valuesFn(entity)}(app${changes === '' ? '' : `, ${changes}`});`,
    `const answer = await app.api('POST', ${quote(apiPath(entity))}, values);`,
    'assert.equal(answer.status, 201);',
    `assert.equal(answer.json.${field.name}, ${printFigure(field, values[field.name] ?? null)});`,
  );
}
