import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DATABASE, newId } from '#platform';
import { ModelHealth } from './claude/model-health.js';
import { SANDBOX, type Sandbox } from '#sandbox';

/** How often a worker says that it is there; `/healthz` counts those that did within three times that. */
const BEAT_MS = 10_000;

/** Says that this worker is there, what its sandbox cannot hold, and how it fares with the model; forgets workers that have been silent for long. */
@Injectable()
export class WorkerPresence implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Agents');
  private readonly worker_id = newId();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(SANDBOX) private readonly sandbox: Sandbox,
    @Inject(ModelHealth) private readonly model: ModelHealth,
  ) {
    model.onChange(() => void this.beat());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.beat();
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.database.query('DELETE FROM read_models.workers WHERE worker_id = $1', [this.worker_id]).catch(() => undefined);
  }

  private async beat(): Promise<void> {
    try {
      await this.database.query(
        `INSERT INTO read_models.workers (worker_id, sandbox, gaps, model) VALUES ($1, $2, $3, $4)
         ON CONFLICT (worker_id) DO UPDATE SET seen_at = now(), model = excluded.model`,
        [this.worker_id, this.sandbox.kind, JSON.stringify(this.sandbox.gaps), JSON.stringify(this.model.state)],
      );
      await this.database.query(`DELETE FROM read_models.workers WHERE seen_at < now() - interval '1 hour'`);
    } catch (error) {
      this.logger.warn(`could not say that this worker is there: ${(error as Error).message}`);
    }
  }
}
