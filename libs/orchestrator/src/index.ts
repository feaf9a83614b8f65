export { OrchestratorEventsModule, OrchestratorModule } from './orchestrator.module.js';
export { orchestratorEvents } from './pipeline.events.js';
export { timerEvents } from './timer.events.js';
