import type pg from 'pg';
import { START, type ChainReport, type Position, type StoredEvent } from './event-store.js';
import { GENESIS, nextLink } from './hash-chain.js';
import { EVENT_COLUMNS, readEvent, type EventRow, type LogSchema } from './postgres-event-columns.js';

type LinkedRow = [...EventRow, log_link: Buffer, project_link: Buffer | null];
const PAGE = 2_000;
/** Where the table can begin; an event belongs behind START, but a forged row may stand before it. */
const LOWEST = String(-(2n ** 63n));
const after = (position: Position): Position => String(BigInt(position) + 1n);

/**
 * Recomputes the log's chain and those of the given projects from the stored bytes, all as of one moment.
 * Finds a changed event, a removed or inserted one, and a tail cut off behind the recorded head. The log itself gives positions
 * without gaps; those that were taken over from another engine have some, in an audit table as in a log that was copied.
 */
export async function verifyChains(pool: pg.Pool, schema: LogSchema, projectIds: readonly string[]): Promise<ChainReport[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Takes as long as the log is long, and holds nobody up.
    await client.query(`SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'`);
    const { rows: heads } = await client.query<{ position: string; link: Buffer }>(`SELECT position::text, link FROM ${schema}.head`);
    const reports = [await verifyChain(client, schema, { chain: 'log', project_id: null }, heads[0]!)];
    for (const projectId of projectIds) {
      const { rows } = await client.query<{ position: string; link: Buffer }>(
        `SELECT position::text, link FROM ${schema}.project_heads WHERE project_id = $1`,
        [projectId],
      );
      reports.push(await verifyChain(client, schema, { chain: 'project', project_id: projectId }, rows[0] ?? { position: START, link: GENESIS }));
    }
    await client.query('COMMIT');
    return reports;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function verifyChain(
  client: pg.PoolClient,
  schema: LogSchema,
  chain: Pick<ChainReport, 'chain' | 'project_id'>,
  head: { position: Position; link: Buffer },
): Promise<ChainReport> {
  const ofProject = chain.chain === 'project';
  let link = GENESIS;
  let last: Position = START;
  let from: Position = LOWEST;
  let events = 0;
  const report = (mismatch: ChainReport['mismatch']): ChainReport => ({
    ...chain,
    ok: mismatch === null,
    events,
    head: events === 0 ? null : link.toString('hex'),
    mismatch,
  });
  for (;;) {
    const { rows } = await client.query<LinkedRow>({
      text: `SELECT ${EVENT_COLUMNS}, log_link, project_link FROM ${schema}.events
        WHERE position >= $1 ${ofProject ? 'AND project_id = $3' : ''} ORDER BY events.position LIMIT $2`,
      values: ofProject ? [from, PAGE, chain.project_id] : [from, PAGE],
      rowMode: 'array',
    });
    for (const row of rows) {
      const event = readEvent(row);
      const [log_link, project_link] = row.slice(-2) as [Buffer, Buffer | null];
      if (BigInt(event.position) <= 0n) return report({ position: event.position, reason: 'it was put before the first event' });
      const stored = ofProject ? project_link : log_link;
      const expected = nextLink(link, event);
      if (stored === null || !expected.equals(stored)) {
        const isNext = schema !== 'event_log' || ofProject || event.position === after(last);
        return report({
          position: event.position,
          reason: isNext ? 'its bytes do not match its link in the chain' : 'an event before it is missing',
        });
      }
      const columns = columnsThatDisagree(event);
      if (columns) return report({ position: event.position, reason: `column ${columns} disagrees with the event's metadata` });
      link = expected;
      last = event.position;
      from = after(last);
      events += 1;
    }
    if (rows.length < PAGE) break;
  }
  if (last !== head.position || !link.equals(head.link))
    return report({ position: head.position, reason: 'the chain does not end at its recorded head' });
  return report(null);
}

/** The indexed columns are copies of what the hashed metadata says; a changed copy must not mislead a query. */
function columnsThatDisagree(event: StoredEvent): string | null {
  const metadata = JSON.parse(event.metadata) as Record<string, unknown>;
  const copies = ['project_id', 'correlation_id', 'causation_id', 'actor', 'timestamp'] as const;
  return copies.find((name) => (metadata[name] ?? null) !== event[name]) ?? null;
}
