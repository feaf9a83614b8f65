import { peer } from '../peer.js';
import type { Appender } from './log-floors.js';

interface Adapter {
  pushEvent(event: { aggregateId: string; version: number; type: string; payload: unknown }, context: { eventStoreId: string }): Promise<unknown>;
}
interface Castore {
  readonly PostgresEventStorageAdapter: (new (options: { connectionString: string }) => Adapter) & {
    createEventTable(options: { connectionString: string; aggregateId: { type: 'VARCHAR'; length: number } }): Promise<unknown>;
  };
}

/** castore's PostgreSQL adapter with a connection pool of its own making; null where it is not installed. */
export async function castore(url: string): Promise<Appender | null> {
  const found = peer<Castore>('@castore/event-storage-adapter-postgres');
  if (!found) return null;
  await found.PostgresEventStorageAdapter.createEventTable({ connectionString: url, aggregateId: { type: 'VARCHAR', length: 64 } });
  const adapter = new found.PostgresEventStorageAdapter({ connectionString: url });
  return {
    async append(stream, revision, data) {
      await adapter.pushEvent({ aggregateId: stream, version: revision + 1, type: 'happened', payload: { text: data } }, { eventStoreId: 'bench' });
    },
    // The adapter keeps its connections to itself: they end with the database.
    close: () => Promise.resolve(),
  };
}
