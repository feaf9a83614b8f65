export { AgentsModule } from './agents.module.js';
export { BRAIN, type Brain, type SourceFile, type WrittenCode } from './brain.js';
