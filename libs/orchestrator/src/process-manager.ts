import { Inject, Injectable, Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  DATABASE,
  Doorbell,
  EventIdConflict,
  EventLog,
  fold,
  holding,
  LEASE_MS,
  noteStandstill,
  pause,
  readable,
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
import { CopiedInputs } from './copied-inputs.js';
import { IntentDispatcher } from './intent-dispatcher.js';
import { HEARD, limitsOf, toPipelineInput } from './input-mapping.js';
import { isStillToDo } from './pipeline-fork.workflow.js';
import type { PipelineInput } from './pipeline-inputs.events.js';
import { orchestrationStream, type OrchestratorEvent, type PipelineIntent } from './pipeline.events.js';
import type { PipelineState } from './pipeline-state.workflow.js';
import { pipelineWorkflow } from './pipeline.workflow.js';
import { RunRescue } from './run-rescue.js';

type Run = NonNullable<PipelineState['run']>;

/** What is on record of a run's decisions. */
interface KnownRun {
  readonly state: PipelineState;
  /** By the input that was decided about. */
  readonly decided: Map<string, { readonly event_id: string; readonly intents: readonly PipelineIntent[] }>;
  /** The last input that decided something. */
  readonly input_position: Position;
}

const CHECKPOINT = 'orchestrator';
const PAGE = 200;
const POLL_MS = 1_000;
const RETRY_MS = 500;
/** How long work goes on before the checkpoint follows it. */
const TURN_MS = 250;
/** How long it waits for more before it lets go. */
const LINGER_MS = 50;
/** Runs whose decisions are kept in memory. */
const MOST_RUNS = 2_000;
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
  private readonly runs = new Map<string, KnownRun>();
  /** Where this process left the checkpoint; while it is there, nobody else has decided anything. */
  private left: Position | undefined;
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
        await pause(RETRY_MS);
      }
    }
  }

  /** Works on what follows in the log; false where there is nothing to do or another process has the lease. */
  private advance(): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = ${LEASE_MS}`);
      const rows = await manager.query<{ position: Position }[]>(
        'SELECT position::text FROM read_models.checkpoints WHERE name = $1 FOR UPDATE SKIP LOCKED',
        [CHECKPOINT],
      );
      if (!rows[0]) return false;
      const [{ position }] = rows as [{ position: Position }];
      // Where another process has moved the checkpoint, it has made decisions that are not known here.
      if (position !== this.left) this.runs.clear();
      this.left = undefined;
      const reached = await holding(manager, this.workThrough(position));
      if (reached === position) {
        this.left = position;
        return false;
      }
      await manager.query('UPDATE read_models.checkpoints SET position = $2, parked = NULL, updated_at = now() WHERE name = $1', [
        CHECKPOINT,
        reached,
      ]);
      this.left = reached;
      return true;
    });
  }

  /**
   * Takes page after page for a while: the inputs of one run in order, those of other runs beside it.
   * @returns the position up to which everything is done
   * @throws what an input failed with, once all that was begun has ended
   */
  private async workThrough(from: Position): Promise<Position> {
    const until = Date.now() + TURN_MS;
    const busy = new Map<string, Promise<void>>();
    const copied = new CopiedInputs(this.log);
    let position = from;
    let failure: { readonly error: unknown } | undefined;
    let rung: Promise<void> | undefined;
    /** Nothing is begun after a failure: of the run that failed, no later input may overtake the one that has to be tried again. */
    const workOn = async (event: RecordedEvent, input: PipelineInput, before: Promise<void> | undefined): Promise<void> => {
      await before;
      if (failure) return;
      await this.handleInput(event, input, copied).catch((error: unknown) => (failure ??= { error }));
    };
    while (!failure && Date.now() < until && !this.stopping.signal.aborted) {
      rung ??= this.doorbell.next('countersign_events', LINGER_MS, this.stopping.signal);
      const entries = readable(await this.log.readNext(position, PAGE, { types: HEARD, copiesInPlace: true }));
      if (entries.length === 0 && busy.size === 0 && position !== from) break;
      for (const { event } of entries) {
        const input = !event || event.metadata.forked_from ? null : toPipelineInput(event);
        if (!event || !input) continue;
        const work = workOn(event, input, busy.get(input.run_id)).finally(() => busy.get(input.run_id) === work && busy.delete(input.run_id));
        busy.set(input.run_id, work);
      }
      position = entries.at(-1)?.stored.position ?? position;
      if (entries.length < PAGE) {
        await rung;
        rung = undefined;
      }
      if (position === from) break;
    }
    await Promise.all([...busy.values()]);
    if (failure) throw failure.error as Error;
    return position;
  }

  private async handleInput(event: RecordedEvent, input: PipelineInput, copied: CopiedInputs): Promise<void> {
    try {
      if (input.type === 'run_forked') await this.takeOver(event, input.run_id, copied);
      await this.handle(event, input);
      this.tries.delete(event.event_id);
    } catch (error) {
      this.runs.delete(input.run_id);
      const tries = (this.tries.get(event.event_id) ?? 0) + 1;
      this.tries.set(event.event_id, tries);
      if (tries < TRIES) throw error;
      this.logger.error(`run ${input.run_id} is failed after ${tries} tries of ${event.type} at ${event.position}: ${(error as Error).stack ?? ''}`);
      await this.rescue.failRun(event, input.run_id, await this.projectOf(event, input.run_id));
      this.tries.delete(event.event_id);
    }
  }

  /**
   * A run that was copied stands as its origin stood in the middle of its work: its last decision may be half carried out,
   * and what came after it not heard. Both are made good, without any agent being put to work; what is open is begun anew
   * by the decision about the fork itself.
   */
  private async takeOver(event: RecordedEvent, run_id: string, copied: CopiedInputs): Promise<void> {
    const history = await this.history(run_id);
    if (history.some(({ data }) => data.input_event_id === event.event_id)) return;
    const last = history.findLast(({ metadata }) => metadata.forked_from);
    if (last) {
      const { run } = fold(
        pipelineWorkflow,
        history.flatMap(({ data }) => data.intents),
      );
      const { input_event_id } = last.data;
      const decision = { input_event_id, correlation_id: last.metadata.correlation_id, decided_event_id: last.event_id };
      await this.dispatcher.dispatch(run!, last.data.intents, decision, isStillToDo);
    }
    const heard = last?.data.input_position ?? START;
    for (const copy of await copied.of(event.metadata.project_id!, run_id, event.position))
      if (comparePositions(copy.event.position, heard) > 0) await this.handle(copy.event, copy.input, isStillToDo);
  }

  private async handle(event: RecordedEvent, input: PipelineInput, wanted?: (intent: PipelineIntent) => boolean): Promise<void> {
    const known = this.runs.get(input.run_id) ?? (await this.load(input.run_id));
    const { state } = known;
    const { event_id: input_event_id, metadata } = event;
    const { correlation_id } = metadata;
    if (state.run && input.type === 'run_reopened') await this.dispatcher.makeGood(state.run, await this.history(input.run_id));
    const earlier = known.decided.get(input_event_id);
    if (earlier) {
      await this.dispatcher.dispatch(state.run!, earlier.intents, { input_event_id, correlation_id, decided_event_id: earlier.event_id }, wanted);
      return;
    }
    // An input from before the last decision that is not on record decided nothing then, and decides nothing now.
    if (comparePositions(event.position, known.input_position) <= 0) return;
    const intents = pipelineWorkflow.decide(input, state);
    if (intents.length === 0) return;
    const after = intents.reduce((before, intent) => pipelineWorkflow.evolve(before, intent), state);
    const run = after.run!;
    const decided_event_id = await this.record(event, run, intents, known.decided.size);
    known.decided.set(input_event_id, { event_id: decided_event_id, intents });
    this.remember(input.run_id, { state: after, decided: known.decided, input_position: event.position });
    await this.dispatcher.dispatch(run, intents, { input_event_id, correlation_id, decided_event_id }, wanted);
  }

  private async load(runId: string): Promise<KnownRun> {
    const history = await this.history(runId);
    const folded = fold(
      pipelineWorkflow,
      history.flatMap(({ data }) => data.intents),
    );
    const known: KnownRun = {
      state: await this.withLimits(folded),
      decided: new Map(history.map(({ data, event_id }) => [data.input_event_id, { event_id, intents: data.intents }])),
      input_position: history.at(-1)?.data.input_position ?? START,
    };
    if (history.length > 0) this.remember(runId, known);
    return known;
  }

  private history(runId: string): Promise<RecordedEvent<OrchestratorEvent>[]> {
    return this.log.readStream<OrchestratorEvent>(orchestrationStream(runId));
  }

  /** The runs that were decided about last are kept; the others are read again when they are needed. */
  private remember(runId: string, known: KnownRun): void {
    this.runs.delete(runId);
    this.runs.set(runId, known);
    for (const [oldest] of this.runs) {
      if (this.runs.size <= MOST_RUNS) break;
      this.runs.delete(oldest);
    }
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
  private async projectOf(event: RecordedEvent, runId: string): Promise<string | null> {
    if (event.metadata.project_id !== null) return event.metadata.project_id;
    const [first] = await this.history(runId);
    return first?.metadata.project_id ?? null;
  }
}
