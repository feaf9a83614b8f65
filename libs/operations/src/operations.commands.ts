import { DomainCommand } from '#platform';

export const projectionStream = (name: string): string => `projection-${name}`;

/** An event before which a projection, or its rebuild, stands still. */
export interface Obstruction {
  readonly position: string;
  readonly event_id: string;
  readonly type: string;
}

abstract class OperationsCommand<Data extends { projection: string }> extends DomainCommand<Data> {
  get stream(): string {
    return projectionStream(this.data.projection);
  }
}

/** `standing`: where the projection and its rebuild stand still at this moment. */
export class SkipEvent extends OperationsCommand<{ projection: string; position: string; reason: string; standing: readonly Obstruction[] }> {
  readonly type = 'skip_event';
}

export class RetryProjection extends OperationsCommand<{ projection: string; reason: string | null; standing: readonly Obstruction[] }> {
  readonly type = 'retry_projection';
}

/** `on_its_way`: a rebuild has begun, or is about to. */
export class RebuildProjection extends OperationsCommand<{ projection: string; reason: string | null; on_its_way: boolean }> {
  readonly type = 'rebuild_projection';
}

export const OPERATIONS_COMMANDS = [SkipEvent, RetryProjection, RebuildProjection] as const;
export type OperationsCommandUnion = InstanceType<(typeof OPERATIONS_COMMANDS)[number]>;
