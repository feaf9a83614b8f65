import { z } from 'zod';
import {
  AGENT_ENGINES,
  AGENT_TYPES,
  ARTIFACT_TYPES,
  AUTONOMY_LEVELS,
  DEADLINE_ACTIONS,
  GATE_KINDS,
  HANDOFF_TYPES,
  RUN_KINDS,
  sha256Hex,
} from '#contracts';
import { account, event, logPosition, type EventOf } from '#platform/domain';
import { keptInput, pipelineLimits } from './pipeline-inputs.events.js';
import { timerPurpose } from './timer.events.js';

/** Where the one handoff of a task comes from. */
const handoffSource = z.discriminatedUnion('from', [
  /** The conversation as it stands when the task is assigned; after a rejection with the previous specification. */
  z.strictObject({
    from: z.literal('conversation'),
    finalized: z.boolean(),
    rejected: z.strictObject({ previous: sha256Hex, request_id: z.uuid() }).nullable(),
  }),
  /** The accepted specification; after a rejection with the previous plan. */
  z.strictObject({
    from: z.literal('specification'),
    sha256: sha256Hex,
    rejected: z.strictObject({ previous: sha256Hex, request_id: z.uuid() }).nullable(),
  }),
  /** Another agent's handoff, as it is. */
  z.strictObject({ from: z.literal('handoff'), handoff_type: z.enum(HANDOFF_TYPES), sha256: sha256Hex }),
  /** A person's reasons for refusing a delivery. */
  z.strictObject({ from: z.literal('refusal'), report: sha256Hex, request_id: z.uuid(), round: z.int().min(1) }),
]);

const purpose = z.enum(['converse', 'answer', 'specify', 'plan', 'write', 'repair', 'verify']);
const task_id = z.uuid();
const timer_id = z.uuid();
const request_id = z.uuid();
const deadline = z.iso.datetime();

/**
 * What the pipeline wants done, or notes for itself. The workflow's state is a fold over these, so they carry all that it
 * needs to know; the dispatcher carries out those that reach into the world.
 */
export const pipelineIntent = z.discriminatedUnion('intent', [
  z.strictObject({
    intent: z.literal('begin'),
    project_id: z.uuid(),
    run_id: z.uuid(),
    owner_id: account(z.uuid()),
    kind: z.enum(RUN_KINDS),
    autonomy: z.enum(AUTONOMY_LEVELS),
    engine: z.enum(AGENT_ENGINES).nullable(),
    fix_rounds: z.int().min(0),
    limits: pipelineLimits.nullable(),
  }),
  z.strictObject({ intent: z.literal('open_chat'), message_id: z.uuid() }),
  z.strictObject({
    intent: z.literal('assign'),
    task_id,
    agent_type: z.enum(AGENT_TYPES),
    purpose,
    round: z.int().min(0),
    source: handoffSource,
  }),
  z.strictObject({ intent: z.literal('enqueue'), task_id, agent_type: z.enum(AGENT_TYPES), attempt: z.int().min(1), delay_ms: z.int().min(0) }),
  z.strictObject({ intent: z.literal('settle'), task_id }),
  z.strictObject({ intent: z.literal('interrupt'), task_id }),
  z.strictObject({ intent: z.literal('reissue'), task_id }),
  z.strictObject({ intent: z.literal('cancel_task'), task_id }),
  /** A person lets the blocked agent go on: where money ran out, the limit is raised as its report says. */
  z.strictObject({ intent: z.literal('go_on'), task_id, report: sha256Hex }),
  z.strictObject({
    intent: z.literal('post_reply'),
    message_id: z.uuid(),
    handoff_type: z.enum(['analyst_turn', 'software_specification']),
    sha256: sha256Hex,
  }),
  z.strictObject({ intent: z.literal('hear') }),
  z.strictObject({ intent: z.literal('finalize') }),
  z.strictObject({
    intent: z.literal('set_status'),
    status: z.enum(['collecting', 'queued', 'running', 'waiting_for_hitl', 'fixing']),
    stage: z.string(),
  }),
  z.strictObject({ intent: z.literal('request_place') }),
  z.strictObject({ intent: z.literal('place_granted') }),
  z.strictObject({ intent: z.literal('release_place') }),
  z.strictObject({
    intent: z.literal('open_gate'),
    request_id: z.uuid(),
    gate: z.enum(GATE_KINDS),
    task_id,
    handoff_type: z.enum(HANDOFF_TYPES),
    content_hash: sha256Hex,
    deadline: deadline.nullable(),
    on_deadline: z.enum(DEADLINE_ACTIONS).nullable(),
  }),
  z.strictObject({ intent: z.literal('close_gate'), request_id: z.uuid(), reason: z.string() }),
  /** From here on the run works with this content; `request_id` is the approval, null where autonomy needs none. */
  z.strictObject({ intent: z.literal('accept'), handoff_type: z.enum(HANDOFF_TYPES), sha256: sha256Hex, request_id: z.uuid().nullable() }),
  z.strictObject({
    intent: z.literal('publish'),
    artifact_id: z.uuid(),
    artifact_type: z.enum(ARTIFACT_TYPES),
    task_id,
    handoff_type: z.enum(HANDOFF_TYPES),
    sha256: sha256Hex,
  }),
  z.strictObject({ intent: z.literal('deliver'), artifact_id: z.uuid(), report: sha256Hex }),
  z.strictObject({ intent: z.literal('warn'), warnings: z.array(z.string()) }),
  z.strictObject({ intent: z.literal('complete'), warnings: z.array(z.string()) }),
  z.strictObject({
    intent: z.literal('fail'),
    cause: z.enum(['task_failed', 'fix_rounds_used_up', 'failed_elsewhere', 'stopped_by_person']),
    stage: z.string(),
    task_id: z.uuid().nullable(),
  }),
  z.strictObject({ intent: z.literal('end'), how: z.enum(['cancelled', 'expired']) }),
  z.strictObject({ intent: z.literal('hold') }),
  z.strictObject({ intent: z.literal('unhold') }),
  z.strictObject({ intent: z.literal('defer'), input: keptInput }),
  z.strictObject({ intent: z.literal('reopen') }),
  z.strictObject({ intent: z.literal('reopen_run') }),
  z.strictObject({ intent: z.literal('note_reissue'), task_id, attempt: z.int().min(1) }),
  /** From here on time counts, or (since null) it does not. */
  z.strictObject({ intent: z.literal('clock'), worked_ms: z.int().min(0), since: z.iso.datetime().nullable() }),
  z.strictObject({ intent: z.literal('set_timer'), timer_id, purpose: timerPurpose, due_at: z.iso.datetime() }),
  z.strictObject({ intent: z.literal('cancel_timer'), timer_id }),
  z.strictObject({ intent: z.literal('timer_fired'), timer_id }),
  z.strictObject({ intent: z.literal('expire'), cause: z.enum(['working_time', 'gate_deadline']) }),
  z.strictObject({ intent: z.literal('set_deadline'), request_id, deadline: deadline.nullable() }),
  /** Nobody has answered: the person is reminded, and again at the deadline, or (null) no more. */
  z.strictObject({ intent: z.literal('remind'), request_id, reminder: z.int().min(1), escalate: z.boolean(), deadline: deadline.nullable() }),
  /** The run is a copy and goes on by itself: it has neither place nor clock, and where it `waits` its open task is taken up when it has a place. */
  z.strictObject({ intent: z.literal('forked'), worked_ms: z.int().min(0), waits: z.boolean() }),
  /** It shows that it is queued. */
  z.strictObject({ intent: z.literal('await_place') }),
  /** Nobody has answered: the run goes on, or ends, without. */
  z.strictObject({ intent: z.literal('lapse'), request_id, gate: z.enum(GATE_KINDS), action: z.enum(['approve', 'reject', 'expire']) }),
]);
export type PipelineIntent = z.infer<typeof pipelineIntent>;
export type IntentOf<K extends PipelineIntent['intent']> = Extract<PipelineIntent, { intent: K }>;

export const orchestrationStream = (runId: string): string => `orchestration-${runId}`;

type OldIntent = { readonly intent: string; readonly input?: { readonly type: string } };
const upcast = (change: (intent: OldIntent) => object) => (data: unknown) => {
  const decided = data as { readonly intents: readonly OldIntent[] };
  return { ...decided, intents: decided.intents.map(change) };
};
/** Version 1 knew no time: neither a run's limits nor deadlines. */
const inV2 = (intent: OldIntent): object => {
  if (intent.intent === 'begin') return { ...intent, limits: null };
  if (intent.intent === 'open_gate') return { ...intent, deadline: null, on_deadline: null };
  if (intent.input?.type === 'run_requested') return { ...intent, input: { ...intent.input, limits: null } };
  return intent;
};
/** Version 2 knew one engine for all projects. */
const inV3 = (intent: OldIntent): object => {
  if (intent.intent === 'begin') return { ...intent, engine: null };
  if (intent.input?.type === 'run_requested') return { ...intent, input: { ...intent.input, engine: null } };
  return intent;
};

/** One decision: for which input, and what is to be done. */
export const orchestratorEvents = [
  event(
    'orchestrator.decided',
    3,
    z.strictObject({ run_id: z.uuid(), input_event_id: z.uuid(), input_position: logPosition(z.string()), intents: z.array(pipelineIntent).min(1) }),
    { 1: upcast(inV2), 2: upcast(inV3) },
  ),
] as const;

export type OrchestratorEvent = EventOf<(typeof orchestratorEvents)[number]>;
