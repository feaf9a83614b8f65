import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EventStore } from '#platform';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import type { MemoryFigures } from './memory-process.js';
import { openLog, storedEvent } from './product-log.js';

/** Whether the process grows with the log: booted and serving on a log of hardly any projects, and of very many. */
const memory: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  try {
    const sizes = quick ? [10, 2_000] : [10, 100_000];
    const rows: { name: string; cells: number[] }[] = [];
    for (const projects of sizes) {
      report.progress(`a log of ${projects} projects`);
      const url = await engines.database({ migrated: true });
      const log = await openLog(url);
      await fill(log.store, projects);
      await log.close();
      const { booted, caught_up, served } = await measure(url, join(engines.folder, String(projects)), quick ? 10 : 200);
      const cells = [booted, caught_up, served].flatMap(({ heap_mb, rss_mb }) => [heap_mb, rss_mb]);
      rows.push({ name: `${projects.toLocaleString('en')} projects in the log`, cells });
    }
    const columns = ['booted', 'read tables made', 'after serving'].flatMap((when) => [`${when}: heap`, 'RSS'].map((name) => ({ name })));
    report.note(
      'MB, heap after a full garbage collection. Serving: the whole pipeline for new projects, 16 at a time, then a page of each list over HTTP.',
    );
    report.table({ title: 'memory', columns, rows });
    const [small, large] = rows as [(typeof rows)[0], (typeof rows)[0]];
    report.ratios({ name: 'heap after serving, large log / small log', value: large.cells[4]! / small.cells[4]!, aim: { at_most: 1.2 } });
  } finally {
    await engines.stop();
  }
};
export default memory;

function measure(databaseUrl: string, folder: string, serve: number): Promise<MemoryFigures> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'memory-process.ts'), [JSON.stringify({ databaseUrl, folder, serve })], {
      execArgv: ['--expose-gc', '--import', join(import.meta.dirname, 'loader.js')],
    });
    child.on('message', (figures: MemoryFigures) => resolve(figures));
    child.on('exit', (code) => reject(new Error(`the measured process ended early (${String(code)})`)));
  });
}

/** Projects of strangers: each is there, with no run to be worked on. */
async function fill(store: EventStore, count: number): Promise<void> {
  let left = count;
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const project_id = randomUUID();
      const created = { project_id, owner_id: project_id, name: 'a project', product_idea: 'x'.repeat(200), generation_spec: null };
      await store.append(`project-${project_id}`, 'no_stream', [storedEvent(project_id, JSON.stringify(created), 'project.created')]);
    }
  };
  await Promise.all(Array.from({ length: 128 }, write));
}
