import type { DatabaseSchema, ImplementationPlan } from '#contracts';
import { addressOf } from '#contracts';

type Task = ImplementationPlan['task_breakdown'][number];

/** The file with the tests of one list of records. */
export const testFileOf = (labelPlural: string): string => `test/records/${addressOf(labelPlural)}.test.js`;

/** The work on an app, task by task, with every file it consists of. */
export function planTasks(schema: DatabaseSchema): Task[] {
  const signIn = schema.auth.sign_in;
  const tasks: [title: string, files: string[], needs: string[]][] = [
    ['Describe the records, their fields and rules', ['app.schema.json', 'src/schema.js', 'src/validation.js'], []],
    ['Keep records in a journal that survives a crash', ['src/store.js', 'test/store.test.js'], []],
    ['Operations on records, computed lists and totals', ['src/records.js', 'src/computed.js'], ['Describe', 'Keep']],
    ['Pages and forms', ['src/html.js', 'src/forms.js', 'src/views.js', 'src/pages.js', 'public/styles.css', 'public/icon.svg'], ['Operations']],
    ['JSON API', ['src/http.js', 'src/api.js'], ['Operations']],
    ...(signIn
      ? [['Accounts and sign-in', ['src/auth.js', 'src/auth-pages.js', 'test/sign-in.test.js'], ['Pages']] as [string, string[], string[]]]
      : []),
    ['Server: addresses, start and stop', ['src/server.js', 'src/main.js', 'test/http.test.js'], ['Pages', 'JSON', ...(signIn ? ['Accounts'] : [])]],
    ['What the tests share', ['test-support/app.js', 'test-support/process.js', 'test-support/samples.js'], ['Server']],
    ...schema.entities.map((entity): [string, string[], string[]] => [
      `Tests of ${entity.label_plural}`,
      [testFileOf(entity.label_plural)],
      ['What'],
    ]),
    ...(schema.computed.length > 0
      ? [['Tests of computed lists and totals', ['test/lists-and-totals.test.js'], ['What']] as [string, string[], string[]]]
      : []),
    ['Tests of the whole app', ['test/app.test.js'], ['What']],
    [
      'Instructions, start scripts, container and continuous integration',
      [
        'package.json',
        'package-lock.json',
        'README.md',
        '.env.example',
        '.gitignore',
        '.dockerignore',
        'run-app.sh',
        'run-app.bat',
        'Dockerfile',
        '.github/workflows/ci.yml',
        'scripts/lint.js',
      ],
      ['Server'],
    ],
  ];
  const id = (start: string): string => `T-${tasks.findIndex(([title]) => title.startsWith(start)) + 1}`;
  return tasks.map(([title, files, needs], index) => ({ id: `T-${index + 1}`, title, depends_on: needs.map(id), files }));
}
