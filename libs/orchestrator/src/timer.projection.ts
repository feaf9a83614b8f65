import { table, type Projection, type Row } from '#platform';
import type { TimerEvent } from './timer.events.js';

/** A timer that has yet to go off. */
export interface TimerRow extends Row {
  timer_id: string;
  run_id: string;
  project_id: string;
  owner_id: string;
  purpose: string;
  due_at: string;
  correlation_id: string;
  /** The event that set it. */
  set_by: string;
}

const timerOf = (event: { data: { timer_id: string } }): string => event.data.timer_id;
const over = { id: timerOf, evolve: () => null };

const timers = table<TimerRow, TimerEvent>('timers', 'timer_id', {
  'timer.set': {
    id: timerOf,
    evolve: (_, { data, metadata, event_id }) => ({
      ...data,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      correlation_id: metadata.correlation_id,
      set_by: event_id,
    }),
  },
  'timer.cancelled': over,
  'timer.fired': over,
});

export const timersProjection: Projection = { name: 'read:timers', tables: [timers] };
