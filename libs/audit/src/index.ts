export { SignedHeadPage, SignedHeadView } from './audit.dto.js';
export { auditEvents } from './audit.events.js';
export { AuditApiModule, AuditModule, AuditWorkerModule } from './audit.module.js';
export { ExportProject, FindEvents, ListSignedHeads, TraceEvent, VerifyChains } from './audit.queries.js';
export type { EventFilter } from './audit-search.js';
export { ExportVerifier, NotAnExport, verifyExport } from './export-verifier.js';
export { readSignedHead, type SignedHead } from './signed-head.js';
export { isKeyOrThumbprint, readPublishedKeys, Trust } from './trust.js';
