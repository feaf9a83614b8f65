import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Doorbell } from './doorbell.js';
import { comparePositions, START, type Position } from './event-store.js';

/** How long a command's answer waits for the read models. */
const PATIENCE_MS = 2_000;
const POLL_MS = 100;

export interface Page<R> {
  readonly items: R[];
  readonly next_cursor: string | null;
}

/** Reads of the read models, and the knowledge of how far they have come. */
@Injectable()
export class ReadModels {
  private reached: Position = START;

  constructor(
    private readonly database: DataSource,
    private readonly doorbell: Doorbell,
  ) {}

  rows<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    return this.database.query<R[]>(sql, values as unknown[]);
  }

  async row<R>(sql: string, values: readonly unknown[] = []): Promise<R | null> {
    return (await this.rows<R>(sql, values))[0] ?? null;
  }

  /** True once every read model holds the position; false when that takes longer than the patience. Never throws for being late. */
  async waitFor(position: Position, patienceMs = PATIENCE_MS, signal?: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    while (comparePositions(this.reached, position) < 0) {
      const rung = this.doorbell.next('countersign_read_models', POLL_MS, signal);
      this.reached = await this.position();
      if (comparePositions(this.reached, position) >= 0) break;
      if (Date.now() >= deadline || signal?.aborted) return false;
      await rung;
    }
    return true;
  }

  /** The position up to which all read models that are not parked have come. */
  async position(): Promise<Position> {
    const row = await this.row<{ position: string | null }>(
      `SELECT min(position)::text AS position FROM read_models.checkpoints WHERE parked_reason IS NULL AND name LIKE 'read:%'`,
    );
    return row?.position ?? START;
  }

  /** The worker processes that said they are there within the last half minute, and what their sandboxes cannot hold. */
  workers(): Promise<{ sandbox: string; gaps: string[] }[]> {
    return this.rows(`SELECT sandbox, gaps FROM read_models.workers WHERE seen_at > now() - interval '30 seconds' ORDER BY worker_id`);
  }

  /** What stands still, and why. */
  parked(): Promise<{ name: string; parked_reason: string }[]> {
    return this.rows('SELECT name, parked_reason FROM read_models.checkpoints WHERE parked_reason IS NOT NULL ORDER BY name');
  }
}
