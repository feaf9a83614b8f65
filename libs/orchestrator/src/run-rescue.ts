import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { AgentJobs, EventLog, ReadModels, stableId, type RecordedEvent } from '#platform';
import { EndedRuns, FailRun, WorkingRuns } from '#projects';
import { OpenTasks } from '#tasks';
import { orchestratorMeta } from './orchestrator-meta.js';
import { SetTimer } from './timer.commands.js';
import { TimedRuns } from './timer.queries.js';

/** Looks after runs that would otherwise stand still: lost jobs, work that nobody times, inputs that cannot be carried out. */
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

  /** Wakes the runs that work without a timer, as those do that an older version began: each, once, with one that is due at once. */
  async wakeUntimedRuns(): Promise<void> {
    const working = await this.queries.execute(new WorkingRuns());
    const timed = await this.queries.execute(new TimedRuns(working.map(({ run_id }) => run_id)));
    for (const run of working.filter(({ run_id }) => !timed.has(run_id))) {
      const timer_id = stableId('wake', run.run_id);
      const meta = orchestratorMeta(run, stableId('set', timer_id));
      await this.commands.execute(new SetTimer({ timer_id, run_id: run.run_id, purpose: 'run_limit', due_at: meta.now }, meta));
    }
  }

  async failRun(event: RecordedEvent, run_id: string, project_id: string | null): Promise<void> {
    if (project_id === null) return;
    const reason = 'The orchestrator could not carry out the next step. Retry the project; if it fails again, the server log says why.';
    const meta = orchestratorMeta({ project_id, run_id, owner_id: event.metadata.owner_id }, stableId('fail', run_id, event.event_id), {
      correlation_id: event.metadata.correlation_id,
      causation_id: event.event_id,
    });
    await this.commands.execute(new FailRun({ project_id, run_id, stage: 'orchestration', reason }, meta));
  }
}
