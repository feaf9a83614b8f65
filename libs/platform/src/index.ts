export * from './domain.js';
export { explainBootFailure, fatal, helpText, ProcessLogger } from './boot.js';
export { AsOf } from './as-of.js';
export { AuditWriter } from './audit-writer.js';
export { Catalog } from './catalog.js';
export { Chains, type LinkedEvent } from './chains.js';
export { DomainCommand, handlersFor, type Receipt } from './command-executor.js';
export { CommandGateway } from './command-gateway.js';
export { CONFIG, InvalidConfiguration, parseEnvironment, retryDelaysMs, settings, sharedConfig, type Config, type Environment } from './config.js';
export { ContentStore, type ContentRef } from './content-store.js';
export { DatabaseDataKeys, newDataKey } from './data-keys.js';
export { DATABASE, migrate } from './database.js';
export { deriveKey } from './derive-key.js';
export { Doorbell } from './doorbell.js';
export { EventCodec, seal, sealBytes, unseal, UnreadableEvent, unsealBytes } from './event-codec.js';
export { audited, type EventMetadata, type RecordedEvent } from './recorded-event.js';
export { EventLog, readable, type EventCopy } from './event-log.js';
export { carryReferences } from './references.js';
export {
  comparePositions,
  EventIdConflict,
  START,
  WrongExpectedRevision,
  type ChainReport,
  type EventStore,
  type ExpectedRevision,
  type NewStoredEvent,
  type Position,
  type StoredEvent,
} from './event-store.js';
export { eventStoreDbUrlProblem } from './eventstoredb-url.js';
export { Caller, CurrentCaller, type AuthenticatedUser } from './http-caller.js';
export { dtoPipe, unsafeJson, UuidPipe } from './http-input.js';
export { AsOfPageQuery, AsOfQuery, page, PageQuery, PositionField } from './http-paging.js';
export { OPERATOR, OPERATOR_ROUTE, OperatorOnly } from './http-operator.js';
export { AlsoErased, ERASED_ROUTE, Public, PUBLIC_ROUTE } from './http-public.js';
export { asDomainError, problemDocument, ProblemFilter } from './http-problem.js';
export { GENESIS, nextLink, type HashedEvent } from './hash-chain.js';
export { forkedId, newId, sha256, stableId, UUID } from './ids.js';
export { LiveTexts, type LiveText } from './live-text.js';
export { AgentJobs, JOB_LOCK_MS, JobQueueModule, type AgentJob } from './job-queue.js';
export { holding, LEASE_MS } from './lease.js';
export { copyLog, isPostgresUrl, type LogCopyReport } from './log-copy.js';
export { LogCopyRefused } from './log-copy-ends.js';
export { pause } from './pause.js';
export { AUDIT_WRITER, PlatformModule } from './platform.module.js';
export { AccessibleProjects, ProjectAccess, type ProjectAccessView } from './project-access.js';
export { table, versionOf, type Projection, type Row, type Table } from './projection.js';
export { noteStandstill, registerCheckpoints } from './projection-checkpoints.js';
export { ProjectionRunner } from './projection-runner.js';
export type { ProjectionDecisions, Standstill } from './projection-standstill.js';
export { ReadModels, type Page, type ProjectionState, type Reads, type WorkerView } from './read-models.js';
export { onceStopped } from './shutdown.js';
export { unifiedDiff } from './unified-diff.js';
export { WatchLoop } from './watch-loop.js';
