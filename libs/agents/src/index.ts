export { AgentsModule } from './agents.module.js';
export { replayCassette } from './replay-run.js';
export type { Brain, SourceFile, WrittenCode } from './brain.js';
export { Brains } from './brains.js';
