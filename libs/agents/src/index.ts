export { AgentsModule } from './agents.module.js';
export { BRAIN, type Brain, type BrainContext, type SourceFile, type WrittenCode } from './brain.js';
