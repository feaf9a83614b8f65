import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AuditTable } from '../../libs/platform/src/audit-table.js';
import { eventLogPool } from '../../libs/platform/src/database.js';
import { Doorbell } from '../../libs/platform/src/doorbell.js';
import { WrongExpectedRevision } from '../../libs/platform/src/event-store.js';
import { openEventStore } from '../../libs/platform/src/open-event-store.js';
import { newEvent } from '../support/event-store-conformance.js';

/** What the program says, a line of JSON each. */
export type WriterReport =
  | { readonly acknowledged: readonly string[]; readonly position: string; readonly stream: string; readonly revision: number }
  | { readonly sending: string }
  | { readonly failed: string };

/**
 * A process that does nothing but append: `<database URL> <event store URL or -> <name> <writers>`. Each writer appends one
 * to three events after the other, to streams of its own and to one that all processes share, and reports what was
 * acknowledged. An append that failed is sent again as it was, as the executor of a command does it, until it is acknowledged.
 */
const [databaseUrl, eventStoreUrl, name, writers] = process.argv.slice(2) as [string, string, string, string];
const pool = eventLogPool(databaseUrl);
const doorbell = new Doorbell();
const store = await openEventStore(eventStoreUrl === '-' ? undefined : eventStoreUrl, pool, new AuditTable(new pg.Pool(), doorbell), doorbell);
const say = (report: WriterReport): void => void process.stdout.write(`${JSON.stringify(report)}\n`);

let stopping = false;
process.on('SIGTERM', () => (stopping = true));

async function write(writer: number): Promise<void> {
  for (let n = 0; !stopping; n += 1) {
    const stream = n % 3 === 0 ? 'shared-00000000-0000-4000-8000-000000000000' : `${name}-${writer}`;
    const events = Array.from({ length: 1 + (n % 3) }, () => newEvent({ type: `test.${name}`, data: JSON.stringify({ n, id: randomUUID() }) }));
    const acknowledged = events.map(({ event_id }) => event_id);
    say({ sending: acknowledged[0]! });
    for (;;) {
      try {
        say({ acknowledged, stream, ...(await store.append(stream, 'any', events)) });
        break;
      } catch (error) {
        say({ failed: (error as Error).message });
        if (error instanceof WrongExpectedRevision || stopping) break;
        await sleep(50);
      }
    }
  }
}

await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
process.exit(0);
