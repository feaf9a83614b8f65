import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { AgentProcessor } from './agent.processor.js';
import { AssignmentDesk, type AgentAnswer, type Assignment } from './assignment.js';
import type { Brain, BrainContext } from './brain.js';
import { Brains } from './brains.js';
import { RunningTasks } from './running-tasks.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Plans an accepted specification. */
@Processor('architect', WORKER_OPTIONS)
export class ArchitectProcessor extends AgentProcessor {
  constructor(@Inject(AssignmentDesk) desk: AssignmentDesk, @Inject(RunningTasks) running: RunningTasks, @Inject(Brains) brains: Brains) {
    super(desk, running, brains);
  }

  protected async work(assignment: Assignment, brain: Brain, context: BrainContext): Promise<AgentAnswer> {
    const plan = await brain.plan(await assignment.handoff('planning_request'), context);
    return { handoff_type: 'implementation_plan', content: plan };
  }
}
