export type { CheckLog, EventTrace, GateDetail, Health, Message, Project, ProjectDiff, ProjectSummary } from './api-types.js';
export { CountersignClient, everything } from './client.js';
export { OperationsClient, type ProjectionStatus, type Standstill } from './operations-client.js';
export { ApiProblem, ServerUnreachable } from './problems.js';
export { followProject, type ProjectStream } from './project-stream.js';
