import type { Autonomy, GateKind, HandoffType } from '#contracts';
import type { PipelineInput } from './pipeline-inputs.events.js';
import type { PipelineState } from './pipeline-state.workflow.js';
import { assign, repair, STAGE_TEXT, status, statusAt } from './pipeline-steps.workflow.js';
import { deadlineAt } from './pipeline-timers.workflow.js';
import type { IntentOf, PipelineIntent } from './pipeline.events.js';

export type Completed = Extract<PipelineInput, { type: 'task_completed' }>;

/** Gates at which a result is reviewed; at the other kind an agent asks whether it may go on. */
type ReviewGate = Exclude<GateKind, 'block'>;

const HANDOFF_AT: Readonly<Record<ReviewGate, HandoffType>> = {
  specification: 'software_specification',
  plan: 'implementation_plan',
  delivery: 'verification_report',
};
const ARTIFACT_AT = { specification: 'spec', plan: 'plan', delivery: 'code' } as const;
const GATED: Readonly<Record<Autonomy, readonly GateKind[]>> = {
  manual: ['specification', 'plan', 'delivery'],
  plan: ['specification', 'plan'],
  full: [],
};

/** Publishes a result, and puts it to a person where the run's autonomy says so; goes on with it otherwise. */
export function propose(input: Completed, state: PipelineState, gate: ReviewGate): PipelineIntent[] {
  const handoff_type = HANDOFF_AT[gate];
  const publish: PipelineIntent = {
    intent: 'publish',
    artifact_id: input.ids.artifact,
    artifact_type: ARTIFACT_AT[gate],
    task_id: input.task_id,
    handoff_type,
    sha256: input.sha256,
  };
  if (GATED[state.run!.autonomy].includes(gate))
    return [
      publish,
      ...ask({
        intent: 'open_gate',
        request_id: input.ids.gate,
        gate,
        task_id: input.task_id,
        handoff_type,
        content_hash: input.sha256,
        ...deadlineAt(input.at, state),
      }),
    ];
  const warnings = gate === 'delivery' ? input.warnings : [];
  return [
    publish,
    { intent: 'accept', handoff_type, sha256: input.sha256, request_id: null },
    ...proceed(input, gate, input.sha256, input.ids.artifact, warnings),
  ];
}

export const ask = (opened: IntentOf<'open_gate'>): PipelineIntent[] => [
  opened,
  status('waiting_for_hitl', opened.gate === 'block' ? 'an agent cannot go on' : `${opened.gate} to be reviewed`),
];

/** An agent cannot go on by itself: a person decides. Its answer in the chat during a build is not worth a gate. */
export function blocked(input: Extract<PipelineInput, { type: 'task_blocked' }>, state: PipelineState): PipelineIntent[] {
  const { task_id, sha256, ids, at } = input;
  if (state.talk?.task_id === task_id)
    return [
      { intent: 'settle', task_id },
      { intent: 'cancel_task', task_id },
    ];
  if (state.work?.task_id !== task_id) return [];
  const deadline = deadlineAt(at, state);
  return ask({
    intent: 'open_gate',
    request_id: ids.gate,
    gate: 'block',
    task_id,
    handoff_type: 'block_report',
    content_hash: sha256,
    ...deadline,
    // Time alone never spends money.
    on_deadline: deadline.on_deadline === 'approve' ? 'expire' : deadline.on_deadline,
  });
}

function blockAnswered({ action, content_hash }: Extract<PipelineInput, { type: 'gate_answered' }>, state: PipelineState): PipelineIntent[] {
  const { work, round } = state;
  if (!work) return [];
  const { task_id, purpose } = work;
  if (action === 'reject') return [{ intent: 'fail', cause: 'stopped_by_person', stage: STAGE_TEXT[purpose], task_id }, { intent: 'release_place' }];
  return [{ intent: 'go_on', task_id, report: content_hash }, statusAt(purpose, round), { intent: 'reissue', task_id }];
}

/** What comes after a content was accepted. */
function proceed(input: PipelineInput, gate: ReviewGate, sha256: string, artifact_id: string, warnings: readonly string[]): PipelineIntent[] {
  switch (gate) {
    case 'specification':
      return [status('running', STAGE_TEXT.plan), ...assign(input, 'plan', 0, { from: 'specification', sha256, rejected: null })];
    case 'plan':
      return [status('running', STAGE_TEXT.write), ...assign(input, 'write', 0, { from: 'handoff', handoff_type: 'implementation_plan', sha256 })];
    case 'delivery':
      return [{ intent: 'deliver', artifact_id, report: sha256 }, { intent: 'complete', warnings: [...warnings] }, { intent: 'release_place' }];
  }
}

export function gateAnswered(input: Extract<PipelineInput, { type: 'gate_answered' }>, state: PipelineState): PipelineIntent[] {
  if (!state.gate || state.gate.request_id !== input.request_id) return [];
  const { gate, handoff_type, task_id, request_id } = state.gate;
  if (gate === 'block') return blockAnswered(input, state);
  if (input.action === 'reject') {
    const rejected = { previous: input.content_hash, request_id };
    switch (gate) {
      case 'specification':
        return [status('running', STAGE_TEXT.specify), ...assign(input, 'specify', 0, { from: 'conversation', finalized: true, rejected })];
      case 'plan':
        return [
          status('running', STAGE_TEXT.plan),
          ...assign(input, 'plan', 0, { from: 'specification', sha256: state.accepted.software_specification!, rejected }),
        ];
      case 'delivery': {
        const round = state.round + 1;
        return repair(input, round, { from: 'refusal', report: input.content_hash, request_id, round });
      }
    }
  }
  const sha256 = input.action === 'amend' ? input.amended_hash! : input.content_hash;
  const amended: PipelineIntent[] =
    input.action === 'amend'
      ? [{ intent: 'publish', artifact_id: input.ids.artifact, artifact_type: ARTIFACT_AT[gate], task_id, handoff_type, sha256 }]
      : [];
  return [...amended, { intent: 'accept', handoff_type, sha256, request_id }, ...proceed(input, gate, sha256, state.artifact_id!, state.warnings)];
}
