import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSchema } from '#contracts';
import type { SourceFile, WrittenCode } from '../brain.js';
import { parseTestResults } from '../verification-tests.js';
import { generateApp } from './app/generate.js';
import { checkKey, checkOf, checksOf, completeCriteria } from './requirements/criteria.js';
import { mutantsOf } from './testing-mutants.js';
import type { Mutant } from './testing-mutants.js';
import { SCHEMAS } from './testing-schemas.js';

const { NODE_OPTIONS: _ignored, ...rest } = process.env;
/** Files that are not kept are quickest where they never reach a disk. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const base = mkdtempSync(join(memory, 'mutants-'));
const env = { ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(npm_|NODE_|JEST_)/.test(name))), TMPDIR: base };
afterAll(() => rmSync(base, { recursive: true, force: true }));

function lay(name: string, files: readonly SourceFile[]): string {
  const folder = join(base, name);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.content);
  }
  return folder;
}

const criteriaOf = (schema: DatabaseSchema): ReturnType<typeof completeCriteria> => completeCriteria(schema, [], () => null);
const appOf = (schema: DatabaseSchema): WrittenCode => generateApp({ schema, description: '', criteria: criteriaOf(schema) });

/** Which check each test of an app is for, and the file that holds it. */
function testsOf(schema: DatabaseSchema, code: WrittenCode): { keys: Map<string, string>; files: Map<string, string> } {
  const keys = new Map<string, string>();
  const files = new Map<string, string>();
  for (const { id, text } of criteriaOf(schema)) {
    const test = code.coverage.find((one) => one.criterion_id === id)?.test ?? '';
    const check = checkOf(schema, text);
    if (!check || test === '') continue;
    keys.set(test, checkKey(check));
    files.set(checkKey(check), code.files.find((file) => file.path.startsWith('test/') && file.content.includes(`'${id}: `))?.path ?? '');
  }
  return { keys, files };
}

/** Runs the tests of a file whose names match and answers their output. */
const runFile = (folder: string, file: string, pattern: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test-reporter=tap', `--test-name-pattern=${pattern}`, file], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });

/** The tests of the complete app on an app without what the mutant lacks: which fail, by the keys of their checks. */
async function failures(mutant: Mutant, index: number, complete: WrittenCode, tests: ReturnType<typeof testsOf>): Promise<string[]> {
  const file = tests.files.get(mutant.noticed);
  if (!file) return [];
  const sources = generateApp({ schema: mutant.schema, description: '', criteria: [] }).files.filter((one) => /^(src|public)\//.test(one.path));
  const folder = lay(`mutant-${index}`, [...sources, ...complete.files.filter((one) => /^(test|package\.json)/.test(one.path))]);
  const [test = ''] = [...tests.keys].find(([, key]) => key === mutant.noticed) ?? [];
  const { failed } = parseTestResults(await runFile(folder, file, mutant.bent ? `^${/^AC-\d+: /.exec(test)?.[0] ?? ''}` : '.'));
  rmSync(folder, { recursive: true, force: true });
  return failed.map((name) => tests.keys.get(name) ?? name);
}

/** Whether a test's check is about the records that the mutant is about. */
const isNear = (key: string, { noticed }: Mutant): boolean => /^\w+:(\w+)/.exec(key)?.[1] === /^\w+:(\w+)/.exec(noticed)?.[1];

describe.each(Object.entries(SCHEMAS))('the tests of a delivered app: %s', (name, schema) => {
  const complete = appOf(schema);
  const tests = testsOf(schema, complete);

  it('are there for every criterion, and all pass', () => {
    expect(checksOf(schema).map(checkKey)).toEqual([...tests.keys.values()]);
    const folder = lay(name, complete.files);
    const { stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', '--test-concurrency=2'], { cwd: folder, env, encoding: 'utf8' });
    const { passed, failed } = parseTestResults(stdout);
    expect(failed).toEqual([]);
    expect(complete.coverage.map(({ test }) => test).filter((test) => !passed.includes(test))).toEqual([]);
  }, 120_000);

  it('notice whatever is taken out of it or bent, and only those about it fail', async () => {
    const mutants = [...mutantsOf(schema).entries()];
    expect(mutants.length).toBeGreaterThan(10);
    const survivors: string[] = [];
    const strays: string[] = [];
    const work = async (): Promise<void> => {
      for (let next = mutants.shift(); next; next = mutants.shift()) {
        const [index, mutant] = next;
        const failed = await failures(mutant, index, complete, tests);
        if (!failed.includes(mutant.noticed)) survivors.push(mutant.name);
        strays.push(...failed.filter((key) => !isNear(key, mutant)).map((key) => `${mutant.name}: ${key}`));
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    expect({ survivors, strays }).toEqual({ survivors: [], strays: [] });
  }, 600_000);
});
