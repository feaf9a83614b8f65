import type { StoredEvent } from './event-store.js';

/** The schemas that hold events: the log, and the copy of a log that another engine holds. Their tables are alike. */
export type LogSchema = 'event_log' | 'audit';

/** The columns of a table of events that make a StoredEvent, in the order in which `readEvent` takes them. */
export const EVENT_COLUMNS = `position, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor,
  recorded_at::text, metadata, data`;

/** A row as an array, as the driver makes it of {@link EVENT_COLUMNS}. */
export type EventRow = readonly [
  position: string,
  event_id: string,
  stream: string,
  revision: number,
  type: string,
  version: number,
  project_id: string | null,
  correlation_id: string,
  causation_id: string,
  actor: string,
  recorded_at: string,
  metadata: string,
  data: string,
];

/** Rows come as arrays, and their time as PostgreSQL writes it: with names, or as dates, reading takes half as long again. */
export function readEvent(row: readonly [...EventRow, ...unknown[]]): StoredEvent {
  const [position, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor, recorded_at, metadata, data] = row;
  const timestamp = isoOf(recorded_at);
  return { position, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor, timestamp, metadata, data };
}

/** From PostgreSQL's own form, `2026-01-02 03:04:05.6+00`, to `2026-01-02T03:04:05.600Z`. */
function isoOf(text: string): string {
  const end = text.length - 3;
  if (text[10] !== ' ' || !text.endsWith('+00') || !(end === 19 || text[19] === '.')) return new Date(text).toISOString();
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, Math.min(end, 23)).padEnd(3, '0')}Z`;
}
