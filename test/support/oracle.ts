import pg from 'pg';
import type { CountersignClient } from '#client';

interface AuditItem {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly event_type: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Asks the public surface for JSON, as anybody could. */
export async function getJson<T>(baseUrl: string, path: string, token: string): Promise<T> {
  const answer = await fetch(`${baseUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Every event of a project, from the audit. */
export async function auditOf(baseUrl: string, token: string, projectId: string): Promise<AuditItem[]> {
  const items: AuditItem[] = [];
  for (let after = '0'; ;) {
    const page = await getJson<{ items: AuditItem[]; next_cursor: string | null }>(
      baseUrl,
      `/projects/${projectId}/events?after=${after}&limit=200`,
      token,
    );
    items.push(...page.items);
    if (page.next_cursor === null) return items;
    after = page.items.at(-1)!.position;
  }
}

/**
 * What must hold after every fault: positions rise, streams have no gap, the chains verify, and no step was committed twice.
 * @throws Error by way of Jest's expectations
 */
export async function expectSoundHistory(baseUrl: string, token: string, projectId: string): Promise<AuditItem[]> {
  const events = await auditOf(baseUrl, token, projectId);
  const positions = events.map(({ position }) => BigInt(position));
  expect(positions.every((position, index) => index === 0 || position > positions[index - 1]!)).toBe(true);
  const revisions = new Map<string, number[]>();
  for (const { stream, revision } of events) revisions.set(stream, [...(revisions.get(stream) ?? []), revision]);
  for (const [stream, found] of revisions) expect({ stream, found }).toEqual({ stream, found: found.map((_, index) => index) });
  const completed = events.filter(({ event_type }) => event_type === 'task.completed').map(({ payload }) => payload['task_id']);
  expect(new Set(completed).size).toBe(completed.length);
  const { ok, chains } = await getJson<{ ok: boolean; chains: unknown[] }>(baseUrl, '/events/verify', token);
  expect({ ok, chains }).toMatchObject({ ok: true });
  return events;
}

/** A row of the log, as it is stored. */
export interface LogRow {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly project_id: string | null;
  readonly data: string;
  readonly log_link: Buffer;
}

/** All that is on record, read from the database itself. */
export async function logOf(url: string): Promise<LogRow[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<LogRow>('SELECT *, position::text FROM event_log.events ORDER BY events.position');
    return rows;
  } finally {
    await client.end();
  }
}

/** A finished run in which nothing had to be tried twice: every step done exactly once, and one delivery. */
export function expectOneDelivery(events: readonly AuditItem[]): void {
  expectDeliveredOnce(events);
  const count = (type: string) => events.filter(({ event_type }) => event_type === type).length;
  expect(count('task.failed') + count('task.retry_scheduled')).toBe(0);
}

/** A finished run: every step committed exactly once, however often it was tried, and one delivery. */
export function expectDeliveredOnce(events: readonly AuditItem[]): void {
  const count = (type: string) => events.filter(({ event_type }) => event_type === type).length;
  expect({ delivered: count('artifact.delivered'), completed: count('run.completed') }).toEqual({ delivered: 1, completed: 1 });
  const assigned = events.filter(({ event_type }) => event_type === 'task.assigned').map(({ payload }) => payload['purpose']);
  const repeatable = assigned.filter((purpose) => purpose !== 'converse');
  expect(new Set(repeatable).size).toBe(repeatable.length);
  expect(count('task.completed') + count('task.cancelled')).toBe(assigned.length);
}

/** The bearer token of a client made by the test support. */
export const tokenOf = (client: CountersignClient): string => (client as unknown as { options: { token: string } }).options.token;
