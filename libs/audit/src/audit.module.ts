import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { AuditSearch } from './audit-search.js';
import { AUDIT_COMMANDS } from './audit.commands.js';
import { AuditController } from './audit.controller.js';
import { auditDecider } from './audit.decider.js';
import { auditEvents } from './audit.events.js';
import { auditProjection } from './audit.projection.js';
import { AUDIT_QUERY_HANDLERS } from './audit.queries.js';
import { Causes } from './causes.js';
import { ChainVerification } from './chain-verification.js';
import { HeadSigner } from './head-signer.js';
import { ProjectExport } from './project-export.js';
import { RecordedHeads } from './recorded-heads.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  providers: [
    ...handlersFor(auditDecider, AUDIT_COMMANDS),
    ...AUDIT_QUERY_HANDLERS,
    AuditSearch,
    Causes,
    ChainVerification,
    ProjectExport,
    RecordedHeads,
    SigningKeys,
  ],
  exports: [RecordedHeads, SigningKeys],
})
export class AuditModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: auditEvents, projections: [auditProjection] });
  }
}

@Module({ imports: [AuditModule], controllers: [AuditController] })
export class AuditApiModule {}

/** Signs heads at intervals, for the process that works. */
@Module({ imports: [AuditModule], providers: [HeadSigner] })
export class AuditWorkerModule {}
