import type { GateKind, HandoffType, HitlAction } from '#contracts';
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

export const HITL_COMMANDS = [OpenGate, RespondToGate, CloseGate] as const;
export type HitlCommandUnion = InstanceType<(typeof HITL_COMMANDS)[number]>;
