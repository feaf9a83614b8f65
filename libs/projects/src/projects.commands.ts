import { DomainCommand } from '#platform';
import type { AgentEngine, Autonomy, GenerationSpec, RunKind } from '#contracts';
import { projectStream, type ACTIVE_STATUSES, type ProjectEvent, type RunLimits } from './projects.events.js';

type ExpiryCause = Extract<ProjectEvent, { type: 'run.expired' }>['data']['cause'];

abstract class ProjectCommand<Data extends { project_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return projectStream(this.data.project_id);
  }
}

interface NewRun {
  readonly run_id: string;
  readonly pipeline: string;
  readonly autonomy: Autonomy;
  readonly engine: AgentEngine | null;
  readonly limits: RunLimits;
  /** See `run.requested`. */
  readonly gate_reason: string | null;
}

export class CreateProject extends ProjectCommand<
  NewRun & { project_id: string; name: string; product_idea: string; generation_spec: GenerationSpec | null }
> {
  readonly type = 'create_project';
}
export class RenameProject extends ProjectCommand<{ project_id: string; name: string }> {
  readonly type = 'rename_project';
}
export class ArchiveProject extends ProjectCommand<{ project_id: string }> {
  readonly type = 'archive_project';
}
export class StartRun extends ProjectCommand<
  Partial<Omit<NewRun, 'run_id'>> & { project_id: string; run_id: string; kind: Exclude<RunKind, 'build'>; instructions: string | null }
> {
  readonly type = 'start_run';
}
/** Stops the current run for the moment. */
export class PauseRun extends ProjectCommand<{ project_id: string }> {
  readonly type = 'pause_run';
}
export class ResumeRun extends ProjectCommand<{ project_id: string }> {
  readonly type = 'resume_run';
}
export class CancelRun extends ProjectCommand<{ project_id: string; run_id: string | null }> {
  readonly type = 'cancel_run';
}
/** Takes a failed or expired run up again where it stopped; `run_id` null means whichever is current. */
export class ReopenRun extends ProjectCommand<{ project_id: string; run_id: string | null }> {
  readonly type = 'reopen_run';
}
export class ChangeRunStatus extends ProjectCommand<{ project_id: string; run_id: string; status: (typeof ACTIVE_STATUSES)[number]; stage: string }> {
  readonly type = 'change_run_status';
}
export class CompleteRun extends ProjectCommand<{ project_id: string; run_id: string; warnings: readonly string[] }> {
  readonly type = 'complete_run';
}
export class FailRun extends ProjectCommand<{ project_id: string; run_id: string; stage: string; reason: string }> {
  readonly type = 'fail_run';
}
/** Ends a run that has used up its working time, or that nobody answered; it can be taken up again. */
export class ExpireRun extends ProjectCommand<{ project_id: string; run_id: string; cause: ExpiryCause }> {
  readonly type = 'expire_run';
}

/** Has a project made that begins as another one stood at a position of the log. */
export class RequestFork extends ProjectCommand<{ project_id: string; origin_project_id: string; position: string; name: string | null }> {
  readonly type = 'request_fork';
}
/** All is copied: `run_ids` are the runs that were, `as_of` the time (ISO 8601) of the last event. */
export class CompleteFork extends ProjectCommand<{ project_id: string; run_ids: readonly string[]; as_of: string }> {
  readonly type = 'complete_fork';
}
export class FailFork extends ProjectCommand<{ project_id: string; reason: string }> {
  readonly type = 'fail_fork';
}

export const PROJECT_COMMANDS = [
  CreateProject,
  RenameProject,
  ArchiveProject,
  StartRun,
  PauseRun,
  ResumeRun,
  CancelRun,
  ReopenRun,
  ChangeRunStatus,
  CompleteRun,
  FailRun,
  ExpireRun,
  RequestFork,
  CompleteFork,
  FailFork,
] as const;

export type ProjectCommandUnion = InstanceType<(typeof PROJECT_COMMANDS)[number]>;
