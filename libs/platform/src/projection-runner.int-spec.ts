import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newEvent } from '../../../test/support/event-store-conformance.js';
import { eventually, range, tallies, talliesDatabase } from '../../../test/support/tallies.js';
import { START, type Position, type StoredEvent } from './event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { registerCheckpoints } from './projection-checkpoints.js';

const here = talliesDatabase();
const { tally, start, newProcess, seenIn, checkpoint, logged } = here;

/** Ponders over what it read, so that a race has the time to happen. */
class SlowEventStore extends PostgresEventStore {
  override async readNext(after: Position, limit: number): Promise<StoredEvent[]> {
    const events = await super.readNext(after, limit);
    await sleep(15);
    return events;
  }
}

describe('rows and checkpoint', () => {
  it('are written together: where one projection’s table is missing, nothing of that page is there; repaired, all of it once', async () => {
    await here.admin.query('ALTER TABLE read_models.tallies RENAME TO gone');
    const position = await tally('a', 1, 2, 3);
    await start([tallies('others'), tallies('tallies')]);
    await eventually(() => logged.some((line) => line.includes('will try again')));
    expect([await seenIn('others'), await checkpoint('others'), await checkpoint('tallies')]).toEqual([
      {},
      { position: START, version: 1, parked: null },
      { position: START, version: 1, parked: null },
    ]);
    await here.admin.query('ALTER TABLE read_models.gone RENAME TO tallies');
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect([await seenIn('others'), await seenIn('tallies')]).toEqual([{ a: [1, 2, 3] }, { a: [1, 2, 3] }]);
  });

  it('survive that the process is cut off between the two: each event is applied once', async () => {
    await here.admin.query(`
      CREATE SEQUENCE cuts;
      CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF (SELECT count(*) FROM read_models.tallies) > 0 AND nextval('cuts') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER cut BEFORE UPDATE ON read_models.checkpoints FOR EACH ROW WHEN (NEW.position > OLD.position) EXECUTE FUNCTION cut()`);
    await tally('a', 1, 2);
    const position = await tally('b', 3);
    await start([tallies('tallies')]);
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect((await here.admin.query<{ last_value: string }>('SELECT last_value FROM cuts')).rows[0]!.last_value).toBe('3');
    expect(await seenIn('tallies')).toEqual({ a: [1, 2], b: [3] });
  });

  it('come up with the log from any number of pages, across rows that go and come again', async () => {
    await tally('a', ...range(1, 700));
    await here.log.store.append('test-a', 'any', [
      newEvent({ type: 'test.dropped', data: '{"tally":"a"}' }),
      newEvent({ type: 'test.dropped', data: '{"tally":"never"}' }),
    ]);
    const { reads } = await start([tallies('tallies')]);
    await tally('b', ...range(1, 600));
    expect(await reads.waitFor(await tally('a', 701, 702), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [701, 702], b: range(1, 600) });
  });
});

describe('two processes', () => {
  it('race on one database: each event is applied once, and the second takes over when the first stops', async () => {
    const first = await start([tallies('tallies'), tallies('others')]);
    const second = await start([tallies('others'), tallies('tallies')], await newProcess(false, SlowEventStore));
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map(async (name) => {
        for (let n = 1; n <= 30; n += 1) {
          await tally(name, 2 * n - 1, 2 * n);
          await sleep(10);
        }
      }),
    );
    expect(await second.reads.waitFor(await here.log.store.head(), 10_000)).toBe(true);
    const expected = Object.fromEntries(names.map((name) => [name, range(1, 60)]));
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([expected, expected]);
    await first.stop();
    expect(await second.reads.waitFor(await tally('a', 61), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ ...expected, a: range(1, 61) });
  });

  it('keep out of each other’s way: while one holds the lease the other waits, and goes on when it dies', async () => {
    const { reads } = await start([tallies('tallies')]);
    expect(await reads.waitFor(await tally('a', 1), 10_000)).toBe(true);
    const frozen = new pg.Client({ connectionString: here.url });
    frozen.on('error', () => undefined);
    await frozen.connect();
    const { rows } = await frozen.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await frozen.query('BEGIN; SELECT * FROM read_models.checkpoints FOR UPDATE');
    const position = await tally('a', 2);
    await sleep(100);
    expect([await seenIn('tallies'), logged]).toEqual([{ a: [1] }, []]);
    await here.admin.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    expect(await reads.waitFor(position, 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [1, 2] });
  });

  it('need no doorbell: one that hears nothing looks by itself', async () => {
    await start([tallies('tallies')], await newProcess(true));
    const { reads } = await newProcess(true);
    await sleep(50);
    expect(await reads.waitFor(await tally('a', 1), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [1] });
  });
});

describe('a projection that meets an event which it cannot apply', () => {
  const parkedAt = async (name: string) => (await checkpoint(name)).parked;

  it('is parked before exactly that one; the others go on; a restart does not forget it, and the mended fold goes on', async () => {
    const { reads, stop } = await start([tallies('tallies', { poison: 10 }), tallies('others')]);
    expect(await reads.waitFor(await tally('a', ...range(1, 8)), 10_000)).toBe(true);
    const before = await here.log.store.head();
    const [, second] = (await tally('a', 9, 10, 11), await here.log.store.readAll(before, 3));
    expect(await reads.waitFor(await tally('a', 12), 10_000)).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: range(1, 9) }, { a: range(1, 12) }]);
    const { position, event_id, stream, revision, type, version } = second!;
    const stands = {
      position,
      event_id,
      stream,
      revision,
      type,
      version,
      cause: 'fold',
      reason: 'cannot fold 10',
      since: expect.any(String),
      retries: 0,
    };
    expect(await reads.standstills()).toEqual([{ name: 'read:tallies', rebuild: false, stands }]);
    expect(logged).toEqual([`projection read:tallies is parked before event ${position} (test.tallied): cannot fold 10`]);
    const { since } = (await parkedAt('tallies'))!;
    await stop();

    // As broken as before: it is tried, and it stands there since then.
    const again = await start([tallies('tallies', { poison: 10 }), tallies('others')]);
    await eventually(() => logged.length === 2);
    expect(await parkedAt('tallies')).toMatchObject({ position, since });
    await again.stop();

    const mended = await start([tallies('tallies'), tallies('others')]);
    await eventually(async () => (await parkedAt('tallies')) === null);
    expect(await mended.reads.waitFor(await here.log.store.head(), 10_000)).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: range(1, 12) }, { a: range(1, 12) }]);
  });

  it('is parked where its table refuses the row, and says so without the values', async () => {
    const { reads } = await start([tallies('tallies', { refused: 7 }), tallies('others')]);
    await tally('a', ...range(1, 6));
    await tally('b', 7);
    await tally('a', ...range(8, 12));
    await eventually(async () => (await parkedAt('tallies')) !== null);
    expect(await reads.waitFor(await here.log.store.head(), 10_000)).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: range(1, 6) }, { a: [...range(1, 6), ...range(8, 12)], b: [7] }]);
    expect(await parkedAt('tallies')).toMatchObject({ cause: 'row', stream: 'test-b', reason: expect.stringContaining('SQLSTATE 22') });
    expect(JSON.stringify([await parkedAt('tallies'), logged])).not.toContain('words');
  });

  it('is parked before an event that only a newer program knows, also where it would not matter; that program goes on at once', async () => {
    await tally('a', 1);
    const unknown = await here.append('test-a', { type: 'test.invented_later' });
    await tally('a', 2);
    const later = await here.append('test-a', { type: 'test.tallied', version: 2, data: '{"tally":"a","n":3,"by":"x"}' });
    const old = await start([tallies('tallies'), tallies('others')]);
    await eventually(async () => (await parkedAt('tallies')) !== null && (await parkedAt('others')) !== null);
    expect([await seenIn('tallies'), (await parkedAt('tallies'))!]).toMatchObject([{ a: [1] }, { position: unknown, cause: 'unknown_event' }]);

    await start([tallies('tallies'), tallies('others')], await here.newerProcess());
    await eventually(async () => (await parkedAt('others'))?.position === later && (await parkedAt('tallies'))?.position === later);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: [1, 2] }, { a: [1, 2] }]);
    await old.stop();
  });

  it('goes on where an operator says that the event is to be skipped, or to be tried again', async () => {
    let poison = 3;
    await start([tallies('tallies', { poison: 3 }), tallies('others', { poison: () => poison })]);
    const position = await tally('a', 1, 2, 3);
    const last = await tally('a', 4);
    await eventually(async () => (await parkedAt('tallies')) !== null && (await parkedAt('others')) !== null);

    await here.decide('tallies', { skipped: new Set([position]) });
    await eventually(async () => (await checkpoint('tallies')).position === last);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: [1, 2, 4] }, { a: [1, 2] }]);

    await here.decide('others', { retries: 1 });
    await eventually(async () => (await parkedAt('others'))!.retries === 1);
    poison = 0;
    await here.decide('others', { retries: 2 });
    await eventually(async () => (await checkpoint('others')).position === last);
    expect(await seenIn('others')).toEqual({ a: [1, 2, 3, 4] });
  });

  it('catches up later without holding up the others', async () => {
    const first = await start([tallies('tallies', { poison: 1 }), tallies('others')]);
    for (let n = 1; n <= 20; n += 1) await tally('a', ...range(n * 200 - 199, n * 200));
    expect(await first.reads.waitFor(await here.log.store.head(), 10_000)).toBe(true);
    await first.stop();
    const slow = await newProcess(false, SlowEventStore);
    await start([tallies('tallies'), tallies('others')], slow);
    const position = await tally('b', 1);
    await eventually(async () => (await checkpoint('others')).position === position);
    expect(BigInt((await checkpoint('tallies')).position)).toBeLessThan(BigInt(position));
    await eventually(async () => (await checkpoint('tallies')).position === position);
  });
});

describe('waiting for the read models', () => {
  it('ends when all of them hold the position, and says so when they take too long', async () => {
    const { reads } = await newProcess();
    const position = await tally('a', 1);
    expect(await reads.waitFor(START, 0)).toBe(true);
    expect(await reads.waitFor(position, 150)).toBe(false);
    const aborter = new AbortController();
    const waiting = reads.waitFor(position, 60_000, aborter.signal);
    aborter.abort();
    expect(await waiting).toBe(false);
    const [later] = await Promise.all([reads.waitFor(position, 10_000), start([tallies('tallies'), tallies('others')])]);
    expect(later).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: [1] }, { a: [1] }]);
  });

  it('waits for the slowest, and not for one that is parked', async () => {
    const { database, reads } = await newProcess();
    await registerCheckpoints(database, await here.log.store.storeId(), ['read:slowest']);
    await start([tallies('tallies')]);
    const position = await tally('a', 1);
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect(await reads.waitFor(position, 0)).toBe(false);
    await here.admin.query(`UPDATE read_models.checkpoints SET parked = '{}' WHERE name = 'read:slowest'`);
    expect(await reads.waitFor(position, 0)).toBe(true);
  });

  it('compares positions as numbers', async () => {
    const { reads } = await start([tallies('tallies')]);
    for (const n of range(1, 11)) {
      expect(await reads.waitFor(await tally('a', n), 10_000)).toBe(true);
      expect(await seenIn('tallies')).toEqual({ a: range(1, n) });
    }
  });
});

it('read models of another log are refused with a sentence that says what to do', async () => {
  await (await start([tallies('tallies')])).stop();
  await here.admin.query('UPDATE read_models.checkpoints SET store_id = $1', [randomUUID()]);
  const refused = start([tallies('tallies')]);
  await expect(refused).rejects.toThrow(/follow another event log \(read:tallies\); start with/);
});
