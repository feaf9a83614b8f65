import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { OperatorDecisions } from '#operations';
import { AUDIT_WRITER, Catalog, DATABASE, Doorbell, EventLog, ProjectionRunner, type AuditWriter } from '#platform';

/** Keeps the read models of all contexts, and the audit table where there is one, up with the log while the process lives; rebuilds them. */
@Injectable()
export class ProjectionsHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runner: ProjectionRunner;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(EventLog) log: EventLog,
    @Inject(Doorbell) doorbell: Doorbell,
    @Inject(Catalog) catalog: Catalog,
    @Inject(OperatorDecisions) decisions: OperatorDecisions,
    @Inject(AUDIT_WRITER) private readonly audit: AuditWriter | null,
  ) {
    this.runner = new ProjectionRunner(database, log, doorbell, catalog.projections, (name) => decisions.of(name));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.runner.start();
    await this.audit?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.runner.stop(), this.audit?.stop()]);
  }
}
