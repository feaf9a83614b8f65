import { peer } from '../peer.js';
import type { Appender } from './log-floors.js';

interface Emmett {
  getPostgreSQLEventStore(url: string): {
    schema: { migrate(): Promise<unknown> };
    appendToStream(
      stream: string,
      events: { type: string; data: unknown }[],
      options: { expectedStreamVersion: bigint | 'STREAM_DOES_NOT_EXIST' },
    ): Promise<unknown>;
    close(): Promise<void>;
  };
}

/** emmett's PostgreSQL event store; null where it is not installed. */
export async function emmett(url: string): Promise<Appender | null> {
  const store = peer<Emmett>('@event-driven-io/emmett-postgresql')?.getPostgreSQLEventStore(url);
  if (!store) return null;
  await store.schema.migrate();
  return {
    async append(stream, revision, data) {
      const expectedStreamVersion = revision === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(revision);
      await store.appendToStream(stream, [{ type: 'happened', data: { text: data } }], { expectedStreamVersion });
    },
    close: () => store.close(),
  };
}
