import type pg from 'pg';
import type { ExpectedRevision, NewStoredEvent } from '../../libs/platform/src/event-store.js';
import { appendArgument, type AppendOutcome } from '../../libs/platform/src/postgres-event-appender.js';

/** Appends on a connection of the test's own, by default whatever is on record of the stream; without a ring of the doorbell. */
export async function rawAppend(
  client: pg.Client,
  requests: readonly { readonly stream: string; readonly expected?: ExpectedRevision; readonly events: readonly NewStoredEvent[] }[],
): Promise<AppendOutcome[]> {
  const argument = appendArgument(requests.map((request) => ({ expected: 'any' as const, ...request })));
  const { rows } = await client.query<{ outcomes: AppendOutcome[] }>('SELECT event_log.append($1::jsonb) AS outcomes', [argument]);
  return rows[0]!.outcomes;
}

/** Where the events of an append came to stand. @throws Error where they were refused */
export function positionOf(outcome: AppendOutcome | undefined): string {
  if (!outcome || 'error' in outcome) throw new Error(`the log refused the append: ${JSON.stringify(outcome)}`);
  return outcome.position;
}
