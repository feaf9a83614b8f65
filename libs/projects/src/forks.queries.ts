import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Query, QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { comparePositions, DomainError, EventLog, ProjectAccess, ReadModels, type Position } from '#platform';
import { projectStream, type ProjectEvent } from './projects.events.js';
import type { ForkRow } from './projects.projection.js';

/** A fork whose copying is not at its end. */
export type OpenFork = Pick<ForkRow, 'project_id' | 'owner_id' | 'origin_project_id' | 'position' | 'requested_by' | 'correlation_id'>;

export type ForkState = Pick<ForkRow, 'origin_project_id' | 'position' | 'status' | 'reason'>;

/** Where a project is forked. */
export interface ForkPoint {
  readonly position: Position;
  /** The current run there. */
  readonly run_id: string;
  /** It may still work: it goes on, or can be taken up again. */
  readonly unfinished: boolean;
}

/** @param position as a person gave it; null for the end of the log */
export class FindForkPoint extends Query<ForkPoint> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly position: string | null,
  ) {
    super();
  }
}

/** How a fork stands, once it has ended or so many milliseconds have passed; null where there is none. */
export class GetFork extends Query<ForkState | null> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly patienceMs: number,
  ) {
    super();
  }
}

/** The oldest first. */
export class OpenForks extends Query<OpenFork[]> {}

const LOOK_MS = 50;
/** The database holds positions as signed 64-bit integers. */
const LARGEST = 2n ** 63n - 1n;

const refuse = (message: string): never => {
  throw new DomainError('invalid_input', `at_position ${message}.`, [{ field: 'at_position', message }]);
};

@Injectable()
@QueryHandler(FindForkPoint)
export class FindForkPointHandler implements IQueryHandler<FindForkPoint> {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ projectId, userId, position: given }: FindForkPoint): Promise<ForkPoint> {
    await this.queries.execute(new ProjectAccess(projectId, userId));
    const head = await this.log.store.head();
    const position = given === null ? head : parsed(given);
    if (comparePositions(position, head) > 0) refuse('lies beyond the end of the log; send one that an event of the project has');
    const history = await this.log.readStream<ProjectEvent>(projectStream(projectId));
    const past = history.filter((event) => comparePositions(event.position, position) <= 0);
    if (!past.some(({ type }) => type === 'project.created'))
      refuse('lies before the project was created; send one that an event of the project has');
    // The first run is requested in the moment in which the project is created.
    const run = past.findLast((event) => event.type === 'run.requested') ?? history.find((event) => event.type === 'run.requested')!;
    const { run_id } = run.data;
    const last = past.findLast(
      ({ type, data }) => 'run_id' in data && data.run_id === run_id && ['run.completed', 'run.cancelled', 'run.reopened'].includes(type),
    );
    return { position, run_id, unfinished: last === undefined || last.type === 'run.reopened' };
  }
}

function parsed(text: string): Position {
  return /^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST ? BigInt(text).toString() : refuse('must be a position: a decimal string');
}

@Injectable()
@QueryHandler(GetFork)
export class GetForkHandler implements IQueryHandler<GetFork>, BeforeApplicationShutdown {
  private stopping = false;

  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}

  async execute({ projectId, userId, patienceMs }: GetFork): Promise<ForkState | null> {
    for (const deadline = Date.now() + patienceMs; ; await delay(LOOK_MS)) {
      const row = await this.reads.row<ForkState>(
        'SELECT origin_project_id, position::text, status, reason FROM read_models.forks WHERE project_id = $1 AND owner_id = $2',
        [projectId, userId],
      );
      if (row?.status !== 'copying' || Date.now() >= deadline || this.stopping) return row;
    }
  }

  /** Nobody who waits holds up the end. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}

@Injectable()
@QueryHandler(OpenForks)
export class OpenForksHandler implements IQueryHandler<OpenForks> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute(): Promise<OpenFork[]> {
    return this.reads.rows(
      `SELECT project_id, owner_id, origin_project_id, position::text, requested_by, correlation_id FROM read_models.forks
        WHERE status = 'copying' ORDER BY created_at LIMIT 100`,
    );
  }
}

export const FORK_QUERY_HANDLERS = [FindForkPointHandler, GetForkHandler, OpenForksHandler];
