/** The closed vocabularies of the public surface. Values are what goes over the wire. */

export const AGENT_TYPES = ['analyst', 'architect', 'coder', 'qa'] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** A project's status is that of its current run. */
export const RUN_STATUSES = [
  'collecting',
  'queued',
  'running',
  'waiting_for_hitl',
  'fixing',
  'paused',
  'completed',
  'completed_with_warnings',
  'failed',
  'cancelled',
  'expired',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses in which a run has ended; only `failed` and `expired` can be taken up again, by a retry. */
export const TERMINAL_RUN_STATUSES = [
  'completed',
  'completed_with_warnings',
  'failed',
  'cancelled',
  'expired',
] as const satisfies readonly RunStatus[];

export const isTerminal = (status: RunStatus): boolean => (TERMINAL_RUN_STATUSES as readonly RunStatus[]).includes(status);

export const RUN_KINDS = ['build', 'refine', 'retry'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const TASK_STATUSES = ['pending', 'working', 'waiting_for_hitl', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const HITL_STATUSES = ['pending', 'approved', 'rejected', 'amended', 'expired'] as const;
export type HitlStatus = (typeof HITL_STATUSES)[number];

export const HITL_ACTIONS = ['approve', 'reject', 'amend'] as const;
export type HitlAction = (typeof HITL_ACTIONS)[number];

/** What a gate guards: the specification, the plan, or the delivery of the verified artifact. */
export const GATE_KINDS = ['specification', 'plan', 'delivery', 'block'] as const;
export type GateKind = (typeof GATE_KINDS)[number];

/** Which gates a run has: `manual` all three, `plan` the first two, `full` none. */
export const AUTONOMY_LEVELS = ['manual', 'plan', 'full'] as const;
export type Autonomy = (typeof AUTONOMY_LEVELS)[number];

/** Who thinks for the four roles: rules and templates, or Claude. */
export const AGENT_ENGINES = ['template', 'claude'] as const;
export type AgentEngine = (typeof AGENT_ENGINES)[number];

export const ARTIFACT_TYPES = ['spec', 'plan', 'code', 'test', 'config', 'docs', 'log'] as const;
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export const COMPONENT_STATUSES = ['ok', 'degraded', 'down', 'not_configured'] as const;
export type ComponentStatus = (typeof COMPONENT_STATUSES)[number];
