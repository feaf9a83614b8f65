export { CloseGate, gateStream, LapseGate, MoveDeadline, OpenGate, RemindOfGate } from './hitl.commands.js';
export { hitlEvents, type HitlEvent } from './hitl.events.js';
export { HitlApiModule, HitlModule } from './hitl.module.js';
export { GetGate, ListGates, type GateSummary } from './hitl.queries.js';
