import type pg from 'pg';
import { START, type Position } from './event-store.js';
import { GENESIS, type HashedEvent } from './hash-chain.js';
import type { LogSchema } from './postgres-event-columns.js';

/** An event with the links that are stored beside it. */
export interface LinkedEvent extends HashedEvent {
  readonly project_id: string | null;
  readonly log_link: Buffer;
  readonly project_link: Buffer | null;
}

/** Where a chain ends. */
export interface ChainEnd {
  readonly position: Position;
  readonly link: Buffer;
}

const COLUMNS = 'position::text, event_id, stream, revision, type, version, metadata, data, project_id, log_link, project_link';

/**
 * The hash chains as they are stored: in the log itself, or in the audit table where another engine holds the log. A chain
 * is named by its project; the log's own is `null`.
 */
export class Chains {
  constructor(
    private readonly pool: pg.Pool,
    readonly schema: LogSchema,
    /** Waits until the chains hold all that is in the log now. */
    readonly reach: () => Promise<void>,
  ) {}

  async end(projectId: string | null): Promise<ChainEnd> {
    const { rows } = await this.pool.query<ChainEnd>(
      projectId === null
        ? `SELECT position::text, link FROM ${this.schema}.head`
        : `SELECT position::text, link FROM ${this.schema}.project_heads WHERE project_id = $1`,
      projectId === null ? [] : [projectId],
    );
    return rows[0] ?? { position: START, link: GENESIS };
  }

  /** Events of a chain behind a position, in order, and up to `until` where given. */
  async read(projectId: string | null, after: Position, limit: number, until?: Position): Promise<LinkedEvent[]> {
    const values: unknown[] = [after, limit];
    const also = (condition: string, value: unknown): string => {
      if (value === null || value === undefined) return '';
      values.push(value);
      return ` AND ${condition} $${values.length}`;
    };
    const { rows } = await this.pool.query<LinkedEvent>(
      `SELECT ${COLUMNS} FROM ${this.schema}.events
        WHERE position > $1${also('project_id =', projectId)}${also('position <=', until)} ORDER BY events.position LIMIT $2`,
      values,
    );
    return rows;
  }

  /** The events at these positions, in order; those that are not there are left out. */
  async at(positions: readonly Position[]): Promise<LinkedEvent[]> {
    const { rows } = await this.pool.query<LinkedEvent>(
      `SELECT ${COLUMNS} FROM ${this.schema}.events WHERE position = ANY($1::bigint[]) ORDER BY events.position`,
      [positions],
    );
    return rows;
  }

  /** How many events the log has behind a position; `most` where there are more. */
  async countBehind(after: Position, most: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM (SELECT FROM ${this.schema}.events WHERE position > $1 LIMIT $2) AS behind`,
      [after, most],
    );
    return rows[0]!.count;
  }
}
