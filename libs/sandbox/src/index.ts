export * from './sandbox.js';
export * from './limits.js';
export { LocalSandbox } from './local-sandbox.js';
export type { LocalSandboxOptions } from './local-sandbox.js';
export type { LocalKind } from './local-types.js';
export { redact } from './redact.js';
