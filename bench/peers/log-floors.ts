import pg from 'pg';

/** Appends one event to a stream that must have this revision, and returns when it is durable. */
export interface Appender {
  append(stream: string, revision: number, data: string): Promise<void>;
  readonly close: () => Promise<void>;
}

/** A log as one writes it by hand: a sequence for the order, a unique revision for the concurrency. It loses events for who follows it. */
const TABLE = `CREATE TABLE events (
  position bigserial PRIMARY KEY, event_id uuid NOT NULL DEFAULT gen_random_uuid(), stream text NOT NULL, revision integer NOT NULL, type text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(), metadata text NOT NULL DEFAULT '{}', data text NOT NULL, UNIQUE (stream, revision))`;

async function plainPool(url: string, max: number): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  await pool.query(TABLE);
  return pool;
}

/** One statement, and so one transaction and one wait for the disk, an event. */
export async function transactionAnEvent(url: string, writers: number): Promise<Appender> {
  const pool = await plainPool(url, writers);
  return {
    async append(stream, revision, data) {
      await pool.query({
        name: 'append',
        text: 'INSERT INTO events (stream, revision, type, data) VALUES ($1, $2, $3, $4)',
        values: [stream, revision, 'happened', data],
      });
    },
    close: () => pool.end(),
  };
}

/** Appends that arrive while a commit is under way share the next one, each with its own outcome; nothing else that a log needs. */
export async function sharedCommits(url: string): Promise<Appender> {
  const pool = await plainPool(url, 1);
  interface Pending {
    stream: string;
    revision: number;
    data: string;
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
      try {
        const { rows } = await pool.query<{ stream: string; revision: number }>({
          name: 'append',
          text: `INSERT INTO events (stream, revision, type, data) SELECT stream, revision, 'happened', data FROM unnest($1::text[], $2::int[], $3::text[]) AS given(stream, revision, data)
                 ON CONFLICT (stream, revision) DO NOTHING RETURNING stream, revision`,
          values: [batch.map(({ stream }) => stream), batch.map(({ revision }) => revision), batch.map(({ data }) => data)],
        });
        const stored = new Set(rows.map(({ stream, revision }) => `${stream} ${revision}`));
        for (const { stream, revision, settle, fail } of batch) {
          if (stored.has(`${stream} ${revision}`)) settle();
          else fail(new Error('wrong revision'));
        }
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    committing = false;
  };
  return {
    append: (stream, revision, data) =>
      new Promise((settle, fail) => {
        waiting.push({ stream, revision, data, settle, fail });
        if (!committing) void commit();
      }),
    close: () => pool.end(),
  };
}

/** Fills the plain log from within the server. */
export async function fillPlainLog(url: string, events: number, streams: number, bytes: number): Promise<pg.Pool> {
  const pool = await plainPool(url, 2);
  await pool.query(
    `INSERT INTO events (stream, revision, type, data)
     SELECT 'stream-' || n % $2, n / $2, 'happened', json_build_object('n', n, 'entity', n % $2, 'text', repeat('x', $3)) FROM generate_series(0, $1::int - 1) AS n`,
    [events, streams, bytes],
  );
  await pool.query('VACUUM ANALYZE events');
  return pool;
}

/** The whole plain log in order, a page after the other. */
export async function keysetPages(
  pool: pg.Pool,
  page: number,
  onPage: (rows: { position: string; data: string }[]) => Promise<void>,
): Promise<number> {
  let position = '0';
  let events = 0;
  for (;;) {
    const { rows } = await pool.query<{ position: string; data: string }>({
      name: 'page',
      text: 'SELECT position, event_id, stream, revision, type, recorded_at, metadata, data FROM events WHERE position > $1 ORDER BY position LIMIT $2',
      values: [position, page],
    });
    if (rows.length === 0) return events;
    await onPage(rows);
    events += rows.length;
    position = rows.at(-1)!.position;
  }
}
