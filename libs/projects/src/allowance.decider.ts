import { DomainError, type Decider } from '#platform/domain';
import type { AllowanceCommandUnion } from './allowance.commands.js';
import type { AllowanceEvent } from './allowance.events.js';

interface Place {
  readonly run_id: string;
  readonly project_id: string;
}

export interface AllowanceState {
  /** When the runs of the last days were reserved, oldest first, ISO 8601. */
  readonly reserved: readonly { readonly run_id: string; readonly at: string }[];
  readonly working: readonly Place[];
  readonly waiting: readonly Place[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;

export const allowanceDecider: Decider<AllowanceCommandUnion, AllowanceEvent, AllowanceState> = {
  initial: { reserved: [], working: [], waiting: [] },

  decide(command, state) {
    const { run_id } = command.data;
    switch (command.type) {
      case 'reserve_run': {
        const { now } = command.meta;
        const today = state.reserved.filter(({ at }) => Date.parse(at) > Date.parse(now) - DAY_MS);
        if (today.length >= command.data.daily_limit) {
          const frees = Date.parse(today[today.length - command.data.daily_limit]!.at) + DAY_MS;
          throw new DomainError(
            'daily_limit',
            `You have started ${command.data.daily_limit} runs in the last 24 hours, which is the limit. The next one can start at ${new Date(frees).toISOString()}.`,
            [],
            { limit: 'DAILY_RUNS_PER_USER', frees_at: new Date(frees).toISOString(), retry_after: Math.ceil((frees - Date.parse(now)) / 1_000) },
          );
        }
        return [{ type: 'allowance.run_reserved', data: { run_id, at: now } }];
      }
      case 'request_place': {
        if ([...state.working, ...state.waiting].some((place) => place.run_id === run_id)) return [];
        const place = { run_id, project_id: command.data.project_id };
        const requested: AllowanceEvent = { type: 'allowance.place_requested', data: place };
        return state.working.length < command.data.running_limit ? [requested, { type: 'allowance.place_granted', data: place }] : [requested];
      }
      case 'release_place': {
        if (![...state.working, ...state.waiting].some((place) => place.run_id === run_id)) return [];
        const working = state.working.filter((place) => place.run_id !== run_id);
        const free = Math.max(0, command.data.running_limit - working.length);
        const next = state.waiting.filter((place) => place.run_id !== run_id).slice(0, free);
        return [
          { type: 'allowance.place_released', data: { run_id } },
          ...next.map((place): AllowanceEvent => ({ type: 'allowance.place_granted', data: place })),
        ];
      }
    }
  },

  evolve(state, { type, data }) {
    const without = (places: readonly Place[]) => places.filter((place) => place.run_id !== data.run_id);
    switch (type) {
      case 'allowance.run_reserved': {
        const recent = state.reserved.filter(({ at }) => Date.parse(at) > Date.parse(data.at) - DAY_MS);
        return { ...state, reserved: [...recent, data] };
      }
      case 'allowance.place_requested':
        return { ...state, waiting: [...without(state.waiting), data] };
      case 'allowance.place_granted':
        return { ...state, waiting: without(state.waiting), working: [...without(state.working), data] };
      case 'allowance.place_released':
        return { ...state, waiting: without(state.waiting), working: without(state.working) };
    }
  },
};
