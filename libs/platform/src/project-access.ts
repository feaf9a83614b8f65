import { Query } from '@nestjs/cqrs';
import type { RunStatus } from '#contracts';

export interface ProjectAccessView {
  readonly project_id: string;
  readonly owner_id: string;
  readonly run_id: string;
  readonly status: RunStatus;
  readonly archived: boolean;
}

/** May this person see the project, and how does it stand? Answered by the projects context; not_found where they may not. */
export class ProjectAccess extends Query<ProjectAccessView> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
  ) {
    super();
  }
}

/** Ids of all projects a person may see. */
export class AccessibleProjects extends Query<string[]> {
  constructor(readonly userId: string) {
    super();
  }
}
