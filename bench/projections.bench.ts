import { randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { ArtifactsModule } from '#artifacts';
import { AuditModule } from '#audit';
import { HitlModule } from '#hitl';
import { OrchestratorEventsModule } from '#orchestrator';
import { EventLog, PlatformModule, ReadModels, type EventStore } from '#platform';
import { ProjectsModule } from '#projects';
import { RequirementsChatModule } from '#requirements-chat';
import { TasksModule } from '#tasks';
import { ProjectionsHost } from '../apps/worker/src/projections.host.js';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import { foldingLoader, upsertAnEvent } from './peers/loaders.js';
import { benchConfig, openLog, storedEvent } from './product-log.js';
import { quotient } from './report.js';
import { elapsedMs, inRounds } from './workload.js';

const EACH = 10;

/** Making the read tables anew from a log of tasks, ten events each. */
const projections: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  try {
    const count = quick ? 5_000 : 100_000;
    report.progress('filling the log');
    const url = await engines.database({ migrated: true });
    const log = await openLog(url);
    await fill(log.store, count);
    await log.close();
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    pool.on('error', () => undefined);
    await pool.query('VACUUM ANALYZE event_log.events');
    const names = ['Countersign', 'folding loader', 'one upsert an event'] as const;
    const found = await inRounds(quick ? 1 : 3, names, async (name) => {
      report.progress(name);
      if (name === 'Countersign') return count / ((await rebuildMs(url, pool, count / EACH)) / 1_000);
      if (name === 'folding loader') return count / ((await elapsedMs(() => foldingLoader(pool, count))) / 1_000);
      const some = Math.min(count, 10_000);
      return some / ((await elapsedMs(() => upsertAnEvent(pool, some))) / 1_000);
    });
    await pool.end();
    report.note(`${count.toLocaleString('en')} events over ${(count / EACH).toLocaleString('en')} tasks, fsync on; medians of ${quick ? 1 : 3}.`);
    report.note(
      'Countersign: the host of the projections as the worker starts it, all read tables, each event validated against its schema, checkpoints in the same',
    );
    report.note(
      'transaction as the rows. Folding loader: reads the same events in pages of 1,000, folds them in memory, one bulk upsert a page, nothing validated.',
    );
    report.table({
      title: 'events folded into read tables a second',
      columns: [{ name: 'rebuild' }],
      rows: names.map((name) => ({ name, cells: [found[name]] })),
    });
    report.ratios({ name: 'rebuild / folding loader', value: quotient(found.Countersign, found['folding loader']), aim: { at_least: 0.8 } });
  } finally {
    await engines.stop();
  }
};
export default projections;

/** From empty tables and checkpoints until the read models say that they hold the whole log. */
async function rebuildMs(url: string, pool: pg.Pool, tasks: number): Promise<number> {
  const { rows } = await pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'read_models'`);
  await pool.query(`TRUNCATE ${rows.map(({ name }) => `read_models.${name}`).join(', ')}`);
  const contexts = [AuditModule, ProjectsModule, RequirementsChatModule, TasksModule, HitlModule, ArtifactsModule, OrchestratorEventsModule];
  const app = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(benchConfig(url)), ...contexts],
    providers: [ProjectionsHost],
  }).compile();
  app.useLogger(['error']);
  const head = await app.get(EventLog).store.head();
  const ms = await elapsedMs(async () => {
    await app.init();
    if (!(await app.get(ReadModels).waitFor(head, 600_000))) throw new Error('the read models did not come up with the log');
  });
  await app.close();
  const made = await pool.query<{ count: string }>('SELECT count(*) FROM read_models.tasks WHERE progress > 0');
  if (Number(made.rows[0]!.count) !== tasks) throw new Error(`${made.rows[0]!.count} tasks were made of ${tasks}`);
  return ms;
}

async function fill(store: EventStore, count: number): Promise<void> {
  let left = count / EACH;
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const [project, task_id, run_id] = [randomUUID(), randomUUID(), randomUUID()];
      const of = { task_id, run_id, attempt: 1 };
      const handoff_in = { handoff_type: 'planning_request', sha256: 'a'.repeat(64), bytes: 2_000 };
      const assigned = { ...of, agent_type: 'architect', purpose: 'plan', instructions: 'Plan it.', round: 0, handoff_in };
      const events = [
        storedEvent(project, JSON.stringify(assigned), 'task.assigned'),
        storedEvent(project, JSON.stringify({ ...of, brain: 'bench' }), 'task.started'),
        ...Array.from({ length: EACH - 2 }, (_, n) =>
          storedEvent(project, JSON.stringify({ ...of, progress: n * 10 + 1, stage: `step ${n}` }), 'task.progressed'),
        ),
      ];
      await store.append(`task-${task_id}`, 'no_stream', events);
    }
  };
  await Promise.all(Array.from({ length: 64 }, write));
}
