import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually, range, tallies, talliesDatabase, type Running } from '../../../test/support/tallies.js';

const SLOW_MS = 30_000;

const here = talliesDatabase();
const { tally, start, newProcess, rowsOf, seenIn, checkpoint, logged } = here;

/** Rows as the live fold made them, before a rebuild, of a log of more than one page. */
async function madeLive(...given: Parameters<typeof start>): Promise<Running> {
  const running = await start(...given);
  for (let n = 0; n < 30; n += 1) await tally(`t-${n % 7}`, ...range(n * 150 + 1, n * 150 + 150));
  await here.append('test-t-0', { type: 'test.dropped', data: '{"tally":"t-3"}' });
  expect(await running.reads.waitFor(await here.log.store.head(), 20_000)).toBe(true);
  return running;
}

const rebuilt = (name: string, times = 1) =>
  eventually(async () => {
    const { rows } = await here.admin.query('SELECT FROM read_models.checkpoints WHERE name = $1 AND rebuilds_done = $2', [`read:${name}`, times]);
    return rows.length === 1;
  }, 25_000);
const oid = async (name: string) => (await here.admin.query(`SELECT 'read_models.${name}'::regclass::oid AS oid`)).rows[0].oid as number;
const rebuilds = async () => (await here.admin.query('SELECT name, position::text, events, stopped FROM read_models.rebuilds')).rows;
const leftovers = async () => (await here.admin.query(`SELECT FROM pg_tables WHERE schemaname = 'read_models_next'`)).rowCount;

/** Cuts off the process's connection the first times that something is done to these tables. */
async function cutOff(when: string, times: number): Promise<void> {
  await here.admin.query(`
    CREATE SEQUENCE cuts;
    CREATE FUNCTION cut() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF tg_tag = '${when}' AND nextval('public.cuts') <= ${times} THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
    END $$;
    CREATE EVENT TRIGGER cut ON ddl_command_end EXECUTE FUNCTION cut()`);
}
const cuts = async () => Number((await here.admin.query('SELECT last_value FROM cuts')).rows[0].last_value);

describe('a rebuild', () => {
  it(
    'makes the rows that the live fold made, while writes go on, and no read finds less than before',
    async () => {
      const { reads } = await madeLive([tallies('tallies'), tallies('others')]);
      const live = await oid('tallies');
      const reader = new pg.Client({ connectionString: here.url });
      await reader.connect();
      here.closeLater(() => reader.end());
      let finished = false;
      let written = 0;
      const writing = (async () => {
        for (; !finished; written += 1) await tally('late', written);
      })();
      let looks = 0;
      const looking = (async () => {
        for (let least = 6; !finished; looks += 1) {
          const { rows } = await here.admin.query(
            'SELECT count(*)::int AS count, sum(jsonb_array_length(seen))::int AS seen FROM read_models.tallies',
          );
          expect(rows[0].count).toBeGreaterThanOrEqual(6);
          expect(rows[0].seen).toBeGreaterThanOrEqual(least);
          least = rows[0].seen;
        }
      })();
      await sleep(100);
      await here.decide('tallies', { rebuilds: 1 });
      await rebuilt('tallies');
      await sleep(200);
      finished = true;
      await Promise.all([writing, looking]);
      expect(await oid('tallies')).not.toBe(live);
      expect(await reads.waitFor(await here.log.store.head(), 10_000)).toBe(true);
      // The others were folded live throughout.
      expect(await rowsOf('tallies')).toEqual(await rowsOf('others'));
      expect((await seenIn('tallies'))['late']).toEqual(range(0, written - 1));
      expect([await rebuilds(), await leftovers(), looks > 20]).toEqual([[], 0, true]);
    },
    SLOW_MS,
  );

  it(
    'leaves indexes, constraints, defaults and rights as they were, also the second time',
    async () => {
      await here.admin.query(`
        CREATE ROLE reporter; GRANT SELECT ON read_models.tallies TO reporter;
        CREATE INDEX tallies_noted ON read_models.tallies (note, at DESC) WHERE note IS NOT NULL;
        CREATE UNIQUE INDEX tallies_lower ON read_models.tallies (lower(tally));
        ALTER TABLE read_models.tallies ADD CONSTRAINT tallies_named CHECK (tally <> ''), ADD COLUMN made timestamptz NOT NULL DEFAULT now()`);
      const shape = async () =>
        (
          await here.admin.query(`
            SELECT pg_get_indexdef(indexrelid) AS is FROM pg_index WHERE indrelid = 'read_models.tallies'::regclass
            UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'read_models.tallies'::regclass
            UNION ALL SELECT column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') FROM information_schema.columns
              WHERE table_schema = 'read_models' AND table_name = 'tallies'
            UNION ALL SELECT grantee || ' ' || privilege_type FROM information_schema.role_table_grants
              WHERE table_schema = 'read_models' AND table_name = 'tallies' ORDER BY 1`)
        ).rows;
      const before = await shape();
      await tally('a', 1);
      const { reads } = await start([tallies('tallies')]);
      expect(await reads.waitFor(await tally('a', 2), 10_000)).toBe(true);
      for (const times of [1, 2]) {
        await here.decide('tallies', { rebuilds: times });
        await rebuilt('tallies', times);
        expect(await shape()).toEqual(before);
      }
      await here.admin.query('DROP OWNED BY reporter; DROP ROLE reporter');
      expect(before.length).toBeGreaterThan(20);
    },
    SLOW_MS,
  );

  it(
    'cut off between rows and position, or in the middle of the swap, goes on where it was: each event once',
    async () => {
      await madeLive([tallies('tallies'), tallies('others')]);
      await here.admin.query(`
        CREATE SEQUENCE page_cuts;
        CREATE FUNCTION page_cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          IF NEW.position > 2000 AND nextval('public.page_cuts') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER page_cut BEFORE UPDATE ON read_models.rebuilds FOR EACH ROW WHEN (NEW.position > OLD.position) EXECUTE FUNCTION page_cut()`);
      await cutOff('ALTER TABLE', 2);
      await here.decide('tallies', { rebuilds: 1 });
      await rebuilt('tallies');
      expect([(await here.admin.query('SELECT last_value FROM page_cuts')).rows[0].last_value, await cuts()]).toEqual(['4', 3]);
      expect(await rowsOf('tallies')).toEqual(await rowsOf('others'));
      expect([await rebuilds(), await leftovers()]).toEqual([[], 0]);
    },
    SLOW_MS,
  );

  it(
    'is worked on by one process at a time, and taken over where that one stops',
    async () => {
      const first = await madeLive([tallies('tallies'), tallies('others')]);
      await start([tallies('tallies'), tallies('others')], await newProcess());
      const reader = new pg.Client({ connectionString: here.url });
      await reader.connect();
      here.closeLater(() => reader.end());
      await reader.query('BEGIN; SELECT FROM read_models.tallies');
      await here.decide('tallies', { rebuilds: 1 });
      // Both are at it, and neither can swap while somebody reads.
      await eventually(async () => (await rebuilds())[0]?.position === (await here.log.store.head()));
      await first.stop();
      await tally('a', 1, 2);
      await reader.query('COMMIT');
      await rebuilt('tallies');
      await eventually(async () => (await checkpoint('others')).position === (await checkpoint('tallies')).position);
      expect(await rowsOf('tallies')).toEqual(await rowsOf('others'));
    },
    SLOW_MS,
  );

  it(
    'waits for a long read instead of holding it up, and holds up no other for long',
    async () => {
      await madeLive([tallies('tallies')]);
      const reader = new pg.Client({ connectionString: here.url });
      await reader.connect();
      here.closeLater(() => reader.end());
      await reader.query('BEGIN');
      const before = (await reader.query('SELECT count(*) FROM read_models.tallies')).rows;
      await here.decide('tallies', { rebuilds: 1 });
      await eventually(async () => (await rebuilds())[0]?.position === (await here.log.store.head()));
      for (let n = 0; n < 20; n += 1) {
        expect(await seenIn('tallies')).toHaveProperty('t-1');
        await sleep(50);
      }
      expect([(await reader.query('SELECT count(*) FROM read_models.tallies')).rows, (await rebuilds()).length]).toEqual([before, 1]);
      await reader.query('COMMIT');
      await rebuilt('tallies');
    },
    SLOW_MS,
  );

  it(
    'stops before an event that it cannot apply, while the live rows are kept up; passes again what was skipped',
    async () => {
      let poison = 0;
      const { reads } = await start([tallies('tallies', { poison: () => poison })]);
      const third = await tally('a', 1, 2, 3);
      expect(await reads.waitFor(await tally('a', 4), 10_000)).toBe(true);
      poison = 3;
      await here.decide('tallies', { rebuilds: 1 });
      await eventually(async () => ((await rebuilds())[0]?.stopped ?? null) !== null);
      expect(await reads.waitFor(await tally('a', 5), 10_000)).toBe(true);
      expect([await seenIn('tallies'), (await rebuilds())[0].stopped]).toMatchObject([{ a: [1, 2, 3, 4, 5] }, { position: third, cause: 'fold' }]);
      expect(await reads.standstills()).toMatchObject([{ name: 'read:tallies', rebuild: true }]);
      await here.decide('tallies', { skipped: new Set([third]) });
      await rebuilt('tallies');
      expect(await seenIn('tallies')).toEqual({ a: [1, 2, 4, 5] });

      // As readable as ever: it was decided all the same, for good.
      poison = 0;
      await here.decide('tallies', { rebuilds: 2 });
      await rebuilt('tallies', 2);
      expect(await seenIn('tallies')).toEqual({ a: [1, 2, 4, 5] });
    },
    SLOW_MS,
  );

  it(
    'stops before an event whose row its new table refuses; the live rows stay',
    async () => {
      const first = await start([tallies('tallies')]);
      await tally('a', 1, 2);
      const refused = await tally('b', 7);
      expect(await first.reads.waitFor(await tally('a', 3), 10_000)).toBe(true);
      await first.stop();
      await start([tallies('tallies', { refused: 7, version: 2 })]);
      await eventually(async () => ((await rebuilds())[0]?.stopped ?? null) !== null);
      expect((await rebuilds())[0]).toMatchObject({ events: '2', stopped: { position: refused, cause: 'row' } });
      expect(await seenIn('tallies')).toEqual({ a: [1, 2, 3], b: [7] });
    },
    SLOW_MS,
  );

  it(
    'takes a projection past the event before which it was parked, where the new program can apply it',
    async () => {
      const old = await start([tallies('tallies', { poison: 3 })]);
      await tally('a', ...range(1, 5));
      await eventually(async () => (await checkpoint('tallies')).parked !== null);
      await old.stop();
      await start([tallies('tallies', { version: 2 })]);
      await eventually(async () => (await checkpoint('tallies')).version === 2);
      expect([await checkpoint('tallies'), await seenIn('tallies')]).toMatchObject([{ parked: null }, { a: range(1, 5) }]);
    },
    SLOW_MS,
  );
});

describe('a definition that is newer than the rows', () => {
  it(
    'is rebuilt at the start, beside rows that serve and are kept up; an older program leaves the new rows alone',
    async () => {
      const old = await madeLive([tallies('tallies'), tallies('others')]);
      const reader = new pg.Client({ connectionString: here.url });
      await reader.connect();
      here.closeLater(() => reader.end());
      // Nobody can swap yet.
      await reader.query('BEGIN; SELECT FROM read_models.tallies');
      const newer = await start([tallies('tallies', { version: 2 })], await newProcess());
      await eventually(async () => (await rebuilds())[0]?.position === (await here.log.store.head()));
      expect(await newer.reads.waitFor(await tally('a', 1), 10_000)).toBe(true);
      expect([(await seenIn('tallies'))['a'], await checkpoint('tallies')]).toMatchObject([[1], { version: 1 }]);
      await reader.query('COMMIT');
      await eventually(async () => (await checkpoint('tallies')).version === 2);
      expect((await rowsOf('tallies')).map(({ note }) => note?.endsWith('v2'))).toEqual(Array(7).fill(true));

      await newer.stop();
      const position = await tally('a', 2);
      await eventually(() => logged.some((line) => line.includes('read:tallies is of version 2, which this program does not know')));
      await eventually(async () => (await checkpoint('others')).position === position);
      expect([(await seenIn('tallies'))['a'], (await seenIn('others'))['a']]).toEqual([[1], [1, 2]]);
      await old.stop();

      await start([tallies('tallies', { version: 2 })], await newProcess());
      await eventually(async () => (await checkpoint('tallies')).position === position);
      expect((await seenIn('tallies'))['a']).toEqual([1, 2]);
    },
    SLOW_MS,
  );
});
