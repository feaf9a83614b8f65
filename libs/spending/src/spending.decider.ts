import { DomainError, type Decider } from '#platform/domain';
import type { SpendingCommandUnion, SpendingLimits } from './spending.commands.js';
import { SPENDING_SCOPES, type SpendingEvent, type SpendingScope } from './spending.events.js';

type Place = Readonly<Record<SpendingScope, string>>;

export interface SpendingState {
  /** Requests that are under way, or whose answer was lost: they count in full. */
  readonly open: Readonly<Record<string, Place & { readonly micro_usd: number }>>;
  /** Set aside or used up, by `scope:id`. */
  readonly spent: Readonly<Record<string, number>>;
  readonly raised: Readonly<Record<string, number>>;
}

const key = (scope: SpendingScope, id: string): string => `${scope}:${id}`;
const WORDS: Readonly<Record<SpendingScope, string>> = { run: 'this run', project: 'this project', day: 'you today' };

export const spendingDecider: Decider<SpendingCommandUnion, SpendingEvent, SpendingState> = {
  initial: { open: {}, spent: {}, raised: {} },

  decide(command, state) {
    switch (command.type) {
      case 'reserve_spending': {
        const { reservation_id, project_id, run_id, task_id, micro_usd, limits } = command.data;
        if (state.open[reservation_id]) return [];
        const day = command.meta.now.slice(0, 10);
        refuseOverLimit(state, { run: run_id, project: project_id, day }, micro_usd, limits);
        return [{ type: 'spending.reserved', data: { reservation_id, project_id, run_id, task_id, micro_usd, day } }];
      }
      case 'settle_spending': {
        const { reservation_id, micro_usd } = command.data;
        return state.open[reservation_id] ? [{ type: 'spending.settled', data: { reservation_id, micro_usd } }] : [];
      }
      case 'raise_spending_limit': {
        const { scope, id, micro_usd } = command.data;
        return [{ type: 'spending.limit_raised', data: { scope, id, micro_usd } }];
      }
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'spending.reserved': {
        const place = { run: data.run_id, project: data.project_id, day: data.day };
        return {
          ...state,
          open: { ...state.open, [data.reservation_id]: { ...place, micro_usd: data.micro_usd } },
          spent: add(state.spent, place, data.micro_usd),
        };
      }
      case 'spending.settled': {
        const { [data.reservation_id]: settled, ...open } = state.open;
        return settled ? { ...state, open, spent: add(state.spent, settled, data.micro_usd - settled.micro_usd) } : state;
      }
      case 'spending.limit_raised':
        return { ...state, raised: { ...state.raised, [key(data.scope, data.id)]: (state.raised[key(data.scope, data.id)] ?? 0) + data.micro_usd } };
    }
  },
};

function add(spent: SpendingState['spent'], place: Place, micro_usd: number): SpendingState['spent'] {
  const changed = SPENDING_SCOPES.map((scope) => [key(scope, place[scope]), (spent[key(scope, place[scope])] ?? 0) + micro_usd]);
  return { ...spent, ...(Object.fromEntries(changed) as Record<string, number>) };
}

/** @throws DomainError budget_exceeded, saying which limit, how much of it is used and what the request may cost */
function refuseOverLimit({ spent, raised }: SpendingState, place: Place, micro_usd: number, limits: SpendingLimits): void {
  for (const scope of SPENDING_SCOPES) {
    const limit = limits[scope];
    const at = key(scope, place[scope]);
    if (limit === null) continue;
    const allowed = limit + (raised[at] ?? 0);
    const used = spent[at] ?? 0;
    if (used + micro_usd <= allowed) continue;
    throw new DomainError(
      'budget_exceeded',
      `The next request to the model may cost up to ${dollars(micro_usd)}, and ${WORDS[scope]} may spend ${dollars(allowed)}, of which ${dollars(used)} is used or set aside.`,
      [],
      { scope, id: place[scope], allowed_micro_usd: allowed, used_micro_usd: used, needed_micro_usd: micro_usd },
    );
  }
}

const dollars = (micro_usd: number): string => `$${(micro_usd / 1_000_000).toFixed(2)}`;
