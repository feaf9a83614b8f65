import type pg from 'pg';

interface StoredTaskEvent {
  readonly position: string;
  readonly type: string;
  readonly at: string;
  readonly data: string;
}
interface TaskRow {
  task_id: string;
  status: string;
  progress: number;
  stage: string;
  instructions: string;
  handoff: unknown;
  updated_at: string;
  position: string;
}

/** Of the three types together: each has some of it. */
interface TaskData {
  readonly task_id: string;
  readonly instructions: string;
  readonly handoff_in: unknown;
  readonly progress: number;
  readonly stage: string;
}

const PAGE = 1_000;
const TABLE = `DROP TABLE IF EXISTS loaded; CREATE TABLE loaded (task_id uuid PRIMARY KEY, status text NOT NULL, progress integer NOT NULL, stage text NOT NULL,
  instructions text NOT NULL, handoff jsonb NOT NULL, updated_at timestamptz NOT NULL, position bigint NOT NULL)`;

async function eachPage(pool: pg.Pool, count: number, work: (events: StoredTaskEvent[]) => Promise<void>): Promise<void> {
  let position = '0';
  for (let done = 0; done < count;) {
    const { rows } = await pool.query<StoredTaskEvent>({
      name: 'page',
      text: 'SELECT position::text, type, recorded_at::text AS at, data FROM event_log.events WHERE position > $1 ORDER BY events.position LIMIT $2',
      values: [position, PAGE],
    });
    if (rows.length === 0) return;
    await work(rows);
    done += rows.length;
    position = rows.at(-1)!.position;
  }
}

function fold(before: TaskRow | undefined, { type, at, data, position }: StoredTaskEvent): TaskRow {
  const { task_id, instructions, handoff_in, progress, stage } = JSON.parse(data) as TaskData;
  if (type === 'task.assigned' || !before)
    return { task_id, status: 'pending', progress: 0, stage: '', instructions, handoff: handoff_in, updated_at: at, position };
  if (type === 'task.started') return { ...before, status: 'working', updated_at: at, position };
  return { ...before, progress, stage, updated_at: at, position };
}

/** What a table can be made with at best by hand: a page is folded in memory, and one statement a page writes its rows. */
export async function foldingLoader(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(TABLE);
  await eachPage(pool, count, async (events) => {
    const ids = [...new Set(events.map(({ data }) => (JSON.parse(data) as { task_id: string }).task_id))];
    const known = await pool.query<TaskRow>({ name: 'known', text: 'SELECT * FROM loaded WHERE task_id = ANY($1)', values: [ids] });
    const rows = new Map(known.rows.map((row) => [row.task_id, row]));
    for (const event of events) {
      const { task_id } = JSON.parse(event.data) as { task_id: string };
      rows.set(task_id, fold(rows.get(task_id), event));
    }
    await pool.query({
      name: 'load',
      text: `INSERT INTO loaded SELECT * FROM json_populate_recordset(NULL::loaded, $1::json)
             ON CONFLICT (task_id) DO UPDATE SET status = excluded.status, progress = excluded.progress, stage = excluded.stage, updated_at = excluded.updated_at, position = excluded.position`,
      values: [JSON.stringify([...rows.values()])],
    });
  });
}

/** What a projection does that is given one event at a time: a statement, and so a commit, for each. */
export async function upsertAnEvent(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(TABLE);
  await eachPage(pool, count, async (events) => {
    for (const event of events) {
      const { task_id } = JSON.parse(event.data) as { task_id: string };
      const row = fold(undefined, event);
      await pool.query({
        name: 'one',
        text: `INSERT INTO loaded VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (task_id) DO UPDATE SET status = excluded.status, progress = excluded.progress, stage = excluded.stage, updated_at = excluded.updated_at, position = excluded.position`,
        values: [
          task_id,
          row.status,
          row.progress,
          row.stage,
          row.instructions ?? '',
          JSON.stringify(row.handoff ?? null),
          row.updated_at,
          row.position,
        ],
      });
    }
  });
}
