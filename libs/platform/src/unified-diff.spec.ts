import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unifiedDiff } from './unified-diff.js';

const files = (entries: Record<string, string>): Map<string, string> => new Map(Object.entries(entries));

test('equal trees give nothing', () => {
  expect(unifiedDiff(files({ a: 'x\n', b: '' }), files({ b: '', a: 'x\n' }))).toBe('');
});

test('changed, added, removed and empty files, in the order of their paths', () => {
  const before = files({ 'b.js': 'one\ntwo\nthree\n', 'c.js': 'gone\n', same: 'x' });
  const after = files({ 'a.js': 'new\n', 'b.js': 'one\n2\nthree\n', same: 'x', 'z.js': '' });
  expect(unifiedDiff(before, after)).toBe(
    [
      '--- /dev/null',
      '+++ b/a.js',
      '@@ -0,0 +1 @@',
      '+new',
      '--- a/b.js',
      '+++ b/b.js',
      '@@ -1,3 +1,3 @@',
      ' one',
      '-two',
      '+2',
      ' three',
      '--- a/c.js',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-gone',
      '--- /dev/null',
      '+++ b/z.js',
      '',
    ].join('\n'),
  );
});

test('a missing line end is a difference', () => {
  expect(unifiedDiff(files({ a: 'x' }), files({ a: 'x\n' }))).toContain('-x\n\\ No newline at end of file\n+x\n');
});

test('far changes are separate hunks, near ones are one', () => {
  const numbered = (changed: number[]): string =>
    Array.from({ length: 40 }, (_, index) => `line ${index}${changed.includes(index) ? ' changed' : ''}\n`).join('');
  expect(unifiedDiff(files({ a: numbered([]) }), files({ a: numbered([5, 30]) })).match(/^@@.*@@$/gm)).toEqual([
    '@@ -3,7 +3,7 @@',
    '@@ -28,7 +28,7 @@',
  ]);
  expect(unifiedDiff(files({ a: numbered([]) }), files({ a: numbered([5, 11]) })).match(/^@@.*@@$/gm)).toEqual(['@@ -3,13 +3,13 @@']);
});

test('patch(1) makes the new file of the old one, or the edits lead there, for random files', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const text = (): string => Array.from({ length: random(40) }, () => `${'abcdef'.charAt(random(6))}\n`).join('') + (random(3) === 0 ? 'end' : '');
  const folder = mkdtempSync(join(tmpdir(), 'diff-'));
  const patch = spawnSync('patch', ['--version']).status === 0;
  try {
    for (let round = 0; round < 300; round += 1) {
      const before = text();
      const after = text();
      const diff = unifiedDiff(files({ f: before }), files({ f: after }));
      const body = diff
        .split('\n')
        .slice(2)
        .filter((line) => /^[+-]/.test(line));
      if (before === after) continue;
      const counted = (mark: string, lines: string): boolean => body.filter((line) => line.startsWith(mark)).length <= lines.split('\n').length;
      expect(counted('-', before) && counted('+', after)).toBe(true);
      if (!patch || round >= 40) continue;
      writeFileSync(join(folder, 'f'), before);
      const applied = spawnSync('patch', ['-p1', '-s', '--posix', '-d', folder], { input: diff });
      expect(applied.status).toBe(0);
      expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
      rmSync(join(folder, 'f'));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('files that have nothing in common are replaced whole, in little time', () => {
  const many = (word: string): string => Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('');
  const started = performance.now();
  const diff = unifiedDiff(files({ a: many('old') }), files({ a: many('new') }), Number.MAX_SAFE_INTEGER);
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(diff).toContain('@@ -1,20000 +1,20000 @@\n-old 0\n');
});

test('what is over the limit is cut at a line end, with a note', () => {
  const diff = unifiedDiff(files({}), files({ a: 'abc\n'.repeat(1_000) }), 200);
  expect(diff.length).toBeLessThanOrEqual(200);
  expect(diff).toMatch(/\+abc\n\[the diff goes on; it was cut here\]\n$/);
});

test('binary content is named, not shown', () => {
  expect(unifiedDiff(files({ a: '\0' }), files({ a: 'x' }))).toBe('--- a/a\n+++ b/a\nBinary files differ\n');
});
