import type { AcceptanceCriterion, CodeBundle, DatabaseSchema } from '#contracts';
import { checkKey, checkOf } from '../requirements/criteria.js';
import type { Check } from '../requirements/criteria.js';
import { computedTestBody } from './computed-tests.js';
import { testFileOf } from './manifest.js';
import { recordTestBody } from './record-tests.js';
import { addFn, apiPath, pagePath, quote, valuesFn } from './samples.js';

interface NamedTest {
  readonly name: string;
  readonly body: readonly string[];
  /** How the app is started; null where the test starts it itself. */
  readonly start: string | null;
}

/** Test files of an app, and which test proves which criterion. */
export interface WrittenTests {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly coverage: CodeBundle['coverage'];
}

/** A test per acceptance criterion that can be tested, in the file of what it is about. */
export function writeTests(schema: DatabaseSchema, criteria: readonly AcceptanceCriterion[]): WrittenTests {
  const files = new Map<string, NamedTest[]>();
  const coverage: { criterion_id: string; test: string }[] = [];
  for (const entity of schema.entities) files.set(testFileOf(entity.label_plural), []);
  if (schema.computed.length > 0) files.set('test/lists-and-totals.test.js', []);
  if (schema.auth.sign_in) files.set('test/sign-in.test.js', []);
  files.set('test/app.test.js', []);
  const written = new Map<string, string>();
  for (const criterion of criteria) {
    const check = checkOf(schema, criterion.text);
    if (!check) continue;
    const known = written.get(checkKey(check));
    const test = known ?? addTest(schema, check, criterion, files);
    if (test === null) continue;
    written.set(checkKey(check), test);
    coverage.push({ criterion_id: criterion.id, test });
  }
  return { files: [...files].map(([path, tests]) => ({ path, content: testFile(schema, path, tests) })), coverage };
}

function addTest(schema: DatabaseSchema, check: Check, criterion: AcceptanceCriterion, files: Map<string, NamedTest[]>): string | null {
  const body = bodyOf(schema, check);
  if (!body) return null;
  const name = `${criterion.id}: ${criterion.text.replace(/[\\#\s]+/g, ' ').trim()}`.slice(0, 380);
  files.get(fileOf(check))?.push({ name, body, start: startOf(check) });
  return name;
}

function fileOf(check: Check): string {
  if ('entity' in check) return testFileOf(check.entity.label_plural);
  if (check.kind === 'computed') return 'test/lists-and-totals.test.js';
  return check.kind === 'signed_out' || check.kind === 'password' ? 'test/sign-in.test.js' : 'test/app.test.js';
}

const startOf = (check: Check): string | null => {
  if (check.kind === 'durable') return null;
  return check.kind === 'signed_out' || check.kind === 'password' ? 'await startApp(t, { signedIn: false })' : 'await startApp(t)';
};

function bodyOf(schema: DatabaseSchema, check: Check): string[] | null {
  const [first] = schema.entities;
  if (!first) return null;
  switch (check.kind) {
    case 'computed':
      return computedTestBody(schema, check.computed);
    case 'signed_out':
      return [
        "assert.equal((await app.page('/')).status, 303);",
        `assert.equal((await app.page(${quote(pagePath(first))})).status, 303);`,
        `assert.equal((await app.api('GET', ${quote(apiPath(first))})).status, 401);`,
        `assert.equal((await app.api('POST', ${quote(apiPath(first))}, {})).status, 401);`,
        `assert.equal((await app.submit(${quote(pagePath(first))}, {})).status, 303);`,
        'await app.signUp();',
        `assert.equal((await app.api('GET', ${quote(apiPath(first))})).json.total, 0);`,
      ];
    case 'password':
      return [
        "await app.signUp('ann@example.org', 'a long enough password');",
        'app.forgetSession();',
        "const wrong = await app.api('POST', '/api/session', { email: 'ann@example.org', password: 'not the password' });",
        'assert.equal(wrong.status, 401);',
        "const right = await app.api('POST', '/api/session', { email: 'ann@example.org', password: 'a long enough password' });",
        'assert.equal(right.status, 201);',
        "assert.match(right.headers.get('set-cookie'), /HttpOnly; SameSite=Lax/);",
      ];
    case 'durable':
      return durableBody(schema);
    case 'escaped':
      return escapedBody(schema);
    case 'paged':
      return pagedBody(schema);
    default:
      return recordTestBody(schema, check);
  }
}

function pagedBody(schema: DatabaseSchema): string[] {
  const named = schema.entities.find((entity) => entity.fields.some((field) => field.type === 'text'));
  const entity = named ?? schema.entities[0];
  const field = entity?.fields.find((one) => one.type === 'text');
  if (!entity) return [];
  return [
    `for (let count = 0; count < 24; count += 1) await ${addFn(entity)}(app);`,
    `await ${addFn(entity)}(app${field ? `, { ${field.name}: 'Needle in a haystack' }` : ''});`,
    "const rows = (page) => page.text.split('<tr>').length - 2;",
    `assert.equal(rows(await app.page(${quote(pagePath(entity))})), 20);`,
    `assert.equal(rows(await app.page(${quote(`${pagePath(entity)}?page=2`)})), 5);`,
    field
      ? `assert.equal(rows(await app.page(${quote(`${pagePath(entity)}?q=needle+hay`)})), 1);`
      : `assert.match((await app.page(${quote(`${pagePath(entity)}?q=needle`)})).text, /Nothing found/);`,
  ];
}

function escapedBody(schema: DatabaseSchema): string[] {
  const entity = schema.entities.find((one) => one.fields.some((field) => ['text', 'long_text'].includes(field.type)));
  const field = entity?.fields.find((one) => ['text', 'long_text'].includes(one.type));
  const [first] = schema.entities;
  const search = first
    ? [`const found = await app.page(\`${pagePath(first)}?q=\${encodeURIComponent(text)}\`);`, 'assert.ok(!found.text.includes(text));']
    : [];
  const shown =
    entity && field
      ? [
          `const { id } = await ${addFn(entity)}(app, { ${field.name}: text });`,
          `const page = await app.page(\`${pagePath(entity)}/\${id}\`);`,
          "assert.ok(page.text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));",
          'assert.ok(!page.text.includes(text));',
        ]
      : [];
  return ["const text = '<script>alert(1)</script>';", ...shown, ...search];
}

function durableBody(schema: DatabaseSchema): string[] {
  const [entity] = schema.entities;
  if (!entity) return [];
  const signUp = schema.auth.sign_in;
  return [
    "const folder = mkdtempSync(join(tmpdir(), 'app-test-'));",
    't.after(() => rmSync(folder, { recursive: true, force: true }));',
    "const file = join(folder, 'records.jsonl');",
    'const first = await startProcess(t, file);',
    `const headers = { 'content-type': 'application/json' };`,
    ...(signUp
      ? [
          "const account = { method: 'POST', headers, body: JSON.stringify({ email: 'ann@example.org', password: 'a long enough password' }) };",
          'const { token } = await (await fetch(`${first.origin}/api/accounts`, account)).json();',
          'headers.authorization = `Bearer ${token}`;',
        ]
      : []),
    'const add = async (path, values) => {',
    "  const answer = await fetch(first.origin + path, { method: 'POST', headers, body: JSON.stringify(values) });",
    '  assert.equal(answer.status, 201);',
    '  return answer.json();',
    '};',
    `const record = await add(${quote(apiPath(entity))}, await ${valuesFn(entity)}({ add }));`,
    "await first.end('SIGKILL');",
    'appendFileSync(file, \'{"op":"put","ki\');',
    'const second = await startProcess(t, file);',
    `const answer = await fetch(\`\${second.origin}${apiPath(entity)}/\${record.id}\`, { headers });`,
    'assert.deepEqual(await answer.json(), record);',
    "assert.equal(await second.end('SIGTERM'), 0);",
  ];
}

function testFile(schema: DatabaseSchema, path: string, tests: readonly NamedTest[]): string {
  const up = path.startsWith('test/records/') ? '../..' : '..';
  const code = tests.flatMap((test) => test.body).join('\n');
  const used = (name: string): boolean => new RegExp(`\\b${name}(?!\\w)`).test(code);
  const samples = [...schema.entities.flatMap((entity) => [addFn(entity), valuesFn(entity)]), 'next', 'saved']
    .filter((name) => used(name === 'next' ? 'next\\(\\)' : name))
    .sort();
  const node = [
    ...(used('mkdtempSync')
      ? ["import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';", "import { tmpdir } from 'node:os';", "import { join } from 'node:path';"]
      : []),
  ];
  const support = [...(used('day') ? ['day'] : []), ...(tests.some((test) => test.start !== null) ? ['startApp'] : [])];
  return [
    ...(tests.length > 0 ? ["import assert from 'node:assert/strict';"] : []),
    ...node,
    ...(tests.length > 0 ? ["import { test } from 'node:test';"] : []),
    ...(support.length > 0 ? [`import { ${support.join(', ')} } from '${up}/test-support/app.js';`] : []),
    ...(used('startProcess') ? [`import { startProcess } from '${up}/test-support/process.js';`] : []),
    ...(samples.length > 0 ? [`import { ${samples.join(', ')} } from '${up}/test-support/samples.js';`] : []),
    ...(tests.length === 0 ? ['// No acceptance criterion is about this yet.'] : []),
    ...tests.map(
      (test) =>
        `\ntest(${quote(test.name)}, async (t) => {\n${[...(test.start === null ? [] : [`const app = ${test.start};`]), ...test.body].map((line) => `  ${line}`).join('\n')}\n});`,
    ),
    '',
  ].join('\n');
}
