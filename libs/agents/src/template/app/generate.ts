import type { AcceptanceCriterion, DatabaseSchema } from '#contracts';
import { addressOf } from '#contracts';
import type { SourceFile, WrittenCode } from '../../brain.js';
import { apiJs } from './api-js.js';
import { authJs } from './auth-js.js';
import { authPagesJs } from './auth-pages-js.js';
import { computedJs } from './computed-js.js';
import { formsJs } from './forms-js.js';
import { httpTestJs, storeTestJs } from './generic-tests-js.js';
import { htmlJs } from './html-js.js';
import { httpJs } from './http-js.js';
import { mainJs } from './main-js.js';
import { ciYml, dockerfile, lintJs, runAppBat, runAppSh } from './packaging.js';
import { pagesJs } from './pages-js.js';
import { readme } from './readme.js';
import { recordsJs } from './records-js.js';
import { samplesFile } from './samples.js';
import { schemaJs } from './schema-js.js';
import { serverJs } from './server-js.js';
import { withFeatures } from './source.js';
import { storeJs } from './store-js.js';
import { stylesPageCss } from './styles-page-css.js';
import { stylesPartsCss } from './styles-parts-css.js';
import { testAppJs, testProcessJs } from './test-support-js.js';
import { writeTests } from './tests.js';
import { validationJs } from './validation-js.js';
import { viewsJs } from './views-js.js';

/** What an app is made from; `app.schema.json` holds the first two. */
export interface AppDescription {
  readonly schema: DatabaseSchema;
  readonly description: string;
  readonly criteria: readonly AcceptanceCriterion[];
}

export const SCHEMA_FILE = 'app.schema.json';

/** The files of an app, its commands, and which test proves which criterion: the same description, the same bytes. */
export function generateApp(app: AppDescription): WrittenCode {
  const { schema } = app;
  const tests = writeTests(schema, app.criteria);
  const path = addressOf(schema.entities[0]?.label_plural ?? 'records');
  const texts: readonly (readonly [string, string])[] = [
    [SCHEMA_FILE, schemaFile(app)],
    ['src/main.js', mainJs],
    ['src/server.js', serverJs],
    ['src/http.js', httpJs],
    ['src/api.js', apiJs],
    ['src/pages.js', pagesJs],
    ['src/forms.js', formsJs],
    ['src/views.js', viewsJs],
    ['src/html.js', htmlJs],
    ['src/schema.js', schemaJs],
    ['src/validation.js', validationJs],
    ['src/records.js', recordsJs],
    ['src/computed.js', computedJs],
    ['src/store.js', storeJs],
    ...(schema.auth.sign_in
      ? ([
          ['src/auth.js', authJs],
          ['src/auth-pages.js', authPagesJs],
        ] as const)
      : []),
    ['public/styles.css', (stylesPageCss + stylesPartsCss).replace('__HUE__', String(hueOf(schema.title)))],
    ['public/icon.svg', icon(schema.title)],
    ['test/http.test.js', httpTestJs.replaceAll('__PATH__', path)],
    ['test/store.test.js', storeTestJs],
    ...tests.files.map((file) => [file.path, file.content] as const),
    ['test-support/app.js', testAppJs],
    ['test-support/process.js', testProcessJs],
    ['test-support/samples.js', samplesFile(schema)],
    ['scripts/lint.js', lintJs],
    ['README.md', readme(schema, app.description)],
    ['package.json', packageJson(schema)],
    ['package-lock.json', packageLock(schema)],
    ['.env.example', envExample(schema)],
    ['.gitignore', 'node_modules/\ndata/\n.env\n'],
    ['.dockerignore', 'node_modules/\ndata/\n.env\n.git/\n'],
    ['run-app.bat', runAppBat.replaceAll('\n', '\r\n')],
    ['Dockerfile', dockerfile],
    ['.github/workflows/ci.yml', ciYml],
  ];
  const features = { sign_in: schema.auth.sign_in };
  const files: SourceFile[] = texts.map(([name, text]) => ({ path: name, content: name.endsWith('.js') ? withFeatures(text, features) : text }));
  return {
    files: [...files, { path: 'run-app.sh', content: runAppSh, executable: true }],
    commands: { install: 'npm install --no-audit --no-fund', build: null, lint: 'npm run lint', test: 'npm test', start: 'npm start' },
    coverage: tests.coverage,
    acceptance_criteria: app.criteria,
  };
}

/** The description of the records, with one field per line. */
function schemaFile({ schema, description }: AppDescription): string {
  const line = (value: unknown): string => JSON.stringify(value).replace(/":/g, '": ').replace(/,"/g, ', "');
  const block = (items: readonly unknown[], indent: string): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
  const entities = schema.entities.map(
    (entity) => `    {
      "name": ${JSON.stringify(entity.name)},
      "label": ${JSON.stringify(entity.label)},
      "label_plural": ${JSON.stringify(entity.label_plural)},
      "fields": ${block(entity.fields, '      ')}
    }`,
  );
  return `{
  "title": ${JSON.stringify(schema.title)},
  "description": ${JSON.stringify(description)},
  "entities": [\n${entities.join(',\n')}\n  ],
  "computed": ${block(schema.computed, '  ')},
  "auth": ${line(schema.auth)},
  "not_included": ${block(schema.not_included, '  ')}
}
`;
}

const nameOf = (schema: DatabaseSchema): string => addressOf(schema.title).slice(0, 60).replace(/-$/, '') || 'app';
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const packageJson = (schema: DatabaseSchema): string =>
  json({
    name: nameOf(schema),
    version: '1.0.0',
    private: true,
    description: schema.title,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: { start: 'node src/main.js', test: 'node --test', lint: 'node scripts/lint.js' },
  });

const packageLock = (schema: DatabaseSchema): string =>
  json({
    name: nameOf(schema),
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': { name: nameOf(schema), version: '1.0.0', engines: { node: '>=20.19' } } },
  });

const envExample = (schema: DatabaseSchema): string => `# Copy to .env and change what you need; every setting is optional.

# Port and address on which the app listens.
PORT=8080
HOST=127.0.0.1

# Folder of the data file. DATA_FILE names the file itself instead.
DATA_DIR=data
${schema.auth.sign_in ? '\n# Set to closed once everybody has an account.\nSIGN_UP=open\n' : ''}`;

/** A colour of its own for every app, among those that are legible on white: blue to red. */
const hueOf = (title: string): number => 195 + (Buffer.from(title).reduce((sum, byte) => (sum * 31 + byte) % 9973, 7) % 150);

const icon = (title: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="hsl(${hueOf(title)} 60% 34%)"/>
  <path d="M9 10h14M9 16h14M9 22h9" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
</svg>
`;
