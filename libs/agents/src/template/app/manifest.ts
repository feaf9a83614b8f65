import type { DatabaseSchema, Entity, ImplementationPlan } from '#contracts';
import { addressOf } from '#contracts';
import { featuresOf } from './features.js';
import { fileOf } from './write/names.js';

type Task = ImplementationPlan['task_breakdown'][number];
interface Work {
  readonly title: string;
  readonly files: readonly string[];
  /** Beginnings of the titles of what comes before. */
  readonly after: readonly string[];
}

/** The file with the tests of one kind of record. */
export const testFileOf = (labelPlural: string): string => `test/records/${addressOf(labelPlural)}.test.js`;

/** What the file of a kind of record holds beyond its fields. */
function partsOf(entity: Entity): string {
  const count = (items: readonly unknown[], one: string, many = `${one}s`): string[] =>
    items.length === 0 ? [] : [`${items.length} ${items.length === 1 ? one : many}`];
  const states = entity.lifecycle ? (entity.fields.find((field) => field.name === entity.lifecycle?.field)?.choices ?? []) : [];
  return [
    ...count(entity.fields, 'field'),
    ...count(states, 'state'),
    ...count(entity.rules, 'rule'),
    ...count(entity.values, 'worked-out value'),
  ].join(', ');
}

/** Pages and API addresses of a kind of record. */
const addressesOf = (entity: Entity): string => `pages at /${addressOf(entity.label_plural)}, JSON at /api/${addressOf(entity.label_plural)}`;

/** The work on an app, task by task, with every file it consists of. */
export function planTasks(schema: DatabaseSchema): Task[] {
  const features = featuresOf(schema);
  const when = (wanted: boolean, ...files: string[]): string[] => (wanted ? files : []);
  const work: Work[] = [
    { title: 'Keep records in a journal that survives a crash', files: ['src/store.js', 'test/store.test.js'], after: [] },
    ...schema.entities.map((entity) => ({
      title: `The ${entity.label_plural}: ${partsOf(entity)}; ${addressesOf(entity)}`,
      files: [fileOf(entity)],
      after: [],
    })),
    {
      title: 'Reading, checking and finding records',
      files: [
        'src/records/index.js',
        'src/values.js',
        'src/fields.js',
        'src/repository.js',
        'src/query.js',
        'src/show.js',
        ...when(features.states, 'src/states.js'),
        ...when(features.access, 'src/access.js'),
      ],
      after: ['Keep', ...schema.entities.map((entity) => `The ${entity.label_plural}: `)],
    },
    ...(schema.computed.length > 0
      ? [
          {
            title:
              `Lists and totals: ${schema.computed.map((one) => `/${one.kind === 'list' ? 'lists' : 'totals'}/${addressOf(one.label)}`).join(', ')}`.slice(
                0,
                1_900,
              ),
            files: [
              ...when(features.lists, 'src/lists.js'),
              ...when(features.totals, 'src/totals.js', 'src/pages/charts.js'),
              'src/pages/computed.js',
            ],
            after: ['Reading'],
          },
        ]
      : []),
    {
      title: 'Pages and forms, in light and dark, on a phone and without JavaScript',
      files: [
        ...['home', 'list', 'record', 'forms', 'parts', 'layout', 'import'].map((name) => `src/pages/${name}.js`),
        'src/html.js',
        'public/styles.css',
        'public/app.js',
        'public/icon.svg',
      ],
      after: ['Reading'],
    },
    {
      title: 'JSON API with its OpenAPI document at /api/openapi.json, CSV in and out',
      files: ['src/api.js', 'src/openapi.js', 'src/csv.js', 'src/http.js'],
      after: ['Reading'],
    },
    ...(features.sign_in
      ? [{ title: 'Accounts and sign-in', files: ['src/accounts.js', 'src/pages/accounts.js', 'test/sign-in.test.js'], after: ['Pages'] }]
      : []),
    {
      title: 'Server: addresses, start and stop',
      files: ['src/server.js', 'src/settings.js', 'src/main.js', 'test/http.test.js'],
      after: ['Pages', 'JSON', ...when(features.sign_in, 'Accounts')],
    },
    {
      title: 'Sample records, and what the tests share',
      files: ['src/samples.js', 'scripts/seed.js', 'test-support/app.js', 'test-support/process.js', 'test-support/samples.js'],
      after: ['Server'],
    },
    ...schema.entities.map((entity) => ({ title: `Tests of ${entity.label_plural}`, files: [testFileOf(entity.label_plural)], after: ['Sample'] })),
    ...(schema.computed.length > 0 ? [{ title: 'Tests of lists and totals', files: ['test/lists-and-totals.test.js'], after: ['Sample'] }] : []),
    { title: 'Tests of the whole app', files: ['test/app.test.js'], after: ['Sample'] },
    {
      title: 'Instructions, start scripts, container and continuous integration',
      files: [
        'README.md',
        'app.schema.json',
        'package.json',
        'package-lock.json',
        '.env.example',
        '.gitignore',
        '.dockerignore',
        'run-app.sh',
        'run-app.bat',
        'Dockerfile',
        '.github/workflows/ci.yml',
        'scripts/lint.js',
      ],
      after: ['Server'],
    },
  ];
  const id = (start: string): string => `T-${work.findIndex(({ title }) => title.startsWith(start)) + 1}`;
  return work.map(({ title, files, after }, index) => ({ id: `T-${index + 1}`, title, depends_on: after.map(id).slice(0, 50), files: [...files] }));
}
