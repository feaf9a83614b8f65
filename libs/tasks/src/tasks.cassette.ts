import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Cassette, CassetteTask } from '#contracts';
import { ContentStore, DomainError, EventLog, ReadModels, type RecordedEvent } from '#platform';
import { taskStream } from './tasks.commands.js';
import type { HandoffRef, TaskEvent } from './tasks.events.js';

/** The cassette of one run, from the events of its tasks. */
export class ExportCassette extends Query<Cassette> {
  constructor(
    readonly runId: string,
    readonly userId: string,
  ) {
    super();
  }
}

@Injectable()
@QueryHandler(ExportCassette)
export class ExportCassetteHandler implements IQueryHandler<ExportCassette> {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  async execute({ runId, userId }: ExportCassette): Promise<Cassette> {
    const rows = await this.reads.rows<{ task_id: string; project_id: string }>(
      'SELECT task_id, project_id FROM read_models.tasks WHERE run_id = $1 AND owner_id = $2 ORDER BY created_at, task_id',
      [runId, userId],
    );
    if (!rows[0]) throw new DomainError('not_found', 'There is no such run, or none of its tasks has begun.');
    const tasks: CassetteTask[] = [];
    for (const { task_id } of rows) {
      const task = await this.task(userId, await this.log.readStream<TaskEvent>(taskStream(task_id)));
      if (task) tasks.push(task);
    }
    return { format: 'countersign-cassette/1', project_id: rows[0].project_id, run_id: runId, tasks };
  }

  private async task(ownerId: string, history: readonly RecordedEvent<TaskEvent>[]): Promise<CassetteTask | null> {
    const [first] = history;
    if (first?.type !== 'task.assigned') return null;
    const { task_id, agent_type, purpose, round, handoff_in } = first.data;
    const entries: CassetteTask['entries'] = [];
    let handoff_out: CassetteTask['handoff_out'] = null;
    for (const { type, data } of history) {
      if (type === 'task.turn_recorded' || type === 'task.tool_recorded')
        entries.push((await this.contents.getJson(ownerId, data.entry)) as CassetteTask['entries'][number]);
      if (type === 'task.completed') handoff_out = await this.handoff(ownerId, data.handoff_out);
    }
    return { task_id, agent_type, purpose, round, handoff_in: await this.handoff(ownerId, handoff_in), handoff_out, entries };
  }

  private async handoff(ownerId: string, { handoff_type, sha256 }: HandoffRef): Promise<CassetteTask['handoff_in']> {
    return { handoff_type, sha256, content: (await this.contents.getJson(ownerId, sha256)) as CassetteTask['handoff_in']['content'] };
  }
}
