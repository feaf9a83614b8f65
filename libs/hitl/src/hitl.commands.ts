import type { DeadlineAction, GateKind, HandoffType, HitlAction } from '#contracts';
import { DomainCommand } from '#platform';

export const gateStream = (requestId: string): string => `gate-${requestId}`;

abstract class GateCommand<Data extends { request_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return gateStream(this.data.request_id);
  }
}

export class OpenGate extends GateCommand<{
  request_id: string;
  run_id: string;
  task_id: string;
  gate: GateKind;
  question: string;
  handoff_type: HandoffType;
  content_hash: string;
  /** ISO 8601; null where the request waits for ever. */
  deadline: string | null;
  on_deadline: DeadlineAction | null;
}> {
  readonly type = 'open_gate';
}

export class RespondToGate extends GateCommand<{
  request_id: string;
  action: HitlAction;
  /** What the person says they reviewed; null where they did not say. */
  content_hash: string | null;
  amended_hash: string | null;
  comment: string | null;
}> {
  readonly type = 'respond_to_gate';
}

/** The run has moved on: nobody needs to answer any more. */
export class CloseGate extends GateCommand<{ request_id: string; reason: string }> {
  readonly type = 'close_gate';
}

/** Another deadline (ISO 8601), or none for the moment; nothing where the gate needs no answer any more. */
export class MoveDeadline extends GateCommand<{ request_id: string; deadline: string | null }> {
  readonly type = 'move_deadline';
}

/** The deadline has passed: reminds of the request; nothing where it was answered, or this reminder was given. */
export class RemindOfGate extends GateCommand<{ request_id: string; reminder: number; escalate: boolean; deadline: string | null }> {
  readonly type = 'remind_of_gate';
}

/** The deadline has passed: decides as it was said beforehand; nothing where a person was faster. */
export class LapseGate extends GateCommand<{ request_id: string; action: 'approve' | 'reject' | 'expire'; comment: string | null }> {
  readonly type = 'lapse_gate';
}

export const HITL_COMMANDS = [OpenGate, RespondToGate, CloseGate, MoveDeadline, RemindOfGate, LapseGate] as const;
export type HitlCommandUnion = InstanceType<(typeof HITL_COMMANDS)[number]>;
