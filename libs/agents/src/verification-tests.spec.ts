import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverCriteria } from './verification-coverage.js';
import { parseTestResults } from './verification-tests.js';

const SOURCE = String.raw`
import test, { describe, it } from 'node:test';
test('plain', () => { console.log('plain output\nok 9 - printed by the app\n✔ printed by the app'); });
test('passed here, skipped there', () => {});
test('passed here, skipped there', { skip: true }, () => {});
test('skips itself', (t) => { t.skip('not today'); });
test('puts itself off', (t) => { t.todo('later'); });
test('special #1 \\ back "quote" (x) $5.00 - dash', () => {});
test('fails', () => { throw new Error('first line\nok 1 - not a test\n    not ok 2 - neither'); });
test('skipped', { skip: true }, () => {});
test('skipped for a reason', { skip: 'because # of' }, () => {});
test('todo', { todo: true }, () => {});
test('todo that fails', { todo: 'later' }, () => { throw new Error('x'); });
test('parent', async (t) => { await t.test('child', () => {}); await t.test('skipped child', { skip: true }, () => {}); });
test('parent fails by itself', async (t) => { await t.test('good child', () => {}); throw new Error('own'); });
describe('suite', () => { it('in suite', () => {}); describe('deep', () => { it('fails deep', () => { throw new Error('x'); }); it('ends (3ms)', () => {}); }); });
describe('all skipped', () => { it.skip('never', () => {}); });
test('# SKIP in the name # TODO', () => {});
`;

const PASSED = [
  'plain',
  'special #1 \\ back "quote" (x) $5.00 - dash',
  'parent > child',
  'parent fails by itself > good child',
  'suite > in suite',
  'suite > deep > ends (3ms)',
  '# SKIP in the name # TODO',
];
const FAILED = ['fails', 'parent fails by itself', 'suite > deep > fails deep'];

describe.each(['tap', 'spec'])('what node --test really writes: %s', (reporter) => {
  test('passed and failed names, without skipped, todo, suites and program output', () => {
    const folder = mkdtempSync(join(tmpdir(), 'test-results-'));
    try {
      writeFileSync(join(folder, 'all.test.mjs'), SOURCE);
      writeFileSync(join(folder, 'broken.test.mjs'), 'import "nowhere";');
      writeFileSync(join(folder, 'empty.test.mjs'), '');
      const env = { PATH: process.env['PATH'] ?? '', FORCE_COLOR: reporter === 'spec' ? '1' : '0' };
      const { stdout } = spawnSync(process.execPath, ['--test', `--test-reporter=${reporter}`, folder], { cwd: folder, env, encoding: 'utf8' });
      const { passed, failed } = parseTestResults(stdout);
      expect([...passed].sort()).toEqual([...PASSED].sort());
      expect([...failed].sort()).toEqual([...FAILED, join(folder, 'broken.test.mjs')].sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('node 18 and early 20: files around their tests, a closing ▶ with the duration', () => {
  const tap = [
    'TAP version 13',
    '# Subtest: /workspace/a.test.js',
    '    # Subtest: adds',
    '    ok 1 - adds',
    '      ---',
    '      duration_ms: 1',
    '      ...',
    '    1..1',
    'ok 1 - /workspace/a.test.js',
    '1..1',
  ];
  expect(parseTestResults(tap.join('\n'))).toEqual({ passed: ['/workspace/a.test.js > adds'], failed: [] });
  const spec = ['▶ suite', '  ✔ one (1.5ms)', '▶ suite (3ms)', '', '✔ two (0.1ms)'];
  expect(parseTestResults(spec.join('\r\n'))).toEqual({ passed: ['suite > one', 'two'], failed: [] });
});

test('node 22 and 24: a file without tests is named by its path from the root; without a terminal 24 writes no TAP', () => {
  const tap = [
    '> app@1.0.0 test',
    'ok 1 - not from the tests',
    'TAP version 13',
    '# Subtest: empty.test.js',
    'ok 1 - empty.test.js',
    'ok 2 - adds',
    '1..2',
  ];
  expect(parseTestResults(tap.join('\n'))).toEqual({ passed: ['adds'], failed: [] });
  const spec = [
    'plain output',
    '✔ printed by the app',
    '✔ AC-1: adds (1.5ms)',
    '﹣ AC-2: skipped (0.1ms) # SKIP',
    '✔ test/empty.test.js (30.1ms)',
    '▶ suite',
    '  ✔ in suite (0.2ms)',
    '  ✖ breaks (0.3ms)',
    '✖ suite (1.2ms)',
    '✖ broken.test.js (51.2ms)',
    'ℹ tests 6',
    'ℹ suites 1',
    '',
    '✖ failing tests:',
    '',
    'test at test/a.test.js:3:1',
    '✖ breaks (0.3ms)',
  ];
  expect(parseTestResults(spec.join('\n'))).toEqual({ passed: ['AC-1: adds', 'suite > in suite'], failed: ['suite > breaks', 'broken.test.js'] });
});

test('Jest and Vitest, verbose', () => {
  const jest = [
    'PASS src/a.spec.ts',
    '  adding',
    '    ✓ adds (3 ms)',
    '    ✓ adds within 20ms',
    '    ○ skipped later',
    '    ✎ todo soon',
    'FAIL src/b.spec.ts',
    '  ✕ breaks (12 ms)',
    '  ● breaks',
  ];
  expect(parseTestResults(jest.join('\n'))).toEqual({ passed: ['adds', 'adds within 20ms'], failed: ['breaks'] });
  const vitest = [
    ' ✓ test/a.test.ts > suite > adds 3ms',
    ' ↓ test/a.test.ts > later',
    ' ❯ test/b.test.ts (2 tests | 1 failed) 9ms',
    '   × suite > breaks 5ms',
    ' ✓ test/c.test.ts (3 tests) 5ms',
  ];
  expect(parseTestResults(vitest.join('\n'))).toEqual({ passed: ['test/a.test.ts > suite > adds'], failed: ['suite > breaks'] });
});

test('a name that passed here and failed there failed; nothing is found in other text', () => {
  expect(parseTestResults('✔ same (1ms)\n✖ same (1ms)')).toEqual({ passed: [], failed: ['same'] });
  expect(parseTestResults('')).toEqual({ passed: [], failed: [] });
  expect(parseTestResults('ok\nall good\nnot ok at all')).toEqual({ passed: [], failed: [] });
});

describe('coverage of acceptance criteria', () => {
  const criteria = (...tests: [string, string][]) => ({
    acceptance_criteria: ['AC-1', 'AC-2'].map((id) => ({ id, text: `text of ${id}`, source: null })),
    coverage: tests.map(([criterion_id, test]) => ({ criterion_id, test })),
  });
  const statusOf = (tests: [string, string][], passed: string[], failed: string[] = []) =>
    coverCriteria(criteria(...tests), passed, failed).map(({ status }) => status);

  test('covered only where the named test ran and passed', () => {
    expect(coverCriteria(criteria(['AC-1', 'adds']), ['adds'], [])).toEqual([
      { criterion_id: 'AC-1', text: 'text of AC-1', test: 'adds', status: 'covered' },
      { criterion_id: 'AC-2', text: 'text of AC-2', test: null, status: 'not_run' },
    ]);
    expect(
      statusOf(
        [
          ['AC-1', 'adds'],
          ['AC-2', 'never ran'],
        ],
        ['adds more', 'added'],
        ['x'],
      ),
    ).toEqual(['not_run', 'not_run']);
    expect(statusOf([['AC-1', 'adds']], ['a > adds'], ['b > adds'])).toEqual(['failed', 'not_run']);
  });

  test('by full path, by its last part, and a suite for all within it', () => {
    expect(
      statusOf(
        [
          ['AC-1', 'suite > adds'],
          ['AC-2', 'adds'],
        ],
        ['file.js > suite > adds'],
      ),
    ).toEqual(['covered', 'covered']);
    expect(
      statusOf(
        [
          ['AC-1', 'suite'],
          ['AC-2', 'other'],
        ],
        ['suite > a', 'other > b'],
        ['suite > c'],
      ),
    ).toEqual(['failed', 'covered']);
    expect(statusOf([['AC-1', 'sui']], ['suite > a'])).toEqual(['not_run', 'not_run']);
  });

  test('several tests: all are needed, and the one that lacks is named', () => {
    const [first] = coverCriteria(criteria(['AC-1', 'a'], ['AC-1', 'b']), ['a'], []);
    expect(first).toMatchObject({ status: 'not_run', test: 'b' });
  });
});
