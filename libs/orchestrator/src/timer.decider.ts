import type { Decider } from '#platform/domain';
import type { TimerCommandUnion } from './timer.commands.js';
import type { TimerEvent } from './timer.events.js';

export type TimerState =
  { readonly status: 'none' | 'over' } | { readonly status: 'running'; readonly run_id: string; /** ISO 8601. */ readonly due_at: string };

/** A timer goes off at most once, whoever asks and however often: its stream remembers. */
export const timerDecider: Decider<TimerCommandUnion, TimerEvent, TimerState> = {
  initial: { status: 'none' },

  decide(command, state) {
    if (command.type === 'set_timer') return state.status === 'none' ? [{ type: 'timer.set', data: command.data }] : [];
    if (state.status !== 'running') return [];
    const data = { timer_id: command.data.timer_id, run_id: state.run_id };
    if (command.type === 'cancel_timer') return [{ type: 'timer.cancelled', data }];
    return Date.parse(command.meta.now) < Date.parse(state.due_at) ? [] : [{ type: 'timer.fired', data }];
  },

  evolve(_, { type, data }) {
    return type === 'timer.set' ? { status: 'running', run_id: data.run_id, due_at: data.due_at } : { status: 'over' };
  },
};
