export { operationsEvents } from './operations.events.js';
export { OperationsApiModule, OperationsModule } from './operations.module.js';
export { OperatorDecisions } from './operator-decisions.js';
