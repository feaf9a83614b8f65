export * from './sandbox.js';
export * from './limits.js';
export { LocalSandbox } from './local-sandbox.js';
export { redact } from './redact.js';
