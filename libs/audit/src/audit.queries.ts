import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { EventLog, type Page, type Position, type RecordedEvent } from '#platform';
import { AuditSearch, type EventFilter } from './audit-search.js';
import { Causes, type Trace, type TraceRequest } from './causes.js';
import { ChainVerification, type VerifiedChain } from './chain-verification.js';
import { ProjectExport } from './project-export.js';
import { RecordedHeads } from './recorded-heads.js';
import type { SignedHead } from './signed-head.js';
import { SigningKeys } from './signing-keys.js';
import type { PublishedKey } from './trust.js';

/** The public keys that sign, and that signed before. */
export class ListAuditKeys extends Query<{ store_id: string; keys: PublishedKey[] }> {}

/** Recomputes the log's chain and those of these projects. */
export class VerifyChains extends Query<VerifiedChain[]> {
  constructor(readonly projectIds: readonly string[]) {
    super();
  }
}

/** A project's history as a file, NDJSON. */
export class ExportProject extends Query<Readable> {
  constructor(readonly projectId: string) {
    super();
  }
}

/** Signed heads of a project's chain, or of the log's (null), the newest first. */
export class ListSignedHeads extends Query<Page<SignedHead>> {
  constructor(
    readonly projectId: string | null,
    readonly before: Position | null,
    readonly limit: number,
  ) {
    super();
  }
}

/** Events by what is on record about them, in order. A page may be short although there is more: then there is a cursor. */
export class FindEvents extends Query<Page<RecordedEvent>> {
  constructor(readonly filter: EventFilter) {
    super();
  }
}

/** What led to an event, or what followed from it. */
export class TraceEvent extends Query<Trace> {
  constructor(readonly request: TraceRequest) {
    super();
  }
}

@Injectable()
@QueryHandler(ListAuditKeys)
export class ListAuditKeysHandler implements IQueryHandler<ListAuditKeys> {
  constructor(
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(EventLog) private readonly log: EventLog,
  ) {}
  async execute(): Promise<{ store_id: string; keys: PublishedKey[] }> {
    return { store_id: await this.log.store.storeId(), keys: await this.keys.published() };
  }
}

@Injectable()
@QueryHandler(VerifyChains)
export class VerifyChainsHandler implements IQueryHandler<VerifyChains> {
  constructor(@Inject(ChainVerification) private readonly verification: ChainVerification) {}
  execute({ projectIds }: VerifyChains): Promise<VerifiedChain[]> {
    return this.verification.verify(projectIds);
  }
}

@Injectable()
@QueryHandler(ExportProject)
export class ExportProjectHandler implements IQueryHandler<ExportProject> {
  constructor(@Inject(ProjectExport) private readonly project: ProjectExport) {}
  async execute({ projectId }: ExportProject): Promise<Readable> {
    return Readable.from(this.project.pieces(projectId), { objectMode: false, highWaterMark: 256 * 1024 });
  }
}

@Injectable()
@QueryHandler(ListSignedHeads)
export class ListSignedHeadsHandler implements IQueryHandler<ListSignedHeads> {
  constructor(
    @Inject(RecordedHeads) private readonly heads: RecordedHeads,
    @Inject(EventLog) private readonly log: EventLog,
  ) {}
  async execute({ projectId, before, limit }: ListSignedHeads): Promise<Page<SignedHead>> {
    const found = await this.heads.before(await this.log.store.storeId(), projectId, before, limit + 1);
    const items = found.slice(0, limit);
    return { items, next_cursor: found.length > limit ? items.at(-1)!.position : null };
  }
}

@Injectable()
@QueryHandler(FindEvents)
export class FindEventsHandler implements IQueryHandler<FindEvents> {
  constructor(@Inject(AuditSearch) private readonly search: AuditSearch) {}
  execute({ filter }: FindEvents): Promise<Page<RecordedEvent>> {
    return this.search.find(filter);
  }
}

@Injectable()
@QueryHandler(TraceEvent)
export class TraceEventHandler implements IQueryHandler<TraceEvent> {
  constructor(@Inject(Causes) private readonly causes: Causes) {}
  execute({ request }: TraceEvent): Promise<Trace> {
    return this.causes.trace(request);
  }
}

export const AUDIT_QUERY_HANDLERS = [
  ListAuditKeysHandler,
  VerifyChainsHandler,
  ExportProjectHandler,
  ListSignedHeadsHandler,
  FindEventsHandler,
  TraceEventHandler,
];
