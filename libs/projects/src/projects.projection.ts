import { table, type Projection, type RecordedEvent, type Row } from '#platform';
import type { AgentEngine, GateDeadline, RunStatus } from '#contracts';
import type { ProjectEvent, RunLimits } from './projects.events.js';

export interface ProjectRow extends Row {
  project_id: string;
  owner_id: string;
  name: string;
  product_idea: string;
  run_id: string | null;
  archived: boolean;
  /** Null in a project that began by itself. */
  forked_from: { project_id: string; position: string } | null;
  created_at: string;
  updated_at: string;
  position: string;
}

export interface RunRow extends Row {
  run_id: string;
  project_id: string;
  owner_id: string;
  kind: string;
  pipeline: string;
  autonomy: string;
  engine: AgentEngine | null;
  limits: Omit<RunLimits, 'gate_deadline'> & { gate_deadline: (GateDeadline & { reason: string | null }) | null };
  instructions: string | null;
  /** What the run shows while it is not paused. */
  status: RunStatus;
  paused: boolean;
  stage: string;
  warnings: string[];
  reason: string | null;
  created_at: string;
  updated_at: string;
  finished_at: string | null;
}

const EXPIRED = {
  working_time: 'The run used up its working time.',
  gate_deadline: 'Nobody answered in time what the run asked.',
} as const;

type Of<T extends ProjectEvent['type']> = RecordedEvent<Extract<ProjectEvent, { type: T }>>;

const projectOf = (event: { metadata: { project_id: string | null } }): string => event.metadata.project_id!;
const touchProject = {
  id: projectOf,
  evolve: (row: ProjectRow | null, event: RecordedEvent<ProjectEvent>): ProjectRow | null =>
    row && { ...row, updated_at: event.metadata.timestamp, position: event.position },
};

const projects = table<ProjectRow, ProjectEvent>('projects', 'project_id', {
  'project.created': {
    id: projectOf,
    evolve: (_, { data, metadata, position }) => ({
      project_id: data.project_id,
      owner_id: data.owner_id,
      name: data.name,
      product_idea: data.product_idea,
      run_id: null,
      archived: false,
      forked_from: null,
      created_at: metadata.timestamp,
      updated_at: metadata.timestamp,
      position,
    }),
  },
  'project.renamed': { id: projectOf, evolve: (row, event) => row && { ...touchProject.evolve(row, event)!, name: event.data.name } },
  'project.archived': { id: projectOf, evolve: (row, event) => row && { ...touchProject.evolve(row, event)!, archived: true } },
  'run.requested': { id: projectOf, evolve: (row, event) => row && { ...touchProject.evolve(row, event)!, run_id: event.data.run_id } },
  'project.forked': {
    id: projectOf,
    evolve: (row, event) => {
      const { origin_project_id: project_id, position } = event.data;
      return row && { ...touchProject.evolve(row, event)!, forked_from: { project_id, position }, created_at: event.metadata.timestamp };
    },
  },
  'run.forked': touchProject,
  'run.status_changed': touchProject,
  'run.paused': touchProject,
  'run.resumed': touchProject,
  'run.cancelled': touchProject,
  'run.completed': touchProject,
  'run.failed': touchProject,
  'run.expired': touchProject,
  'run.reopened': touchProject,
});

const runOf = (event: { data: { run_id: string } }): string => event.data.run_id;
const changed = (row: RunRow | null, event: RecordedEvent<ProjectEvent>, change: Partial<RunRow>): RunRow | null =>
  row && { ...row, ...change, updated_at: event.metadata.timestamp };
const ended = (
  row: RunRow | null,
  event: Of<'run.cancelled' | 'run.completed' | 'run.failed' | 'run.expired'>,
  change: Partial<RunRow>,
): RunRow | null => changed(row, event, { paused: false, finished_at: event.metadata.timestamp, ...change });

const runs = table<RunRow, ProjectEvent>('runs', 'run_id', {
  'run.requested': {
    id: runOf,
    evolve: (_, { data, metadata }) => ({
      run_id: data.run_id,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      kind: data.kind,
      pipeline: data.pipeline,
      autonomy: data.autonomy,
      engine: data.engine,
      limits: { ...data.limits, gate_deadline: data.limits.gate_deadline && { ...data.limits.gate_deadline, reason: data.gate_reason } },
      instructions: data.instructions,
      status: 'collecting',
      paused: false,
      stage: 'requirements chat',
      warnings: [],
      reason: null,
      created_at: metadata.timestamp,
      updated_at: metadata.timestamp,
      finished_at: null,
    }),
  },
  'run.status_changed': { id: runOf, evolve: (row, event) => changed(row, event, { status: event.data.status, stage: event.data.stage }) },
  'run.paused': { id: runOf, evolve: (row, event) => changed(row, event, { paused: true }) },
  'run.resumed': { id: runOf, evolve: (row, event) => changed(row, event, { paused: false }) },
  'run.cancelled': { id: runOf, evolve: (row, event) => ended(row, event, { status: 'cancelled' }) },
  'run.completed': {
    id: runOf,
    evolve: (row, event) => ended(row, event, { status: event.data.status, warnings: event.data.warnings, stage: 'delivered' }),
  },
  'run.failed': { id: runOf, evolve: (row, event) => ended(row, event, { status: 'failed', reason: event.data.reason, stage: event.data.stage }) },
  'run.expired': { id: runOf, evolve: (row, event) => ended(row, event, { status: 'expired', reason: EXPIRED[event.data.cause] }) },
  'run.reopened': { id: runOf, evolve: (row, event) => changed(row, event, { status: 'queued', reason: null, finished_at: null }) },
  'run.forked': { id: runOf, evolve: (row, event) => changed(row, event, {}) },
});

/** A fork that was asked for, and what became of it. */
export interface ForkRow extends Row {
  project_id: string;
  owner_id: string;
  origin_project_id: string;
  position: string;
  status: 'copying' | 'done' | 'failed';
  reason: string | null;
  /** The event that asked for it, and the chain of causes that it belongs to. */
  requested_by: string;
  correlation_id: string;
  created_at: string;
}

const forks = table<ForkRow, ProjectEvent>('forks', 'project_id', {
  'project.fork_requested': {
    id: projectOf,
    evolve: (_, { data, metadata, event_id }) => ({
      project_id: data.project_id,
      owner_id: metadata.owner_id,
      origin_project_id: data.origin_project_id,
      position: data.position,
      status: 'copying',
      reason: null,
      requested_by: event_id,
      correlation_id: metadata.correlation_id,
      created_at: metadata.timestamp,
    }),
  },
  'project.forked': { id: projectOf, evolve: (row) => row && { ...row, status: 'done' } },
  'project.fork_failed': { id: projectOf, evolve: (row, { data }) => row && { ...row, status: 'failed', reason: data.reason } },
});

export const projectsProjection: Projection = { name: 'read:projects', version: 2, tables: [projects, runs, forks] };
