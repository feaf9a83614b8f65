import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { allAtOnce, eventStoreConformance, Follower, idsOf, newEvent, newEvents } from '../../../test/support/event-store-conformance.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { rawAppend } from '../../../test/support/raw-append.js';
import { eventLogPool } from './database.js';
import { Doorbell } from './doorbell.js';
import { START, type ChainReport, type EventStore } from './event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop());

/** Neither rings nor hears: whoever waits for it has to look by itself. */
class SilentDoorbell extends Doorbell {
  override ring(): void {
    // silent
  }
}

/** One log in a database of its own, with as many processes and raw connections as a test wants. */
class PostgresLog {
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(readonly url: string) {}

  static async make(): Promise<PostgresLog> {
    return new PostgresLog(await postgres.createDatabase());
  }

  async open(doorbell?: Doorbell): Promise<EventStore> {
    const pool = eventLogPool(this.url);
    this.closing.push(() => pool.end());
    return new PostgresEventStore(pool, doorbell ?? (await this.listen()));
  }

  /** A doorbell that hears of other processes. */
  async listen(): Promise<Doorbell> {
    const doorbell = new Doorbell();
    this.closing.push(() => doorbell.close());
    await doorbell.listen(this.url);
    return doorbell;
  }

  /** The owner of the tables, a superuser. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    this.closing.push(() => client.end());
    return client;
  }

  async close(): Promise<void> {
    for (const close of this.closing.reverse()) await close();
  }
}

eventStoreConformance('PostgreSQL', () => PostgresLog.make());

describe('the event log in PostgreSQL', () => {
  let log: PostgresLog;
  let store: EventStore;
  let owner: pg.Client;

  beforeEach(async () => {
    log = await PostgresLog.make();
    store = await log.open();
    owner = await log.connect();
  });
  afterEach(() => log.close());

  const appendOn = (client: pg.Client, stream: string, events = newEvents(1)) => rawAppend(client, [{ stream, events }]);

  describe('is immutable', () => {
    const changes = ['UPDATE event_log.events SET data = data', 'DELETE FROM event_log.events', 'TRUNCATE event_log.events'];

    it.each([...changes, 'TRUNCATE event_log.events CASCADE', 'SET session_replication_role = replica; DELETE FROM event_log.events'])(
      'to its owner: %s',
      async (change) => {
        await store.append('s', 'no_stream', newEvents(2));
        await expect(owner.query(change)).rejects.toThrow('events are immutable');
        expect(await store.readStream('s')).toHaveLength(2);
      },
    );

    it.each([
      ...changes,
      'INSERT INTO event_log.events SELECT * FROM event_log.events',
      'UPDATE event_log.head SET position = 0',
      'DELETE FROM event_log.project_heads',
      'ALTER TABLE event_log.events DISABLE TRIGGER ALL',
      'SET session_replication_role = replica',
    ])('to the application: %s', async (change) => {
      await owner.query('SET ROLE countersign_app');
      await expect(owner.query(change)).rejects.toMatchObject({ code: '42501' });
    });
  });

  describe('keeps the order of commits', () => {
    it('while an append elsewhere is open and then rolled back: nobody skips, later appends wait their turn', async () => {
      const follower = new Follower(store);
      await store.append('s', 'no_stream', newEvents(2));
      await owner.query('BEGIN');
      await appendOn(owner, 'lost', newEvents(3));
      let settled = false;
      const waiting = store.append('s', 1, newEvents(1)).finally(() => (settled = true));
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(settled).toBe(false);
      expect(await store.readAll(START, 10)).toHaveLength(2);
      await owner.query('ROLLBACK');
      await follower.reaches((await waiting).position);
      await follower.stop();
      expect(follower.seen.map(({ stream, position }) => [stream, position])).toEqual([
        ['s', '1'],
        ['s', '2'],
        ['s', '3'],
      ]);
    });

    it('while an append elsewhere commits late: what it appended comes before what waited', async () => {
      const follower = new Follower(store);
      await owner.query('BEGIN');
      await appendOn(owner, 'early');
      const waiting = store.append('late', 'any', newEvents(1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await owner.query('COMMIT');
      await follower.reaches((await waiting).position);
      await follower.stop();
      expect(follower.seen.map(({ stream }) => stream)).toEqual(['early', 'late']);
    });

    it('also of an event that goes by itself: it takes its place in both chains behind what it waited for', async () => {
      const project_id = randomUUID();
      const mine = () => [newEvent({ project_id })];
      await store.append('s', 'no_stream', mine());
      await owner.query('BEGIN');
      await appendOn(owner, 'early', mine());
      const waiting = store.append('s', 0, mine());
      await new Promise((resolve) => setTimeout(resolve, 100));
      await owner.query('COMMIT');
      expect(await waiting).toEqual({ position: '3', revision: 1 });
      const [whole, project] = await store.verify([project_id]);
      expect([whole, project]).toEqual([expect.objectContaining({ ok: true, events: 3 }), expect.objectContaining({ ok: true, events: 3 })]);
    });

    it('and refuses what waited for another append to its own stream', async () => {
      await store.append('s', 'no_stream', newEvents(1));
      await owner.query('BEGIN');
      await appendOn(owner, 's');
      const waiting = store.append('s', 0, newEvents(1));
      const refused = expect(waiting).rejects.toMatchObject({ name: 'WrongExpectedRevision', current: 1 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await owner.query('COMMIT');
      await refused;
      expect(await store.readStream('s')).toHaveLength(2);
    });

    it('and stalls nobody for an open write transaction, here or in another database', async () => {
      const neighbour = await PostgresLog.make();
      const elsewhere = await neighbour.connect();
      await elsewhere.query('BEGIN');
      await appendOn(elsewhere, 's');
      await owner.query('BEGIN');
      await owner.query(`INSERT INTO identity.data_keys (owner_id, key) VALUES ($1, '')`, [randomUUID()]);
      const follower = new Follower(store);
      for (let n = 0; n < 3; n += 1) await follower.reaches((await store.append('s', 'any', newEvents(1))).position);
      await follower.stop();
      await neighbour.close();
    });
  });

  /** What a sequence, or the snapshot's xmin, gets wrong; each in an order of steps that brings it about. */
  describe('has none of the anomalies of order that two transactions can bring about', () => {
    let second: pg.Client;
    let follower: Follower;
    /** Until a connection waits for a lock: that it does is the point. */
    const untilSomebodyWaits = async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      for (const deadline = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 5))) {
        if (((await watcher.query(waiting)).rowCount ?? 0) > 0) return;
        if (Date.now() > deadline) throw new Error('nobody waits');
      }
    };
    let watcher: pg.Client;
    const seen = async () => {
      await follower.reaches(await store.head());
      await follower.stop();
      return follower.seen.map(({ stream, position }) => `${position} ${stream}`);
    };

    beforeEach(async () => {
      [second, watcher] = [await log.connect(), await log.connect()];
      follower = new Follower(store);
    });

    it('who drew first and commits last is not skipped: the other waits', async () => {
      await owner.query('BEGIN');
      await appendOn(owner, 'first');
      const other = appendOn(second, 'second');
      await untilSomebodyWaits();
      expect(await store.readAll(START, 10)).toEqual([]);
      await owner.query('COMMIT');
      await other;
      expect(await seen()).toEqual(['1 first', '2 second']);
    });

    it('who began first and appends last comes last: a cause is before its effect', async () => {
      await owner.query('BEGIN');
      await owner.query('SELECT pg_current_xact_id()');
      await appendOn(second, 'cause');
      await follower.reaches('1');
      await appendOn(owner, 'effect');
      await owner.query('COMMIT');
      expect(await seen()).toEqual(['1 cause', '2 effect']);
    });

    it('an append that is taken back to a savepoint holds nobody up, leaves no gap, and what follows it is not skipped', async () => {
      await owner.query('BEGIN');
      await owner.query('SAVEPOINT before');
      await appendOn(owner, 'taken back');
      await owner.query('ROLLBACK TO before');
      await appendOn(second, 'second');
      await appendOn(owner, 'kept');
      await owner.query('COMMIT');
      expect(await seen()).toEqual(['1 second', '2 kept']);
      expect(await store.verify([])).toEqual([expect.objectContaining({ ok: true, events: 2 })]);
    });

    it('a snapshot from before an append sees nothing of it, and one from after it sees all: no page in between', async () => {
      await owner.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await owner.query('SELECT');
      await store.append('s', 'no_stream', newEvents(3));
      const count = async (client: pg.Client) => (await client.query('SELECT count(*)::int AS n FROM event_log.events')).rows[0];
      expect([await count(owner), await count(second)]).toEqual([{ n: 0 }, { n: 3 }]);
      await owner.query('COMMIT');
      expect(await seen()).toHaveLength(3);
    });
  });

  it('fails only the append that the database cannot store, not those that share its commit', async () => {
    const attempts = Array.from({ length: 30 }, (_, n) => () => {
      const change = n === 7 ? { event_id: 'no uuid' } : n === 13 ? { actor: 'NUL \0' } : n === 21 ? { timestamp: 'soon' } : {};
      return store.append(`s-${n}`, 'no_stream', [newEvent(), newEvent(change)]);
    });
    const { won, refused } = await allAtOnce(attempts);
    expect(won).toHaveLength(27);
    expect(refused).toHaveLength(3);
    expect(await store.readAll(START, 100)).toHaveLength(54);
    expect(await store.verify([])).toEqual([expect.objectContaining({ ok: true, events: 54 })]);
  });

  it('refuses an event id that is on record in another stream', async () => {
    const event = newEvent();
    await store.append('s', 'no_stream', [event]);
    await expect(store.append('t', 'no_stream', [event])).rejects.toMatchObject({ name: 'EventIdConflict', stream: 't' });
  });

  it('knows from memory the streams that this process began, until it hears of more than it wrote itself', async () => {
    const other = await log.open();
    const revisions = (stream: string) => store.recentStream?.(stream)?.map(({ revision }) => revision) ?? null;
    await other.append('theirs', 'no_stream', newEvents(1));
    await store.append('s', 'no_stream', newEvents(2));
    await store.append('s', 1, newEvents(1));
    expect([revisions('s'), revisions('theirs')]).toEqual([[0, 1, 2], null]);
    expect(store.recentStream?.('s')).toEqual(await store.readStream('s'));

    await other.append('s', 2, newEvents(1));
    await expect(store.append('s', 2, newEvents(1))).rejects.toMatchObject({ name: 'WrongExpectedRevision' });
    expect(await store.head()).toBe('5');
    expect(revisions('s')).toBeNull();
    await store.append('t', 'no_stream', newEvents(1));
    expect(revisions('s')).toBeNull();
  });

  it('is followed with every doorbell silent, by polling alone', async () => {
    const silent = await log.open(new SilentDoorbell());
    const follower = new Follower(silent);
    for (let n = 0; n < 2; n += 1) {
      const { position } = await store.append('s', 'any', newEvents(2));
      await follower.reaches(position);
    }
    await follower.stop();
    expect(follower.seen).toHaveLength(4);
  });

  it('rings in other processes when something was appended', async () => {
    const doorbell = await log.listen();
    const rung = doorbell.next('countersign_events', 60_000);
    await store.append('s', 'any', newEvents(1));
    await rung;
  });

  describe('when it was tampered with by somebody who may do anything', () => {
    const mine = randomUUID();
    const yours = randomUUID();

    /** Positions 1 to 12; 3, 6, 9 and 12 are yours, the others mine. */
    beforeEach(async () => {
      for (let n = 1; n <= 12; n += 1) await store.append(`s-${n % 2}`, 'any', [newEvent({ project_id: n % 3 ? mine : yours, data: `{"n":${n}}` })]);
      await owner.query('ALTER TABLE event_log.events DISABLE TRIGGER ALL');
    });

    const tampered = async (sql: string): Promise<[log: ChainReport, mine: ChainReport, yours: ChainReport]> => {
      await owner.query(sql);
      return (await store.verify([mine, yours])) as [ChainReport, ChainReport, ChainReport];
    };
    const broken = (position: string, reason: unknown = expect.any(String)) => expect.objectContaining({ ok: false, mismatch: { position, reason } });
    const sound = expect.objectContaining({ ok: true, mismatch: null });

    it.each([
      ['a flipped byte of its data', `data = replace(data, '5', '4')`],
      ['other spacing of its data', `data = data || ' '`],
      ['its metadata', `metadata = replace(metadata, 'somebody', 'somebodx')`],
      ['its type', `type = 'test.undone'`],
      ['its version', 'version = 2'],
      ['its event id', 'event_id = gen_random_uuid()'],
      ['its stream', `stream = 'elsewhere'`],
      ['its revision', 'revision = 77'],
    ])('finds a change of %s, in the log and in its project', async (_, change) => {
      expect(await tampered(`UPDATE event_log.events SET ${change} WHERE position = 5`)).toEqual([broken('5'), broken('5'), sound]);
    });

    it.each([
      ['actor', `'somebody else'`],
      ['recorded_at', `recorded_at + interval '1 second'`],
      ['correlation_id', 'gen_random_uuid()'],
      ['causation_id', 'gen_random_uuid()'],
    ])('finds a column %s that no longer says what the hashed metadata says', async (column, value) => {
      const name = column === 'recorded_at' ? 'timestamp' : column;
      const found = broken('5', expect.stringContaining(name));
      expect(await tampered(`UPDATE event_log.events SET ${column} = ${value} WHERE position = 5`)).toEqual([found, found, sound]);
    });

    it('finds an event moved to another project, in the log and in both projects', async () => {
      const reports = await tampered(`UPDATE event_log.events SET project_id = '${yours}' WHERE position = 5`);
      expect(reports).toEqual([broken('5', expect.stringContaining('project_id')), broken('7'), broken('5')]);
    });

    it('finds a deleted row', async () => {
      expect(await tampered('DELETE FROM event_log.events WHERE position = 5')).toEqual([
        broken('6', expect.stringContaining('missing')),
        broken('7'),
        sound,
      ]);
    });

    it('finds a cut tail', async () => {
      expect(await tampered('DELETE FROM event_log.events WHERE position > 10')).toEqual([
        broken('12', expect.stringContaining('head')),
        broken('11'),
        broken('12'),
      ]);
    });

    it('finds a log that was emptied', async () => {
      expect(await tampered('DELETE FROM event_log.events')).toEqual([broken('12'), broken('11'), broken('12')]);
    });

    it.each([
      ['behind the end', '13'],
      ['before the beginning', '0'],
      ['far before the beginning', '-9223372036854775808'],
    ])('finds a row inserted %s', async (_, position) => {
      const reports = await tampered(`
        ALTER TABLE event_log.events DROP CONSTRAINT IF EXISTS events_position_check;
        INSERT INTO event_log.events (position, event_id, stream, revision, type, version, project_id, correlation_id, causation_id, actor, recorded_at, metadata, data, log_link, project_link)
        SELECT ${position}, gen_random_uuid(), stream, 99, type, version, project_id, correlation_id, causation_id, actor, recorded_at, metadata, data, log_link, project_link
          FROM event_log.events WHERE position = 12`);
      expect(reports).toEqual([broken(position), sound, broken(position)]);
    });

    it('finds a link written to fit a changed event, at the event after it', async () => {
      const reports = await tampered(`
        UPDATE event_log.events e SET data = '{"n":99}' WHERE position = 5;
        UPDATE event_log.events e SET log_link = sha256(p.log_link || sha256(convert_to(concat_ws(E'\\n', e.position, e.event_id, e.stream, e.revision, e.type, e.version, e.metadata, e.data), 'UTF8')))
          FROM event_log.events p WHERE e.position = 5 AND p.position = 4`);
      expect(reports).toEqual([broken('6'), broken('5'), sound]);
    });

    it('answers with an error, and ends no process, where its connection is cut off meanwhile', async () => {
      await owner.query('BEGIN; LOCK TABLE event_log.project_heads IN ACCESS EXCLUSIVE MODE');
      const ended = expect(store.verify([mine])).rejects.toThrow(/terminat/);
      const watcher = await log.connect();
      const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      while ((await watcher.query(cut)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await ended;
      await owner.query('ROLLBACK');
      expect(await store.verify([mine])).toEqual([sound, sound]);
    });

    it('gives events back as they are again once they are what they were', async () => {
      await owner.query(`CREATE TABLE kept AS TABLE event_log.events; DELETE FROM event_log.events`);
      expect((await store.verify([]))[0]!.ok).toBe(false);
      expect(await tampered('INSERT INTO event_log.events TABLE kept')).toEqual([sound, sound, sound]);
      expect(idsOf(await store.readAll(START, 100))).toHaveLength(12);
    });
  });
});
