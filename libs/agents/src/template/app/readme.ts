import type { DatabaseSchema } from '#contracts';
import { addressOf } from '#contracts';
import { describeType } from '../requirements/requirements.js';
import { capital } from '../language/words.js';

/** README.md of an app: how to start it, what it keeps, how it is built. */
export function readme(schema: DatabaseSchema, description: string): string {
  const [first] = schema.entities;
  const example = first ? addressOf(first.label_plural) : 'records';
  const lists = schema.computed.map(
    (computed) => `| \`/api/${computed.kind === 'list' ? 'lists' : 'totals'}/${addressOf(computed.label)}\` | ${computed.label} |`,
  );
  return `# ${schema.title}

${description
  .trim()
  .split('\n')
  .map((line) => `> ${line}`.trimEnd())
  .join('\n')}

## Start

\`\`\`sh
./run-app.sh
\`\`\`

On Windows: \`run-app.bat\`. Node.js 20.19 or newer is all that is needed; the address is printed, by default
<http://127.0.0.1:8080>. With Docker:

\`\`\`sh
docker build -t ${addressOf(schema.title) || 'app'} . && docker run -p 8080:8080 -v app-data:/data ${addressOf(schema.title) || 'app'}
\`\`\`
${schema.auth.sign_in ? '\nThe first visitor creates an account. Set `SIGN_UP=closed` once everybody has one. Behind a public address, put a\nserver with HTTPS in front of the app.\n' : '\nNobody needs to sign in: everybody who can open the address can see and change every record.\n'}
## What it keeps

${schema.entities.map((entity) => `**${capital(entity.label_plural)}**: ${entity.fields.map((field) => `${field.label} (${describeType(schema, field)})`).join('; ')}`).join('\n\n')}
${schema.computed.length > 0 ? `\nWorked out from these: ${schema.computed.map((computed) => computed.label).join(', ')}.\n` : ''}
All of it is described in \`app.schema.json\`; pages, forms and API follow that file.
${schema.not_included.length > 0 ? `\n## What it does not do\n\n${schema.not_included.map((one) => `- ${one.replace(/\s+/g, ' ')}`).join('\n')}\n` : ''}
## JSON API

| address | what |
| --- | --- |
${schema.entities.map((entity) => `| \`/api/${addressOf(entity.label_plural)}\` | GET \`?q=&page=&page_size=\`, POST |\n| \`/api/${addressOf(entity.label_plural)}/<id>\` | GET, PUT, PATCH, DELETE |`).join('\n')}
${lists.length > 0 ? `${lists.join('\n')}\n` : ''}
\`\`\`sh
curl http://127.0.0.1:8080/api/${example}
\`\`\`
${schema.auth.sign_in ? '\n`POST /api/session` with `{"email": "...", "password": "..."}` answers a token for the header `authorization: Bearer ...`.\n' : ''}
A refusal is answered as \`application/problem+json\` with a message per field.

## Settings

See \`.env.example\`; copy it to \`.env\`, or set the variables in the environment.

## Data

Every change is one line in \`data/records.jsonl\`, on disk before it is confirmed. To back the data up, copy that file.

## Development

\`\`\`sh
npm test      # every acceptance criterion is a test named after it
npm run lint
\`\`\`

| file | what |
| --- | --- |
| \`app.schema.json\`, \`src/schema.js\` | what is recorded |
| \`src/validation.js\`, \`src/records.js\`, \`src/computed.js\` | rules, operations, lists and totals |
| \`src/store.js\` | the journal |
| \`src/pages.js\`, \`src/forms.js\`, \`src/views.js\`, \`src/html.js\` | pages |
| \`src/api.js\`, \`src/http.js\`, \`src/server.js\`, \`src/main.js\` | API, server, start |${schema.auth.sign_in ? '\n| `src/auth.js`, `src/auth-pages.js` | accounts and sessions |' : ''}
`;
}
