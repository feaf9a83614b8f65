import type { GateKind } from '#contracts';
import type { EventLog } from '#platform';
import { projectStream, type ProjectEvent } from '#projects';
import { taskStream, type TaskEvent, type TaskPurpose } from '#tasks';
import type { IntentOf } from './pipeline.events.js';

/** What a task asks of its agent, as people read it. */
export function taskInstructions(purpose: TaskPurpose, round: number): string {
  switch (purpose) {
    case 'converse':
      return 'Read the requirements chat and reply: say what you understood, and ask what is missing, each question with a proposal.';
    case 'answer':
      return 'A build is under way. Answer what the person wrote.';
    case 'specify':
      return 'Write the software specification from the whole conversation.';
    case 'plan':
      return 'Plan the implementation of the accepted specification.';
    case 'write':
      return 'Write the code and the tests of the accepted plan.';
    case 'repair':
      return `Repair what the defect report names (round ${round}).`;
    case 'verify':
      return 'Install, build, test and start the code in the sandbox, and report.';
  }
}

export function gateQuestion(gate: GateKind): string {
  switch (gate) {
    case 'specification':
      return 'Is this what should be built? Approve it, reject it with a reason, or amend it.';
    case 'plan':
      return 'Shall it be built in this way? Approve the plan, reject it with a reason, or amend it.';
    case 'block':
      return 'An agent cannot go on by itself. Read why. Approve to let it go on (where money ran out, this adds to the limit), or reject to stop the run.';
    case 'delivery':
      return 'It passed its checks. Do you accept the delivery? Approve it, or reject it with a reason.';
  }
}

/** With which words a gate is rejected that nobody has answered: those that a person said when the run was requested. */
export async function standingReason(
  log: EventLog,
  { project_id, run_id }: { readonly project_id: string; readonly run_id: string },
): Promise<string> {
  const history = await log.readStream<ProjectEvent>(projectStream(project_id));
  const requested = history.find((event) => event.type === 'run.requested' && event.data.run_id === run_id);
  return (requested?.type === 'run.requested' && requested.data.gate_reason) || 'Nobody answered in time.';
}

/** Why a run failed, for the person who must decide what to do. */
export async function failureReason(log: EventLog, intent: IntentOf<'fail'>): Promise<string> {
  if (intent.cause === 'stopped_by_person')
    return 'An agent could not go on, and you stopped the run. Retry the project when you want it to go on from there.';
  if (intent.cause === 'fix_rounds_used_up')
    return 'The checks still fail after the last fix round. The defect report of the last verification says what is wrong; retry the project for further rounds, or refine it.';
  const history = intent.task_id === null ? [] : await log.readStream<TaskEvent>(taskStream(intent.task_id));
  const failed = history.filter((event) => event.type === 'task.failed').at(-1);
  return failed ? `An agent could not do its task: ${failed.data.error}` : 'An agent could not do its task.';
}
