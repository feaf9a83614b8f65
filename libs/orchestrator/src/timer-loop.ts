import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Doorbell, pause, ReadModels, stableId } from '#platform';
import { orchestratorMeta } from './orchestrator-meta.js';
import { FireTimer } from './timer.commands.js';
import type { TimerRow } from './timer.projection.js';
import { GetAgenda } from './timer.queries.js';

/** However often the read models ring, the agenda is not read more often than this. */
const QUIET_MS = 200;
const RETRY_MS = 1_000;

/**
 * Lets timers go off when they are due: sleeps until the next one, or until the read models ring because one may have been
 * set. Every worker has such a loop; who comes first appends `timer.fired`, and the others find it on record.
 */
@Injectable()
export class TimerLoop {
  /** A bell may be lost, the machine may sleep and the clock may be put right: nothing is waited for longer than this. */
  protected readonly longestWaitMs: number = 10_000;
  private readonly logger = new Logger('Timers');
  private running: Promise<void> | undefined;
  private stopped = false;
  /** Ends the present sleep. */
  private turn = new AbortController();

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(Doorbell) private readonly doorbell: Doorbell,
    @Inject(ReadModels) private readonly reads: ReadModels,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.turn.abort();
    await this.running;
  }

  /** The wall clock, in ms since 1970. */
  protected now(): number {
    return Date.now();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const { signal } = (this.turn = new AbortController());
      // Heard from here on, so that a timer which is set while the agenda is read is not slept through.
      const rung = this.doorbell.next('countersign_read_models', this.longestWaitMs, signal);
      const wait = Math.min(this.longestWaitMs, Math.max(0, (await this.fireDue()) - this.now()));
      if (!this.stopped) await Promise.race([pause(wait, signal), Promise.all([rung, pause(Math.min(QUIET_MS, wait), signal)])]);
      this.turn.abort();
    }
  }

  /** @returns when to look again at the latest, in ms since 1970 */
  private async fireDue(): Promise<number> {
    try {
      const now = this.now();
      const { due, next } = await this.queries.execute(new GetAgenda(now));
      const outcomes = await Promise.allSettled(due.map((timer) => this.fire(timer, now)));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason as Error;
      return due.length > 0 ? now + QUIET_MS : (next ?? Infinity);
    } catch (error) {
      if (!this.stopped) this.logger.warn(`what is due will be tried again: ${(error as Error).message}`);
      return this.now() + RETRY_MS;
    }
  }

  private async fire({ timer_id, set_by, correlation_id, ...run }: TimerRow, now: number): Promise<void> {
    const meta = orchestratorMeta(run, stableId('fire', timer_id), { correlation_id, causation_id: set_by });
    const { position } = await this.commands.execute(new FireTimer({ timer_id }, { ...meta, now: new Date(now).toISOString(), actor: 'timer' }));
    // The agenda then has it no more.
    await this.reads.waitFor(position);
  }
}
