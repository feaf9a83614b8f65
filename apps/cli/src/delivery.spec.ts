import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveToFreeName, slug } from './delivery.js';

it.each([
  ['Tool library', 'tool-library'],
  ['Bücher & Äpfel: über alles!', 'bucher-apfel-uber-alles'],
  ['../../etc/passwd', 'etc-passwd'],
  ['-rf', 'rf'],
  ['図書館', 'app'],
  ['x'.repeat(100), 'x'.repeat(60)],
  [`${'x'.repeat(59)} y`, 'x'.repeat(59)],
])('names the file for %j %j', (name, expected) => {
  expect(slug(name)).toBe(expected);
});

it('overwrites nothing, also where several arrive at the same time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
  try {
    await writeFile(join(folder, 'app.zip'), 'mine');
    const drafts = ['one', 'two', 'three'];
    for (const draft of drafts) await writeFile(join(folder, draft), draft);
    const paths = await Promise.all(drafts.map((draft) => moveToFreeName(join(folder, draft), folder, 'app')));
    expect(new Set(paths).size).toBe(3);
    expect((await readdir(folder)).sort()).toEqual(['app-2.zip', 'app-3.zip', 'app-4.zip', 'app.zip']);
    expect(await readFile(join(folder, 'app.zip'), 'utf8')).toBe('mine');
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(drafts);
  } finally {
    await rm(folder, { recursive: true });
  }
});
