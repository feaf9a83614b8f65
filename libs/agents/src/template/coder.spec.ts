import type { DefectReport, ImplementationPlan } from '#contracts';
import { specify } from './analyst.js';
import { plan } from './architect.js';
import type { WrittenCode } from '../brain.js';
import { repair, suspects, write } from './coder.js';
import { IDEAS, bundleOf, conversation } from './testing.js';

const planFor = (idea: string): ImplementationPlan =>
  plan({ specification: specify(conversation(idea, { purpose: 'specify', finalized: true })), revision: null });
const code = write(planFor(IDEAS.bookClub));
const textOf = (written: WrittenCode, path: string): string => written.files.find((file) => file.path === path)?.content ?? '';
const report = (written: WrittenCode, feedback: string | null): { report: DefectReport; context: ReturnType<typeof bundleOf>['context'] } => {
  const { bundle, context } = bundleOf(written);
  return { report: { round: 1, bundle, failures: [], last_diff: '', feedback }, context };
};

describe('written code', () => {
  it('has the same bytes every time, whatever the idea', () => {
    for (const idea of Object.values(IDEAS)) expect(write(planFor(idea))).toEqual(write(planFor(idea)));
  });

  it('is a standalone repository without dependencies, secrets or absolute paths', () => {
    const paths = code.files.map((file) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'README.md',
        '.env.example',
        'run-app.sh',
        'run-app.bat',
        'Dockerfile',
        '.github/workflows/ci.yml',
        'package.json',
        'package-lock.json',
      ]),
    );
    expect(JSON.parse(textOf(code, 'package.json'))).not.toHaveProperty('dependencies');
    expect(code.files.filter((file) => file.executable).map((file) => file.path)).toEqual(['run-app.sh']);
    for (const file of code.files)
      expect([file.path, /countersign|\/work\/|\/home\/|\/tmp\/|process\.env\.HOME|#(if|else|endif)/i.exec(file.content)?.[0]]).toEqual([
        file.path,
        undefined,
      ]);
  });

  it('has sources that a person can read', () => {
    const lengths = code.files
      .filter((file) => file.path.startsWith('src/'))
      .map((file) => file.content.split('\n').length)
      .sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(150);
    expect(Math.max(...lengths)).toBeLessThan(250);
  });

  it('has sign-in only where it was asked for', () => {
    expect(textOf(code, 'src/server.js')).not.toContain('account');
    expect(textOf(write(planFor(IDEAS.timeTracking)), 'src/server.js')).toContain("from './accounts.js'");
  });

  it('follows a plan that a person amended', () => {
    const amended = planFor(IDEAS.bookClub);
    amended.database_schema.entities[0]?.fields.push({
      name: 'shelf',
      label: 'shelf',
      type: 'text',
      required: true,
      unique: false,
      choices: [],
      target: null,
    });
    const written = write({
      ...amended,
      acceptance_criteria: [...amended.acceptance_criteria, { id: 'AC-99', text: 'A book without a shelf is refused.', source: null }],
    });
    expect(textOf(written, 'app.schema.json')).toContain('"name":"shelf"');
    expect(written.coverage).toContainEqual({ criterion_id: 'AC-99', test: 'AC-99: A book without a shelf is refused.' });
    expect(textOf(written, 'test/records/books.test.js')).toContain("test('AC-99: A book without a shelf is refused.'");
  });
});

describe('repair', () => {
  it('writes damaged files anew', async () => {
    const damaged = { ...code, files: code.files.map((file) => (file.path === 'src/store.js' ? { ...file, content: 'oops(' } : file)) };
    const { report: defect, context } = report(damaged, null);
    expect(await repair(defect, context)).toEqual(code);
  });

  it('applies what a person says', async () => {
    const { report: defect, context } = report(code, 'Also record the publisher of a book. Remove the notes of books.');
    const repaired = await repair(defect, context);
    expect(textOf(repaired, 'app.schema.json')).toContain('"publisher"');
    expect(textOf(repaired, 'app.schema.json')).not.toMatch(/"name":"notes"/);
    expect(textOf(repaired, 'README.md')).toContain('publisher');
  });

  it('refuses where it can do nothing', async () => {
    const same = report(code, null);
    await expect(repair(same.report, same.context)).rejects.toThrow(/repairs nothing/);
    const odd = report(code, 'make it pop');
    await expect(repair(odd.report, odd.context)).rejects.toThrow(/could not make use of this: "make it pop"/);
    const gone = report({ ...code, files: code.files.filter((file) => file.path !== 'app.schema.json') }, null);
    await expect(repair(gone.report, gone.context)).rejects.toThrow(/holds no app.schema.json/);
    const torn = report(
      { ...code, files: code.files.map((file) => (file.path === 'app.schema.json' ? { ...file, content: '{"title": 1' } : file)) },
      null,
    );
    await expect(repair(torn.report, torn.context)).rejects.toThrow(/cannot be used/);
  });
});

describe('suspects', () => {
  it('are the files of the bundle that the log names, the most often named first', () => {
    const log = `not ok 3 - AC-3
  at TestContext.<anonymous> (file:///workspace/test/records/books.test.js:12:10)
  at add (file:///workspace/src/repository.js:70:9) at check (src/repository.js:58:3)
  at C:\\app\\src\\store.js:10 node_modules/other-src/records.js.map lib/mysrc/http.js`;
    const { bundle } = bundleOf(code);
    expect(suspects({ check: 'test', command: 'npm test', exit_code: 1, reason: 'failed', log_tail: log }, bundle)).toEqual([
      'src/repository.js',
      'src/store.js',
      'test/records/books.test.js',
    ]);
  });
});
