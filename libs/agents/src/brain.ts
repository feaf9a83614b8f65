import type {
  AcceptanceCriterion,
  AnalystTurn,
  BundleCommands,
  CodeBundle,
  DefectReport,
  FailedCommand,
  ImplementationPlan,
  PlanningRequest,
  RequirementsConversation,
  SoftwareSpecification,
} from '#contracts';
import type { TurnLog } from './claude/turn-log.js';
import type { Purse } from './claude/turns.js';

/** What a brain may use of the world while it works on one task. */
export interface BrainContext {
  /** Aborted when the run is paused or cancelled, or the worker stops: nothing may be started after that. */
  readonly signal: AbortSignal;
  /** Reports progress, 0 to 100, with a stage that a person understands. It is on record unsealed, and quotes neither people nor models. */
  progress(percent: number, stage: string): Promise<void>;
  /** Reads a file of the project by the SHA-256 of its bytes. */
  readFile(sha256: string): Promise<Buffer>;
  /** For a brain that asks a model. */
  readonly model: ModelContext;
}

/** What a task's conversations with a model go through: the record, the money, and those who watch. */
export interface ModelContext {
  readonly log: TurnLog;
  readonly purse: Purse;
  /** A piece of text as it is written. `loop`: which of the task's conversations it belongs to. */
  readonly onText: (loop: string, text: string) => void;
  /** A tool is about to be carried out; `subject`: what it is about, for people. */
  readonly onToolCall: (loop: string, call: { readonly id: string; readonly name: string }, subject: string) => Promise<void> | void;
  /** The model is busy and is asked again after so many ms. */
  readonly onWait: (reason: string, ms: number) => Promise<void> | void;
}

export interface SourceFile {
  readonly path: string;
  readonly content: string;
  readonly executable?: boolean;
  /** The task of the plan that it was written for, where the plan's own lists of files do not tell. */
  readonly plan_task?: string;
}

/** What the coder hands in; the processor stores the files and makes the `code_bundle` of it. */
export interface WrittenCode {
  readonly files: readonly SourceFile[];
  readonly commands: BundleCommands;
  /** Which named test proves which acceptance criterion. */
  readonly coverage: CodeBundle['coverage'];
  readonly acceptance_criteria: readonly AcceptanceCriterion[];
}

/**
 * The thinking of the four roles. Every answer is validated against the handoff's schema by the processor that asked.
 * A brain keeps nothing between calls: what it needs is in the handoff.
 */
export interface Brain {
  readonly name: string;
  /** Analyst: one turn of the requirements chat (`purpose` converse or answer). */
  converse(conversation: RequirementsConversation, context: BrainContext): Promise<AnalystTurn>;
  /** Analyst: the specification, from the whole conversation. */
  specify(conversation: RequirementsConversation, context: BrainContext): Promise<SoftwareSpecification>;
  /** Architect: the plan for an approved specification. */
  plan(request: PlanningRequest, context: BrainContext): Promise<ImplementationPlan>;
  /** Coder: the first version, from the approved plan. */
  write(plan: ImplementationPlan, context: BrainContext): Promise<WrittenCode>;
  /** Coder: another version, from nothing but the defect report and the files it names. */
  repair(report: DefectReport, context: BrainContext): Promise<WrittenCode>;
  /** QA: which files a failed command points at; at most 50 paths of the bundle. */
  suspects(failure: Omit<FailedCommand, 'files_suspected'>, bundle: CodeBundle, context: BrainContext): Promise<readonly string[]>;
}
