import type pg from 'pg';
import type { ChainReport, Position, StoredEvent } from './event-store.js';
import { EVENT_COLUMNS, readEvent, type EventRow, type LogSchema } from './postgres-event-columns.js';
import { verifyChains } from './postgres-verifier.js';

/** Reads a table of events and its heads: the log itself, or the audit table that is filled from another engine's log. */
export class PostgresEventsTable {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: LogSchema,
  ) {}

  /** Identity of the log that the table holds; null for an audit table that was never written to. */
  async storeId(): Promise<string | null> {
    const { rows } = await this.pool.query<{ store_id: string | null }>(`SELECT store_id FROM ${this.schema}.head`);
    return rows[0]!.store_id;
  }

  async head(): Promise<Position> {
    const { rows } = await this.pool.query<{ position: string }>(`SELECT position::text FROM ${this.schema}.head`);
    return rows[0]!.position;
  }

  async readStream(stream: string, fromRevision: number): Promise<StoredEvent[]> {
    return this.select('stream = $1 AND revision >= $2 ORDER BY events.revision', [stream, fromRevision], 'stream');
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<StoredEvent[]> {
    return until === undefined
      ? this.select('project_id = $1 AND position > $2 ORDER BY events.position LIMIT $3', [projectId, after, limit], 'project')
      : this.select('project_id = $1 AND position > $2 AND position <= $4 ORDER BY events.position LIMIT $3', [projectId, after, limit, until]);
  }

  async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    return this.select('position > $1 ORDER BY events.position LIMIT $2', [after, limit], 'all');
  }

  verify(projectIds: readonly string[]): Promise<ChainReport[]> {
    return verifyChains(this.pool, this.schema, projectIds);
  }

  /** @param name prepares the statement under it, for those that are asked over and over */
  private async select(condition: string, values: unknown[], name?: string): Promise<StoredEvent[]> {
    const text = `SELECT ${EVENT_COLUMNS} FROM ${this.schema}.events WHERE ${condition}`;
    const { rows } = await this.pool.query<[...EventRow]>({ text, values, rowMode: 'array', ...(name && { name: `${this.schema} ${name}` }) });
    return rows.map(readEvent);
  }
}
