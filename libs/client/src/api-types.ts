import type {
  AgentEngine,
  AgentType,
  ArtifactType,
  Autonomy,
  ComponentStatus,
  DeadlineAction,
  GateKind,
  ModelUsage,
  HandoffType,
  HitlAction,
  HitlStatus,
  RunStatus,
  TaskStatus,
} from '#contracts';

/** What the public surface answers, as a client sees it. Times are ISO 8601, positions decimal strings. */

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Answers as things stood at this position of the log, where one is given. */
export interface AtPosition {
  readonly at_position?: string | undefined;
}

export interface Session {
  readonly user_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export interface NewApiKey {
  readonly key_id: string;
  readonly name: string;
  readonly api_key: string;
  readonly created_at: string;
}

/** State of the service's components, such as `db_status`. */
export interface Health {
  /** Whether it can do its work. */
  readonly ready: boolean;
  readonly api_status: ComponentStatus;
  readonly [component: string]: unknown;
}

/** What happens when nobody answers at a gate for so many seconds. */
export interface NewGateDeadline {
  readonly seconds: number;
  readonly then: DeadlineAction;
  /** remind, escalate: how often. */
  readonly times?: number;
  /** reject: what the agent is told. */
  readonly reason?: string;
}

export interface NewProject {
  readonly product_idea: string;
  readonly name?: string | undefined;
  readonly autonomy?: Autonomy | undefined;
  readonly engine?: AgentEngine | undefined;
  readonly pipeline?: string | undefined;
  readonly limits?: { readonly minutes?: number; readonly fix_rounds?: number; readonly gate_deadline?: NewGateDeadline } | undefined;
}

export interface RunState {
  readonly project_id: string;
  readonly run_id: string;
  readonly status: RunStatus;
}

/** `copying`, and no run, where it takes longer: the project is there when all is copied. */
export interface ForkState {
  readonly project_id: string;
  readonly run_id?: string;
  readonly status: RunStatus | 'copying';
}

export interface ProjectSummary extends RunState {
  readonly name: string;
  readonly product_idea: string;
  readonly stage: string;
  readonly autonomy: Autonomy;
  /** Who thinks; null: whatever the server's configuration says. */
  readonly engine: AgentEngine | null;
  readonly warnings: readonly string[];
  readonly reason: string | null;
  readonly forked_from: { readonly project_id: string; readonly position: string } | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly position: string;
}

export interface Project extends ProjectSummary {
  readonly tasks: readonly Task[];
  readonly artifacts: readonly Artifact[];
  readonly hitl_requests: readonly Gate[];
  readonly usage: {
    readonly task_attempts: number;
    readonly agent_seconds: number;
    /** Millionths of a dollar. */
    readonly cost_micro_usd: number;
    readonly models: readonly ModelUsage[];
  };
}

export interface Message {
  readonly message_id: string;
  readonly run_id: string;
  readonly author: 'person' | 'analyst';
  readonly content: string;
  readonly questions: readonly {
    readonly question: string;
    readonly proposal: string;
    /** Present where the proposal is a guess at what was meant: only a person who has read it can agree to it. */
    readonly unsure?: true | undefined;
  }[];
  readonly created_at: string;
  readonly position: string;
}

export interface Task {
  readonly task_id: string;
  readonly run_id: string;
  readonly agent_type: AgentType;
  readonly purpose: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly round: number;
  readonly progress: number;
  readonly stage: string;
  readonly handoff_out: { readonly handoff_type: HandoffType; readonly sha256: string } | null;
  readonly error: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One task with what it handed out. */
export interface TaskDetail extends Omit<Task, 'handoff_out'> {
  readonly handoff_out: { readonly handoff_type: HandoffType; readonly content: unknown } | null;
}

export interface Gate {
  readonly request_id: string;
  readonly project_id: string;
  readonly run_id: string;
  readonly gate: GateKind;
  readonly question: string;
  readonly handoff_type: HandoffType;
  readonly content_hash: string;
  readonly allowed_actions: readonly HitlAction[];
  readonly status: HitlStatus;
  readonly responded_by: string | null;
  /** When something else happens if nobody has answered; null where it waits without limit. */
  readonly deadline: string | null;
  readonly on_deadline: DeadlineAction | null;
  readonly reminders: number;
  readonly escalated: boolean;
  readonly created_at: string;
}

/** A gate with what is to be reviewed. */
export interface GateDetail extends Gate {
  readonly content: unknown;
}

export interface GateAnswer {
  readonly action: HitlAction;
  readonly content_hash: string;
  /** approve: a remark. reject: the reason. amend: the corrected content. */
  readonly response_content?: unknown;
}

export interface CheckLog {
  readonly log_id: string;
  readonly task_id: string;
  readonly run_id: string;
  readonly attempt: number;
  readonly check: string;
  readonly command: string | null;
  readonly status: string;
  readonly exit_code: number | null;
  readonly duration_ms: number;
  readonly log: string | null;
  readonly created_at: string;
}

export interface Artifact {
  readonly artifact_id: string;
  readonly run_id: string;
  readonly type: ArtifactType;
  readonly version: number;
  readonly file_count: number;
  readonly bytes: number;
  readonly delivered_at: string | null;
  readonly created_at: string;
}

/** How far the erasure of an account has come; it goes on by itself. */
export interface Erasure {
  readonly user_id: string;
  readonly status: 'erasing' | 'erased';
  readonly requested_at: string;
  readonly erased_at: string | null;
}

/** An event in the tree of what led to another one, or of what followed from it. */
export interface TracedEvent {
  /** Steps from the event that was asked about. */
  readonly depth: number;
  /** Position of the event one step nearer to it. */
  readonly of: string | null;
  readonly relation: 'caused' | 'before' | 'after' | null;
  readonly position: string;
  readonly stream: string;
  readonly event_type: string;
  readonly timestamp: string;
  readonly actor: string;
}

export interface EventTrace {
  readonly items: readonly TracedEvent[];
  /** False where it goes on beyond what was asked for. */
  readonly complete: boolean;
}

/** What became of something between two positions; `before` null: it was not there yet. */
export interface StatusChange {
  readonly before: string | null;
  readonly after: string;
}

export interface TextChange extends StatusChange {
  /** Unified diff. */
  readonly diff: string;
}

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: string | null;
  readonly after: string | null;
  /** Unified diff; null where there is none to show, which `omitted` explains. */
  readonly diff: string | null;
  readonly omitted: 'binary' | 'too_large' | 'limit' | 'gone' | null;
}

/** What differs of a project between two positions of the log, and nothing else. */
export interface ProjectDiff {
  readonly project_id: string;
  readonly from: string;
  readonly to: string;
  readonly status: StatusChange | null;
  readonly runs: readonly (StatusChange & { readonly run_id: string; readonly stage: string })[];
  readonly tasks: readonly (StatusChange & { readonly task_id: string; readonly agent_type: AgentType; readonly purpose: string })[];
  readonly gates: readonly (StatusChange & { readonly request_id: string; readonly gate: GateKind })[];
  readonly messages: readonly Omit<Message, 'run_id' | 'questions'>[];
  readonly specification: TextChange | null;
  readonly plan: TextChange | null;
  readonly files: readonly FileChange[];
}

/** Where an event stands, when, and who did it. */
interface Place {
  readonly position: string;
  readonly event_id: string;
  readonly at: string;
  readonly actor: string;
}

interface Accepted {
  readonly content_hash: string;
  readonly task_id: string | null;
  readonly request_id: string | null;
}

interface Wanted {
  readonly id: string;
  readonly text: string;
  readonly source: string | null;
  /** event_id of one of `messages`. */
  readonly said_in: string | null;
}

/** What led to the files of a tree. What the record does not tell is null. */
export interface Provenance {
  readonly artifact_id: string;
  readonly version: number;
  readonly project_id: string;
  readonly run_id: string;
  readonly tree_hash: string;
  readonly specification: Accepted | null;
  readonly plan: Accepted | null;
  readonly delivery: Accepted;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly task_id: string | null; readonly plan_item: string | null }[];
  readonly tasks: readonly (Place & {
    readonly task_id: string;
    readonly purpose: string;
    readonly round: number;
    readonly handoff_type: HandoffType;
    readonly handoff_hash: string;
    readonly content_hash: string;
  })[];
  readonly plan_items: readonly {
    readonly id: string;
    readonly title: string;
    readonly requirements: readonly string[] | null;
    readonly criteria: readonly string[] | null;
  }[];
  readonly requirements: readonly Wanted[];
  readonly criteria: readonly Wanted[];
  readonly messages: readonly (Place & { readonly message_id: string | null; readonly request_id: string | null; readonly content_hash: string })[];
  readonly approvals: readonly (Place & {
    readonly request_id: string;
    readonly gate: GateKind;
    readonly action: HitlAction;
    readonly content_hash: string;
    readonly amended_hash: string | null;
  })[];
}
