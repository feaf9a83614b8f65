import { source } from '../source.js';

/** src/http.js: reading requests and sending answers. */
export const httpJs = source`import { Problem } from './fields.js';

const MAX_BODY = 1024 * 1024;
const MAX_IMPORT = 5 * MAX_BODY;

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function send(response, status, type, body, headers = {}) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type, 'content-length': bytes.length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

export const sendHtml = (response, status, page, headers) =>
  send(response, status, 'text/html; charset=utf-8', String(page), headers);

export const sendJson = (response, status, value, headers) =>
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(value), headers);

export const redirect = (response, path, headers) =>
  send(response, 303, 'text/plain; charset=utf-8', '', { location: path, ...headers });

async function readBody(request, most = MAX_BODY) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > most) throw new Problem(413, \`That is more than this app accepts at once (\${most / MAX_BODY} MB).\`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A submitted form as an object; a name that appears several times becomes a list. */
export async function readForm(request) {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readMultipart(await readBody(request, MAX_IMPORT), type);
  if (!type.startsWith('application/x-www-form-urlencoded'))
    throw new Problem(415, 'This address takes a submitted form.');
  const form = new URLSearchParams(await readBody(request));
  return Object.fromEntries([...new Set(form.keys())].map((name) => [name, many(form.getAll(name))]));
}

const many = (values) => (values.length === 1 ? values[0] : values);

/** A form with a file: its fields and the text of its file. */
function readMultipart(body, type) {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (!boundary) throw new Problem(400, 'This form cannot be read.');
  const parts = body.split(\`--\${boundary}\`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const [head, ...content] = part.split('\r\n\r\n');
      return [/name="([^"]*)"/.exec(head)?.[1] ?? '', content.join('\r\n\r\n').replace(/\r\n$/, '')];
    }),
  );
}

/** A CSV file as text. */
export async function readCsvBody(request) {
  if (!/^text\/csv\b/.test(request.headers['content-type'] ?? ''))
    throw new Problem(415, 'Send a CSV file, with the header content-type: text/csv.');
  return readBody(request, MAX_IMPORT);
}

/** A JSON body, which has to be an object. */
export async function readJson(request) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json'))
    throw new Problem(415, 'Send JSON, with the header content-type: application/json.');
  let value;
  const text = await readBody(request);
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(400, 'The body is not valid JSON.');
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new Problem(400, 'The body must be a JSON object.');
  return value;
}

/** Refuses changes that another website makes a visitor's browser send. */
export function refuseForeignOrigin(request) {
  const origin = request.headers.origin;
  const site = request.headers['sec-fetch-site'];
  const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.headers.host);
  if (foreign || site === 'cross-site')
    throw new Problem(403, 'This change was sent from another website, so it was not carried out.');
}
`;
