import type { DatabaseSchema, Entity } from '#contracts';
import { addFn, apiPath, pagePath, quote } from './figures.js';
import { Impossible } from './scenario.js';
import type { Scenario } from './scenario.js';

const MANY = 25;

/** More records than a page holds, and one of them found by a search. */
export function provePages(test: Scenario): void {
  const { entities } = test.schema;
  const named = (entity: Entity) => entity.fields.find((one) => one.type === 'text');
  const ordered = [...entities.filter(named), ...entities.filter((entity) => !named(entity))];
  const entity = test.firstOf(ordered, (one) => {
    for (let count = 1; count < MANY; count += 1) test.add(one, {}, 'more');
    if (test.world.of(one).length !== MANY - 1) throw new Impossible(one.name);
    const text = named(one);
    test.add(one, text ? { fixed: { [text.name]: 'Needle in a haystack' } } : {}, 'needle');
  });
  const path = pagePath(entity);
  test.say(
    `const links = (page) => new Set(page.text.match(${linkPattern(path)})).size;`,
    `assert.equal(links(await app.page(${quote(path)})), 20);`,
    `assert.equal(links(await app.page(${quote(`${path}?page=2`)})), ${MANY - 20});`,
    named(entity)
      ? `assert.equal(links(await app.page(${quote(`${path}?q=needle+hay`)})), 1);`
      : `assert.match((await app.page(${quote(`${path}?q=no+such+words`)})).text, /Nothing found/);`,
  );
}

const linkPattern = (path: string): string => `/href="\\/${path.slice(1)}\\/\\d+"/g`;

export function proveEscaping(test: Scenario): void {
  const { entities } = test.schema;
  const [first] = entities;
  test.say("const text = '<script>alert(1)</script>';");
  for (const entity of entities) {
    const field = entity.fields.find((one) => ['text', 'long_text'].includes(one.type));
    if (!field) continue;
    test.attempt(() => {
      const record = test.add(entity, { fixed: { [field.name]: '<script>alert(1)</script>' } });
      const page = test.nameFor('page');
      test.say(
        `const ${page} = await app.page(\`${pagePath(entity)}/\${${record.name}.id}\`);`,
        `assert.ok(${page}.text.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));`,
        `assert.ok(!${page}.text.includes(text));`,
      );
    });
  }
  if (!first) throw new Impossible('no records');
  test.say(`assert.ok(!(await app.page(\`${pagePath(first)}?q=\${encodeURIComponent(text)}\`)).text.includes(text));`);
}

export function proveDescription(test: Scenario): void {
  test.say("const { openapi, paths } = (await app.api('GET', '/api/openapi.json')).json;", 'assert.match(openapi, /^3\\./);');
  const paths = test.schema.entities.flatMap((entity) => [apiPath(entity), `${apiPath(entity)}/{id}`]);
  test.say(`for (const path of [${paths.map(quote).join(', ')}]) assert.ok(paths[path], path);`);
}

/** A process that is killed, a line that is cut off, and everything there again. */
export function proveDurability(test: Scenario): void {
  const entity = test.schema.entities.find((one) => test.plain.of(one) !== null);
  if (!entity) throw new Impossible('no records');
  test.say(
    "const folder = mkdtempSync(join(tmpdir(), 'app-test-'));",
    't.after(() => rmSync(folder, { recursive: true, force: true }));',
    "const file = join(folder, 'records.jsonl');",
    'const first = await startProcess(t, file);',
    'const app = connect(first.origin);',
    ...(test.schema.auth.sign_in ? ["await app.signUp('ann@example.org', 'a long enough password');"] : []),
    `const record = await ${addFn(entity)}(app);`,
    "await first.end('SIGKILL');",
    'appendFileSync(file, \'{"op":"put","ki\');',
    'const second = await startProcess(t, file);',
    'const after = connect(second.origin);',
    ...(test.schema.auth.sign_in ? ["await after.signIn('ann@example.org', 'a long enough password');"] : []),
    `const kept = (await after.api('GET', \`${apiPath(entity)}/\${record.id}\`)).json;`,
    'assert.deepEqual(kept, record);',
    "assert.equal(await second.end('SIGTERM'), 0);",
  );
}

export function proveSignedOut({ entities }: DatabaseSchema): string[] {
  const lines = entities.flatMap((entity) => [
    `assert.equal((await app.page(${quote(pagePath(entity))})).status, 303);`,
    `assert.equal((await app.api('GET', ${quote(apiPath(entity))})).status, 401);`,
    `assert.equal((await app.api('POST', ${quote(apiPath(entity))}, {})).status, 401);`,
  ]);
  const [first] = entities;
  if (!first) throw new Impossible('no records');
  return [
    "assert.equal((await app.page('/')).status, 303);",
    ...lines,
    `assert.equal((await app.submit(${quote(pagePath(first))}, {})).status, 303);`,
    'await app.signUp();',
    `assert.equal((await app.api('GET', ${quote(apiPath(first))})).json.total, 0);`,
  ];
}

export const provePassword = (): string[] => [
  "await app.signUp('ann@example.org', 'a long enough password');",
  'app.forgetSession();',
  "const wrong = await app.api('POST', '/api/session', { email: 'ann@example.org', password: 'not the password' });",
  'assert.equal(wrong.status, 401);',
  "const right = await app.api('POST', '/api/session', { email: 'ann@example.org', password: 'a long enough password' });",
  'assert.equal(right.status, 201);',
  "assert.match(right.headers.get('set-cookie'), /HttpOnly; SameSite=Lax/);",
];
