import type { Projection, StoredEvent, Table } from '#platform';

/** What of an event it is found by; nothing that anybody wrote. */
interface IndexRow extends Record<string, unknown> {
  readonly position: string;
  readonly event_id: string;
  readonly project_id: string | null;
  readonly run_id: string | null;
  readonly type: string;
  readonly actor: string;
  readonly recorded_at: string;
  readonly correlation_id: string;
  readonly causation_id: string;
}

/** Between which positions a project's events of one hour stand; clocks may differ, and hours overlap. */
interface HourRow extends Record<string, unknown> {
  readonly id: string;
  readonly project_id: string | null;
  readonly hour: string;
  readonly first_position: string;
  readonly last_position: string;
}

const indexRow = (stored: StoredEvent): IndexRow => ({
  position: stored.position,
  event_id: stored.event_id,
  project_id: stored.project_id,
  run_id: (JSON.parse(stored.metadata) as { run_id?: string | null }).run_id ?? null,
  type: stored.type,
  actor: stored.actor,
  recorded_at: stored.timestamp,
  correlation_id: stored.correlation_id,
  causation_id: stored.causation_id,
});

/** The hour in which a time lies, UTC. */
export const hourOf = (time: string): string => `${new Date(time).toISOString().slice(0, 13)}:00:00.000Z`;

const idOfHour = ({ project_id, timestamp }: StoredEvent): string => `${project_id ?? ''} ${hourOf(timestamp)}`;

const tables: readonly [Table<IndexRow>, Table<HourRow>] = [
  {
    name: 'audit_index',
    key: 'position',
    on: {},
    rowAnEvent: true,
    each: { id: ({ position }) => position, evolve: (_, stored) => indexRow(stored) },
  },
  {
    name: 'audit_hours',
    key: 'id',
    on: {},
    each: {
      id: idOfHour,
      evolve: (row, stored) => ({
        id: idOfHour(stored),
        project_id: stored.project_id,
        hour: hourOf(stored.timestamp),
        first_position: row?.first_position ?? stored.position,
        last_position: stored.position,
      }),
    },
  },
];

export const AUDIT_PROJECTION = 'read:audit';

/** By what the audit finds events, and how they hang together. */
export const auditProjection: Projection = { name: AUDIT_PROJECTION, tables: tables as unknown as readonly Table[] };
