import type { AgentType } from '#contracts';
import type { PipelineInput } from './pipeline-inputs.events.js';
import type { Assign, Purpose } from './pipeline-state.workflow.js';
import type { IntentOf, PipelineIntent } from './pipeline.events.js';

const AGENT_OF: Readonly<Record<Purpose, AgentType>> = {
  converse: 'analyst',
  answer: 'analyst',
  specify: 'analyst',
  plan: 'architect',
  write: 'coder',
  repair: 'coder',
  verify: 'qa',
};

export const STAGE_TEXT: Readonly<Record<Purpose, string>> = {
  converse: 'requirements chat',
  answer: 'answering',
  specify: 'writing the specification',
  plan: 'planning',
  write: 'writing the code',
  repair: 'fixing defects',
  verify: 'installing, building and testing',
};

export const status = (value: IntentOf<'set_status'>['status'], stage: string): IntentOf<'set_status'> => ({
  intent: 'set_status',
  status: value,
  stage,
});

/** A task and its first job. */
export function assign(input: PipelineInput, purpose: Purpose, round: number, source: Assign['source']): PipelineIntent[] {
  const agent_type = AGENT_OF[purpose];
  const task_id = input.ids.task;
  return [
    { intent: 'assign', task_id, agent_type, purpose, round, source },
    { intent: 'enqueue', task_id, agent_type, attempt: 1, delay_ms: 0 },
  ];
}

export const statusAt = (purpose: Purpose, round: number): PipelineIntent =>
  status(purpose === 'converse' ? 'collecting' : round > 0 ? 'fixing' : 'running', STAGE_TEXT[purpose]);

export const repair = (input: PipelineInput, round: number, source: Assign['source']): PipelineIntent[] => [
  status('fixing', STAGE_TEXT.repair),
  ...assign(input, 'repair', round, source),
];
