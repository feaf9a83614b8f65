import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { GATE_AFTER, handoff, STEPS, type Engines, type Pipeline } from './pipeline.js';

type Store = (project: string, step: string, data: unknown) => Promise<void>;

/** The least that is durable: each result, the question and the answer is a row that is on disk before the next step begins. */
async function rows({ databaseUrl }: Engines, connections: number, storing: (pool: pg.Pool) => Store): Promise<Pipeline> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE results (project text NOT NULL, step text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (project, step))');
  const store = storing(pool);
  return {
    async run(id) {
      await store(id, 'begun', handoff(id));
      let waited = 0;
      for (let step = 1; step <= STEPS; step += 1) {
        await store(id, `step ${step}`, handoff(id));
        if (step !== GATE_AFTER) continue;
        await store(id, 'question', {});
        const answered = performance.now();
        await store(id, 'answer', { action: 'approve' });
        waited = performance.now() - answered;
      }
      return waited;
    },
    close: () => pool.end(),
  };
}

export const plainRows = (engines: Engines): Promise<Pipeline> =>
  rows(engines, 16, (pool) => async (project, step, data) => {
    await pool.query({ name: 'store', text: 'INSERT INTO results VALUES ($1, $2, $3)', values: [project, step, JSON.stringify(data)] });
  });

/** The rows of projects that are under way at the same moment share a commit. */
export const rowsWithSharedCommits = (engines: Engines): Promise<Pipeline> =>
  rows(engines, 1, (pool) => {
    interface Pending {
      values: [string, string, string];
      settle: () => void;
      fail: (error: unknown) => void;
    }
    let waiting: Pending[] = [];
    let committing = false;
    const commit = async () => {
      committing = true;
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        const column = (index: 0 | 1 | 2) => batch.map(({ values }) => values[index]);
        await pool
          .query({
            name: 'store',
            text: 'INSERT INTO results SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[])',
            values: [column(0), column(1), column(2)],
          })
          .then(
            () => batch.forEach(({ settle }) => settle()),
            (error: unknown) => batch.forEach(({ fail }) => fail(error)),
          );
      }
      committing = false;
    };
    return (project, step, data) =>
      new Promise((settle, fail) => {
        waiting.push({ values: [project, step, JSON.stringify(data)], settle, fail });
        if (!committing) void commit();
      });
  });
