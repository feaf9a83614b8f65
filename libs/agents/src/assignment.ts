import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { HANDOFFS, type AgentEngine, type AgentType, type BlockReport, type CheckResult, type HandoffContent, type HandoffType } from '#contracts';
import {
  CONFIG,
  ContentStore,
  DomainError,
  EventLog,
  LiveTexts,
  newId,
  retryDelaysMs,
  type AgentJob,
  type CommandMeta,
  type Config,
  type ContentRef,
  type DomainCommand,
  type Receipt,
  type RecordedEvent,
} from '#platform';
import { redact } from '#sandbox';
import { ReserveSpending, SettleSpending, type SpendingLimits, type SpendingScope } from '#spending';
import {
  BlockTask,
  CompleteTask,
  FailTask,
  RecordChecks,
  RecordToolCall,
  RecordToolResult,
  RecordTurn,
  ReportProgress,
  StartTask,
  taskStream,
  type HandoffRef,
  type TaskEvent,
  type TaskOutcome,
  type TaskPurpose,
} from '#tasks';
import type { ModelContext } from './brain.js';
import { Blocked } from './claude/turns.js';
import { TaskTurns } from './task-turns.js';

/** Which limit does not allow a request, and what a person's approval adds: as much again, and at least what is needed. */
function overspent({ extensions }: DomainError, limits: SpendingLimits): BlockReport['budget'] {
  const { scope, id, allowed_micro_usd, used_micro_usd, needed_micro_usd } = extensions as {
    scope: SpendingScope;
    id: string;
    allowed_micro_usd: number;
    used_micro_usd: number;
    needed_micro_usd: number;
  };
  const added_micro_usd = Math.max(1, limits[scope] ?? 0, used_micro_usd + needed_micro_usd - allowed_micro_usd);
  return { scope, id, allowed_micro_usd, used_micro_usd, added_micro_usd };
}

/** What an attempt of a task follows from. */
const MAKES_DUE: ReadonlySet<string> = new Set<TaskEvent['type']>(['task.assigned', 'task.reissued', 'task.retry_scheduled']);

/** The beginning of a tool's answer, for people, in characters. */
const SUMMARY = 400;

/** The answer to a task: one handoff, and what of it decides how the run goes on. */
export interface AgentAnswer<T extends HandoffType = HandoffType> {
  readonly handoff_type: T;
  readonly content: HandoffContent<T>;
  readonly outcome?: Partial<TaskOutcome>;
  /** Checks that are not on record yet. */
  readonly checks?: readonly CheckResult[];
}

/** One attempt of one task, as an agent sees it. */
export class Assignment {
  private readonly attempt: AgentJob & { readonly holder: string };

  constructor(
    private readonly desk: AssignmentDesk,
    readonly job: AgentJob,
    readonly project_id: string,
    readonly run_id: string,
    readonly owner_id: string,
    readonly agent_type: AgentType,
    readonly engine: AgentEngine | null,
    readonly purpose: TaskPurpose,
    readonly round: number,
    private readonly handoff_in: HandoffRef,
    /** The event that made this attempt due, and what it belongs to. */
    private readonly due: { readonly event_id: string; readonly correlation_id: string },
    private history: readonly TaskEvent[],
  ) {
    this.attempt = { ...job, holder: newId() };
  }

  /**
   * The handoff the task begins with.
   * @throws Error where it is of another type or breaks its schema
   */
  async handoff<T extends HandoffType>(type: T): Promise<HandoffContent<T>> {
    if (this.handoff_in.handoff_type !== type) throw new Error(`a ${this.purpose} task needs a ${type}, not a ${this.handoff_in.handoff_type}`);
    return HANDOFFS[type].schema.parse(await this.desk.contents.getJson(this.owner_id, this.handoff_in.sha256)) as HandoffContent<T>;
  }

  /** @throws DomainError stale_attempt or task_closed where the attempt is not wanted any more */
  async start(brain: string): Promise<void> {
    const { revision } = await this.desk.send(new StartTask({ ...this.attempt, brain }, this.meta()));
    // Somebody has been at it meanwhile: what they have on record counts.
    if (revision !== this.history.length) this.history = await this.desk.historyOf(this.job.task_id);
  }

  async progress(percent: number, stage: string): Promise<void> {
    await this.desk.send(
      new ReportProgress({ ...this.attempt, progress: Math.round(Math.min(100, Math.max(0, percent))), stage: stage.slice(0, 200) }, this.meta()),
    );
  }

  async recordChecks(checks: readonly CheckResult[]): Promise<void> {
    await this.desk.send(new RecordChecks({ ...this.attempt, checks }, this.meta()));
  }

  store(content: Buffer | string): Promise<ContentRef> {
    return this.desk.contents.put(this.owner_id, content);
  }

  readFile(sha256: string): Promise<Buffer> {
    return this.desk.contents.get(this.owner_id, sha256);
  }

  /** What the task's conversations with a model go through. */
  async modelContext(progress: (stage: string) => Promise<void>): Promise<ModelContext> {
    const { desk, job, owner_id, project_id, agent_type } = this;
    const log = await TaskTurns.load({
      history: this.history,
      read: (hash) => desk.contents.getJson(this.owner_id, hash),
      store: (content) => desk.contents.putJson(this.owner_id, content),
      recordTurn: async ({ loop, number, request_hash, prompt, prompt_hash, request_id, usage, message }, entry) => {
        await desk.send(
          new RecordTurn(
            { ...this.attempt, loop, number, request_hash, prompt, prompt_hash, request_id, stop_reason: message.stop_reason, usage, entry },
            this.meta(),
          ),
        );
      },
      recordTool: async ({ loop, call_id, name, is_error, result }, entry) => {
        await desk.send(
          new RecordToolResult({ ...this.attempt, loop, call_id, name, is_error, summary: result.slice(0, SUMMARY), entry }, this.meta()),
        );
      },
    });
    return {
      log,
      purse: { reserve: (micro_usd) => this.reserve(micro_usd) },
      onText: (loop, text) => desk.live.say({ owner_id, project_id, task_id: job.task_id, agent_type, loop, text }),
      onToolCall: async (loop, { id: call_id, name }, subject) => {
        await desk.send(new RecordToolCall({ ...this.attempt, loop, call_id, name, subject: redact(subject) }, this.meta()));
      },
      onWait: (reason, ms) => progress(`${reason} Trying again in ${Math.ceil(ms / 1_000)} s.`),
    };
  }

  /** @throws Blocked where a limit does not allow it */
  private async reserve(micro_usd: number): Promise<(micro_usd: number) => Promise<void>> {
    const { desk, job, project_id, run_id, owner_id } = this;
    const reservation_id = newId();
    const meta = (): CommandMeta => ({ ...this.meta(), project_id: null });
    try {
      await desk.send(
        new ReserveSpending({ user_id: owner_id, reservation_id, project_id, run_id, task_id: job.task_id, micro_usd, limits: desk.limits }, meta()),
      );
    } catch (error) {
      if (error instanceof DomainError && error.code === 'budget_exceeded') throw new Blocked('budget', error.detail, overspent(error, desk.limits));
      throw error;
    }
    return async (spent) => {
      await desk.send(new SettleSpending({ user_id: owner_id, reservation_id, micro_usd: spent }, meta()));
    };
  }

  /** Puts it to a person that the task cannot go on. */
  async block({ why: cause, message, budget }: Blocked): Promise<void> {
    const report: BlockReport = { task_id: this.job.task_id, cause, reason: redact(message).slice(0, 4_000), budget };
    const stored = await this.desk.contents.putJson(this.owner_id, report);
    await this.desk.send(new BlockTask({ ...this.attempt, cause, report: { handoff_type: 'block_report', ...stored } }, this.meta()));
  }

  /** Validates the answer and hands it in. */
  async complete({ handoff_type, content, outcome, checks = [] }: AgentAnswer): Promise<void> {
    const stored = await this.desk.contents.putJson(this.owner_id, validAnswer(handoff_type, content));
    await this.desk.send(
      new CompleteTask(
        { ...this.attempt, handoff_out: { handoff_type, ...stored }, outcome: { ready: false, open_questions: 0, warnings: [], ...outcome }, checks },
        this.meta(),
      ),
    );
  }

  async fail(error: string, lasting: boolean): Promise<void> {
    await this.desk.send(
      new FailTask({ ...this.attempt, error: error.slice(0, 4_000), lasting, retry_delays_ms: this.desk.retryDelays }, this.meta()),
    );
  }

  private meta(): CommandMeta {
    return {
      command_id: newId(),
      request_hash: null,
      now: new Date().toISOString(),
      actor: `agent:${this.agent_type}`,
      requester: null,
      owner_id: this.owner_id,
      project_id: this.project_id,
      run_id: this.run_id,
      correlation_id: this.due.correlation_id,
      causation_id: this.due.event_id,
    };
  }
}

/** @throws InvalidAnswer where a content is not what its type says */
export function validAnswer<T extends HandoffType>(type: T, content: unknown): HandoffContent<T> {
  const parsed = HANDOFFS[type].schema.safeParse(content);
  if (!parsed.success) throw new InvalidAnswer(type, parsed.error.issues[0]);
  return parsed.data as HandoffContent<T>;
}

/** An agent answered with something that is not the handoff it owes. */
export class InvalidAnswer extends Error {
  constructor(type: HandoffType, issue: { path: PropertyKey[]; message: string } | undefined) {
    super(`the answer is not a valid ${type}: ${issue ? `${issue.path.join('.')} ${issue.message}` : 'unknown reason'}`);
    this.name = 'InvalidAnswer';
  }
}

/** Where processors pick assignments up and hand answers in. */
@Injectable()
export class AssignmentDesk {
  readonly retryDelays: readonly number[];
  /** What models may cost before a person is asked. */
  readonly limits: SpendingLimits;

  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) readonly contents: ContentStore,
    @Inject(LiveTexts) readonly live: LiveTexts,
    @Inject(CONFIG) config: Config,
  ) {
    this.retryDelays = retryDelaysMs(config);
    const micro = (usd: number): number => Math.round(usd * 1_000_000);
    this.limits = { run: micro(config.BUDGET_RUN_USD), project: micro(config.BUDGET_PROJECT_USD), day: micro(config.BUDGET_DAY_USD) };
  }

  /** @returns null where there is no such task */
  async pickUp(job: AgentJob): Promise<Assignment | null> {
    // What another process has added, whoever starts the attempt learns then.
    let history = await this.log.readSeenStream<TaskEvent>(taskStream(job.task_id));
    if (dueIn(history)?.data.attempt !== job.attempt) history = await this.historyOf(job.task_id);
    const [first] = history;
    if (first?.type !== 'task.assigned') return null;
    const { run_id, agent_type, engine, purpose, round, handoff_in } = first.data;
    const { project_id, owner_id, correlation_id } = first.metadata;
    const { event_id } = dueIn(history)!;
    const due = { event_id, correlation_id };
    return new Assignment(this, job, project_id!, run_id, owner_id, agent_type, engine, purpose, round, handoff_in, due, history);
  }

  historyOf(taskId: string): Promise<RecordedEvent<TaskEvent>[]> {
    return this.log.readStream<TaskEvent>(taskStream(taskId));
  }

  send(command: DomainCommand<unknown>): Promise<Receipt> {
    return this.bus.execute(command);
  }
}

const dueIn = (history: readonly RecordedEvent<TaskEvent>[]): RecordedEvent<TaskEvent> | undefined =>
  history.findLast(({ type }) => MAKES_DUE.has(type));

/** True where an attempt has been superseded, or its task is over: whoever works on it may stop. */
export const isUnwanted = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'stale_attempt' || error.code === 'task_closed');
