import { DomainCommand } from '#platform';

abstract class AllowanceCommand<Data extends { user_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return `allowance-${this.data.user_id}`;
  }
}

/** Takes one of the day's runs. */
export class ReserveRun extends AllowanceCommand<{ user_id: string; run_id: string; daily_limit: number }> {
  readonly type = 'reserve_run';
}
/** Asks for a place among the runs that work; granted at once or when one is released, first come first served. */
export class RequestPlace extends AllowanceCommand<{ user_id: string; project_id: string; run_id: string; running_limit: number }> {
  readonly type = 'request_place';
}
/** Gives the place (or the wait for one) up. */
export class ReleasePlace extends AllowanceCommand<{ user_id: string; run_id: string; running_limit: number }> {
  readonly type = 'release_place';
}

export const ALLOWANCE_COMMANDS = [ReserveRun, RequestPlace, ReleasePlace] as const;
export type AllowanceCommandUnion = InstanceType<(typeof ALLOWANCE_COMMANDS)[number]>;
