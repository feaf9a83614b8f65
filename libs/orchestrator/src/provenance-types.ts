import type { GateKind } from '#contracts';
import type { Position } from '#platform';

/** Where something stands on record: its event, when, and who did it; an id or a role, never a name. */
export interface Place {
  readonly position: Position;
  readonly event_id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
}

/** A content that the run went on with, from whom, and which answer of a person approved it; null where none was asked for. */
export interface AcceptedContent {
  readonly content_hash: string;
  readonly task_id: string | null;
  readonly request_id: string | null;
}

/** One piece of the coder's work: the handoff it began with and the bundle that came of it. */
export interface CoderTask extends Place {
  readonly task_id: string;
  readonly purpose: string;
  readonly round: number;
  readonly handoff_type: string;
  readonly handoff_hash: string;
  readonly content_hash: string;
}

export interface PlanItem {
  readonly id: string;
  readonly title: string;
  /** What it serves; null where the plan does not say. */
  readonly requirements: readonly string[] | null;
  readonly criteria: readonly string[] | null;
}

/** A requirement or an acceptance criterion, and what the person said that it comes from. */
export interface Wanted {
  readonly id: string;
  readonly text: string;
  /** The sentence of the person; null where the analyst proposed it, or did not say. */
  readonly source: string | null;
  /** Event of the message or answer that has this sentence; null where none has it word by word. */
  readonly said_in: string | null;
}

/** Words of a person on record: a chat message, or what they wrote at a gate. */
export interface Said extends Place {
  readonly message_id: string | null;
  readonly request_id: string | null;
  readonly content_hash: string;
}

export interface Approval extends Place {
  readonly request_id: string;
  readonly gate: GateKind;
  readonly action: string;
  readonly content_hash: string;
  readonly amended_hash: string | null;
}

export interface FileOrigin {
  readonly path: string;
  readonly sha256: string;
  /** The coder's task that wrote it as it is; null for what the delivery adds. */
  readonly task_id: string | null;
  /** The item of the plan that it was written for; null where neither coder nor plan say. */
  readonly plan_item: string | null;
}

/** What led to the files of a tree. */
export interface Provenance {
  readonly project_id: string;
  readonly run_id: string;
  readonly tree_hash: string;
  readonly specification: AcceptedContent | null;
  readonly plan: AcceptedContent | null;
  readonly delivery: AcceptedContent;
  readonly files: readonly FileOrigin[];
  readonly tasks: readonly CoderTask[];
  readonly plan_items: readonly PlanItem[];
  readonly requirements: readonly Wanted[];
  readonly criteria: readonly Wanted[];
  readonly messages: readonly Said[];
  readonly approvals: readonly Approval[];
}
