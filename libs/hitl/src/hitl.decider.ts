import type { GateKind, HitlAction } from '#contracts';
import { ensure, type Decider } from '#platform/domain';
import type { HitlCommandUnion } from './hitl.commands.js';
import type { HitlEvent } from './hitl.events.js';

export interface GateState {
  readonly status: 'none' | 'pending' | 'answered' | 'closed';
  readonly run_id: string;
  readonly content_hash: string;
  readonly allowed_actions: readonly HitlAction[];
}

/** The report of a delivery says what was measured: it can be accepted or refused, not rewritten. */
const actionsAt = (gate: GateKind): HitlAction[] => (gate === 'delivery' ? ['approve', 'reject'] : ['approve', 'reject', 'amend']);

export const gateDecider: Decider<HitlCommandUnion, HitlEvent, GateState> = {
  initial: { status: 'none', run_id: '', content_hash: '', allowed_actions: [] },

  decide(command, state) {
    if (command.type === 'open_gate') {
      if (state.status !== 'none') return [];
      return [{ type: 'hitl.requested', data: { ...command.data, allowed_actions: actionsAt(command.data.gate) } }];
    }
    ensure(state.status !== 'none', 'not_found', 'There is no such request.');
    const { request_id } = command.data;
    switch (command.type) {
      case 'respond_to_gate': {
        const { action, content_hash, amended_hash, comment } = command.data;
        ensure(state.status !== 'answered', 'gate_answered', 'This request has been answered already; the first answer counts.');
        ensure(state.status === 'pending', 'gate_closed', 'The run has moved on; this request no longer needs an answer. Look for the pending one.');
        ensure(
          state.allowed_actions.includes(action),
          'action_not_allowed',
          `This request can be answered with: ${state.allowed_actions.join(', ')}.`,
        );
        ensure(
          content_hash === null || content_hash === state.content_hash,
          'content_mismatch',
          'What you reviewed is not what this request is about. Read it again and answer with its content_hash.',
        );
        ensure(
          action !== 'reject' || (comment ?? '').trim() !== '',
          'invalid_input',
          'Say in response_content why you reject, so that the agent can do better.',
        );
        ensure((action === 'amend') === (amended_hash !== null), 'invalid_input', 'Only an amendment brings corrected content, and it must.');
        return [
          { type: 'hitl.responded', data: { request_id, run_id: state.run_id, action, content_hash: state.content_hash, amended_hash, comment } },
        ];
      }
      case 'close_gate':
        return state.status === 'pending' ? [{ type: 'hitl.closed', data: { request_id, run_id: state.run_id, reason: command.data.reason } }] : [];
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'hitl.requested':
        return { status: 'pending', run_id: data.run_id, content_hash: data.content_hash, allowed_actions: data.allowed_actions };
      case 'hitl.responded':
        return { ...state, status: 'answered' };
      case 'hitl.closed':
        return { ...state, status: 'closed' };
    }
  },
};
