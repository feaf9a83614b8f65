import { source } from '../source.js';

/** src/server.js: from an address to its answer. */
export const serverJs = source`import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createAccounts } from './accounts.js'; //@sign_in
import { api } from './api.js';
import { Problem } from './fields.js';
import { html } from './html.js';
import { readForm, redirect, refuseForeignOrigin, send, sendHtml, sendJson } from './http.js';
import { showList } from './pages/computed.js'; //@lists
import { showTotal } from './pages/computed.js'; //@totals
import { home, samples } from './pages/home.js';
import { importForm, runImport } from './pages/import.js';
import { index } from './pages/list.js';
import { layout } from './pages/layout.js';
import * as record from './pages/record.js';
import { kindAt } from './records/index.js';
import { openRecords } from './repository.js';

const ASSETS = {
  'styles.css': 'text/css; charset=utf-8',
  'app.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** The HTTP server of the app, not yet listening. */
export function createApp({ store }) {
//#if sign_in
  const accounts = createAccounts(store);

//#endif
  async function handle(request, response) {
    if (!URL.canParse(request.url, 'http://app')) throw new Problem(400, 'This address cannot be read.');
    const { pathname, searchParams: search } = new URL(request.url, 'http://app');
    const parts = pathname.split('/').slice(1).map(decodePart);
    if (parts[0] === 'healthz') return sendJson(response, 200, { status: 'ok' });
    if (parts[0] === 'assets') return asset(parts, response);
    const changes = !['GET', 'HEAD'].includes(request.method);
    if (changes) refuseForeignOrigin(request);
//#if sign_in
    const session = accounts.sessionOf(request);
    if (await accounts.handle(parts, request, response, session)) return undefined;
    if (!session) return accounts.askToSignIn(parts, request, response);
    const { account } = session;
    const records = openRecords(store, account);
//#else
    const records = openRecords(store);
//#endif
    if (parts[0] === 'api') return api(parts.slice(1), request, response, { records, search });
    const form = changes ? await readForm(request) : null;
    if (changes) accounts.checkToken(session, form); //@sign_in
    const visit = { records, search, form, account, hidden: accounts.hiddenToken(session) }; //@sign_in
    const visit = { records, search, form, hidden: '' }; //@!sign_in
    const page = changes ? submit(request.method, parts, visit) : view(parts, visit);
    if (!page) throw new Problem(404, 'There is no page at this address.');
    if (page.redirect) return redirect(response, page.redirect);
    return sendHtml(response, page.status ?? 200, layout({ ...page, here: pathname, visit }));
  }

  return createServer((request, response) => {
    handle(request, response).catch((error) => fail(error, request, response));
  });
}

/** The page at an address; nothing where there is none. */
function view([first, second, third, ...rest], visit) {
  if (rest.length > 0) return null;
  if (first === '' && second === undefined) return home(visit);
  if (first === 'lists' && third === undefined) return showList(second, visit); //@lists
  if (first === 'totals' && third === undefined) return showTotal(second, visit); //@totals
  const kind = kindAt(first);
  if (!kind) return null;
  if (second === undefined) return index(kind, visit);
  if (second === 'new' && third === undefined) return record.addForm(kind, visit);
  if (second === 'import' && third === undefined) return importForm(kind, visit);
  if (third === undefined) return record.show(kind, second, visit);
  if (third === 'edit') return record.editForm(kind, second, visit);
  return third === 'delete' ? record.deleteForm(kind, second, visit) : null;
}

/** What a submitted form leads to: another address, or the form again with what is wrong. */
function submit(method, [first, second, third, ...rest], visit) {
  if (rest.length > 0) return null;
  if (method !== 'POST') throw new Problem(405, 'Pages take GET and POST only.');
  if (first === '' && second === undefined) return samples(visit);
  const kind = kindAt(first);
  if (!kind) return null;
  if (second === undefined) return record.add(kind, visit);
  if (second === 'import' && third === undefined) return runImport(kind, visit);
  if (third === undefined) return record.change(kind, second, visit);
  if (third === 'step') return record.takeStep(kind, second, visit); //@states
  return third === 'delete' ? record.remove(kind, second, visit) : null;
}

function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(400, 'This address cannot be read.');
  }
}

function asset([, name, ...rest], response) {
  const type = rest.length === 0 && Object.hasOwn(ASSETS, name) ? ASSETS[name] : null;
  if (!type) throw new Problem(404, 'There is no such file.');
  const body = readFileSync(new URL(\`../public/\${name}\`, import.meta.url));
  send(response, 200, type, body, { 'cache-control': 'public, max-age=3600' });
}

/** Answers a refusal; what was not foreseen is logged and answered without its details. */
function fail(error, request, response) {
  const expected = error instanceof Problem;
  if (!expected) console.error(error);
  if (response.headersSent) return response.destroy();
  const status = expected ? error.status : 500;
  const message = expected ? error.message : 'Something went wrong. Nothing was changed.';
  const headers = status === 413 ? { connection: 'close' } : {};
  if (request.url.startsWith('/api/')) {
    const problem = { title: message, status, errors: error.errors ?? {} };
    return sendJson(response, status, problem, { ...headers, 'content-type': 'application/problem+json' });
  }
  const title = { 403: 'Not allowed', 404: 'Not found' }[status] ?? 'That did not work';
  const content = html\`<div class="plain"><h1>\${title}</h1><p>\${message}</p><p><a class="button" href="/">To the overview</a></p></div>\`;
  return sendHtml(response, status, layout({ title, content }), headers);
}
`;
