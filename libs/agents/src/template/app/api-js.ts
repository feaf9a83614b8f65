import { source } from './source.js';

/** src/api.js: the JSON API. */
export const apiJs = source`import { listRecords, totalRows } from './computed.js';
import { readJson, sendJson } from './http.js';
import { entityAt, lists, totals } from './schema.js';
import { Problem } from './validation.js';

const MAX_PAGE_SIZE = 200;
const SET_BY_THE_APP = ['id', 'created_at', 'updated_at'];

/**
 * The JSON API: /api/<plural> and /api/<plural>/<id>, /api/lists/<name>, /api/totals/<name>.
 * A refusal is answered as application/problem+json with a message per field.
 */
export function createApi(records) {
  async function collection(entity, request, response, search) {
    if (request.method === 'POST') {
      const record = records.add(entity, known(entity, await readJson(request)));
      return sendJson(response, 201, record, { location: \`/api/\${entity.path}/\${record.id}\` });
    }
    allow(request, 'GET', 'POST');
    const size = Math.min(wholeNumber(search, 'page_size', 50), MAX_PAGE_SIZE);
    return sendJson(
      response,
      200,
      records.list(entity, { query: search.get('q') ?? '', page: wholeNumber(search, 'page', 1), size }),
    );
  }

  async function one(entity, id, request, response) {
    const record = records.find(entity, id);
    switch (request.method) {
      case 'PUT':
        return sendJson(response, 200, records.change(entity, id, known(entity, await readJson(request))));
      case 'PATCH': {
        const { version, ...present } = record;
        return sendJson(
          response,
          200,
          records.change(entity, id, { ...present, ...known(entity, await readJson(request)) }),
        );
      }
      case 'DELETE':
        records.remove(entity, id);
        response.writeHead(204).end();
        return undefined;
      default:
        allow(request, 'GET', 'PUT', 'PATCH', 'DELETE');
        return sendJson(response, 200, record);
    }
  }

  /** Answers the request whose path, below /api, has these parts. */
  return async function api([name, id, ...rest], request, response, search) {
    if (rest.length > 0) throw notFound();
    if (name === 'lists' || name === 'totals') {
      const computed = (name === 'lists' ? lists : totals).find((one) => one.path === id);
      if (!computed) throw notFound();
      allow(request, 'GET');
      return sendJson(response, 200, {
        items: name === 'lists' ? listRecords(computed, records) : totalRows(computed, records),
      });
    }
    const entity = entityAt(name);
    if (!entity) throw notFound();
    return id === undefined ? collection(entity, request, response, search) : one(entity, id, request, response);
  };
}

const notFound = () => new Problem(404, 'There is nothing at this address.');

function allow(request, ...methods) {
  if (methods.includes(request.method) || (request.method === 'HEAD' && methods.includes('GET'))) return;
  throw new Problem(405, \`This address knows only \${methods.join(', ')}.\`);
}

function wholeNumber(search, name, otherwise) {
  const text = search.get(name);
  if (text === null) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Problem(400, \`\${name} must be a whole number from 1.\`);
  return Number(text);
}

/** Refuses names that no field has: a typing error must not go unnoticed. */
function known(entity, body) {
  const names = ['version', ...SET_BY_THE_APP, ...entity.fields.map((field) => field.name)];
  const errors = {};
  for (const name of Object.keys(body))
    if (!names.includes(name)) errors[name] = \`A \${entity.label} has no such field.\`;
  if (Object.keys(errors).length > 0) throw new Problem(400, 'Some names are not known.', errors);
  return body;
}
`;
