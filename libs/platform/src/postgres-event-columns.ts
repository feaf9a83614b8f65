/** The schemas that hold events: the log, and the copy of a log that another engine holds. Their tables are alike. */
export type LogSchema = 'event_log' | 'audit';

/** The columns of a table of events that make a StoredEvent. */
export const EVENT_COLUMNS = `position::text, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor,
  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS timestamp, metadata, data`;
