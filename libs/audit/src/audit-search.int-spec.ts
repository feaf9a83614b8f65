import pg from 'pg';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { indexSearch, type EventFilter } from './audit-search.js';

const COUNT = 3_000;
const uuid = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const projects = [0, 1, 2, 3].map((n) => uuid(1, n));

/** Positions with gaps; a clock that is sometimes an hour off; types and actors of very different frequency. */
const ROWS = `
  INSERT INTO read_models.audit_index
  SELECT n * 7, ('00000009-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ('00000001-0000-4000-8000-' || lpad((n % 5)::text, 12, '0'))::uuid,
         CASE WHEN n % 11 = 0 THEN NULL ELSE ('00000002-0000-4000-8000-' || lpad((n / 300)::text, 12, '0'))::uuid END,
         'type-' || least(n % 13, 4), 'actor-' || least(n % 17, 3),
         timestamptz '2026-01-01T00:00:00Z' + n * interval '90 seconds' - CASE WHEN n % 29 = 0 THEN interval '1 hour' ELSE '0' END,
         ('00000003-0000-4000-8000-' || lpad((n / 40)::text, 12, '0'))::uuid, ('00000004-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid
    FROM generate_series(1, ${COUNT}) n`;
const HOURS = `
  INSERT INTO read_models.audit_hours
  SELECT project_id || ' ' || date_trunc('hour', recorded_at, 'UTC'), project_id, date_trunc('hour', recorded_at, 'UTC'), min(position), max(position)
    FROM read_models.audit_index GROUP BY project_id, date_trunc('hour', recorded_at, 'UTC')`;

let postgres: TestPostgres;
let client: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  client = new pg.Client({ connectionString: await postgres.createDatabase() });
  await client.connect();
  await client.query(ROWS);
  await client.query(HOURS);
  await client.query('ANALYZE read_models.audit_index, read_models.audit_hours');
}, POSTGRES_START_MS);
afterAll(async () => {
  await client?.end();
  await postgres?.stop();
});

/** What fits, found by looking at every row. */
async function expected({ project_ids, run_id, type, actor, correlation_id, from, until, after }: EventFilter): Promise<string[]> {
  const { rows } = await client.query<{ position: string }>(
    `SELECT position::text FROM read_models.audit_index i WHERE project_id = ANY($1::uuid[]) AND i.position > $2
        AND ($3::uuid IS NULL OR run_id = $3) AND ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR actor = $5)
        AND ($6::uuid IS NULL OR correlation_id = $6) AND ($7::timestamptz IS NULL OR recorded_at >= $7) AND ($8::timestamptz IS NULL OR recorded_at < $8)
      ORDER BY i.position`,
    [project_ids, after, run_id, type, actor, correlation_id, from, until],
  );
  return rows.map(({ position }) => position);
}

/** Page after page, as a client goes on. */
async function found(filter: EventFilter, mostScanned: number): Promise<{ positions: string[]; pages: number }> {
  const positions: string[] = [];
  let pages = 0;
  for (let after = filter.after; ; pages += 1) {
    const { sql, values } = indexSearch({ ...filter, after }, mostScanned);
    const { rows } = await client.query<{ positions: string[]; frontier: string | null }>(sql, values as unknown[]);
    const [page] = rows;
    positions.push(...page!.positions.slice(0, filter.limit));
    const next = page!.positions.length > filter.limit ? page!.positions[filter.limit - 1]! : page!.frontier;
    if (next === null) return { positions, pages: pages + 1 };
    expect(BigInt(next)).toBeGreaterThan(BigInt(after));
    after = next;
  }
}

const filters: readonly Partial<EventFilter>[] = [
  {},
  { after: String(COUNT * 4) },
  { run_id: uuid(2, 4) },
  { type: 'type-0' },
  { type: 'type-4' },
  { actor: 'actor-1' },
  { correlation_id: uuid(3, 17) },
  { from: '2026-01-02T10:15:00.000Z' },
  { until: '2026-01-02T10:15:00.000Z' },
  { from: '2026-01-02T10:15:00.000Z', until: '2026-01-02T10:45:00.000Z' },
  { from: '2027-01-01T00:00:00.000Z' },
  { until: '2020-01-01T00:00:00.000Z' },
];
/** Each by itself, and every two together. */
const combined = filters.flatMap((one, index) => [one, ...filters.slice(index + 1).map((other) => ({ ...one, ...other }))]);

describe('a search of the audit index', () => {
  it.each([
    ['of one project', [projects[1]!]],
    ['of several', projects],
    ['of none', []],
  ])(
    '%s finds exactly what fits, in order, whatever is combined and however little a page looks at',
    async (_, project_ids) => {
      for (const one of combined)
        for (const [limit, mostScanned] of [
          [200, 5_000],
          [3, 5_000],
          [7, 20],
        ] as const) {
          const filter: EventFilter = { after: '0', ...one, project_ids, limit };
          const { positions } = await found(filter, mostScanned);
          expect({ filter, positions }).toEqual({ filter, positions: await expected(filter) });
        }
    },
    120_000,
  );

  it('ends a page where enough was looked at, and goes on from there', async () => {
    const filter = { project_ids: [projects[1]!], type: 'type-4', actor: 'actor-0', after: '0', limit: 5 };
    expect((await found(filter, 100)).pages).toBeGreaterThan((await found(filter, 5_000)).pages);
  });
});
