import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { AgentProcessor } from './agent.processor.js';
import { AssignmentDesk, validAnswer, type AgentAnswer, type Assignment } from './assignment.js';
import type { Brain, BrainContext } from './brain.js';
import { Brains } from './brains.js';
import { RunningTasks } from './running-tasks.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Holds the requirements chat and writes the specification. */
@Processor('analyst', WORKER_OPTIONS)
export class AnalystProcessor extends AgentProcessor {
  constructor(@Inject(AssignmentDesk) desk: AssignmentDesk, @Inject(RunningTasks) running: RunningTasks, @Inject(Brains) brains: Brains) {
    super(desk, running, brains);
  }

  protected async work(assignment: Assignment, brain: Brain, context: BrainContext): Promise<AgentAnswer> {
    const conversation = await assignment.handoff('requirements_conversation');
    if (assignment.purpose !== 'specify') {
      const turn = validAnswer('analyst_turn', await brain.converse(conversation, context));
      return { handoff_type: 'analyst_turn', content: turn, outcome: { ready: turn.ready } };
    }
    const specification = validAnswer('software_specification', await brain.specify(conversation, context));
    return { handoff_type: 'software_specification', content: specification, outcome: { open_questions: specification.open_questions.length } };
  }
}
