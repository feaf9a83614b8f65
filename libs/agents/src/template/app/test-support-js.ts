import { source } from './source.js';

/** test-support/: the app, started for a test. */
export const testAppJs = source`import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/server.js';
import { openStore } from '../src/store.js';

/** The day that lies this many days from today, as year-month-day. */
export function day(offset) {
  const date = new Date();
  date.setDate(date.getDate() + offset);
  const two = (number) => String(number).padStart(2, '0');
  return \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;
}

/**
 * Starts the app on a free port with an empty data file of its own; it is stopped when the test ends.
 * \`api\` sends JSON, \`page\` opens a page and \`submit\` sends a form, as a browser would.
//#if sign_in
 * An account is signed in unless \`signedIn\` is false.
//#endif
 */
//#if sign_in
export async function startApp(t, { signedIn = true } = {}) {
//#else
export async function startApp(t) {
//#endif
  const folder = mkdtempSync(join(tmpdir(), 'app-test-'));
  const store = openStore(join(folder, 'records.jsonl'));
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
  let cookie = '';
  let formToken = '';
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
//#if sign_in
  const submit = (path, values) => sendForm(path, { _token: formToken, ...values });
//#else
  const submit = (path, values) => sendForm(path, values);
//#endif

  function sendForm(path, values) {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one);
    return send('POST', path, { body: form.toString(), type: 'application/x-www-form-urlencoded' });
  }

  /** Adds a record and answers it with its id. */
  async function add(path, values) {
    const answer = await api('POST', path, values);
    if (answer.status !== 201) throw new Error(\`POST \${path} answered \${answer.status}: \${answer.text}\`);
    return answer.json;
  }
//#if sign_in

  /** Creates an account and keeps its session for what follows. */
  async function signUp(email = 'first@example.org', password = 'correct horse battery') {
    const answer = await sendForm('/sign-up', { email, password });
    cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0];
    formToken = /name="_token" value="(\w+)"/.exec((await page('/')).text)?.[1] ?? '';
    return answer;
  }

  const forgetSession = () => {
    cookie = '';
  };

  if (signedIn) await signUp();
  return { origin, send, api, page, submit, add, signUp, forgetSession };
//#else

  return { origin, send, api, page, submit, add };
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
