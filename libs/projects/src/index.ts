export { RequestPlace, ReleasePlace } from './allowance.commands.js';
export { allowanceEvents, type AllowanceEvent } from './allowance.events.js';
export { CancelRun, ChangeRunStatus, CompleteRun, ExpireRun, FailRun, projectStream, ReopenRun } from './projects.commands.js';
export { projectEvents, type ProjectEvent } from './projects.events.js';
export { ProjectsApiModule, ProjectsModule } from './projects.module.js';
export { EndedRuns, GetProject, GetRun, ListRuns, WorkingRuns, type RunView } from './projects.queries.js';
