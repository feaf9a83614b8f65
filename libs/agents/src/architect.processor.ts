import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { AgentProcessor } from './agent.processor.js';
import { AssignmentDesk, type AgentAnswer, type Assignment } from './assignment.js';
import { BRAIN, type Brain, type BrainContext } from './brain.js';
import { RunningTasks } from './running-tasks.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Plans an accepted specification. */
@Processor('architect', WORKER_OPTIONS)
export class ArchitectProcessor extends AgentProcessor {
  constructor(@Inject(AssignmentDesk) desk: AssignmentDesk, @Inject(RunningTasks) running: RunningTasks, @Inject(BRAIN) brain: Brain) {
    super(desk, running, brain);
  }

  protected async work(assignment: Assignment, context: BrainContext): Promise<AgentAnswer> {
    const plan = await this.brain.plan(await assignment.handoff('planning_request'), context);
    return { handoff_type: 'implementation_plan', content: plan };
  }
}
