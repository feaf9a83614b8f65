import { AccessDeniedError } from '@eventstore/db-client';
import type pg from 'pg';
import type { AuditTable } from './audit-table.js';
import type { Doorbell } from './doorbell.js';
import type { EventStore } from './event-store.js';
import { EventStoreUnavailable } from './eventstoredb-connection.js';
import { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.js';
import { eventStoreDbHosts } from './eventstoredb-url.js';
import { PostgresEventStore } from './postgres-event-store.js';

/**
 * The event log's engine: EventStoreDB at the URL, PostgreSQL where there is none.
 * @throws Error naming the address, and neither user nor password, where EventStoreDB does not answer
 */
export async function openEventStore(
  url: string | undefined,
  pool: pg.Pool,
  audit: AuditTable,
  doorbell: Doorbell,
  options?: EventStoreDbOptions,
): Promise<EventStore> {
  if (url === undefined) return new PostgresEventStore(pool, doorbell);
  const store = new EventStoreDbEventStore(url, audit, doorbell, options);
  try {
    await store.storeId();
    await store.head();
    return store;
  } catch (error) {
    await store.close();
    throw new Error(`The event store at ${eventStoreDbHosts(url)} ${problemOf(error)}`, { cause: error });
  }
}

function problemOf(error: unknown): string {
  if (error instanceof EventStoreUnavailable)
    return 'cannot be reached. Check EVENT_STORE_URL (tls=false for a server without certificates), and that the server runs and accepts connections from here';
  if (error instanceof AccessDeniedError)
    return 'refuses the user or password in EVENT_STORE_URL. It must be one who may read $all and append to any stream';
  return `cannot be used: ${(error as Error).message}`;
}
