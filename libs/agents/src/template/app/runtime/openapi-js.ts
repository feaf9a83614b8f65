import { source } from '../source.js';

/** src/openapi.js: the description of the API. */
export const openapiJs = source`import { roles } from './access.js'; //@roles
import { capital } from './fields.js';
import { lists } from './lists.js'; //@lists
import { APP_TITLE } from './pages/layout.js';
import { kinds } from './records/index.js';
import { totals } from './totals.js'; //@totals

const TYPES = {
  text: { type: 'string', maxLength: 200 },
  long_text: { type: 'string', maxLength: 10_000 },
  number: { type: 'number' },
  integer: { type: 'integer' },
  money: { type: 'number', multipleOf: 0.01 },
  date: { type: 'string', format: 'date' },
  time: { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', example: '14:30' },
  datetime: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$', example: '2030-01-31T14:30' },
  email: { type: 'string', format: 'email' },
  phone: { type: 'string' },
  url: { type: 'string', format: 'uri' },
  file_link: { type: 'string', format: 'uri' },
  boolean: { type: 'boolean' },
  rating: { type: 'integer', minimum: 1, maximum: 5 },
  reference: { type: 'integer' },
  references: { type: 'array', items: { type: 'integer' } },
};

/** The API as an OpenAPI 3.1 document, made from the kinds of records. */
export function openapi() {
  const paths = Object.assign({}, ...kinds.map(pathsOf));
  for (const list of lists) //@lists
    paths[\`/api/lists/\${list.path}\`] = { get: reading(list.about, items(ref(nameOf(kindNamed(list.kind))))) }; //@lists
  for (const total of totals) //@totals
    paths[\`/api/totals/\${total.path}\`] = { get: reading(total.about, items(ref('TotalRow'))) }; //@totals
  Object.assign(paths, accountPaths); //@sign_in
  return {
    openapi: '3.1.0',
    info: { title: APP_TITLE, version: '1.0.0' },
    paths,
    components: {
      schemas: Object.assign({ Problem: problem, TotalRow: totalRow }, ...kinds.map(schemasOf)), //@totals
      schemas: Object.assign({ Problem: problem }, ...kinds.map(schemasOf)), //@!totals
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, //@sign_in
    },
    security: [{ token: [] }], //@sign_in
  };
}

const nameOf = (kind) => kind.name.split('_').map(capital).join('');
const ref = (name) => ({ $ref: \`#/components/schemas/\${name}\` });
const items = (of) => ({ type: 'object', required: ['items'], properties: { items: { type: 'array', items: of } } });
const json = (schema) => ({ 'application/json': { schema } });
const refusal = (description) => ({ description, content: { 'application/problem+json': { schema: ref('Problem') } } });
const kindNamed = (name) => kinds.find((kind) => kind.name === name); //@lists

const REFUSED = {
  400: refusal('A value does not fit its field or a rule.'),
  401: refusal('Nobody is signed in.'), //@sign_in
  403: refusal('The account may not do this.'), //@access
  409: refusal('Another record, or the state of this one, stands against it.'),
};
const MISSING = { 404: refusal('There is no such record.') };

const reading = (summary, schema) => ({ summary, responses: { 200: { description: 'OK', content: json(schema) } } });

function pathsOf(kind) {
  const { label, plural, path } = kind;
  const record = ref(nameOf(kind));
  const body = { required: true, content: json(ref(\`\${nameOf(kind)}Values\`)) };
  const ok = { 200: { description: 'OK', content: json(record) } };
  const file = { 200: { description: 'All records that search and filters find.' } };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
  const query = queryOf(kind);
  const page = { ...items(record), properties: { ...items(record).properties, ...counts } };
  return {
    [\`/api/\${path}\`]: {
      get: { ...reading(\`Find \${plural}\`, page), parameters: [...query, ...paging] },
      post: {
        summary: \`Add one of the \${plural}\`,
        requestBody: body,
        responses: { 201: { description: 'Added', content: json(record) }, ...REFUSED },
      },
    },
    [\`/api/\${path}/{id}\`]: {
      parameters: [id],
      get: { summary: \`One \${label}\`, responses: { ...ok, ...MISSING } },
      put: {
        summary: \`Replace the values of a \${label}\`,
        requestBody: body,
        responses: { ...ok, ...REFUSED, ...MISSING },
      },
      patch: {
        summary: \`Change some values of a \${label}\`,
        requestBody: body,
        responses: { ...ok, ...REFUSED, ...MISSING },
      },
      delete: { summary: \`Delete a \${label}\`, responses: { 204: { description: 'Deleted' }, ...REFUSED, ...MISSING } },
    },
    [\`/api/\${path}.csv\`]: { get: { summary: \`Download \${plural} as CSV\`, parameters: query, responses: file } },
    [\`/api/\${path}.json\`]: { get: { summary: \`Download \${plural} as JSON\`, parameters: query, responses: file } },
    [\`/api/\${path}/import\`]: {
      post: {
        summary: \`Add \${plural} from CSV, all lines or none\`,
        requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
        responses: { 201: { description: 'Added' }, ...REFUSED },
      },
    },
  };
}

const counts = { total: { type: 'integer' }, page: { type: 'integer' }, pages: { type: 'integer' } };
const parameter = (name, description, schema = { type: 'string' }) => ({ name, in: 'query', description, schema });
const paging = ['page', 'page_size'].map((name) => parameter(name, 'From 1', { type: 'integer', minimum: 1 }));

function queryOf(kind) {
  const ranged = kind.fields.filter(({ type }) =>
    ['number', 'integer', 'money', 'rating', 'date', 'datetime', 'time'].includes(type),
  );
  return [
    parameter('q', 'Words that a record has to hold'),
    parameter('sort', 'A field; with a minus sign the other way round'),
    ...kind.fields.map(({ name, label }) => parameter(name, \`Only with this \${label}\`)),
    ...ranged.flatMap(({ name, label }) => [
      parameter(\`\${name}_from\`, \`Only from this \${label} on\`),
      parameter(\`\${name}_to\`, \`Only up to this \${label}\`),
    ]),
  ];
}

function schemasOf(kind) {
  const properties = Object.fromEntries(kind.fields.map((field) => [field.name, schemaOf(field)]));
  const worked = (kind.values ?? []).map((value) => [value.name, { ...schemaOf(value), readOnly: true }]); //@values
  const needed = kind.fields.filter(
    ({ name, required }) => required && name !== kind.states?.field && !(name in (kind.defaults ?? {})),
  );
  const set = {
    id: { type: 'integer' },
    version: { type: 'integer', description: 'Send it along to have a change refused where somebody else was faster.' },
    created_at: { type: 'string', format: 'date-time' },
    updated_at: { type: 'string', format: 'date-time' },
    created_by: { type: 'string' }, //@sign_in
  };
  return {
    [nameOf(kind)]: { type: 'object', properties: { ...set, ...properties, ...Object.fromEntries(worked) } }, //@values
    [nameOf(kind)]: { type: 'object', properties: { ...set, ...properties } }, //@!values
    [\`\${nameOf(kind)}Values\`]: {
      type: 'object',
      required: needed.map(({ name }) => name),
      properties: { ...properties, version: set.version },
    },
  };
}

function schemaOf(field) {
  const schema = field.type === 'choice' ? { type: 'string', enum: field.choices } : TYPES[field.type];
  const target = field.target && {
    description: \`The number of one of the \${kinds.find((kind) => kind.name === field.target).plural}\`,
  };
  if (field.required || ['boolean', 'references'].includes(field.type))
    return { title: field.label, ...schema, ...target };
  return { title: field.label, ...target, anyOf: [schema, { type: 'null' }] };
}

const problem = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    status: { type: 'integer' },
    errors: { type: 'object', additionalProperties: { type: 'string' }, description: 'A message per field' },
  },
};
const totalRow = { type: 'object', properties: { key: {}, value: { type: ['number', 'null'] } } }; //@totals
//#if sign_in

const credentials = {
  required: true,
  content: json({
    type: 'object',
    required: ['email', 'password'],
    properties: { email: { type: 'string' }, password: { type: 'string' } },
  }),
};
const signsIn = (summary) => ({
  post: { summary, security: [], requestBody: credentials, responses: { 201: { description: 'A token' } } },
});
const accountPaths = {
  '/api/session': signsIn('Sign in'),
  '/api/accounts': signsIn('Create an account'),
//#if roles
  '/api/accounts/{email}': {
    parameters: [{ name: 'email', in: 'path', required: true, schema: { type: 'string' } }],
    patch: {
      summary: 'Give an account a role',
      requestBody: {
        required: true,
        content: json({ type: 'object', properties: { role: { enum: roles.map(({ name }) => name) } } }),
      },
      responses: { 200: { description: 'OK' }, ...REFUSED },
    },
  },
//#endif
};
//#endif
`;
