import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { HANDOFFS, type AgentType, type CheckResult, type HandoffContent, type HandoffType } from '#contracts';
import {
  CONFIG,
  ContentStore,
  DomainError,
  EventLog,
  newId,
  retryDelaysMs,
  type AgentJob,
  type CommandMeta,
  type Config,
  type ContentRef,
  type DomainCommand,
} from '#platform';
import {
  CompleteTask,
  FailTask,
  RecordCheck,
  ReportProgress,
  StartTask,
  taskStream,
  type HandoffRef,
  type TaskEvent,
  type TaskOutcome,
  type TaskPurpose,
} from '#tasks';

/** The answer to a task: one handoff, and what of it decides how the run goes on. */
export interface AgentAnswer<T extends HandoffType = HandoffType> {
  readonly handoff_type: T;
  readonly content: HandoffContent<T>;
  readonly outcome?: Partial<TaskOutcome>;
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
    readonly purpose: TaskPurpose,
    readonly round: number,
    private readonly handoff_in: HandoffRef,
    private readonly correlation_id: string,
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
  start(brain: string): Promise<void> {
    return this.desk.send(new StartTask({ ...this.attempt, brain }, this.meta()));
  }

  progress(percent: number, stage: string): Promise<void> {
    return this.desk.send(
      new ReportProgress({ ...this.attempt, progress: Math.round(Math.min(100, Math.max(0, percent))), stage: stage.slice(0, 200) }, this.meta()),
    );
  }

  recordCheck(check: CheckResult): Promise<void> {
    return this.desk.send(new RecordCheck({ ...this.attempt, ...check }, this.meta()));
  }

  store(content: Buffer | string): Promise<ContentRef> {
    return this.desk.contents.put(this.owner_id, content);
  }

  readFile(sha256: string): Promise<Buffer> {
    return this.desk.contents.get(this.owner_id, sha256);
  }

  /** Validates the answer and hands it in. */
  async complete({ handoff_type, content, outcome }: AgentAnswer): Promise<void> {
    const stored = await this.desk.contents.putJson(this.owner_id, validAnswer(handoff_type, content));
    await this.desk.send(
      new CompleteTask(
        { ...this.attempt, handoff_out: { handoff_type, ...stored }, outcome: { ready: false, open_questions: 0, warnings: [], ...outcome } },
        this.meta(),
      ),
    );
  }

  fail(error: string, lasting: boolean): Promise<void> {
    return this.desk.send(
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
      correlation_id: this.correlation_id,
      causation_id: this.job.task_id,
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

  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) readonly contents: ContentStore,
    @Inject(CONFIG) config: Config,
  ) {
    this.retryDelays = retryDelaysMs(config);
  }

  /** @returns null where there is no such task */
  async pickUp(job: AgentJob): Promise<Assignment | null> {
    const [first] = await this.log.readStream<TaskEvent>(taskStream(job.task_id));
    if (first?.type !== 'task.assigned') return null;
    const { run_id, agent_type, purpose, round, handoff_in } = first.data;
    const { project_id, owner_id, correlation_id } = first.metadata;
    return new Assignment(this, job, project_id!, run_id, owner_id, agent_type, purpose, round, handoff_in, correlation_id);
  }

  async send(command: DomainCommand<unknown>): Promise<void> {
    await this.bus.execute(command);
  }
}

/** True where an attempt has been superseded, or its task is over: whoever works on it may stop. */
export const isUnwanted = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'stale_attempt' || error.code === 'task_closed');
