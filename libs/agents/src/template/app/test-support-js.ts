import { source } from './source.js';

/** test-support/: the app, started for a test. */
export const testAppJs = source`import assert from 'node:assert/strict';
import { createHash } from 'node:crypto'; //@sign_in
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'; //@sign_in
import { mkdtempSync, rmSync } from 'node:fs'; //@!sign_in
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roles } from '../src/access.js'; //@roles
import { createApp } from '../src/server.js';
import { openStore } from '../src/store.js';

/** The day that lies this many days from today, as year-month-day. */
export function day(offset) {
  const date = new Date();
  date.setDate(date.getDate() + offset);
  const two = (number) => String(number).padStart(2, '0');
  return \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;
}

/** Checks that an answer is a refusal with this status that names this field and no other. */
export function assertRefused(answer, status, field) {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(Object.keys(answer.json.errors), [field]);
}

//#if sign_in
/**
 * Speaks to a running app as one visitor: \`api\` sends JSON, \`page\` opens a page and \`submit\` sends a form, as a
 * browser would. \`session\` is the cookie of an account that is signed in.
 */
export function connect(origin, session = '') {
  let cookie = session;
  let formToken = '';
//#else
/** Speaks to a running app: \`api\` sends JSON, \`page\` opens a page and \`submit\` sends a form, as a browser would. */
export function connect(origin) {
//#endif

  async function send(method, path, { body, type } = {}) {
//#if sign_in
    const headers = { cookie, ...(type && { 'content-type': type }) };
//#else
    const headers = type ? { 'content-type': type } : {};
//#endif
    const response = await fetch(origin + path, { method, headers, body, redirect: 'manual' });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  const api = (method, path, value) =>
    send(method, path, value === undefined ? {} : { body: JSON.stringify(value), type: 'application/json' });
  const page = (path) => send('GET', path);

  function sendForm(path, values) {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) for (const one of [value ?? ''].flat()) form.append(name, one);
    return send('POST', path, { body: form.toString(), type: 'application/x-www-form-urlencoded' });
  }
//#if sign_in

  async function submit(path, values) {
    formToken ||= /name="_token" value="(\w+)"/.exec((await page('/')).text)?.[1] ?? '';
    return sendForm(path, { _token: formToken, ...values });
  }
//#else
  const submit = sendForm;
//#endif

  /** Sends what has to succeed, and answers the record. */
  async function save(method, path, values, expected) {
    const answer = await api(method, path, values);
    if (answer.status !== expected) throw new Error(\`\${method} \${path} answered \${answer.status}: \${answer.text}\`);
    return answer.json;
  }
  const add = (path, values) => save('POST', path, values, 201);
  const change = (path, values) => save('PATCH', path, values, 200);
//#if sign_in

  async function enter(path, account) {
    const answer = await sendForm(path, account);
    cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0];
    formToken = '';
    return answer;
  }
  /** Creates an account, or signs in with one, and keeps its session for what follows. */
  const signUp = (email = 'first@example.org', password = 'correct horse battery') =>
    enter('/sign-up', { email, password });
  const signIn = (email, password) => enter('/sign-in', { email, password });
  const forgetSession = () => {
    cookie = '';
  };

  return { origin, send, api, page, submit, add, change, signUp, signIn, forgetSession };
//#else

  return { origin, send, api, page, submit, add, change };
//#endif
}

//#if sign_in
const ACCOUNTS = roles.map(({ name }) => name); //@roles
const ACCOUNTS = ['first', 'second']; //@access&!roles
const ACCOUNTS = ['first']; //@!access
const cookieOf = (name) => \`session=\${name}-is-signed-in\`;

/** A journal with an account of each kind, each signed in: signing up takes long, as the hash of a password has to. */
function journalOfAccounts(file) {
  const store = openStore(file);
  for (const name of ACCOUNTS) {
    const email = \`\${name}@example.org\`;
    const token = cookieOf(name).split('=')[1];
    store.put('$account', { id: email, email, role: name, salt: '', hash: '' }); //@roles
    store.put('$account', { id: email, email, salt: '', hash: '' }); //@!roles
    const id = createHash('sha256').update(token).digest('hex');
    store.put('$session', { id, email, expires_at: '9999-12-31T00:00:00.000Z' });
  }
  store.close();
  return readFileSync(file, 'utf8');
}

let journal;

/**
 * Starts the app on a free port, without records; it is stopped when the test ends. The first account is signed in, and
 * \`as\` speaks for another one, by its name; with \`signedIn: false\` there is no account yet.
 */
export async function startApp(t, { signedIn = true } = {}) {
//#else
/** Starts the app on a free port, without records; it is stopped when the test ends. */
export async function startApp(t) {
//#endif
  const folder = mkdtempSync(join(tmpdir(), 'app-test-'));
  const file = join(folder, 'records.jsonl');
//#if sign_in
  journal ??= journalOfAccounts(join(folder, 'accounts.jsonl'));
  if (signedIn) writeFileSync(file, journal);
//#endif
  const store = openStore(file);
  const server = createApp({ store });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const origin = \`http://127.0.0.1:\${server.address().port}\`;
//#if sign_in
  if (!signedIn) return connect(origin);
  const as = (name) => connect(origin, cookieOf(name));
  return { ...as(ACCOUNTS[0]), as };
//#else
  return connect(origin);
//#endif
}
`;

export const testProcessJs = source`import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

/** Starts the app as a process of its own, as \`npm start\` does, and waits until it is ready. */
export async function startProcess(t, dataFile) {
  const env = { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA_FILE: dataFile };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (/Ready: \S+/.test(output)) break;
  }
  const origin = /Ready: (\S+)/.exec(output)?.[1];
  if (!origin) throw new Error(\`The app did not start: \${output}\`);

  /** Sends a signal and answers the exit code. */
  async function end(signal) {
    const exit = once(child, 'exit');
    child.kill(signal);
    const [code] = await exit;
    return code;
  }

  return { origin, end };
}
`;
