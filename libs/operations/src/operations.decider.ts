import { ensure, type Decider } from '#platform/domain';
import type { OperationsCommandUnion } from './operations.commands.js';
import type { OperationsEvent } from './operations.events.js';

/** What the runner of the projections acts upon. */
export interface OperationsState {
  readonly skipped: ReadonlySet<string>;
  readonly retries: number;
  readonly rebuilds: number;
}

export const operationsDecider: Decider<OperationsCommandUnion, OperationsEvent, OperationsState> = {
  initial: { skipped: new Set(), retries: 0, rebuilds: 0 },

  decide(command, state) {
    switch (command.type) {
      case 'skip_event': {
        const { projection, position, reason, standing } = command.data;
        if (state.skipped.has(position)) return [];
        const obstruction = standing.find((one) => one.position === position);
        ensure(
          obstruction,
          'conflict',
          `The projection does not stand before event ${position}; only the event before which it stands can be skipped.`,
        );
        ensure(reason.trim() !== '', 'invalid_input', 'Say why the event is skipped: the reason stays on record.');
        const { event_id, type: event_type } = obstruction;
        return [{ type: 'projection.event_skipped', data: { projection, position, event_id, event_type, reason } }];
      }
      case 'retry_projection': {
        const { projection, reason, standing } = command.data;
        ensure(standing.length > 0, 'conflict', 'The projection does not stand still: there is nothing to try again.');
        return [{ type: 'projection.retry_requested', data: { projection, reason } }];
      }
      case 'rebuild_projection': {
        const { projection, reason, on_its_way } = command.data;
        return on_its_way ? [] : [{ type: 'projection.rebuild_requested', data: { projection, reason } }];
      }
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'projection.event_skipped':
        return { ...state, skipped: new Set([...state.skipped, data.position]) };
      case 'projection.retry_requested':
        return { ...state, retries: state.retries + 1 };
      case 'projection.rebuild_requested':
        return { ...state, rebuilds: state.rebuilds + 1 };
    }
  },
};
