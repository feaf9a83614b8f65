import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import {
  asDomainError,
  Doorbell,
  DomainError,
  EventIdConflict,
  pause,
  ReadModels,
  stableId,
  UnreadableEvent,
  WatchLoop,
  WrongExpectedRevision,
} from '#platform';
import { CompleteFork, FailFork, OpenForks, type OpenFork } from '#projects';
import { ForkCopier } from './fork-copier.js';
import { orchestratorMeta } from './orchestrator-meta.js';

const POLL_MS = 1_000;
const RETRY_MS = 500;
/** Forks that are made at the same time. */
const AT_ONCE = 8;
/** How often a copy is tried that fails for a reason of its own; a database that is away is waited for. */
const TRIES = 6;

/** Makes the forks that were asked for. Every worker has such a loop: what one has copied, the others find on record. */
@Injectable()
export class ForkLoop {
  private readonly logger = new Logger('Forks');
  private readonly atWork = new Map<string, Promise<void>>();
  private readonly tries = new Map<string, number>();
  private readonly loop: WatchLoop;

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(Doorbell) doorbell: Doorbell,
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ForkCopier) private readonly copier: ForkCopier,
  ) {
    this.loop = new WatchLoop(doorbell, 'countersign_read_models', POLL_MS);
  }

  start(): void {
    this.loop.start(
      async () => {
        for (const fork of await this.queries.execute(new OpenForks())) this.begin(fork);
      },
      ({ message }) => this.logger.warn(`looking for forks will be tried again: ${message}`),
    );
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.atWork.values());
  }

  /** Beside the others; one that is being made already, or too many, is left for another look. */
  private begin(fork: OpenFork): void {
    if (this.atWork.size >= AT_ONCE || this.atWork.has(fork.project_id)) return;
    const { signal } = this.loop;
    const work = this.make(fork)
      .catch(async (error: unknown) => {
        if (signal.aborted) return;
        this.logger.warn(`making fork ${fork.project_id} will be tried again: ${(error as Error).message}`);
        await pause(RETRY_MS, signal);
      })
      .finally(() => this.atWork.delete(fork.project_id));
    this.atWork.set(fork.project_id, work);
  }

  private async make(fork: OpenFork): Promise<void> {
    const { project_id } = fork;
    let ended;
    try {
      const copied = await this.copier.copy(fork, this.loop.signal);
      ended = new CompleteFork({ project_id, ...copied }, metaOf(fork, 'complete_fork'));
    } catch (error) {
      const reason = this.whyNever(fork, error);
      if (reason === null) throw error;
      const what = `fork ${project_id} of project ${fork.origin_project_id} has failed`;
      if (error instanceof UnreadableEvent) this.logger.warn(`${what}: ${error.message}`);
      else this.logger.error(`${what}: ${(error as Error).stack ?? String(error)}`);
      ended = new FailFork({ project_id, reason }, metaOf(fork, 'fail_fork'));
    }
    const { position } = await this.commands.execute(ended);
    this.tries.delete(project_id);
    // The list then has it no more.
    await this.reads.waitFor(position);
  }

  /** Why the copy will never succeed; null where it is to be tried again. */
  private whyNever({ project_id }: OpenFork, error: unknown): string | null {
    if (this.loop.signal.aborted) return null;
    if (error instanceof UnreadableEvent) return `The history cannot be copied: ${error.message}.`;
    // Another worker is a step ahead; or the database is away.
    if (error instanceof WrongExpectedRevision || error instanceof EventIdConflict || asDomainError(error).code === 'unavailable') return null;
    const tries = (this.tries.get(project_id) ?? 0) + 1;
    this.tries.set(project_id, tries);
    if (tries < TRIES) return null;
    return error instanceof DomainError ? error.detail : 'The history could not be copied; the server log says why. Fork the project again.';
  }
}

const metaOf = ({ project_id, owner_id, correlation_id, requested_by }: OpenFork, what: string) => ({
  ...orchestratorMeta({ project_id, run_id: '', owner_id }, stableId(what, project_id), { correlation_id, causation_id: requested_by }),
  run_id: null,
});
