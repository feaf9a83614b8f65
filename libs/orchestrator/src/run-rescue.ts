import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AgentJobs, EventLog, newId, ReadModels, stableId, type RecordedEvent } from '#platform';
import { EndedRuns, ExpireRun, FailRun, WorkingRuns } from '#projects';
import { OpenTasks } from '#tasks';
import { orchestratorMeta } from './orchestrator-meta.js';

/** Looks after runs that would otherwise stand still: lost jobs, used-up time, inputs that cannot be carried out. */
@Injectable()
export class RunRescue {
  private readonly logger = new Logger('Orchestrator');

  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AgentJobs) private readonly jobs: AgentJobs,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ReadModels) private readonly reads: ReadModels,
  ) {}

  /** Puts back the jobs of open tasks that the queue has lost; adding one that is there changes nothing. */
  async requeueLostJobs(): Promise<number> {
    let lost = 0;
    await this.reads.waitFor(await this.log.store.head());
    const open = await this.queries.execute(new OpenTasks());
    // A task that a person had tried again waits until its run has been taken up; chat after the end is answered all the same.
    const ended = await this.queries.execute(new EndedRuns(open.map(({ run_id }) => run_id)));
    for (const { agent_type, task_id, attempt, run_id, not_before } of open) {
      if (ended.has(run_id) && agent_type !== 'analyst') continue;
      if (await this.jobs.has(agent_type, { task_id, attempt })) continue;
      const delay = not_before === null ? 0 : Math.max(0, new Date(not_before).getTime() - Date.now());
      await this.jobs.enqueue(agent_type, { task_id, attempt }, delay);
      lost += 1;
    }
    if (lost > 0) this.logger.log(`${lost} lost job(s) put back on the queue`);
    return lost;
  }

  /** Ends the runs that have worked longer than they may. */
  async expireRuns(): Promise<void> {
    for (const { project_id, run_id, owner_id } of await this.queries.execute(new WorkingRuns())) {
      await this.commands.execute(new ExpireRun({ project_id, run_id }, orchestratorMeta({ project_id, run_id, owner_id }, newId())));
    }
  }

  async failRun(event: RecordedEvent, run_id: string, project_id: string | null): Promise<void> {
    if (project_id === null) return;
    const reason = 'The orchestrator could not carry out the next step. Retry the project; if it fails again, the server log says why.';
    const meta = orchestratorMeta({ project_id, run_id, owner_id: event.metadata.owner_id }, stableId('fail', run_id, event.event_id));
    await this.commands.execute(new FailRun({ project_id, run_id, stage: 'orchestration', reason }, meta));
  }
}
