import type { GateKind, HitlAction } from '#contracts';
import { ensure, type Decider } from '#platform/domain';
import type { HitlCommandUnion } from './hitl.commands.js';
import type { HitlEvent } from './hitl.events.js';

export interface GateState {
  readonly status: 'none' | 'pending' | 'answered' | 'closed' | 'expired';
  readonly run_id: string;
  readonly content_hash: string;
  readonly allowed_actions: readonly HitlAction[];
  readonly asked: { readonly task_id: string; readonly gate: GateKind; readonly question: string } | null;
  readonly deadline: string | null;
  readonly reminders: number;
}

/** The report of a delivery says what was measured, and that of a blocked agent what happened: neither can be rewritten. */
const actionsAt = (gate: GateKind): HitlAction[] =>
  gate === 'delivery' || gate === 'block' ? ['approve', 'reject'] : ['approve', 'reject', 'amend'];

export const gateDecider: Decider<HitlCommandUnion, HitlEvent, GateState> = {
  initial: { status: 'none', run_id: '', content_hash: '', allowed_actions: [], asked: null, deadline: null, reminders: 0 },

  decide(command, state) {
    if (command.type === 'open_gate') {
      if (state.status !== 'none') return [];
      return [{ type: 'hitl.requested', data: { ...command.data, allowed_actions: actionsAt(command.data.gate) } }];
    }
    ensure(state.status !== 'none', 'not_found', 'There is no such request.');
    const { request_id } = command.data;
    const { run_id, content_hash: reviewed } = state;
    const pending = state.status === 'pending';
    switch (command.type) {
      case 'respond_to_gate': {
        const { action, content_hash, amended_hash, comment } = command.data;
        ensure(state.status !== 'answered', 'gate_answered', 'This request has been answered already; the first answer counts.');
        ensure(
          state.status !== 'expired',
          'gate_closed',
          'Nobody answered this request in time, and its run has ended. Retry the project to be asked again.',
        );
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
        return [{ type: 'hitl.responded', data: { request_id, run_id, action, content_hash: reviewed, amended_hash, comment } }];
      }
      case 'move_deadline': {
        const { deadline } = command.data;
        return pending && deadline !== state.deadline ? [{ type: 'hitl.deadline_set', data: { request_id, run_id, deadline } }] : [];
      }
      case 'remind_of_gate': {
        const { reminder, escalate, deadline } = command.data;
        if (!pending || !state.asked || reminder <= state.reminders) return [];
        return [{ type: 'hitl.reminded', data: { request_id, run_id, ...state.asked, reminder, escalated: escalate, deadline } }];
      }
      case 'lapse_gate': {
        const { action, comment } = command.data;
        if (!pending) return [];
        if (action === 'expire') return [{ type: 'hitl.expired', data: { request_id, run_id } }];
        return [{ type: 'hitl.responded', data: { request_id, run_id, action, content_hash: reviewed, amended_hash: null, comment } }];
      }
      case 'close_gate':
        return pending ? [{ type: 'hitl.closed', data: { request_id, run_id, reason: command.data.reason } }] : [];
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'hitl.requested':
        return {
          status: 'pending',
          run_id: data.run_id,
          content_hash: data.content_hash,
          allowed_actions: data.allowed_actions,
          asked: { task_id: data.task_id, gate: data.gate, question: data.question },
          deadline: data.deadline,
          reminders: 0,
        };
      case 'hitl.deadline_set':
        return { ...state, deadline: data.deadline };
      case 'hitl.reminded':
        return { ...state, deadline: data.deadline, reminders: data.reminder };
      case 'hitl.expired':
        return { ...state, status: 'expired' };
      case 'hitl.responded':
        return { ...state, status: 'answered' };
      case 'hitl.closed':
        return { ...state, status: 'closed' };
    }
  },
};
