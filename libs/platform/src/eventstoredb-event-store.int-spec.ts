import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { allAtOnce, eventStoreConformance, Follower, idsOf, newEvent, newEvents } from '../../../test/support/event-store-conformance.js';
import { EventStoreDbServer } from '../../../test/support/eventstoredb-server.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { selfSigned } from '../../../test/support/self-signed.js';
import { AuditTable } from './audit-table.js';
import { AuditWriter } from './audit-writer.js';
import { eventLogPool } from './database.js';
import { Doorbell } from './doorbell.js';
import { START, type Position } from './event-store.js';
import { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.js';
import { openEventStore } from './open-event-store.js';

/** A server of its own for the conformance suite; the tests that break things use the stand-in. */
const REAL = process.env['EVENT_STORE_URL'];

let postgres: TestPostgres;
const logged: string[] = [];

beforeAll(async () => {
  Logger.overrideLogger({ log: () => undefined, warn: (line: string) => void logged.push(line), error: (line: string) => void logged.push(line) });
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop());
afterEach(() => expect(logged.splice(0).filter((line) => line.startsWith('the audit table cannot go on'))).toEqual([]));

/** One log on a server of its own, or on a part of a real one, with an audit table in a database of its own. */
class EventStoreDbLog {
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly server: EventStoreDbServer | null,
    readonly url: string,
    readonly databaseUrl: string,
    private readonly options: EventStoreDbOptions,
  ) {}

  static async make(real?: string): Promise<EventStoreDbLog> {
    const databaseUrl = await postgres.createDatabase();
    if (real === undefined) {
      const server = await EventStoreDbServer.start();
      return new EventStoreDbLog(server, server.url, databaseUrl, {});
    }
    const origin = await EventStoreDbLog.endOf(real);
    return new EventStoreDbLog(null, real, databaseUrl, { origin, identityStream: `countersign_store-${randomUUID()}` });
  }

  private static async endOf(url: string): Promise<Position> {
    const doorbell = new Doorbell();
    const store = new EventStoreDbEventStore(url, new AuditTable(new pg.Pool(), doorbell), doorbell);
    return store.head().finally(() => store.close());
  }

  /** A process: its store, and the writer of the audit table unless it is left out. */
  async open({ writer = true, ...options }: EventStoreDbOptions & { writer?: boolean; waitMs?: number } = {}): Promise<EventStoreDbEventStore> {
    const pool = eventLogPool(this.databaseUrl);
    this.closing.push(() => pool.end());
    const doorbell = new Doorbell();
    this.closing.push(() => doorbell.close());
    await doorbell.listen(this.databaseUrl);
    const table = new AuditTable(pool, doorbell, options.waitMs);
    const store = new EventStoreDbEventStore(this.url, table, doorbell, { ...this.options, ...options });
    this.closing.push(() => store.close());
    if (writer) {
      const auditWriter = new AuditWriter(store, table, doorbell);
      await auditWriter.start();
      this.closing.push(() => auditWriter.stop());
    }
    return store;
  }

  /** The owner of the audit table, a superuser. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    this.closing.push(() => client.end());
    return client;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close();
    this.server?.stop();
  }
}

eventStoreConformance('EventStoreDB', () => EventStoreDbLog.make(REAL));

describe('the event log in EventStoreDB', () => {
  let log: EventStoreDbLog;
  let server: EventStoreDbServer;
  let stream: string;

  beforeEach(async () => {
    log = await EventStoreDbLog.make();
    server = log.server!;
    stream = `test-${randomUUID()}`;
  });
  afterEach(() => log.close());

  const written = () => server.log.stream(stream).map(({ id }) => id);

  describe('appends', () => {
    it('find themselves in the log where their answer was lost', async () => {
      const store = await log.open({ writer: false, callMs: 200 });
      const events = newEvents(2);
      // The first append of all names the log.
      await store.storeId();
      server.fates = ['lost'];
      const answer = await store.append(stream, 'no_stream', events);
      expect(answer).toEqual({ revision: 1, position: await store.head() });
      expect(written()).toEqual(idsOf(events));
    });

    it('find themselves in the log where the connection broke before the answer, and others go on', async () => {
      const store = await log.open({ writer: false });
      await store.append(stream, 'no_stream', newEvents(1));
      server.fates = ['given', 'given', 'cut'];
      const batches = Array.from({ length: 40 }, () => newEvents(2));
      const { won, refused } = await allAtOnce(batches.map((batch, n) => () => store.append(n === 7 ? stream : `${stream}-${n}`, 'any', batch)));
      expect(refused).toEqual([]);
      expect(won).toHaveLength(40);
      const all = await store.readAll(START, 1_000);
      expect(idsOf(all).slice(1).sort()).toEqual(batches.flatMap(idsOf).sort());
    });

    it('are stored once where the server carries them out after everybody has given up waiting', async () => {
      const store = await log.open({ writer: false, callMs: 100 });
      await store.append(stream, 'no_stream', newEvents(1));
      server.appendDelayMs = 400;
      const events = newEvents(2);
      const answer = await store.append(stream, 0, events);
      expect(answer.revision).toBe(2);
      await sleep(600);
      expect(written().slice(1)).toEqual(idsOf(events));
    });

    it('end with an error where the server never answers, and are found when they are repeated', async () => {
      const store = await log.open({ writer: false, callMs: 50, patienceMs: 150 });
      server.appendDelayMs = 1_000;
      const events = newEvents(1);
      await expect(store.append(stream, 'no_stream', events)).rejects.toMatchObject({ code: 'unavailable' });
      server.appendDelayMs = 0;
      expect(await store.append(stream, 'no_stream', events)).toMatchObject({ revision: 0 });
      await sleep(1_100);
      expect(written()).toEqual(idsOf(events));
    });

    it('wait for a server that is away for a while', async () => {
      const store = await log.open({ writer: false });
      await store.append(stream, 'no_stream', newEvents(1));
      server.stop();
      const events = Array.from({ length: 60 }, () => newEvent());
      const appending = allAtOnce(events.map((event, n) => () => store.append(`${stream}-${n % 30}`, 'any', [event])));
      await sleep(700);
      await server.start();
      expect((await appending).refused).toEqual([]);
      expect(
        idsOf(await store.readAll(START, 100))
          .slice(1)
          .sort(),
      ).toEqual(idsOf(events).sort());
    });

    it('of more than the server takes at once are refused', async () => {
      const store = await log.open({ writer: false });
      const data = JSON.stringify('x'.repeat(300_000));
      await expect(store.append(stream, 'any', newEvents(4, { data }))).rejects.toThrow('more than the event store takes at once');
      await expect(store.append(stream, 'any', newEvents(3, { data }))).resolves.toMatchObject({ revision: 2 });
    });

    it.each(['lost', 'reset', 'cut', 'unheard'] as const)('are on record once where the first try is %s, and 64 at a time', async (fate) => {
      const store = await log.open({ writer: false, callMs: 500 });
      server.fates = Array.from({ length: 8 }, (_, n) => (n % 2 ? fate : 'given'));
      const batches = Array.from({ length: 64 }, () => newEvents(2));
      const { won, refused } = await allAtOnce(batches.map((batch, n) => () => store.append(`${stream}-${n}`, 'no_stream', batch)));
      expect([won.length, refused]).toEqual([64, []]);
      expect(idsOf(await store.readAll(START, 1_000)).sort()).toEqual(batches.flatMap(idsOf).sort());
    });

    it('are refused with the revision that is there where another process was faster', async () => {
      const [store, other] = [await log.open({ writer: false }), await log.open({ writer: false })];
      await store.append(stream, 'no_stream', newEvents(1));
      await other.append(stream, 0, newEvents(2));
      await expect(store.append(stream, 0, newEvents(1))).rejects.toMatchObject({ name: 'WrongExpectedRevision', expected: 0, current: 2 });
      await expect(store.append(stream, 'no_stream', newEvents(1))).rejects.toMatchObject({ name: 'WrongExpectedRevision', current: 2 });
    });

    it('survive an answer that comes after everybody has given up, when meanwhile another call broke', async () => {
      const store = await log.open({ writer: false, callMs: 200 });
      // A subscription keeps the client of the first append alive.
      const follower = new Follower(store);
      await follower.reaches((await store.append(stream, 'no_stream', newEvents(1))).position);
      server.appendDelayMs = 600;
      const late = store.append(stream, 0, newEvents(1));
      await sleep(300);
      server.appendDelayMs = 0;
      server.fates = ['reset'];
      await store.append(`${stream}-other`, 'no_stream', newEvents(1));
      expect(await late).toMatchObject({ revision: 1 });
      await sleep(600);
      await (await follower.reaches(await store.head())).stop();
      expect(follower.seen).toHaveLength(3);
      expect(server.calls.batchAppend).toBe(0);
    });
  });

  describe('reads', () => {
    it('end in time where the server does not answer', async () => {
      const store = await log.open({ writer: false, callMs: 50, patienceMs: 100 });
      await store.append(stream, 'no_stream', newEvents(1));
      server.readDelayMs = 60_000;
      for (const read of [() => store.readStream(stream), () => store.readAll(START, 10), () => store.head()])
        await expect(read()).rejects.toMatchObject({ code: 'unavailable', detail: expect.stringContaining('does not answer') });
      server.readDelayMs = 0;
      await expect(store.readStream(stream)).resolves.toHaveLength(1);
    });

    it('pass over what is not ours', async () => {
      const store = await log.open({ writer: false });
      const [first, second] = newEvents(2);
      const foreign = {
        id: randomUUID(),
        type: 'orderPlaced',
        contentType: 'application/json',
        data: Buffer.from('{}'),
        customMetadata: Buffer.from('{"a":1}'),
      };
      await store.append(stream, 'no_stream', [first!]);
      server.log.write('foreign-1', 'any', [foreign, { ...foreign, id: randomUUID(), customMetadata: Buffer.from('not JSON') }]);
      for (let n = 0; n < 600; n += 1) server.log.write('foreign-2', 'any', [{ ...foreign, id: randomUUID() }]);
      const { position } = await store.append(stream, 0, [second!]);
      server.log.write('foreign-1', 'any', [{ ...foreign, id: randomUUID() }]);
      expect(await store.head()).toBe(position);
      expect(idsOf(await store.readAll(START, 100))).toEqual([first!.event_id, second!.event_id]);
      expect(idsOf(await store.readAll(START, 1))).toEqual([first!.event_id]);
      const follower = await new Follower(store).reaches(position);
      await follower.stop();
      expect(idsOf(follower.seen)).toEqual([first!.event_id, second!.event_id]);
    });

    it('reach a cluster by asking one of its members for the leader', async () => {
      const { host } = new URL(log.url);
      const found = await openEventStore(`kurrentdb+discover://${host}?tls=false`, new pg.Pool(), undefined as never, new Doorbell());
      expect(await found.storeId()).toBe(await (await log.open({ writer: false })).storeId());
      await (found as EventStoreDbEventStore).close();
    });
  });

  describe('subscriptions', () => {
    it('miss nothing and repeat nothing where they are dropped again and again', async () => {
      const store = await log.open({ writer: false });
      const follower = new Follower(store);
      const sent: string[] = [];
      for (let n = 0; n < 30; n += 1) {
        const events = newEvents(5);
        await store.append(stream, 'any', events);
        sent.push(...idsOf(events));
        if (n % 5 === 3) server.dropSubscriptions();
      }
      await (await follower.reaches(await store.head())).stop();
      expect(idsOf(follower.seen)).toEqual(sent);
      expect(server.calls.subscribe).toBeGreaterThan(2);
    });

    it('go on by themselves when the server has been away', async () => {
      const store = await log.open({ writer: false });
      const follower = new Follower(store);
      const [before, after] = [newEvents(3), newEvents(3)];
      await follower.reaches((await store.append(stream, 'no_stream', before)).position);
      server.stop();
      await sleep(300);
      await server.start();
      await follower.reaches((await store.append(stream, 2, after)).position);
      await follower.stop();
      expect(idsOf(follower.seen)).toEqual(idsOf([...before, ...after]));
    });

    it('pass over the messages that are no events: confirmation, checkpoints, caught up', async () => {
      const store = await log.open({ writer: false });
      for (let n = 0; n < 3; n += 1) await store.append(stream, 'any', newEvents(100));
      const follower = await new Follower(store).reaches(await store.head());
      await follower.reaches((await store.append(stream, 299, newEvents(1))).position);
      await follower.stop();
      expect(follower.seen.map(({ revision }) => revision)).toEqual(Array.from({ length: 301 }, (_, n) => n));
      expect(server.calls.caughtUp).toBe(1);
      expect(server.calls.checkpoint).toBeGreaterThan(5);
    });

    it('take no more than whoever reads them can take', async () => {
      const store = await log.open({ writer: false });
      for (let n = 0; n < 8; n += 1) await store.append(stream, 'any', newEvents(500));
      let most = 0;
      const seen: number[] = [];
      const aborter = new AbortController();
      await store.subscribe(START, aborter.signal, async (events) => {
        most = Math.max(most, events.length);
        seen.push(...events.map(({ revision }) => revision));
        await sleep(5);
        if (seen.length === 4_000) aborter.abort();
      });
      expect(seen).toEqual(Array.from({ length: 4_000 }, (_, n) => n));
      expect(most).toBeLessThanOrEqual(600);
      await until(() => server.subscribers === 0);
    });
  });

  describe('the audit table', () => {
    it('is written exactly once by several writers, through drops, and verifies', async () => {
      const [store, other] = [await log.open(), await log.open()];
      const project_id = randomUUID();
      for (let n = 0; n < 20; n += 1) {
        await (n % 2 ? store : other).append(`${stream}-${n % 3}`, 'any', [newEvent({ project_id }), newEvent()]);
        if (n % 6 === 5) server.dropSubscriptions();
      }
      expect(await store.verify([project_id])).toEqual([
        expect.objectContaining({ chain: 'log', ok: true, events: 40, mismatch: null }),
        expect.objectContaining({ chain: 'project', ok: true, events: 20, mismatch: null }),
      ]);
    });

    it('goes on where a writer that has ended left off', async () => {
      const first = await log.open();
      await first.append(stream, 'no_stream', newEvents(3));
      expect((await first.verify([]))[0]).toMatchObject({ ok: true, events: 3 });
      await log.close();
      await server.start();
      const second = await log.open();
      await second.append(stream, 2, newEvents(2));
      expect((await second.verify([]))[0]).toMatchObject({ ok: true, events: 5 });
    });

    it('is waited for, and an answer that would be incomplete is not given', async () => {
      const store = await log.open({ writer: false, waitMs: 100 });
      const project_id = randomUUID();
      await store.append(stream, 'no_stream', [newEvent({ project_id })]);
      const refused = { code: 'unavailable', detail: expect.stringContaining('catching up') };
      await expect(store.readProject(project_id, START, 10)).rejects.toMatchObject(refused);
      await expect(store.verify([project_id])).rejects.toMatchObject(refused);
      await log.open();
      await until(async () => (await store.readProject(project_id, START, 10).catch(() => [])).length === 1);
    });

    it('is immutable, and only its function adds to it', async () => {
      const store = await log.open();
      await store.append(stream, 'no_stream', newEvents(1));
      await store.verify([]);
      const owner = await log.connect();
      for (const sql of ['UPDATE audit.events SET data = data', 'DELETE FROM audit.events', 'TRUNCATE audit.events'])
        await expect(owner.query(sql)).rejects.toThrow('events are immutable');
      await owner.query('SET ROLE countersign_app');
      for (const sql of ['INSERT INTO audit.events SELECT * FROM audit.events', 'UPDATE audit.head SET position = 0'])
        await expect(owner.query(sql)).rejects.toThrow('permission denied');
    });

    it.each([
      ['a flipped byte', `UPDATE audit.events SET data = '{"x":1}' WHERE revision = 1`, 'do not match'],
      ['a deleted row', 'DELETE FROM audit.events WHERE revision = 1', 'do not match'],
      ['a cut tail', 'DELETE FROM audit.events WHERE revision = 2', 'does not end at its recorded head'],
    ])('shows %s', async (_, change, reason) => {
      const store = await log.open();
      await store.append(stream, 'no_stream', newEvents(3));
      await store.verify([]);
      const owner = await log.connect();
      await owner.query('ALTER TABLE audit.events DISABLE TRIGGER ALL');
      await owner.query(change);
      expect((await store.verify([]))[0]).toMatchObject({ ok: false, mismatch: { reason: expect.stringContaining(reason) } });
    });

    it('is compared with the log, so that a table written anew does not pass', async () => {
      const store = await log.open();
      await store.append(stream, 'no_stream', newEvents(3));
      await store.verify([]);
      const [, second] = await store.readStream(stream);
      const records = server.log.all as { data: Uint8Array; stream: string; revision: number }[];
      records.find((record) => record.stream === stream && record.revision === 1)!.data = Buffer.from('{"x":1}');
      expect((await store.verify([]))[0]).toMatchObject({ ok: false, mismatch: { position: second!.position } });
    });

    it('of another log is refused', async () => {
      const store = await log.open();
      await store.append(stream, 'no_stream', newEvents(1));
      await store.verify([]);
      await (await log.connect()).query('UPDATE audit.head SET store_id = gen_random_uuid()');
      await expect(log.open()).rejects.toThrow('follows another event log');
    });
  });

  describe('a server with TLS and a password', () => {
    const { certificate, key } = selfSigned();
    let ca: string;
    let secured: EventStoreDbServer;
    beforeAll(async () => {
      ca = join(mkdtempSync(join(tmpdir(), 'countersign-ca-')), 'ca.pem');
      writeFileSync(ca, certificate);
      secured = await EventStoreDbServer.start({ tls: { certificate, key }, credentials: 'admin:p@ss' });
    });
    afterAll(() => {
      secured.stop();
      rmSync(dirname(ca), { recursive: true });
    });
    const open = (credentials: string, query?: string) =>
      openEventStore(
        secured.url.replace('esdb://', `esdb://${credentials}`) + (query ?? `?tlsCAFile=${encodeURIComponent(ca)}`),
        new pg.Pool(),
        undefined as never,
        new Doorbell(),
        {
          patienceMs: 300,
        },
      );

    it('takes appends, reads and subscriptions by the connection string alone', async () => {
      const store = (await open('admin:p%40ss@')) as EventStoreDbEventStore;
      const { position } = await store.append(stream, 'no_stream', newEvents(2));
      await (await new Follower(store).reaches(position)).stop();
      expect(await store.readStream(stream)).toHaveLength(2);
      await store.close();
    });

    it.each([
      ['another password', 'admin:canary@', undefined, /refuses the user or password in EVENT_STORE_URL/],
      ['no password', '', undefined, /refuses the user or password in EVENT_STORE_URL/],
      ['a certificate that nobody vouches for', 'admin:canary@', '', /cannot be reached.*tls=false for a server without certificates/],
      ['no TLS', 'admin:canary@', '?tls=false', /cannot be reached/],
    ])('is not opened with %s, and the refusal has no password in it', async (_, credentials, query, sentence) => {
      const opening = open(credentials, query);
      await expect(opening).rejects.toThrow(sentence);
      await expect(opening).rejects.not.toThrow(/canary|p%40ss/);
    });
  });

  it('sends appends to the node that leads now, when another one took over', async () => {
    const store = await log.open({ writer: false });
    await store.append(stream, 'no_stream', newEvents(1));
    const leader = await EventStoreDbServer.start();
    for (const { stream: name, ...record } of server.log.all.filter((record) => !record.stream.startsWith('$')))
      leader.log.write(name, 'any', [record]);
    server.leader = leader.address;
    await expect(store.append(stream, 0, newEvents(1))).resolves.toMatchObject({ revision: 1 });
    expect([written().length, leader.log.stream(stream).length]).toEqual([1, 2]);
    leader.stop();
  });

  it('says where it cannot be reached, and no credentials', async () => {
    server.stop();
    const url = log.url.replace('esdb://', 'esdb://admin:canary@');
    const opening = openEventStore(url, new pg.Pool(), undefined as never, new Doorbell(), { patienceMs: 100 });
    await expect(opening).rejects.toThrow(/^The event store at 127\.0\.0\.1:\d+ cannot be reached/);
    await expect(opening).rejects.not.toThrow('canary');
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(10)) if (Date.now() > deadline) throw new Error('it does not come about');
}
