import { source } from './source.js';

/** src/server.js: from an address to its answer. */
export const serverJs = source`import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createApi } from './api.js';
//#if sign_in
import { createAuth } from './auth.js';
//#endif
import { html, layout } from './html.js';
import { readForm, redirect, refuseForeignOrigin, send, sendHtml, sendJson } from './http.js';
import { createPages } from './pages.js';
import { createRecords } from './records.js';
import { entityAt, lists } from './schema.js';
import { Problem } from './validation.js';

const ASSETS = { 'styles.css': 'text/css; charset=utf-8', 'icon.svg': 'image/svg+xml' };

/** The HTTP server of the app, not yet listening. */
export function createApp({ store }) {
  const records = createRecords(store);
  const pages = createPages(records);
  const api = createApi(records);
  //#if sign_in
  const auth = createAuth(store);
  //#endif

  async function handle(request, response) {
    if (!URL.canParse(request.url, 'http://app')) throw new Problem(400, 'This address cannot be read.');
    const url = new URL(request.url, 'http://app');
    const parts = url.pathname.split('/').slice(1).map(decodePart);
    if (parts[0] === 'healthz') return sendJson(response, 200, { status: 'ok' });
    if (parts[0] === 'assets') return asset(parts, response);
    const changes = !['GET', 'HEAD'].includes(request.method);
    if (changes) refuseForeignOrigin(request);
    //#if sign_in
    const session = auth.sessionOf(request);
    if (await auth.handle(parts, request, response, session)) return undefined;
    if (!session) return auth.askToSignIn(parts, request, response);
    //#endif
    if (parts[0] === 'api') return api(parts.slice(1), request, response, url.searchParams);
    const form = changes ? await readForm(request) : null;
    //#if sign_in
    if (changes) auth.checkToken(session, form);
    const hidden = auth.hiddenToken(session);
    const account = auth.accountMenu(session);
    //#else
    const hidden = '';
    const account = null;
    //#endif
    const page = changes ? submit(request.method, parts, form, hidden) : view(parts, url.searchParams, hidden);
    if (!page) throw new Problem(404, 'There is no page at this address.');
    if (page.redirect) return redirect(response, page.redirect);
    return sendHtml(response, page.status ?? 200, layout({ ...page, here: url.pathname, account }));
  }

  function view([first, second, third, ...rest], search, hidden) {
    if (rest.length > 0) return null;
    if (first === '' && second === undefined) return pages.home();
    if (first === 'lists' && third === undefined) {
      const list = lists.find((one) => one.path === second);
      return list && pages.computedList(list);
    }
    const entity = entityAt(first);
    if (!entity) return null;
    if (second === undefined) return pages.index(entity, search);
    if (second === 'new' && third === undefined)
      return pages.addForm(entity, { values: Object.fromEntries(search), hidden });
    if (third === undefined) return pages.show(entity, second, search);
    if (third === 'edit') return pages.editForm(entity, second, { hidden });
    if (third === 'delete') return pages.deleteForm(entity, second, { hidden });
    return null;
  }

  function submit(method, [first, second, third, ...rest], form, hidden) {
    const entity = entityAt(first);
    if (!entity || rest.length > 0) return null;
    if (method !== 'POST') throw new Problem(405, 'Pages take GET and POST only.');
    if (second === undefined) return pages.add(entity, form, hidden);
    if (third === undefined) return pages.change(entity, second, form, hidden);
    return third === 'delete' ? pages.remove(entity, second, hidden) : null;
  }

  return createServer((request, response) => {
    handle(request, response).catch((error) => fail(error, request, response));
  });
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
  const content = html\`<h1>\${status === 404 ? 'Not found' : 'That did not work'}</h1><p>\${message}</p><p><a href="/">To the overview</a></p>\`;
  return sendHtml(response, status, layout({ title: message, content }), headers);
}
`;
