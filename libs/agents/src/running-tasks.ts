import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, EventLog, pause, type AgentJob, type Config, type Position } from '#platform';

/** Events after which nobody may go on working on a task. */
const ENDING = new Set(['task.interrupted', 'task.cancelled', 'task.retry_scheduled', 'task.failed', 'task.completed']);

/**
 * The attempts at work in this process. Follows the log and aborts what a pause, a cancellation or another worker has made
 * pointless; holds the number of agents at work at a time.
 */
@Injectable()
export class RunningTasks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Agents');
  private readonly atWork = new Map<string, AbortController>();
  private readonly queue: (() => void)[] = [];
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;
  /** Agents at work at a time, over all roles. */
  readonly limit: number;
  private free: number;

  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(CONFIG) config: Config,
  ) {
    this.limit = config.WORKERS;
    this.free = config.WORKERS;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.following = this.follow(await this.log.store.head());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Waits for a free place; `done` gives it back. A second job for the same task ends the first. */
  async begin({ task_id }: AgentJob): Promise<{ signal: AbortSignal; done: () => void }> {
    if (this.free === 0) await new Promise<void>((resolve) => this.queue.push(resolve));
    else this.free -= 1;
    this.atWork.get(task_id)?.abort();
    const controller = new AbortController();
    if (this.stopping.signal.aborted) controller.abort();
    this.atWork.set(task_id, controller);
    const done = () => {
      if (this.atWork.get(task_id) === controller) this.atWork.delete(task_id);
      const next = this.queue.shift();
      if (next) next();
      else this.free += 1;
    };
    return { signal: controller.signal, done };
  }

  abortAll(): void {
    for (const controller of this.atWork.values()) controller.abort();
  }

  private async follow(from: Position): Promise<void> {
    let position = from;
    while (!this.stopping.signal.aborted) {
      try {
        await this.log.store.subscribe(position, this.stopping.signal, async (events) => {
          for (const event of events) {
            if (ENDING.has(event.type)) this.atWork.get(event.stream.slice('task-'.length))?.abort();
            position = event.position;
          }
          await Promise.resolve();
        });
      } catch (error) {
        this.logger.warn(`following the log will be tried again: ${(error as Error).message}`);
        await pause(500);
      }
    }
  }
}
