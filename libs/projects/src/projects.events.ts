import { z } from 'zod';
import { AGENT_ENGINES, AUTONOMY_LEVELS, gateDeadline, generationSpec, RUN_KINDS } from '#contracts';
import { account, event, personal, type EventOf } from '#platform/domain';

/** Limits of one run, fixed when it is requested. */
export const runLimits = z.strictObject({
  /** Working time; queued, paused and waiting time does not count. */
  minutes: z.int().min(1),
  fix_rounds: z.int().min(0),
  /** Null where the gates wait for ever. */
  gate_deadline: gateDeadline.nullable(),
});
export type RunLimits = z.infer<typeof runLimits>;

interface RunRequestedV1 {
  readonly limits: object;
}

const run_id = z.uuid();
const at = z.iso.datetime();

/** Statuses that the orchestrator moves a run through while it is neither paused nor over. */
export const ACTIVE_STATUSES = ['collecting', 'queued', 'running', 'waiting_for_hitl', 'fixing'] as const;

export const projectStream = (projectId: string): string => `project-${projectId}`;

export const projectEvents = [
  event(
    'project.created',
    1,
    z.strictObject({
      project_id: z.uuid(),
      owner_id: account(z.uuid()),
      name: personal(z.string()),
      product_idea: personal(z.string()),
      generation_spec: personal(generationSpec.nullable()),
    }),
  ),
  event('project.renamed', 1, z.strictObject({ name: personal(z.string()) })),
  event('project.archived', 1, z.strictObject({ at })),
  event(
    'run.requested',
    3,
    z.strictObject({
      run_id,
      kind: z.enum(RUN_KINDS),
      pipeline: z.string(),
      autonomy: z.enum(AUTONOMY_LEVELS),
      /** Null: whatever the worker's configuration says. */
      engine: z.enum(AGENT_ENGINES).nullable(),
      limits: runLimits,
      instructions: personal(z.string().nullable()),
      /** With which words a gate is rejected that nobody has answered; null unless its deadline says so. */
      gate_reason: personal(z.string().nullable()),
      at,
    }),
    {
      1: (data) => ({ ...(data as RunRequestedV1), limits: { ...(data as RunRequestedV1).limits, gate_deadline: null }, gate_reason: null }),
      2: (data) => ({ ...(data as object), engine: null }),
    },
  ),
  event('run.status_changed', 1, z.strictObject({ run_id, status: z.enum(ACTIVE_STATUSES), stage: z.string(), at })),
  event('run.paused', 1, z.strictObject({ run_id, at })),
  event('run.resumed', 1, z.strictObject({ run_id, at })),
  event('run.cancelled', 1, z.strictObject({ run_id, at })),
  event('run.completed', 1, z.strictObject({ run_id, status: z.enum(['completed', 'completed_with_warnings']), warnings: z.array(z.string()), at })),
  event('run.failed', 1, z.strictObject({ run_id, stage: z.string(), reason: personal(z.string()), at })),
  event('run.expired', 2, z.strictObject({ run_id, cause: z.enum(['working_time', 'gate_deadline']), at }), {
    1: (data) => ({ ...(data as object), cause: 'working_time' }),
  }),
  event('run.reopened', 1, z.strictObject({ run_id, at })),
  /** This project is to begin as another one stood at a position of the log; until it has been forked there is nothing to see of it. */
  event(
    'project.fork_requested',
    1,
    z.strictObject({ project_id: z.uuid(), origin_project_id: z.uuid(), position: z.string(), name: personal(z.string().nullable()), at }),
  ),
  /** All was copied: from here on this is a project like any other. */
  event('project.forked', 1, z.strictObject({ origin_project_id: z.uuid(), position: z.string(), at })),
  event('project.fork_failed', 1, z.strictObject({ origin_project_id: z.uuid(), reason: z.string(), at })),
  /** A run that was copied goes on by itself from here; `as_of` is the time of the last event that was copied. */
  event('run.forked', 1, z.strictObject({ run_id, as_of: z.iso.datetime(), at })),
] as const;

export type ProjectEvent = EventOf<(typeof projectEvents)[number]>;
