import { source } from './source.js';

/** Tests that every app has, whatever it records. */
export const httpTestJs = source`import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../test-support/app.js';

test('the health check answers', async (t) => {
  const app = await startApp(t);
  const answer = await app.page('/healthz');
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, { status: 'ok' });
});

test('every page carries security headers', async (t) => {
  const app = await startApp(t);
  const { headers } = await app.page('/');
  assert.match(headers.get('content-security-policy'), /default-src 'none'/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('an unknown address is answered with 404', async (t) => {
  const app = await startApp(t);
  assert.equal((await app.page('/no-such-page')).status, 404);
  assert.equal((await app.page('/__PATH__/999999')).status, 404);
  assert.equal((await app.api('GET', '/api/no-such-list')).status, 404);
  assert.equal((await app.page('/assets/..%2fpackage.json')).status, 404);
});

test('the API refuses what it does not know', async (t) => {
  const app = await startApp(t);
  assert.equal((await app.api('PUT', '/api/__PATH__', {})).status, 405);
  assert.equal((await app.api('POST', '/api/__PATH__', { no_such_field: 1 })).status, 400);
  assert.equal((await app.send('POST', '/api/__PATH__', { body: '{', type: 'application/json' })).status, 400);
  assert.equal((await app.send('POST', '/api/__PATH__', { body: 'a=1', type: 'text/plain' })).status, 415);
});

test('a body that is too large is refused', async (t) => {
  const app = await startApp(t);
  const answer = await app.send('POST', '/api/__PATH__', { body: 'x'.repeat(1_100_000), type: 'application/json' });
  assert.equal(answer.status, 413);
});

test('a change that another website sends is refused', async (t) => {
  const app = await startApp(t);
  const answer = await fetch(\`\${app.origin}/__PATH__\`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example' },
  });
  assert.equal(answer.status, 403);
});
`;

export const storeTestJs = source`import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from '../src/store.js';

function dataFile(t) {
  const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'records.jsonl');
}

test('a line that was cut off is dropped, and later changes are kept', (t) => {
  const file = dataFile(t);
  const first = openStore(file);
  first.put('thing', { id: 1, name: 'one' });
  first.close();
  appendFileSync(file, '{"op":"put","kind":"thi');
  const second = openStore(file);
  assert.deepEqual(second.all('thing'), [{ id: 1, name: 'one' }]);
  second.put('thing', { id: 2, name: 'two' });
  second.close();
  const third = openStore(file);
  assert.equal(third.all('thing').length, 2);
  third.close();
});

test('a damaged line in the middle is reported with its number', (t) => {
  const file = dataFile(t);
  writeFileSync(
    file,
    '{"op":"put","kind":"thing","record":{"id":1}}\nnonsense\n{"op":"remove","kind":"thing","id":1}\n',
  );
  assert.throws(() => openStore(file), /line 2 cannot be read/);
});

test('the number of a deleted record is not given again', (t) => {
  const file = dataFile(t);
  const first = openStore(file);
  first.put('thing', { id: first.nextId('thing') });
  first.remove('thing', 1);
  first.close();
  const second = openStore(file);
  assert.equal(second.nextId('thing'), 2);
  second.close();
});

test('a long journal is shortened to the present state', (t) => {
  const file = dataFile(t);
  const change = (name) => \`\${JSON.stringify({ op: 'put', kind: 'thing', record: { id: 1, name } })}\n\`;
  writeFileSync(file, Array.from({ length: 6000 }, (_, index) => change(\`name \${index}\`)).join(''));
  const store = openStore(file);
  assert.equal(readFileSync(file, 'utf8'), change('name 5999'));
  store.put('thing', { id: 2, name: 'two' });
  store.close();
  const again = openStore(file);
  assert.deepEqual(
    again.all('thing').map(({ name }) => name),
    ['name 5999', 'two'],
  );
  again.close();
});
`;
