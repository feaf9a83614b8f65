import pg from 'pg';
import { AuditTable } from './audit-table.js';
import { survivesLoss } from './database.js';
import { Doorbell } from './doorbell.js';
import { comparePositions, type EventStore, type Position, type StoredEvent } from './event-store.js';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { GENESIS, nextLink } from './hash-chain.js';
import { openEventStore } from './open-event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';

/** Why a log is not copied, in a sentence that says what to do; what was copied before stays. */
export class LogCopyRefused extends Error {}

/** One end of a copy: a log, and the PostgreSQL that it is in or works with. */
export interface LogEnd {
  readonly engine: 'PostgreSQL' | 'EventStoreDB';
  readonly store: EventStore;
  readonly storeId: string;
  /** Puts events behind those that are there, all of them in order; what was put there stays, whatever happens then. */
  append(events: readonly StoredEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** Longest that the audit table may take to come up with a log that was just copied. */
const AUDIT_MS = 600_000;
/** Most bytes of events in one append, well below what EventStoreDB takes by default. */
const MOST_BYTES = 512 * 1024;

/** A pool under the database's owner: the application's role may append through its function only, at positions of its own. */
export function copyPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 3, application_name: 'countersign-copy', onConnect: survivesLoss });
  pool.on('error', () => undefined);
  return pool;
}

export async function hasEventLog(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ there: boolean }>(`SELECT to_regclass('event_log.head') IS NOT NULL AS there`);
  return rows[0]!.there;
}

export async function postgresEnd(pool: pg.Pool): Promise<LogEnd> {
  const store = new PostgresEventStore(pool, new Doorbell());
  return {
    engine: 'PostgreSQL',
    store,
    storeId: await store.storeId(),
    append: (events) => insertBehind(pool, events),
    close: async () => undefined,
  };
}

/** @param pool of the database with the audit table that belongs to this log, or is still empty */
export async function eventStoreDbEnd(url: string, pool: pg.Pool): Promise<LogEnd> {
  const doorbell = new Doorbell();
  const store = (await openEventStore(url, pool, new AuditTable(pool, doorbell, AUDIT_MS), doorbell)) as EventStoreDbEventStore;
  return {
    engine: 'EventStoreDB',
    store,
    storeId: await store.storeId(),
    append: async (events) => {
      for (const group of sideBySide(events)) {
        const { stream, revision } = group[0]!;
        await store.append(stream, revision === 0 ? 'no_stream' : revision - 1, group);
      }
    },
    close: async () => {
      await store.close();
      await doorbell.close();
    },
  };
}

/** Events that follow each other in one stream, in groups that one append takes. */
function sideBySide(events: readonly StoredEvent[]): StoredEvent[][] {
  const groups: StoredEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    const last = groups.at(-1);
    if (last?.[0]!.stream === event.stream && bytes + size <= MOST_BYTES) {
      last.push(event);
      bytes += size;
    } else {
      groups.push([event]);
      bytes = size;
    }
  }
  return groups;
}

/**
 * Inserts events at the positions they have, behind the last one, with both chains, in one transaction. The same bytes at the
 * same positions have the same chains.
 */
async function insertBehind(pool: pg.Pool, events: readonly StoredEvent[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows: heads } = await client.query<{ position: Position; link: Buffer }>('SELECT position::text, link FROM event_log.head FOR UPDATE');
    if (comparePositions(events[0]!.position, heads[0]!.position) <= 0)
      throw new LogCopyRefused(
        `The log of --to ends at position ${heads[0]!.position}, and what follows in that of --from begins before it. Copy into an empty database.`,
      );
    const { rows: known } = await client.query<{ project_id: string; link: Buffer }>(
      'SELECT project_id, link FROM event_log.project_heads WHERE project_id = ANY($1)',
      [[...new Set(events.map(({ project_id }) => project_id))]],
    );
    let link = heads[0]!.link;
    const projects = new Map(known.map((row) => [row.project_id, { link: row.link, position: '' }]));
    const rows = events.map((event) => {
      link = nextLink(link, event);
      const { project_id, position } = event;
      if (project_id !== null) projects.set(project_id, { link: nextLink(projects.get(project_id)?.link ?? GENESIS, event), position });
      const project_link = project_id === null ? null : hex(projects.get(project_id)!.link);
      return { ...event, recorded_at: event.timestamp, log_link: hex(link), project_link };
    });
    await client.query(`INSERT INTO event_log.events SELECT * FROM jsonb_populate_recordset(NULL::event_log.events, $1::jsonb)`, [
      JSON.stringify(rows),
    ]);
    await client.query(
      `INSERT INTO event_log.project_heads SELECT * FROM jsonb_populate_recordset(NULL::event_log.project_heads, $1::jsonb)
       ON CONFLICT (project_id) DO UPDATE SET position = excluded.position, link = excluded.link`,
      [JSON.stringify([...projects].map(([project_id, head]) => ({ project_id, position: head.position, link: hex(head.link) })))],
    );
    await client.query('UPDATE event_log.head SET position = $1, link = $2', [events.at(-1)!.position, link]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** As PostgreSQL reads bytes from text. */
const hex = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;
