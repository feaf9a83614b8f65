import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Doorbell } from './doorbell.js';
import type { DataKeys } from './event-codec.js';
import { comparePositions, laterPosition, START, type Position } from './event-store.js';
import type { Checkpoint } from './projection-checkpoints.js';
import type { Standstill } from './projection-standstill.js';
import { openWords } from './sealed-words.js';

/** How long a command's answer waits for the read models. */
const PATIENCE_MS = 2_000;
const POLL_MS = 100;

export interface Page<R> {
  readonly items: R[];
  readonly next_cursor: string | null;
}

/** A worker process, as it said of itself. */
export interface WorkerView {
  readonly sandbox: string;
  readonly gaps: string[];
  readonly model: { readonly status: 'ok' | 'degraded' | 'down' | 'not_configured'; readonly reason: string };
}

/** How a rebuild beside the live tables is getting on. */
export interface RebuildState {
  readonly version: number;
  readonly requests: number;
  readonly position: Position;
  /** Where the log ended when it was last looked. */
  readonly target: Position;
  /** Events read, and the time that took, over all processes that worked on it. */
  readonly events: number;
  readonly working_ms: number;
  readonly stopped: Standstill | null;
  /** ISO 8601. */
  readonly started_at: string;
}

export interface ProjectionState extends Checkpoint {
  readonly updated_at: Date;
  readonly rebuild: RebuildState | null;
}

/** Where queries read: the live tables, or their rows as they were. */
export type Reads = Pick<ReadModels, 'rows' | 'row'>;

/** Reads of the read models, and the knowledge of how far they have come. */
@Injectable()
export class ReadModels {
  private reached: Position = START;
  private looking: Promise<Position> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly doorbell: Doorbell,
    private readonly keys: DataKeys,
  ) {}

  /** Rows with what people wrote opened; what was erased is `[erased]`. */
  async rows<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return openWords(await this.database.query<R[]>(sql, values as unknown[]), this.keys);
  }

  async row<R>(sql: string, values: readonly unknown[] = []): Promise<R | null> {
    return (await this.rows<R>(sql, values))[0] ?? null;
  }

  /** True once every read model holds the position; false when that takes longer than the patience. Never throws for being late. */
  async waitFor(position: Position, patienceMs = PATIENCE_MS, signal?: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    while (comparePositions(this.reached, position) < 0) {
      const rung = this.doorbell.next('countersign_read_models', POLL_MS, signal);
      // Many wait at a time, and one look is enough for all.
      this.reached = laterPosition(this.reached, await (this.looking ??= this.look()));
      if (comparePositions(this.reached, position) >= 0) break;
      if (Date.now() >= deadline || signal?.aborted) return false;
      await rung;
    }
    return true;
  }

  private look(): Promise<Position> {
    return this.position().finally(() => (this.looking = undefined));
  }

  /** The position up to which all read models that are not parked have come. */
  async position(): Promise<Position> {
    const row = await this.row<{ position: string | null }>(
      `SELECT min(position)::text AS position FROM read_models.checkpoints WHERE parked IS NULL AND name LIKE 'read:%'`,
    );
    return row?.position ?? START;
  }

  /** The worker processes that said they are there within the last half minute, what their sandboxes cannot hold, and how they fare with the model. */
  workers(): Promise<WorkerView[]> {
    return this.rows(`SELECT sandbox, gaps, model FROM read_models.workers WHERE seen_at > now() - interval '30 seconds' ORDER BY worker_id`);
  }

  /** What stands still, and before which event: followers of the log, and rebuilds. */
  standstills(): Promise<{ name: string; rebuild: boolean; stands: Standstill }[]> {
    return this.rows(`
      SELECT name, false AS rebuild, parked AS stands FROM read_models.checkpoints WHERE parked IS NOT NULL
      UNION ALL SELECT name, true, stopped FROM read_models.rebuilds WHERE stopped IS NOT NULL ORDER BY name, rebuild`);
  }

  /** How the projections of these names stand. */
  projections(names: readonly string[]): Promise<ProjectionState[]> {
    return this.rows(
      `SELECT c.name, c.position::text, c.version, c.parked, c.rebuilds_done, c.updated_at,
              CASE WHEN r.name IS NOT NULL THEN json_build_object('version', r.version, 'requests', r.requests, 'position', r.position::text,
                'target', r.target::text, 'events', r.events, 'working_ms', r.working_ms, 'stopped', r.stopped, 'started_at', r.started_at) END AS rebuild
         FROM read_models.checkpoints c LEFT JOIN read_models.rebuilds r USING (name) WHERE c.name = ANY($1) ORDER BY c.name`,
      [names],
    );
  }
}
