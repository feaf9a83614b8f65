export { AgentsModule } from './agents.module.js';
export { replayCassette } from './replay-run.js';
export { BRAIN, type Brain, type BrainContext, type SourceFile, type WrittenCode } from './brain.js';
