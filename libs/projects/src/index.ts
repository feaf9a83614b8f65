export { RequestPlace, ReleasePlace } from './allowance.commands.js';
export { allowanceEvents, type AllowanceEvent } from './allowance.events.js';
export { CancelRun, ChangeRunStatus, CompleteFork, CompleteRun, ExpireRun, FailFork, FailRun, ReopenRun } from './projects.commands.js';
export { projectEvents, projectStream, type ProjectEvent } from './projects.events.js';
export { ProjectsApiModule, ProjectsModule } from './projects.module.js';
export { EndedRuns, GetProject, GetRun, ListRuns, WorkingRuns, type RunView } from './projects.queries.js';
export { OpenForks, type OpenFork } from './forks.queries.js';
