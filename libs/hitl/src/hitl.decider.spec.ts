import { given } from '../../../test/support/given.js';
import type { GateKind } from '#contracts';
import { CloseGate, LapseGate, MoveDeadline, OpenGate, RemindOfGate, RespondToGate } from './hitl.commands.js';
import { gateDecider } from './hitl.decider.js';
import type { HitlEvent } from './hitl.events.js';

const request_id = '11111111-1111-4111-8111-111111111111';
const run_id = '22222222-2222-4222-8222-222222222222';
const task_id = '33333333-3333-4333-8333-333333333333';
const hash = 'a'.repeat(64);
const other = 'b'.repeat(64);

const opened = (gate: GateKind = 'plan'): HitlEvent => ({
  type: 'hitl.requested',
  data: {
    request_id,
    run_id,
    task_id,
    gate,
    question: '?',
    handoff_type: 'implementation_plan',
    content_hash: hash,
    allowed_actions: gate === 'delivery' ? ['approve', 'reject'] : ['approve', 'reject', 'amend'],
    deadline: null,
    on_deadline: null,
  },
});
const answer = (change: Partial<RespondToGate['data']> = {}) => ({
  type: RespondToGate,
  data: { request_id, action: 'approve' as const, content_hash: hash, amended_hash: null, comment: null, ...change },
});

const { when } = given.decider(gateDecider);

describe('a gate', () => {
  it('opens with the actions its kind allows', () => {
    when([], {
      type: OpenGate,
      data: {
        ...{ request_id, run_id, task_id, gate: 'delivery', question: '?', handoff_type: 'verification_report', content_hash: hash },
        ...{ deadline: null, on_deadline: null },
      },
    }).then([{ type: 'hitl.requested', data: expect.objectContaining({ allowed_actions: ['approve', 'reject'] }) }]);
  });

  it('binds an approval to the hash of what was reviewed', () => {
    when([opened()], answer()).then([
      { type: 'hitl.responded', data: { request_id, run_id, action: 'approve', content_hash: hash, amended_hash: null, comment: null } },
    ]);
    when([opened()], answer({ content_hash: other })).thenRefused('content_mismatch');
  });

  it('takes one answer', () => {
    const answered: HitlEvent = {
      type: 'hitl.responded',
      data: { request_id, run_id, action: 'approve', content_hash: hash, amended_hash: null, comment: null },
    };
    when([opened(), answered], answer()).thenRefused('gate_answered');
    when([opened(), answered], { type: CloseGate, data: { request_id, reason: 'cancelled' } }).then([]);
  });

  it('takes no answer once the run has moved on', () => {
    when([opened(), { type: 'hitl.closed', data: { request_id, run_id, reason: 'cancelled' } }], answer()).thenRefused('gate_closed');
  });

  it('wants a reason for a rejection and content for an amendment', () => {
    when([opened()], answer({ action: 'reject' })).thenRefused('invalid_input');
    when([opened()], answer({ action: 'reject', comment: 'too large' })).then([
      expect.objectContaining({ data: expect.objectContaining({ action: 'reject', comment: 'too large' }) }),
    ]);
    when([opened()], answer({ action: 'amend' })).thenRefused('invalid_input');
    when([opened('delivery')], answer({ action: 'amend', amended_hash: other })).thenRefused('action_not_allowed');
  });

  describe('that nobody answered in time', () => {
    const lapse = (action: 'approve' | 'reject' | 'expire') => ({
      type: LapseGate,
      data: { request_id, action, comment: action === 'reject' ? 'Less.' : null },
    });
    const remind = (reminder: number) => ({ type: RemindOfGate, data: { request_id, reminder, escalate: true, deadline: null } });
    const expired: HitlEvent = { type: 'hitl.expired', data: { request_id, run_id } };
    const reminded: HitlEvent = {
      type: 'hitl.reminded',
      data: { request_id, run_id, task_id, gate: 'plan', question: '?', reminder: 1, escalated: true, deadline: null },
    };
    const answered: HitlEvent = {
      type: 'hitl.responded',
      data: { request_id, run_id, action: 'approve', content_hash: hash, amended_hash: null, comment: null },
    };

    it('is decided as was said beforehand, for the content that was to be reviewed', () => {
      when([opened()], lapse('approve')).then([answered]);
      when([opened()], lapse('reject')).then([{ ...answered, data: { ...answered.data, action: 'reject', comment: 'Less.' } }]);
      when([opened()], lapse('expire')).then([expired]);
    });

    it('takes one decision: that of a person who was faster, or none of theirs', () => {
      for (const action of ['approve', 'reject', 'expire'] as const) when([opened(), answered], lapse(action)).then([]);
      when([opened(), expired], answer()).thenRefused('gate_closed');
      when([opened(), expired], lapse('approve')).then([]);
    });

    it('is reminded of, each time once, while it waits', () => {
      when([opened()], remind(1)).then([reminded]);
      when([opened(), reminded], remind(1)).then([]);
      when([opened(), reminded], remind(2)).then([expect.objectContaining({ type: 'hitl.reminded' })]);
      when([opened(), answered], remind(1)).then([]);
    });

    it('may have its deadline moved', () => {
      const deadline = '2026-01-02T03:04:05.000Z';
      when([opened()], { type: MoveDeadline, data: { request_id, deadline } }).then([
        { type: 'hitl.deadline_set', data: { request_id, run_id, deadline } },
      ]);
      when([opened()], { type: MoveDeadline, data: { request_id, deadline: null } }).then([]);
      when([opened(), answered], { type: MoveDeadline, data: { request_id, deadline } }).then([]);
    });
  });

  it('that was never opened does not exist', () => {
    when([], answer()).thenRefused('not_found');
  });
});
