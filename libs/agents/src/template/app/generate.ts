import type { AcceptanceCriterion, DatabaseSchema } from '#contracts';
import { addressOf } from '#contracts';
import type { SourceFile, WrittenCode } from '../../brain.js';
import { featuresOf } from './features.js';
import { httpTestJs, storeTestJs } from './generic-tests-js.js';
import { ciYml, dockerfile, lintJs, runAppBat, runAppSh } from './packaging.js';
import { readme } from './readme.js';
import { samplesFile } from './samples.js';
import { accountPagesJs } from './runtime/account-pages-js.js';
import { accountsJs } from './runtime/accounts-js.js';
import { apiJs } from './runtime/api-js.js';
import { appJs } from './runtime/app-js.js';
import { chartsJs } from './runtime/charts-js.js';
import { computedPageJs } from './runtime/computed-page-js.js';
import { csvJs } from './runtime/csv-js.js';
import { fieldsJs } from './runtime/fields-js.js';
import { formsJs } from './runtime/forms-js.js';
import { homeJs } from './runtime/home-js.js';
import { htmlJs } from './runtime/html-js.js';
import { httpJs } from './runtime/http-js.js';
import { importPageJs } from './runtime/import-page-js.js';
import { layoutJs } from './runtime/layout-js.js';
import { listPageJs } from './runtime/list-page-js.js';
import { mainJs, settingsJs } from './runtime/main-js.js';
import { openapiJs } from './runtime/openapi-js.js';
import { partsJs } from './runtime/parts-js.js';
import { queryJs } from './runtime/query-js.js';
import { recordPageJs } from './runtime/record-page-js.js';
import { repositoryJs } from './runtime/repository-js.js';
import { seedJs } from './runtime/samples-js.js';
import { serverJs } from './runtime/server-js.js';
import { showJs } from './runtime/show-js.js';
import { statesJs } from './runtime/states-js.js';
import { storeJs } from './runtime/store-js.js';
import { stylesBaseCss } from './runtime/styles-base-css.js';
import { stylesFormsCss } from './runtime/styles-forms-css.js';
import { stylesFrameCss } from './runtime/styles-frame-css.js';
import { stylesNarrowCss } from './runtime/styles-narrow-css.js';
import { stylesPartsCss } from './runtime/styles-parts-css.js';
import { stylesTablesCss } from './runtime/styles-tables-css.js';
import { withFeatures } from './source.js';
import { testAppJs, testProcessJs } from './test-support-js.js';
import { writeTests } from './tests.js';
import { accessJs } from './write/access.js';
import { quote } from './write/code.js';
import { listsJs, totalsJs } from './write/computed.js';
import { valuesJs } from './write/helpers.js';
import { recordsIndexJs } from './write/index-js.js';
import { kindJs } from './write/kind.js';
import { fileOf } from './write/names.js';
import { samplesOf } from './write/seed.js';

/** What an app is made from; the plan file holds the first two. */
export interface AppDescription {
  readonly schema: DatabaseSchema;
  readonly description: string;
  readonly criteria: readonly AcceptanceCriterion[];
}

/** The plan that the sources were written from. The app does not read it; the next version is made from it. */
export const SCHEMA_FILE = 'app.schema.json';

const STYLES = [stylesBaseCss, stylesFrameCss, stylesPartsCss, stylesTablesCss, stylesFormsCss, stylesNarrowCss];

/** The files of an app, its commands, and which test proves which criterion: the same description, the same bytes. */
export function generateApp(app: AppDescription): WrittenCode {
  const { schema } = app;
  const tests = writeTests(schema, app.criteria);
  const path = addressOf(schema.entities[0]?.label_plural ?? 'records');
  const sources = sourceFiles(schema);
  const texts: readonly (readonly [string, string])[] = [
    ['README.md', readme(schema, app.description)],
    ...sources,
    ['src/values.js', valuesJs([...sources.map(([, text]) => text)])],
    ['public/styles.css', STYLES.join('').replace('__HUE__', String(hueOf(schema.title)))],
    ['public/app.js', appJs],
    ['public/icon.svg', icon(schema.title)],
    ['test/http.test.js', httpTestJs.replaceAll('__PATH__', path)],
    ['test/store.test.js', storeTestJs],
    ...tests.files.map((file) => [file.path, file.content] as const),
    ['test-support/app.js', withFeatures(testAppJs, featuresOf(schema))],
    ['test-support/process.js', testProcessJs],
    ['test-support/samples.js', samplesFile(schema)],
    ['scripts/seed.js', withFeatures(seedJs, featuresOf(schema))],
    ['scripts/lint.js', lintJs],
    [SCHEMA_FILE, planFile(app)],
    ['package.json', packageJson(schema)],
    ['package-lock.json', packageLock(schema)],
    ['.env.example', envExample(schema)],
    ['.gitignore', 'node_modules/\ndata/\n.env\n'],
    ['.dockerignore', 'node_modules/\ndata/\n.env\n.git/\n'],
    ['run-app.bat', runAppBat.replaceAll('\n', '\r\n')],
    ['Dockerfile', dockerfile],
    ['.github/workflows/ci.yml', ciYml],
  ];
  const files: SourceFile[] = texts.map(([name, content]) => ({ path: name, content }));
  return {
    files: [...files, { path: 'run-app.sh', content: runAppSh, executable: true }],
    commands: { install: 'npm install --no-audit --no-fund', build: null, lint: 'npm run lint', test: 'npm test', start: 'npm start' },
    coverage: tests.coverage,
    acceptance_criteria: app.criteria,
  };
}

/** Everything below src/ but the helpers, which follow from the rest. */
function sourceFiles(schema: DatabaseSchema): (readonly [string, string])[] {
  const features = featuresOf(schema);
  const shared: readonly (readonly [string, string, boolean?])[] = [
    ['src/main.js', mainJs],
    ['src/settings.js', settingsJs],
    ['src/server.js', serverJs],
    ['src/http.js', httpJs],
    ['src/api.js', apiJs],
    ['src/openapi.js', openapiJs],
    ['src/repository.js', repositoryJs],
    ['src/fields.js', fieldsJs],
    ['src/states.js', statesJs, features.states],
    ['src/query.js', queryJs],
    ['src/show.js', showJs],
    ['src/csv.js', csvJs],
    ['src/store.js', storeJs],
    ['src/accounts.js', accountsJs, features.sign_in],
    ['src/html.js', htmlJs],
    ['src/pages/layout.js', layoutJs.replace('__TITLE__', quote(schema.title))],
    ['src/pages/home.js', homeJs],
    ['src/pages/list.js', listPageJs],
    ['src/pages/record.js', recordPageJs],
    ['src/pages/forms.js', formsJs],
    ['src/pages/parts.js', partsJs],
    ['src/pages/import.js', importPageJs],
    ['src/pages/computed.js', computedPageJs, features.lists || features.totals],
    ['src/pages/charts.js', chartsJs, features.totals],
    ['src/pages/accounts.js', accountPagesJs, features.sign_in],
  ];
  return [
    ...schema.entities.map((entity) => [fileOf(entity), kindJs(schema, entity)] as const),
    ['src/records/index.js', recordsIndexJs(schema)],
    ...(features.lists ? [['src/lists.js', listsJs(schema)] as const] : []),
    ...(features.totals ? [['src/totals.js', totalsJs(schema)] as const] : []),
    ...(features.access ? [['src/access.js', accessJs(schema)] as const] : []),
    ['src/samples.js', samplesOf(schema)],
    ...shared.filter(([, , wanted]) => wanted !== false).map(([name, text]) => [name, withFeatures(text, features)] as const),
  ];
}

/** The description of the records, with one part per line. */
function planFile({ schema, description }: AppDescription): string {
  const block = (items: readonly unknown[], indent: string): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
  const entities = schema.entities.map(({ fields, rules, values, ...entity }) => {
    const rest = Object.entries(entity).map(([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
    return `    {\n${rest.join('')}      "fields": ${block(fields, '      ')},\n      "rules": ${block(rules, '      ')},\n      "values": ${block(values, '      ')}\n    }`;
  });
  return `{
  "title": ${JSON.stringify(schema.title)},
  "description": ${JSON.stringify(description)},
  "entities": [\n${entities.join(',\n')}\n  ],
  "computed": ${block(schema.computed, '  ')},
  "auth": ${JSON.stringify(schema.auth)},
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
    scripts: { start: 'node src/main.js', seed: 'node scripts/seed.js', test: 'node --test', lint: 'node scripts/lint.js' },
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

/** A colour of its own for every app, among those that are legible on white: green to red. */
const hueOf = (title: string): number => 165 + (Buffer.from(title).reduce((sum, byte) => (sum * 31 + byte) % 9973, 7) % 180);

const icon = (title: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="hsl(${hueOf(title)} 55% 36%)"/>
  <path d="M9 10h14M9 16h14M9 22h9" stroke="#fff" stroke-width="3" stroke-linecap="round"/>
</svg>
`;
