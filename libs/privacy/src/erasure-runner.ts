import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AccountErasure } from '#identity';
import {
  AccessibleProjects,
  AgentJobs,
  comparePositions,
  ContentStore,
  DatabaseDataKeys,
  DomainError,
  Doorbell,
  EventLog,
  ReadModels,
  stableId,
  WatchLoop,
  type CommandMeta,
  type DomainCommand,
  type Receipt,
} from '#platform';
import { CancelRun } from '#projects';
import { CancelTask, TasksAtWork } from '#tasks';
import { RecordErasure } from './privacy.commands.js';
import { PendingErasures } from './privacy.queries.js';

const POLL_MS = 1_000;
/** How long it is waited for a person's work to end; what does not end by itself fails for want of the key. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 50;

/**
 * Carries out the erasures that people asked for. Every step may be done again without changing anything, and only the last one is on
 * record: killed in between, the next process begins anew, and two that work at the same time do what one would.
 */
@Injectable()
export class ErasureRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Privacy');
  private readonly loop: WatchLoop;

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(Doorbell) private readonly doorbell: Doorbell,
    @Inject(AgentJobs) private readonly jobs: AgentJobs,
    @Inject(DatabaseDataKeys) private readonly keys: DatabaseDataKeys,
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(AccountErasure) private readonly accounts: AccountErasure,
  ) {
    this.loop = new WatchLoop(doorbell, 'countersign_read_models', POLL_MS);
  }

  onApplicationBootstrap(): void {
    this.loop.start(
      async () => {
        for (const person of await this.queries.execute(new PendingErasures())) if (!this.loop.signal.aborted) await this.erase(person);
      },
      ({ message }) => this.logger.warn(`an erasure cannot go on and will be tried again: ${message}`),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Nobody acts in their name any more; what works for them stops; then the key goes, and with it all that they wrote. */
  private async erase(person: string): Promise<void> {
    await this.accounts.close(person);
    await this.stopWork(person);
    await this.keys.erase(person);
    await this.contents.erase(person);
    await this.accounts.remove(person);
    const { position } = await this.send(new RecordErasure({ person_id: person }, metaOf(person, 'record')));
    await this.reads.waitFor(position);
    this.logger.log(`person ${person} is erased`);
  }

  /** Cancels runs and tasks until none is left and the orchestrator has heard of it, so that little follows what is recorded as the last. */
  private async stopWork(person: string): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && !this.loop.signal.aborted;) {
      const before = await this.log.store.head();
      await this.reads.waitFor(before);
      for (const project_id of await this.queries.execute(new AccessibleProjects(person)))
        await this.send(new CancelRun({ project_id, run_id: null }, metaOf(person, `cancel ${project_id}`))).catch(unlessOver);
      const tasks = await this.queries.execute(new TasksAtWork(person));
      for (const { task_id, agent_type, attempt } of tasks) {
        await this.send(new CancelTask({ task_id }, metaOf(person, `cancel ${task_id}`))).catch(unlessOver);
        await this.jobs.remove(agent_type, { task_id, attempt });
      }
      const heard = await this.orchestratorHears(deadline);
      if (tasks.length === 0 && heard && (await this.log.store.head()) === before) return;
    }
  }

  private async orchestratorHears(deadline: number): Promise<boolean> {
    const head = await this.log.store.head();
    for (;;) {
      const [orchestrator] = await this.reads.projections(['orchestrator']);
      if (!orchestrator || orchestrator.parked) return false;
      if (comparePositions(orchestrator.position, head) >= 0) return true;
      if (Date.now() > deadline) return false;
      await this.doorbell.next('countersign_events', LOOK_MS, this.loop.signal);
    }
  }

  private send(command: DomainCommand<unknown>): Promise<Receipt> {
    return this.commands.execute(command);
  }
}

/** What has ended already, or was never carried out, needs no end. */
function unlessOver(error: unknown): void {
  if (!(error instanceof DomainError) || error.code === 'conflict' || error.code === 'unavailable') throw error;
}

/** Command ids derive from what is asked, so that asking twice does once. */
function metaOf(person: string, step: string): CommandMeta {
  const command_id = stableId('erasure', person, step);
  return {
    command_id,
    request_hash: null,
    now: new Date().toISOString(),
    actor: person,
    requester: person,
    owner_id: person,
    project_id: null,
    run_id: null,
    correlation_id: stableId('erasure', person),
    causation_id: stableId('erasure', person),
  };
}
