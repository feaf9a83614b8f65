import { isTerminal, type AgentEngine, type Autonomy, type RunStatus } from '#contracts';
import { DomainError, ensure, type Decider } from '#platform/domain';
import type { ProjectCommandUnion } from './projects.commands.js';
import type { ProjectEvent, RunLimits } from './projects.events.js';

interface Run {
  readonly run_id: string;
  /** What the run would show if it were not paused. */
  readonly status: RunStatus;
  readonly paused: boolean;
  readonly pipeline: string;
  readonly autonomy: Autonomy;
  readonly engine: AgentEngine | null;
  readonly limits: RunLimits;
  readonly gate_reason: string | null;
}

interface Fork {
  readonly status: 'copying' | 'done' | 'failed';
  readonly origin_project_id: string;
  readonly position: string;
  readonly name: string | null;
}

export interface ProjectState {
  readonly exists: boolean;
  readonly archived: boolean;
  readonly name: string;
  readonly run: Run | null;
  /** Null in a project that began by itself. */
  readonly fork: Fork | null;
}

/** A project and its runs; one run at a time is current. */
export const projectDecider: Decider<ProjectCommandUnion, ProjectEvent, ProjectState> = {
  initial: { exists: false, archived: false, name: '', run: null, fork: null },

  decide(command, state) {
    const at = command.meta.now;
    if (command.type === 'create_project') {
      ensure(!state.exists && !state.fork, 'conflict', 'A project with this id exists already.');
      const { project_id, name, product_idea, generation_spec, ...run } = command.data;
      return [
        { type: 'project.created', data: { project_id, owner_id: command.meta.owner_id, name, product_idea, generation_spec } },
        { type: 'run.requested', data: { ...run, kind: 'build', instructions: null, at } },
      ];
    }
    if (command.type === 'request_fork') {
      ensure(!state.exists && !state.fork, 'conflict', 'A project with this id exists already.');
      return [{ type: 'project.fork_requested', data: { ...command.data, at } }];
    }
    if (command.type === 'complete_fork' || command.type === 'fail_fork') return state.fork?.status === 'copying' ? endFork(command, state.fork) : [];
    ensure(state.exists && state.run && (!state.fork || state.fork.status === 'done'), 'not_found', 'There is no such project.');
    const run = state.run;
    const over = isTerminal(run.status);
    switch (command.type) {
      case 'rename_project':
        ensure(!state.archived, 'project_archived', 'An archived project cannot be renamed.');
        return command.data.name === state.name ? [] : [{ type: 'project.renamed', data: { name: command.data.name } }];
      case 'archive_project':
        if (state.archived) return [];
        return [...(over ? [] : [{ type: 'run.cancelled' as const, data: { run_id: run.run_id, at } }]), { type: 'project.archived', data: { at } }];
      case 'start_run': {
        ensure(!state.archived, 'project_archived', 'An archived project starts no further run.');
        ensure(over, 'run_active', 'The current run is still going on. Stop it first, or wait until it has ended.');
        const { run_id, kind, instructions } = command.data;
        const { pipeline = run.pipeline, autonomy = run.autonomy, engine = run.engine } = command.data;
        const { limits = run.limits, gate_reason = run.gate_reason } = command.data;
        return [{ type: 'run.requested', data: { run_id, kind, pipeline, autonomy, engine, limits, gate_reason, instructions, at } }];
      }
      case 'pause_run':
        ensure(!over, 'run_not_active', 'The run has ended; there is nothing to pause.');
        return run.paused ? [] : [{ type: 'run.paused', data: { run_id: run.run_id, at } }];
      case 'resume_run':
        ensure(!over && run.paused, 'run_not_paused', 'The run is not paused.');
        return [{ type: 'run.resumed', data: { run_id: run.run_id, at } }];
      case 'cancel_run':
        ensure(command.data.run_id === null || command.data.run_id === run.run_id, 'run_not_active', 'This run has ended already.');
        if (run.status === 'cancelled') return [];
        ensure(!over, 'run_not_active', 'The run has ended already.');
        return [{ type: 'run.cancelled', data: { run_id: run.run_id, at } }];
      case 'reopen_run':
        ensure(!state.archived, 'project_archived', 'An archived project cannot go on.');
        ensure(command.data.run_id === null || command.data.run_id === run.run_id, 'run_not_failed', 'Another run has taken its place.');
        ensure(run.status === 'failed' || run.status === 'expired', 'run_not_failed', 'Only a run that failed or expired can be tried again.');
        return [{ type: 'run.reopened', data: { run_id: run.run_id, at } }];
      case 'change_run_status':
        if (run.run_id !== command.data.run_id || over) return [];
        return [{ type: 'run.status_changed', data: { run_id: run.run_id, status: command.data.status, stage: command.data.stage, at } }];
      case 'complete_run': {
        if (run.run_id !== command.data.run_id || over) return [];
        const status = command.data.warnings.length > 0 ? 'completed_with_warnings' : 'completed';
        return [{ type: 'run.completed', data: { run_id: run.run_id, status, warnings: [...command.data.warnings], at } }];
      }
      case 'fail_run':
        if (run.run_id !== command.data.run_id || over) return [];
        return [{ type: 'run.failed', data: { run_id: run.run_id, stage: command.data.stage, reason: command.data.reason, at } }];
      case 'expire_run':
        if (run.run_id !== command.data.run_id || over) return [];
        return [{ type: 'run.expired', data: { run_id: run.run_id, cause: command.data.cause, at } }];
      default:
        throw new DomainError('internal', `unknown command ${(command as { type: string }).type}`);
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'project.created':
        return { ...state, exists: true, name: data.name };
      case 'project.renamed':
        return { ...state, name: data.name };
      case 'project.archived':
        return { ...state, archived: true };
      case 'run.requested': {
        const { run_id, pipeline, autonomy, engine, limits, gate_reason } = data;
        return { ...state, run: { run_id, pipeline, autonomy, engine, limits, gate_reason, status: 'collecting', paused: false } };
      }
      case 'run.status_changed':
        return withRun(state, { status: data.status });
      case 'run.paused':
        return withRun(state, { paused: true });
      case 'run.resumed':
        return withRun(state, { paused: false });
      case 'run.cancelled':
        return withRun(state, { status: 'cancelled', paused: false });
      case 'run.completed':
        return withRun(state, { status: data.status, paused: false });
      case 'run.failed':
        return withRun(state, { status: 'failed', paused: false });
      case 'run.expired':
        return withRun(state, { status: 'expired', paused: false });
      case 'run.reopened':
        return withRun(state, { status: 'queued', paused: false });
      case 'project.fork_requested': {
        const { origin_project_id, position, name } = data;
        return { ...state, fork: { status: 'copying', origin_project_id, position, name } };
      }
      case 'project.forked':
        return { ...state, fork: state.fork && { ...state.fork, status: 'done' } };
      case 'project.fork_failed':
        return { ...state, fork: state.fork && { ...state.fork, status: 'failed' } };
      case 'run.forked':
        return state;
    }
  },
};

function endFork({ type, data, meta }: Extract<ProjectCommandUnion, { type: 'complete_fork' | 'fail_fork' }>, fork: Fork): ProjectEvent[] {
  const { origin_project_id, position, name } = fork;
  const at = meta.now;
  if (type === 'fail_fork') return [{ type: 'project.fork_failed', data: { origin_project_id, reason: data.reason, at } }];
  return [
    { type: 'project.forked', data: { origin_project_id, position, at } },
    ...data.run_ids.map((run_id): ProjectEvent => ({ type: 'run.forked', data: { run_id, as_of: data.as_of, at } })),
    ...(name === null ? [] : [{ type: 'project.renamed' as const, data: { name } }]),
  ];
}

const withRun = (state: ProjectState, change: Partial<Run>): ProjectState => ({ ...state, run: state.run && { ...state.run, ...change } });
