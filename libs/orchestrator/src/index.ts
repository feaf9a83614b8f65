export { OrchestratorEventsModule, OrchestratorModule } from './orchestrator.module.js';
export { orchestratorEvents } from './pipeline.events.js';
export { ProvenanceReader } from './provenance.js';
export type { Provenance } from './provenance-types.js';
export { timerEvents } from './timer.events.js';
