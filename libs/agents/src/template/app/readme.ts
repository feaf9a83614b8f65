import type { DatabaseSchema, Entity } from '#contracts';
import { addressOf } from '#contracts';
import { capital } from '../language/words.js';
import { describeType } from '../requirements/requirements.js';
import { featuresOf } from './features.js';
import { fileOf } from './write/names.js';
import { computedSentence, ruleSentence, valueSentence } from './write/words.js';

/** README.md of an app: how to start it, what it keeps, how to talk to it, how it is built. */
export function readme(schema: DatabaseSchema, description: string): string {
  const quoted = description.trim().split('\n');
  return [
    `# ${schema.title}`,
    quoted.map((line) => `> ${line}`.trimEnd()).join('\n'),
    start(schema),
    `## What it keeps\n\n${schema.entities.map((entity) => kindText(schema, entity)).join('\n\n')}`,
    ...(schema.computed.length > 0
      ? [`### Lists and totals\n\n${schema.computed.map((one) => `- **${one.label}**: ${computedSentence(schema, one)}`).join('\n')}`]
      : []),
    ...(schema.auth.sign_in ? [accessText(schema)] : []),
    ...(schema.not_included.length > 0
      ? [`## What it does not do\n\n${schema.not_included.map((one) => `- ${one.replace(/\s+/g, ' ')}`).join('\n')}`]
      : []),
    api(schema),
    files(schema),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

function start(schema: DatabaseSchema): string {
  const name = addressOf(schema.title) || 'app';
  return `## Start

\`\`\`sh
./run-app.sh
\`\`\`

On Windows: \`run-app.bat\`. Node.js 20.19 or newer is all that is needed, and no network; the address is printed, by
default <http://127.0.0.1:8080>. With Docker:

\`\`\`sh
docker build -t ${name} . && docker run -p 8080:8080 -v ${name}-data:/data ${name}
\`\`\`

To look around, press “Add sample records” on the empty overview, or run \`npm run seed\` before the start. The samples are
the same every time, but for their days, which lie around today; the overview also offers to remove them.

${
  schema.auth.sign_in
    ? 'The first visitor creates an account. Set `SIGN_UP=closed` once everybody has one. Behind a public address, put a\nserver with HTTPS in front of the app.'
    : 'Nobody needs to sign in: everybody who can open the address can see and change every record.'
}

Settings are listed in \`.env.example\`; copy it to \`.env\`, or set the variables in the environment. Every change is one
line in \`data/records.jsonl\`, on disk before it is confirmed. To back the data up, copy that file.`;
}

function kindText(schema: DatabaseSchema, entity: Entity): string {
  const { lifecycle } = entity;
  const fields = entity.fields.map((field) => `${field.label} (${describeType(schema, field)})`).join('; ');
  const steps = lifecycle?.transitions.map((step) => {
    const roles = step.roles.map((role) => schema.auth.roles.find((one) => one.name === role)?.label ?? role);
    return `${step.from} → ${step.to}${roles.length > 0 ? ` (${roles.join(', ')})` : ''}`;
  });
  const lines = [
    ...(steps ? [`Steps: ${steps.join('; ')}.`] : []),
    ...entity.rules.map((rule) => ruleSentence(schema, entity, rule)),
    ...entity.values.map((value) => `${capital(value.label)} is worked out: ${valueSentence(schema, entity, value)}`),
  ];
  const list = lines.map((line) => `- ${line}`).join('\n');
  return `**${capital(entity.label_plural)}**: ${fields}.${list === '' ? '' : `\n\n${list}`}`;
}

function accessText({ auth, entities }: DatabaseSchema): string {
  const label = (role: string): string => auth.roles.find((one) => one.name === role)?.label ?? role;
  const [first] = auth.roles;
  const rows = auth.permissions.map((one) => {
    const entity = entities.find(({ name }) => name === one.entity)?.label_plural ?? one.entity;
    const roles = [...new Set([...(first ? [first.label] : []), ...one.roles.map(label)])];
    const who = [...roles, ...(one.own ? [`${roles.length > 0 ? 'others' : 'everybody'}, where it is their own`] : [])];
    return `| ${one.action} ${entity} | ${who.join(', ')} |`;
  });
  const roles =
    auth.roles.length > 0
      ? `Roles: ${auth.roles.map((role) => role.label).join(', ')}. The first account is ${first?.label ?? ''}, who may do everything and gives\nroles at \`/accounts\`; a new account is ${auth.roles.at(-1)?.label ?? ''}.`
      : 'All accounts have the same rights.';
  const own = auth.permissions.some((one) => one.own)
    ? '\n\nTheir own are the records that an account added, and those that hold its e-mail address or link to a record that does.'
    : '';
  return `## Who may do what\n\n${roles}${rows.length > 0 ? ` What is not listed here, everybody who is signed in may do.\n\n| to | who |\n| --- | --- |\n${rows.join('\n')}` : ''}${own}`;
}

function api(schema: DatabaseSchema): string {
  const features = featuresOf(schema);
  const stepRoles = schema.entities.some((entity) => entity.lifecycle?.transitions.some((step) => step.roles.length > 0));
  const rows = schema.entities.flatMap((entity) => {
    const path = `/api/${addressOf(entity.label_plural)}`;
    return [
      `| \`${path}\` | GET, POST |`,
      `| \`${path}/<id>\` | GET, PUT, PATCH, DELETE |`,
      `| \`${path}.csv\`, \`${path}.json\` | GET: all that search and filters find |`,
      `| \`${path}/import\` | POST a CSV file: all its lines are added, or none |`,
    ];
  });
  const computed = schema.computed.map((one) => `| \`/api/${one.kind === 'list' ? 'lists' : 'totals'}/${addressOf(one.label)}\` | GET |`);
  const path = addressOf(schema.entities[0]?.label_plural ?? 'records');
  return `## JSON API

\`/api/openapi.json\` describes all of it.

| address | what |
| --- | --- |
${[...rows, ...computed].join('\n')}

\`\`\`sh
curl http://127.0.0.1:8080/api/${path}
\`\`\`

- A list takes \`?q=\` (words), \`?<field>=\` (a value), \`?<field>_from=\` and \`_to=\` (for what has an order), \`?sort=<field>\` or
  \`-<field>\`, \`?page=\` and \`?page_size=\` (at most 200). It answers \`{items, total, page, pages}\`; a total answers a row
  \`{key, value}\` for each group, in which the key of a link is the number of the record.
- A refusal is \`application/problem+json\` with a message per field in \`errors\`. 400: a value does not fit its field, is
  missing, or breaks a rule about this record alone. 409: what has to be unique is not, a rule about other records is
  broken${features.states ? ', no step leads to the state' : ''}${features.locks ? ', the record is locked' : ''}, it is in use, or somebody else changed it: send its \`version\` to find out.${features.sign_in ? '\n- 401: nobody is signed in. `POST /api/session` with `{"email": "...", "password": "..."}` answers a token for the header\n  `authorization: Bearer ...`.' : ''}${features.access ? ' 403: the account may not do this.' : ''}${features.roles ? '\n- `PATCH /api/accounts/<email>` with `{"role": "..."}` gives a role.' : ''}${features.states ? '\n- A new record begins in its first state. A change of the state is a step: `PATCH` the field.' : ''}${stepRoles ? ' The roles\n  of a step may take it whether or not they may change the rest.' : ''}${features.states && features.locks ? '\n- A locked record can still take the steps that are listed; nothing else of it changes.' : ''}`;
}

function files(schema: DatabaseSchema): string {
  const features = featuresOf(schema);
  const rows: (readonly [string, string, boolean?])[] = [
    [schema.entities.map((entity) => `\`${fileOf(entity)}\``).join(', '), 'one file per kind of record: fields, rules, what is worked out'],
    ['`src/lists.js`', 'the lists that show what meets conditions', features.lists],
    ['`src/totals.js`', 'counts, sums and averages', features.totals],
    ['`src/access.js`', 'who may do what', features.access],
    ['`src/repository.js`, `src/fields.js`, `src/query.js`', 'adding, changing, finding; reading values'],
    ['`src/states.js`', 'steps from state to state', features.states],
    ['`src/store.js`', 'the journal on disk'],
    ['`src/pages/`, `src/html.js`, `src/show.js`', 'the pages'],
    ['`src/api.js`, `src/openapi.js`, `src/csv.js`', 'the API, its description, CSV files'],
    ['`src/accounts.js`', 'accounts and sessions', features.sign_in],
    ['`src/server.js`, `src/http.js`, `src/main.js`', 'addresses, requests, start and stop'],
    ['`src/samples.js`', 'the sample records'],
    ['`app.schema.json`', 'the plan that the sources were written from; the app does not read it'],
  ];
  return `## Development

\`\`\`sh
npm test      # every acceptance criterion is a test named after it
npm run lint
\`\`\`

| file | what |
| --- | --- |
${rows
  .filter(([, , wanted]) => wanted !== false)
  .map(([file, what]) => `| ${file} | ${what} |`)
  .join('\n')}

To add a field, add a line to \`fields\` of its kind: form, list, API and its description follow. A rule is a function of
the record that answers nothing, or a message for a field; list it under \`checks\` where it is about the record alone, and
under \`conflicts\` where it looks at other records.`;
}
