import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Catalog, DATABASE, Doorbell, EventLog, ProjectionRunner } from '#platform';

/** Keeps the read models of all contexts up with the log while the process lives. */
@Injectable()
export class ProjectionsHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly runner: ProjectionRunner;

  constructor(
    @Inject(DATABASE) database: DataSource,
    @Inject(EventLog) log: EventLog,
    @Inject(Doorbell) doorbell: Doorbell,
    @Inject(Catalog) catalog: Catalog,
  ) {
    this.runner = new ProjectionRunner(database, log, doorbell, catalog.projections);
  }

  onApplicationBootstrap(): Promise<void> {
    return this.runner.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.runner.stop();
  }
}
