import type { StoredEvent } from '#platform';
import { foldPage, type Row, type Table } from '../../platform/src/projection.js';
import { auditProjection } from './audit.projection.js';

const PROJECT = '0f8fad5b-d9cb-469f-a165-70867728950e';
const RUN = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

const stored = (position: string, timestamp: string, project_id: string | null = PROJECT): StoredEvent => ({
  position,
  event_id: `event ${position}`,
  stream: 'test-1',
  revision: 0,
  type: 'test.happened',
  version: 1,
  project_id,
  correlation_id: 'correlation',
  causation_id: 'cause',
  actor: 'somebody',
  timestamp,
  data: '{"words":"of a person"}',
  metadata: JSON.stringify({ run_id: RUN }),
});

const fold = (events: readonly StoredEvent[], hours: ReadonlyMap<string, Row> = new Map<string, Row>()) => {
  const entries = events.map((one) => ({ stored: one, event: null, unreadable: null }));
  const [index, byHour] = auditProjection.tables as [Table, Table];
  const { changes } = foldPage(
    auditProjection,
    new Map<Table, ReadonlyMap<string, Row>>([
      [index, new Map()],
      [byHour, hours],
    ]),
    entries,
    new Set(),
  );
  return { rows: [...changes.get(index)!.values()], hours: changes.get(byHour)! };
};

describe('the audit index', () => {
  it('has a row for every event, whatever its type, and nothing that anybody wrote', () => {
    const { rows } = fold([stored('3', '2026-01-02T03:04:05.678Z'), stored('4', '2026-01-02T03:04:06.000Z', null)]);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      position: '3',
      event_id: 'event 3',
      project_id: PROJECT,
      run_id: RUN,
      type: 'test.happened',
      actor: 'somebody',
      recorded_at: '2026-01-02T03:04:05.678Z',
      correlation_id: 'correlation',
      causation_id: 'cause',
    });
  });

  it('knows between which positions the events of an hour stand, also where clocks differ', () => {
    const { hours } = fold([
      stored('3', '2026-01-02T03:04:05.678Z'),
      stored('5', '2026-01-02T04:00:00.000Z'),
      stored('9', '2026-01-02T03:59:59.999Z'),
    ]);
    expect([...hours.values()].map((row) => [row!['hour'], row!['first_position'], row!['last_position']])).toEqual([
      ['2026-01-02T03:00:00.000Z', '3', '9'],
      ['2026-01-02T04:00:00.000Z', '5', '5'],
    ]);
    const later = fold([stored('12', '2026-01-02T03:30:00.000Z')], hours as ReadonlyMap<string, Row>);
    expect([...later.hours.values()]).toEqual([expect.objectContaining({ first_position: '3', last_position: '12' })]);
  });
});
