import { source } from '../source.js';

/** src/api.js: the JSON API. */
export const apiJs = source`import { csvOf, importCsv } from './csv.js';
import { Problem } from './fields.js';
import { readCsvBody, readJson, send, sendJson } from './http.js';
import { lists } from './lists.js'; //@lists
import { openapi } from './openapi.js';
import { readQuery } from './query.js';
import { fieldOf, kindAt } from './records/index.js';
import { totals } from './totals.js'; //@totals

const PAGE_SIZE = 50;
const SET_BY_THE_APP = ['id', 'created_at', 'updated_at', 'created_by', 'updated_by']; //@sign_in
const SET_BY_THE_APP = ['id', 'created_at', 'updated_at']; //@!sign_in

/**
 * The JSON API, described in openapi.js: /api/<plural>, /api/<plural>/<id> and so on. \`parts\` is the path below /api.
 * A refusal is answered as application/problem+json with a message per field.
 */
export async function api(parts, request, response, { records, search }) {
  const [name, id] = parts;
  if (parts.length > 2) throw notFound();
  if (name === 'openapi.json' && id === undefined) return answer(request, response, openapi);
  if (name === 'lists') return answer(request, response, () => ({ items: records.list(named(lists, id)) })); //@lists
  if (name === 'totals') return answer(request, response, () => ({ items: records.total(named(totals, id)) })); //@totals
  const [, path, format] = /^(.+)\.(csv|json)$/.exec(name) ?? [];
  const kind = kindAt(path ?? name);
  if (!kind || (format && id !== undefined)) throw notFound();
  if (format) return exportAs(format, kind, request, response, { records, search });
  if (id === 'import') return importInto(kind, request, response, records);
  return id === undefined
    ? collection(kind, request, response, { records, search })
    : single(kind, id, request, response, records);
}

function answer(request, response, work) {
  allow(request, 'GET');
  return sendJson(response, 200, work());
}

async function collection(kind, request, response, { records, search }) {
  if (request.method === 'POST') {
    const record = records.add(kind, known(kind, await readJson(request)));
    return sendJson(response, 201, record, { location: \`/api/\${kind.path}/\${record.id}\` });
  }
  allow(request, 'GET', 'POST');
  records.demand('view', kind); //@access
  const { items, total, page, pages } = records.search(kind, readQuery(kind, search, PAGE_SIZE));
  return sendJson(response, 200, { items, total, page, pages });
}

async function single(kind, id, request, response, records) {
  const record = records.find(kind, id);
  switch (request.method) {
    case 'PUT':
      return sendJson(response, 200, records.change(kind, id, known(kind, await readJson(request))));
    case 'PATCH': {
      const { version, ...present } = record;
      return sendJson(response, 200, records.change(kind, id, { ...present, ...known(kind, await readJson(request)) }));
    }
    case 'DELETE':
      records.remove(kind, id);
      return response.writeHead(204).end();
    default:
      allow(request, 'GET', 'PUT', 'PATCH', 'DELETE');
      return sendJson(response, 200, record);
  }
}

/** All records that search and filters find, as a file. */
function exportAs(format, kind, request, response, { records, search }) {
  allow(request, 'GET');
  records.demand('view', kind); //@access
  const { found } = records.search(kind, readQuery(kind, search, PAGE_SIZE));
  const headers = { 'content-disposition': \`attachment; filename="\${kind.path}.\${format}"\` };
  if (format === 'json') return sendJson(response, 200, found, headers);
  return send(response, 200, 'text/csv; charset=utf-8', csvOf(kind, found, records), headers);
}

async function importInto(kind, request, response, records) {
  allow(request, 'POST');
  const { count, problems } = importCsv(kind, await readCsvBody(request), records);
  if (problems.length === 0) return sendJson(response, 201, { added: count });
  const problem = new Problem(400, 'Some lines cannot be imported, so none was.');
  return sendJson(response, 400, { title: problem.message, status: 400, errors: {}, lines: problems }, PROBLEM);
}

const PROBLEM = { 'content-type': 'application/problem+json' };

function named(items, path) {
  const item = items.find((one) => one.path === path);
  if (!item) throw notFound();
  return item;
}

const notFound = () => new Problem(404, 'There is nothing at this address.');

function allow(request, ...methods) {
  if (methods.includes(request.method) || (request.method === 'HEAD' && methods.includes('GET'))) return;
  throw new Problem(405, \`This address knows only \${methods.join(', ')}.\`);
}

/** Refuses names that no field has: a typing error must not go unnoticed. */
function known(kind, body) {
  const names = Object.keys(body).filter(
    (name) => !fieldOf(kind, name) && name !== 'version' && !SET_BY_THE_APP.includes(name),
  );
  const errors = Object.fromEntries(names.map((name) => [name, \`A \${kind.label} has no such field.\`]));
  if (names.length > 0) throw new Problem(400, 'Some names are not known.', errors);
  return body;
}
`;
