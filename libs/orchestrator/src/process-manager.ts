import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import {
  DATABASE,
  Doorbell,
  EventIdConflict,
  EventLog,
  fold,
  noteStandstill,
  registerCheckpoints,
  stableId,
  START,
  WrongExpectedRevision,
  comparePositions,
  type EventMetadata,
  type Position,
  type RecordedEvent,
} from '#platform';
import { projectStream, type ProjectEvent } from '#projects';
import { IntentDispatcher } from './intent-dispatcher.js';
import { limitsOf, toPipelineInput } from './input-mapping.js';
import type { PipelineInput } from './pipeline-inputs.events.js';
import { orchestrationStream, type OrchestratorEvent, type PipelineIntent } from './pipeline.events.js';
import type { PipelineState } from './pipeline-state.workflow.js';
import { pipelineWorkflow } from './pipeline.workflow.js';
import { RunRescue } from './run-rescue.js';

type Run = NonNullable<PipelineState['run']>;

const CHECKPOINT = 'orchestrator';
const PAGE = 200;
const POLL_MS = 1_000;
const RETRY_MS = 500;
/** A process that shows no sign of life for this long, such as a frozen one, loses the lease to another. */
const LEASE_MS = 5_000;
/** How often one input is tried before its run is failed, so that it does not hold up the others. */
const TRIES = 6;

/**
 * The orchestrator: follows the log, decides once for every input, and carries the decision out. A decision is one append
 * to the run's own stream; its intents are carried out before the checkpoint moves on. Killed in between, the next process
 * finds the decision and carries it out again, which changes nothing that was done. The checkpoint's row lock is the lease.
 */
@Injectable()
export class ProcessManager {
  private readonly logger = new Logger('Orchestrator');
  private readonly stopping = new AbortController();
  private readonly tries = new Map<string, number>();
  private running: Promise<void> | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Doorbell) private readonly doorbell: Doorbell,
    @Inject(IntentDispatcher) private readonly dispatcher: IntentDispatcher,
    @Inject(RunRescue) private readonly rescue: RunRescue,
  ) {}

  async start(): Promise<void> {
    await registerCheckpoints(this.database, await this.log.store.storeId(), [CHECKPOINT]);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const rung = this.doorbell.next('countersign_events', POLL_MS, signal);
      try {
        if (!(await this.advance())) await rung;
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn(`will try again: ${(error as Error).message}`);
        await noteStandstill(this.database, CHECKPOINT, error).catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** Takes one page of the log; false where there is nothing to do or another process has the lease. */
  private advance(): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${LEASE_MS}`);
      const rows = await manager.query<{ position: Position }[]>(
        'SELECT position::text FROM read_models.checkpoints WHERE name = $1 FOR UPDATE SKIP LOCKED',
        [CHECKPOINT],
      );
      if (!rows[0]) return false;
      const events = await this.log.readAll(rows[0].position, PAGE);
      if (events.length === 0) return false;
      const byRun = new Map<string, { event: RecordedEvent; input: PipelineInput }[]>();
      for (const event of events) {
        const input = toPipelineInput(event);
        if (input) byRun.set(input.run_id, [...(byRun.get(input.run_id) ?? []), { event, input }]);
      }
      const outcomes = await this.holding(manager, Promise.allSettled([...byRun.values()].map((inputs) => this.handleRun(inputs))));
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason as Error;
      await manager.query('UPDATE read_models.checkpoints SET position = $2, parked = NULL, updated_at = now() WHERE name = $1', [
        CHECKPOINT,
        events.at(-1)!.position,
      ]);
      return true;
    });
  }

  /** Keeps the transaction, and with it the lease, for as long as the work takes. */
  private async holding<T>(manager: EntityManager, work: Promise<T>): Promise<T> {
    let sign: Promise<unknown> = Promise.resolve();
    const signs = setInterval(() => (sign = manager.query('SELECT 1').catch(() => undefined)), LEASE_MS / 5);
    try {
      return await work;
    } finally {
      clearInterval(signs);
      await sign;
    }
  }

  /** Inputs of one run, in order; those of other runs go on beside it. */
  private async handleRun(inputs: readonly { event: RecordedEvent; input: PipelineInput }[]): Promise<void> {
    for (const { event, input } of inputs) {
      try {
        await this.handle(event, input);
        this.tries.delete(event.event_id);
      } catch (error) {
        const tries = (this.tries.get(event.event_id) ?? 0) + 1;
        this.tries.set(event.event_id, tries);
        if (tries < TRIES) throw error;
        this.logger.error(
          `run ${input.run_id} is failed after ${tries} tries of ${event.type} at ${event.position}: ${(error as Error).stack ?? ''}`,
        );
        await this.rescue.failRun(event, input.run_id, await this.projectOf(event, orchestrationStream(input.run_id)));
        this.tries.delete(event.event_id);
      }
    }
  }

  private async handle(event: RecordedEvent, input: PipelineInput): Promise<void> {
    const stream = orchestrationStream(input.run_id);
    const history = await this.log.readStream<OrchestratorEvent>(stream);
    const earlier = history.find(({ data }) => data.input_event_id === event.event_id);
    const folded = fold(
      pipelineWorkflow,
      history.flatMap(({ data }) => data.intents),
    );
    const state = await this.withLimits(folded);
    const { event_id: input_event_id, metadata } = event;
    const { correlation_id } = metadata;
    if (state.run && input.type === 'run_reopened') await this.dispatcher.makeGood(state.run, history);
    if (earlier) {
      await this.dispatcher.dispatch(state.run!, earlier.data.intents, { input_event_id, correlation_id, decided_event_id: earlier.event_id });
      return;
    }
    // An input from before the last decision that is not on record decided nothing then, and decides nothing now.
    if (comparePositions(event.position, history.at(-1)?.data.input_position ?? START) <= 0) return;
    const intents = pipelineWorkflow.decide(input, state);
    if (intents.length === 0) return;
    const run = intents.reduce((before, intent) => pipelineWorkflow.evolve(before, intent), state).run!;
    const decided_event_id = await this.record(event, run, intents, history.length);
    await this.dispatcher.dispatch(run, intents, { input_event_id, correlation_id, decided_event_id });
  }

  /** A run that was begun before its limits were noted in its own stream has them in its project's, where they never change. */
  private async withLimits(state: PipelineState): Promise<PipelineState> {
    const { run } = state;
    if (!run || run.limits) return state;
    const project = await this.log.readStream<ProjectEvent>(projectStream(run.project_id));
    const requested = project.find((event) => event.type === 'run.requested' && event.data.run_id === run.run_id);
    return requested?.type === 'run.requested' ? { ...state, run: { ...run, limits: limitsOf(requested.data) } } : state;
  }

  private async record(event: RecordedEvent, { run_id, project_id }: Run, intents: readonly PipelineIntent[], revision: number): Promise<string> {
    const stream = orchestrationStream(run_id);
    const decided: OrchestratorEvent = {
      type: 'orchestrator.decided',
      data: { run_id, input_event_id: event.event_id, input_position: event.position, intents: [...intents] },
    };
    const command_id = stableId('decide', run_id, event.event_id);
    const metadata: EventMetadata = {
      timestamp: new Date().toISOString(),
      actor: 'orchestrator',
      owner_id: event.metadata.owner_id,
      project_id,
      run_id,
      correlation_id: event.metadata.correlation_id,
      causation_id: event.event_id,
      command_id,
      request_hash: null,
    };
    try {
      await this.log.append(stream, revision === 0 ? 'no_stream' : revision - 1, [decided], metadata);
    } catch (error) {
      // Another process has decided: read again what it decided.
      if (error instanceof WrongExpectedRevision || error instanceof EventIdConflict)
        throw new Error(`another process works on run ${run_id}`, { cause: error });
      throw error;
    }
    return stableId(command_id, stream, 0);
  }

  /** Events of a person's allowance name no project; the run's own stream does. */
  private async projectOf(event: RecordedEvent, stream: string): Promise<string | null> {
    if (event.metadata.project_id !== null) return event.metadata.project_id;
    const [first] = await this.log.readStream<OrchestratorEvent>(stream);
    return first?.metadata.project_id ?? null;
  }
}
