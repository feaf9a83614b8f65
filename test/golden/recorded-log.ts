import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { StoredEvent } from '../../libs/platform/src/event-store.js';
import { positionOf, rawAppend } from '../support/raw-append.js';

const FOLDER = join(import.meta.dirname, 'logs');
/** What a run needs beside the log: whose it is, and the contents that its events name. */
const TABLES = ['identity.users', 'identity.data_keys', 'contents.blobs', 'contents.chunks'] as const;

/** The whole log of an installation at one moment, as a version of the program wrote it, with unfinished projects in it. */
export interface RecordedLog {
  readonly email: string;
  /** Project ids by what each of them was doing. */
  readonly projects: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<(typeof TABLES)[number], readonly object[]>>;
  readonly events: readonly StoredEvent[];
}

/** Names of the recordings, oldest first. */
export const recordedLogs = (): string[] => readdirSync(FOLDER).sort();

export const readLog = (name: string): RecordedLog => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as RecordedLog;

/** Writes the log of a running installation into a file of that name. */
export async function recordLog(name: string, url: string, email: string, projects: RecordedLog['projects']): Promise<void> {
  await withDatabase(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const rows = async (sql: string): Promise<object[]> => (await client.query<{ row: object }>(sql)).rows.map(({ row }) => row);
    const tables: Record<string, object[]> = {};
    for (const one of TABLES) tables[one] = await rows(`SELECT to_jsonb(t) AS row FROM ${one} t`);
    const events =
      await rows(`SELECT to_jsonb(t) - 'log_link' - 'project_link' || jsonb_build_object('position', position::text, 'timestamp', recorded_at)
      AS row FROM event_log.events t ORDER BY position`);
    writeFileSync(join(FOLDER, name), `${JSON.stringify({ email, projects, tables, events }, null, 1)}\n`);
  });
}

/** Fills an empty, migrated database with a recording: every event at the position where it stood, the last decision as the last input that was heard. */
export async function loadLog(url: string, { tables, events }: RecordedLog): Promise<void> {
  await withDatabase(url, async (client) => {
    const store = async (target: string, rows: readonly object[]) =>
      client.query(`INSERT INTO ${target} SELECT * FROM json_populate_recordset(NULL::${target}, $1)`, [JSON.stringify(rows)]);
    for (const one of TABLES) await store(one, tables[one]);
    for (const event of events) {
      const expected = event.revision === 0 ? 'no_stream' : event.revision - 1;
      const [outcome] = await rawAppend(client, [{ stream: event.stream, expected, events: [event] }]);
      if (positionOf(outcome) !== event.position) throw new Error(`${event.type} should stand at ${event.position}: ${JSON.stringify(outcome)}`);
    }
    const heard = events.flatMap(({ type, data }) => (type === 'orchestrator.decided' ? [Number((JSON.parse(data) as Decided).input_position)] : []));
    await client.query(`INSERT INTO read_models.checkpoints (name, store_id, position) SELECT 'orchestrator', store_id, $1 FROM event_log.head`, [
      Math.max(...heard),
    ]);
  });
}

interface Decided {
  readonly input_position: string;
}

async function withDatabase(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
