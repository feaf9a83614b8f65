export type { CheckLog, Gate, GateDetail, Message, Project, ProjectSummary, Task } from './api-types.js';
export { CountersignClient, everything } from './client.js';
export { ApiProblem, ServerUnreachable } from './problems.js';
export { followProject, type ProjectStream } from './project-stream.js';
