import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { ReadModels } from '#platform';
import type { TimerRow } from './timer.projection.js';

const MOST = 100;

export interface Agenda {
  /** Timers that are due, the longest overdue first, so many at a time. */
  readonly due: readonly TimerRow[];
  /** When the next of the others is due, in ms since 1970; null where there is none. */
  readonly next: number | null;
}

/** What is due at a moment (ms since 1970), and when to look again. */
export class GetAgenda extends Query<Agenda> {
  constructor(readonly now: number) {
    super();
  }
}

/** Which of these runs have a timer of their working time. */
export class TimedRuns extends Query<Set<string>> {
  constructor(readonly runIds: readonly string[]) {
    super();
  }
}

@Injectable()
@QueryHandler(GetAgenda)
export class GetAgendaHandler implements IQueryHandler<GetAgenda> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ now }: GetAgenda): Promise<Agenda> {
    const rows = await this.reads.rows<TimerRow>(
      `SELECT * FROM read_models.timers
        WHERE due_at <= coalesce((SELECT min(due_at) FROM read_models.timers WHERE due_at > $1), 'infinity') ORDER BY due_at LIMIT $2`,
      [new Date(now).toISOString(), MOST + 1],
    );
    const due = rows.filter(({ due_at }) => new Date(due_at).getTime() <= now).slice(0, MOST);
    const next = rows[due.length];
    return { due, next: next ? new Date(next.due_at).getTime() : null };
  }
}

@Injectable()
@QueryHandler(TimedRuns)
export class TimedRunsHandler implements IQueryHandler<TimedRuns> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ runIds }: TimedRuns): Promise<Set<string>> {
    if (runIds.length === 0) return new Set();
    const rows = await this.reads.rows<{ run_id: string }>(`SELECT run_id FROM read_models.timers WHERE run_id = ANY($1) AND purpose = 'run_limit'`, [
      runIds,
    ]);
    return new Set(rows.map(({ run_id }) => run_id));
  }
}

export const TIMER_QUERY_HANDLERS = [GetAgendaHandler, TimedRunsHandler];
