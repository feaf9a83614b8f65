import { DomainCommand } from '#platform';
import type { SpendingScope } from './spending.events.js';

/** Millionths of a dollar; null: no limit. */
export type SpendingLimits = Readonly<Record<SpendingScope, number | null>>;

abstract class SpendingCommand<Data extends { user_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return `spending-${this.data.user_id}`;
  }
}

/** Sets aside the most that a request can cost, before it is sent; refused where a limit does not allow it. */
export class ReserveSpending extends SpendingCommand<{
  user_id: string;
  reservation_id: string;
  project_id: string;
  run_id: string;
  task_id: string;
  micro_usd: number;
  limits: SpendingLimits;
}> {
  readonly type = 'reserve_spending';
}
/** What a request really cost: nothing where it never came to an answer. */
export class SettleSpending extends SpendingCommand<{ user_id: string; reservation_id: string; micro_usd: number }> {
  readonly type = 'settle_spending';
}
/** A person adds to a limit. */
export class RaiseSpendingLimit extends SpendingCommand<{ user_id: string; scope: SpendingScope; id: string; micro_usd: number }> {
  readonly type = 'raise_spending_limit';
}

export const SPENDING_COMMANDS = [ReserveSpending, SettleSpending, RaiseSpendingLimit] as const;
export type SpendingCommandUnion = InstanceType<(typeof SPENDING_COMMANDS)[number]>;
