import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { AuditTable } from './audit-table.js';
import { AuditWriter } from './audit-writer.js';
import { Catalog } from './catalog.js';
import { Chains } from './chains.js';
import { CommandExecutor } from './command-executor.js';
import { CommandGateway } from './command-gateway.js';
import { CONFIG, type Config } from './config.js';
import { ContentStore } from './content-store.js';
import { DatabaseDataKeys, masterKey } from './data-keys.js';
import { DATABASE, dataSource, eventLogPool } from './database.js';
import { Doorbell } from './doorbell.js';
import { LiveTexts } from './live-text.js';
import { EventCodec } from './event-codec.js';
import { EventLog } from './event-log.js';
import { EVENT_STORE, type EventStore } from './event-store.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { openEventStore } from './open-event-store.js';
import { ReadModels } from './read-models.js';

const LOG_POOL = Symbol('LogPool');
/** Whoever copies the log into the audit table; null where PostgreSQL holds the log itself. */
export const AUDIT_WRITER = Symbol('AuditWriter');

/** What must be closed at the end, in order. */
export class PlatformResources {
  constructor(
    private readonly store: EventStore,
    private readonly pool: pg.Pool,
    private readonly database: DataSource,
    private readonly doorbell: Doorbell,
  ) {}

  async close(): Promise<void> {
    if (this.store instanceof EventStoreDbEventStore) await this.store.close();
    await this.doorbell.close();
    await this.pool.end();
    await this.database.destroy();
  }
}

/** The engines behind the ports, chosen by the configuration alone. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly resources: PlatformResources) {}

  static forRoot(config: Config): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: Catalog, useClass: Catalog },
      { provide: LOG_POOL, useFactory: () => eventLogPool(config.DATABASE_URL) },
      { provide: DATABASE, useFactory: () => dataSource(config.DATABASE_URL).initialize() },
      {
        provide: Doorbell,
        useFactory: async () => {
          const doorbell = new Doorbell();
          await doorbell.listen(config.DATABASE_URL);
          return doorbell;
        },
      },
      { provide: AuditTable, useFactory: (pool: pg.Pool, doorbell: Doorbell) => new AuditTable(pool, doorbell), inject: [LOG_POOL, Doorbell] },
      {
        provide: EVENT_STORE,
        useFactory: (pool: pg.Pool, audit: AuditTable, doorbell: Doorbell) => openEventStore(config.EVENT_STORE_URL, pool, audit, doorbell),
        inject: [LOG_POOL, AuditTable, Doorbell],
      },
      {
        provide: AUDIT_WRITER,
        useFactory: (store: EventStore, audit: AuditTable, doorbell: Doorbell) =>
          store instanceof EventStoreDbEventStore ? new AuditWriter(store, audit, doorbell) : null,
        inject: [EVENT_STORE, AuditTable, Doorbell],
      },
      {
        provide: DatabaseDataKeys,
        useFactory: async (database: DataSource, doorbell: Doorbell) => {
          const keys = new DatabaseDataKeys(database, doorbell, masterKey(config.MASTER_KEY));
          await keys.takeOver(config.MASTER_KEY_PREVIOUS === undefined ? null : masterKey(config.MASTER_KEY_PREVIOUS));
          return keys;
        },
        inject: [DATABASE, Doorbell],
      },
      {
        provide: Chains,
        useFactory: (pool: pg.Pool, store: EventStore, audit: AuditTable) =>
          store instanceof EventStoreDbEventStore
            ? new Chains(pool, 'audit', () => audit.reach(() => store.head()))
            : new Chains(pool, 'event_log', () => Promise.resolve()),
        inject: [LOG_POOL, EVENT_STORE, AuditTable],
      },
      {
        provide: EventCodec,
        useFactory: (catalog: Catalog, keys: DatabaseDataKeys) => new EventCodec(catalog, keys),
        inject: [Catalog, DatabaseDataKeys],
      },
      { provide: EventLog, useFactory: (store: EventStore, codec: EventCodec) => new EventLog(store, codec), inject: [EVENT_STORE, EventCodec] },
      {
        provide: ContentStore,
        useFactory: (database: DataSource, keys: DatabaseDataKeys) => new ContentStore(database, keys),
        inject: [DATABASE, DatabaseDataKeys],
      },
      {
        provide: ReadModels,
        useFactory: (database: DataSource, doorbell: Doorbell, keys: DatabaseDataKeys) => new ReadModels(database, doorbell, keys),
        inject: [DATABASE, Doorbell, DatabaseDataKeys],
      },
      {
        provide: LiveTexts,
        useFactory: (database: DataSource, doorbell: Doorbell, keys: DatabaseDataKeys) => new LiveTexts(database, doorbell, keys),
        inject: [DATABASE, Doorbell, DatabaseDataKeys],
      },
      CommandExecutor,
      CommandGateway,
      {
        provide: PlatformResources,
        useFactory: (store: EventStore, pool: pg.Pool, database: DataSource, doorbell: Doorbell) =>
          new PlatformResources(store, pool, database, doorbell),
        inject: [EVENT_STORE, LOG_POOL, DATABASE, Doorbell],
      },
    ];
    return {
      module: PlatformModule,
      imports: [CqrsModule.forRoot()],
      providers,
      exports: [
        CONFIG,
        Catalog,
        Chains,
        DATABASE,
        Doorbell,
        LiveTexts,
        EVENT_STORE,
        AUDIT_WRITER,
        DatabaseDataKeys,
        EventCodec,
        EventLog,
        ContentStore,
        ReadModels,
        CommandExecutor,
        CommandGateway,
        CqrsModule,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.resources.close();
  }
}
