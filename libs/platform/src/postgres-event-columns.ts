import type { StoredEvent } from './event-store.js';

/** The schemas that hold events: the log, and the copy of a log that another engine holds. Their tables are alike. */
export type LogSchema = 'event_log' | 'audit';

/** The columns of a table of events that make a StoredEvent, once `readEvent` has gone over them. */
export const EVENT_COLUMNS = `position::text, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor,
  recorded_at::text AS timestamp, metadata, data`;

/** A row as it comes from the driver, with its time in ISO 8601: formatting it there costs a fifth of a page. */
export function readEvent<E extends StoredEvent>(row: E): E {
  return Object.assign(row, { timestamp: isoOf(row.timestamp) });
}

/** From PostgreSQL's own form, `2026-01-02 03:04:05.6+00`, to `2026-01-02T03:04:05.600Z`. */
function isoOf(text: string): string {
  const found = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text);
  return found ? `${found[1]!}T${found[2]!}.${(found[3] ?? '').slice(0, 3).padEnd(3, '0')}Z` : new Date(text).toISOString();
}
