import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  comparePositions,
  EventIdConflict,
  START,
  WrongExpectedRevision,
  type EventStore,
  type ExpectedRevision,
  type NewStoredEvent,
  type StoredEvent,
} from '#platform';
import { GENESIS, nextLink } from '../../libs/platform/src/hash-chain.js';

/** A log of its own for one test. */
export interface LogUnderTest {
  /** A store on this log, sharing nothing with the others in memory: what another process would hold. */
  open(): Promise<EventStore>;
  close(): Promise<void>;
}

/** An event as a codec hands it over: its metadata says the same as its fields. */
export function newEvent(change: Partial<Omit<NewStoredEvent, 'metadata'>> = {}): NewStoredEvent {
  const { project_id = null, ...rest } = change;
  const fields = {
    correlation_id: randomUUID(),
    causation_id: randomUUID(),
    actor: 'somebody',
    timestamp: '2026-01-02T03:04:05.678Z',
    project_id,
    ...rest,
  };
  const { correlation_id, causation_id, actor, timestamp } = fields;
  const metadata = JSON.stringify({ timestamp, actor, owner_id: randomUUID(), project_id, correlation_id, causation_id });
  return { event_id: randomUUID(), type: 'test.happened', version: 1, data: '{}', metadata, ...fields };
}

/** Several events that differ in their ids alone. */
export const newEvents = (count: number, change: Parameters<typeof newEvent>[0] = {}): NewStoredEvent[] =>
  Array.from({ length: count }, () => newEvent(change));

/** Follows a log from a position on. */
export class Follower {
  readonly seen: StoredEvent[] = [];
  private readonly aborter = new AbortController();
  private readonly following: Promise<void>;

  constructor(store: EventStore, after = START) {
    this.following = store.subscribe(after, this.aborter.signal, async (events) => void this.seen.push(...events));
  }

  /** Waits until the follower has seen a position. */
  async reaches(position: string): Promise<this> {
    const deadline = Date.now() + 20_000;
    while (comparePositions(this.seen.at(-1)?.position ?? START, position) < 0) {
      if (Date.now() > deadline) throw new Error(`the follower stands at ${this.seen.at(-1)?.position ?? START} and does not reach ${position}`);
      await Promise.race([sleep(10), this.following]);
    }
    return this;
  }

  async stop(): Promise<void> {
    this.aborter.abort();
    await this.following;
  }
}

/** The event ids, by which tests compare what was sent with what is read. */
export const idsOf = (events: readonly { event_id: string }[]): string[] => events.map(({ event_id }) => event_id);

/** What became of appends made at once: the answers, and what was refused. */
export async function allAtOnce<R>(attempts: readonly (() => Promise<R>)[]): Promise<{ won: R[]; refused: unknown[] }> {
  const outcomes = await Promise.allSettled(attempts.map((attempt) => attempt()));
  return {
    won: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    refused: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : [])),
  };
}

const times = <R>(count: number, make: (index: number) => R): R[] => Array.from({ length: count }, (_, index) => make(index));

function expectRising(events: readonly StoredEvent[]): void {
  events.slice(1).forEach((event, index) => expect(comparePositions(event.position, events[index]!.position)).toBeGreaterThan(0));
}

async function readAllInPages(store: EventStore, limit: number): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position ?? START, limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

/**
 * What every event store keeps to, whatever engine is behind it.
 * @param makeLog gives a new, empty log
 */
export function eventStoreConformance(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(`${name} as an event store`, () => {
    let log: LogUnderTest;
    let store: EventStore;
    let other: EventStore;
    let stream: string;

    beforeEach(async () => {
      log = await makeLog();
      store = await log.open();
      other = await log.open();
      stream = `test-${randomUUID()}`;
    });
    afterEach(() => log.close());

    const refusal = (expected: unknown, current: number) => expect.objectContaining({ name: 'WrongExpectedRevision', stream, expected, current });

    describe('appends', () => {
      it('to an empty log from revision 0 on, and answers with the place of the last event', async () => {
        expect(await store.head()).toBe(START);
        const answer = await store.append(stream, 'no_stream', newEvents(3));
        expect(answer).toEqual({ revision: 2, position: await store.head() });
        expect(await store.append(stream, 2, newEvents(1))).toMatchObject({ revision: 3 });
        expect(comparePositions(await store.head(), answer.position)).toBeGreaterThan(0);
      });

      it('under an exact revision only where the stream is at it', async () => {
        for (const expected of [0, 10, 99_999_999_999])
          await expect(store.append(stream, expected, newEvents(1))).rejects.toEqual(refusal(expected, -1));
        await store.append(stream, 'any', newEvents(2));
        for (const expected of [-1, 0, 2, 10, 99_999_999_999])
          await expect(store.append(stream, expected, newEvents(1))).rejects.toEqual(refusal(expected, 1));
        await expect(store.append(stream, 1, newEvents(1))).resolves.toMatchObject({ revision: 2 });
      });

      it('under no_stream, stream_exists and any as they say', async () => {
        await expect(store.append(stream, 'stream_exists', newEvents(1))).rejects.toEqual(refusal('stream_exists', -1));
        await expect(store.append(stream, 'no_stream', newEvents(1))).resolves.toMatchObject({ revision: 0 });
        await expect(store.append(stream, 'no_stream', newEvents(1))).rejects.toEqual(refusal('no_stream', 0));
        await expect(store.append(stream, 'stream_exists', newEvents(1))).resolves.toMatchObject({ revision: 1 });
        await expect(store.append(stream, 'any', newEvents(1))).resolves.toMatchObject({ revision: 2 });
      });

      it.each([['no_stream' as const], [0]])('let one of 64 writers win under %s', async (expected) => {
        if (expected === 0) await store.append(stream, 'no_stream', newEvents(1));
        const { won, refused } = await allAtOnce(times(64, (n) => () => (n % 2 ? store : other).append(stream, expected, newEvents(2))));
        const revision = expected === 0 ? 2 : 1;
        expect(won).toEqual([{ revision, position: expect.any(String) }]);
        expect(refused).toHaveLength(63);
        for (const one of refused) expect(one).toEqual(refusal(expected, revision));
        expect(await store.readStream(stream)).toHaveLength(revision + 1);
      });

      it('let all of 64 writers in under any and stream_exists, each with its events side by side', async () => {
        await store.append(stream, 'no_stream', newEvents(1));
        const batches = times(64, () => newEvents(3));
        const { refused } = await allAtOnce(
          batches.map((batch, n) => () => (n % 2 ? store : other).append(stream, n % 4 < 2 ? 'any' : 'stream_exists', batch)),
        );
        expect(refused).toEqual([]);
        const events = await store.readStream(stream);
        expect(events.map(({ revision }) => revision)).toEqual(times(193, (n) => n));
        const order = idsOf(events);
        for (const batch of batches) expect(order.slice(order.indexOf(batch[0]!.event_id)).slice(0, 3)).toEqual(idsOf(batch));
      });

      it('of 64 writers under all four conditions at once on a stream that is not there leave what they were told', async () => {
        const conditions = ['no_stream', 'stream_exists', 'any', 0] as const;
        const batches = times(64, () => newEvents(2));
        const outcomes = await Promise.allSettled(
          batches.map((batch, n) => (n % 2 ? store : other).append(stream, conditions[(n >> 1) % 4]!, batch)),
        );
        const won = (condition: ExpectedRevision) =>
          outcomes.flatMap((outcome, n) => (conditions[(n >> 1) % 4] === condition && outcome.status === 'fulfilled' ? [n] : []));
        expect(won('any')).toHaveLength(16);
        expect(won('no_stream').length).toBeLessThanOrEqual(1);
        expect(won(0)).toEqual([]);
        const events = await store.readStream(stream);
        const winners = outcomes.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [{ n, ...outcome.value }] : []));
        expect(events.map(({ revision }) => revision)).toEqual(times(winners.length * 2, (n) => n));
        for (const { n, revision, position } of winners) {
          expect(idsOf(events.slice(revision - 1, revision + 1))).toEqual(idsOf(batches[n]!));
          expect(events[revision]!.position).toBe(position);
        }
        for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedRevision);
      });

      it('store all of their events or none', async () => {
        const [known] = newEvents(1);
        await store.append(stream, 'no_stream', [known!]);
        const twice = newEvent();
        await expect(store.append(stream, 0, [...newEvents(2), { ...known!, data: '{"other":1}' }])).rejects.toThrow(EventIdConflict);
        await expect(store.append(stream, 0, [...newEvents(2), twice, twice])).rejects.toThrow(EventIdConflict);
        await expect(store.append(stream, 7, newEvents(3))).rejects.toThrow(WrongExpectedRevision);
        await expect(store.append(stream, 0, [])).rejects.toThrow();
        expect(idsOf(await store.readAll(START, 100))).toEqual([known!.event_id]);
      });

      it('answer a repeat as they did the first time, also when the stream has moved on', async () => {
        const events = newEvents(2);
        const first = await store.append(stream, 'no_stream', events);
        await store.append(stream, 1, newEvents(1));
        expect(await store.append(stream, 'no_stream', events)).toEqual(first);
        expect(await other.append(stream, 'any', events)).toEqual(first);
        expect(await store.readStream(stream)).toHaveLength(3);
      });

      it('store what is sent many times at once only once', async () => {
        const events = newEvents(2);
        const { won } = await allAtOnce(times(32, (n) => () => (n % 2 ? store : other).append(stream, n % 4 < 2 ? 'no_stream' : 'any', events)));
        expect(won).toHaveLength(32);
        expect(new Set(won.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events));
      });

      it('are refused where an event id stands for something else', async () => {
        const events = newEvents(2);
        await store.append(stream, 'no_stream', events);
        const changes: ((pair: NewStoredEvent[]) => NewStoredEvent[])[] = [
          ([a, b]) => [{ ...a!, data: '{"n":2}' }, b!],
          ([a, b]) => [a!, { ...b!, data: '{"n":2}' }],
          ([a, b]) => [{ ...a!, type: 'test.undone' }, b!],
          ([a, b]) => [b!, a!],
          ([a, b]) => [a!, b!, newEvent()],
        ];
        for (const change of changes) {
          await expect(store.append(stream, 'any', change(events))).rejects.toThrow(EventIdConflict);
          await expect(store.append(stream, 1, change(events))).rejects.toThrow(EventIdConflict);
        }
        expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events));
      });

      it('that are refused do no harm to those that arrive with them', async () => {
        const known = newEvent();
        await store.append(stream, 'no_stream', [known]);
        const good = times(60, (n) => () => store.append(`${stream}-${n}`, 'no_stream', newEvents(2)));
        const late = times(20, () => () => store.append(stream, 'no_stream', newEvents(1)));
        const clashing = times(20, () => () => store.append(stream, 'any', [{ ...known, data: '{"other":1}' }]));
        const shuffled = [...good, ...late, ...clashing].map((attempt, n) => [(n * 37) % 100, attempt] as const).sort(([a], [b]) => a - b);
        const { won, refused } = await allAtOnce(shuffled.map(([, attempt]) => attempt));
        expect(won).toHaveLength(60);
        expect(refused.filter((reason) => reason instanceof WrongExpectedRevision)).toHaveLength(20);
        expect(refused.filter((reason) => reason instanceof EventIdConflict)).toHaveLength(20);
        expect(await store.readAll(START, 1_000)).toHaveLength(121);
      });
    });

    describe('reads', () => {
      it('give back what was appended, byte for byte', async () => {
        const awkward = [
          `{"quote":"\\"it's\\"","backslash":"\\\\","path":"C:\\\\new\\\\table"}`,
          '{"emoji":"👩‍🚀🏳️‍🌈","separators":"\u2028\u2029","rtl":"\u202eשלום","combining":"e\u0301 é"}',
          '{"nul":"\\u0000","lone":"\\ud800","escape":"\\u0041 \\n","dollar":"$1 $$ %s ?"}',
          '{ "spacing" : [ 1.0, 1e2, -0, 12345678901234567890 ], "twice":1, "twice":2 }',
          JSON.stringify({ long: 'ü'.repeat(200_000) }),
        ].map((data, n) => newEvent({ data, type: `test.kind_${n}`, version: n + 1, project_id: n % 2 ? randomUUID() : null, actor: 'agent:coder' }));
        const { position } = await store.append(stream, 'no_stream', awkward);
        const events = await other.readStream(stream);
        expect(events).toEqual(awkward.map((event, revision) => ({ ...event, stream, revision, position: expect.stringMatching(/^[1-9]\d*$/) })));
        expect(events.at(-1)!.position).toBe(position);
        expect(await store.readAll(START, 100)).toEqual(events);
        expect((await store.verify([]))[0]).toMatchObject({ ok: true, events: awkward.length });
      });

      it('of a stream begin at a revision, and are empty where there is nothing', async () => {
        const events = newEvents(12);
        await store.append(stream, 'no_stream', events);
        expect(idsOf(await store.readStream(stream))).toEqual(idsOf(events));
        expect(idsOf(await store.readStream(stream, 9))).toEqual(idsOf(events.slice(9)));
        expect(await store.readStream(stream, 12)).toEqual([]);
        expect(await store.readStream(`${stream}-other`)).toEqual([]);
      });

      it('keep the order of positions beyond 10, 100 and 1,000 events, in pages of any size', async () => {
        const project_id = randomUUID();
        const sent: string[] = [];
        for (let n = 0; n < 11; n += 1) {
          const events = newEvents(100, { project_id });
          await store.append(stream, 'any', events);
          sent.push(...idsOf(events));
        }
        for (const limit of [7, 500, 5_000]) {
          const all = await readAllInPages(store, limit);
          expect(idsOf(all)).toEqual(sent);
          expectRising(all);
        }
        const all = await store.readAll(START, 5_000);
        for (const n of [8, 9, 98, 99, 998, 999]) {
          expect(idsOf(await store.readAll(all[n]!.position, 2))).toEqual(sent.slice(n + 1, n + 3));
          expect(idsOf(await store.readProject(project_id, all[n]!.position, 5, all[n + 2]!.position))).toEqual(sent.slice(n + 1, n + 3));
        }
        expect((await store.readStream(stream)).map(({ revision }) => revision)).toEqual(times(1_100, (n) => n));
      });

      it('of a project span its streams and no other project', async () => {
        const [mine, yours] = [randomUUID(), randomUUID()];
        const sent: NewStoredEvent[] = [];
        for (let n = 0; n < 6; n += 1) {
          const pair = [newEvent({ project_id: mine }), newEvent({ project_id: n % 2 ? yours : null })];
          await store.append(`${stream}-${n % 3}`, 'any', pair);
          sent.push(pair[0]!);
        }
        const history = await store.readProject(mine, START, 100);
        expect(idsOf(history)).toEqual(idsOf(sent));
        expectRising(history);
        const at = (n: number) => history[n]!.position;
        expect(idsOf(await store.readProject(mine, at(1), 2))).toEqual(idsOf(sent.slice(2, 4)));
        expect(idsOf(await store.readProject(mine, START, 100, at(3)))).toEqual(idsOf(sent.slice(0, 4)));
        expect(idsOf(await store.readProject(mine, at(1), 100, at(3)))).toEqual(idsOf(sent.slice(2, 4)));
        expect(await store.readProject(randomUUID(), START, 100)).toEqual([]);
      });

      it('name the log: its identity is its own and stays', async () => {
        const neighbour = await makeLog();
        const id = await store.storeId();
        expect(await other.storeId()).toBe(id);
        expect(await (await neighbour.open()).storeId()).not.toBe(id);
        await neighbour.close();
      });
    });

    describe('subscriptions', () => {
      it('neither stall nor skip where appends between are refused', async () => {
        const follower = new Follower(store);
        const sent: string[] = [];
        for (let n = 0; n < 20; n += 1) {
          const events = newEvents(2);
          const [{ position }] = await Promise.all([
            store.append(stream, 'any', events),
            expect(other.append(stream, 99_999, newEvents(3))).rejects.toThrow(WrongExpectedRevision),
            expect(store.append(`${stream}-x`, 'stream_exists', newEvents(1))).rejects.toThrow(WrongExpectedRevision),
          ]);
          sent.push(...idsOf(events));
          if (n % 5 === 0) await follower.reaches(position);
        }
        await (await follower.reaches(await store.head())).stop();
        expect(idsOf(follower.seen)).toEqual(sent);
      });

      it('give every event once and in order while 16 writers write from two processes', async () => {
        await store.append(stream, 'no_stream', newEvents(30));
        const middle = (await store.readStream(stream))[19]!.position;
        const followers = [new Follower(store), new Follower(other), new Follower(store, middle)];
        await Promise.all(
          times(16, async (writer) => {
            const mine = writer % 2 ? store : other;
            for (let n = 0; n < 12; n += 1) await mine.append(`${stream}-${(writer + n) % 5}`, 'any', newEvents(1 + (n % 3)));
          }),
        );
        const all = await readAllInPages(store, 1_000);
        expect(all).toHaveLength(30 + 16 * 24);
        for (const follower of followers) await (await follower.reaches(await store.head())).stop();
        expect(followers.map(({ seen }) => idsOf(seen))).toEqual([idsOf(all), idsOf(all), idsOf(all.slice(20))]);
      });

      it('go on live, hearing of another process, until they are stopped', async () => {
        const follower = new Follower(store);
        for (let n = 0; n < 3; n += 1) await follower.reaches((await other.append(stream, 'any', newEvents(1))).position);
        await follower.stop();
        await other.append(stream, 'any', newEvents(1));
        await sleep(50);
        expect(follower.seen.map(({ revision }) => revision)).toEqual([0, 1, 2]);
      });

      it('leave nothing behind in their signal, however many pages they catch up on', async () => {
        for (let n = 0; n < 12; n += 1) await store.append(stream, 'any', newEvents(500));
        const aborter = new AbortController();
        const [seen, listeners]: [number[], number[]] = [[], []];
        await store.subscribe(START, aborter.signal, async (events) => {
          seen.push(...events.map(({ revision }) => revision));
          listeners.push(getEventListeners(aborter.signal, 'abort').length);
          if (seen.length === 6_000) aborter.abort();
        });
        expect(seen).toEqual(times(6_000, (n) => n));
        expect(Math.max(...listeners)).toBeLessThanOrEqual(2);
        expect(getEventListeners(aborter.signal, 'abort')).toEqual([]);
      });

      it('hand over one batch at a time, and end with the failure of whoever takes it', async () => {
        await store.append(stream, 'no_stream', newEvents(2));
        let [busy, batches] = [0, 0];
        const following = store.subscribe(START, new AbortController().signal, async () => {
          busy += 1;
          expect(busy).toBe(1);
          await store.append(stream, 'any', newEvents(1));
          await sleep(20);
          busy -= 1;
          if ((batches += 1) === 3) throw new Error('enough');
        });
        await expect(following).rejects.toThrow('enough');
      });
    });

    describe('verification', () => {
      it('finds healthy chains healthy, and names their ends', async () => {
        const [one, two, none] = [randomUUID(), randomUUID(), randomUUID()];
        expect(await store.verify([none])).toEqual([
          { chain: 'log', project_id: null, ok: true, events: 0, head: null, mismatch: null },
          { chain: 'project', project_id: none, ok: true, events: 0, head: null, mismatch: null },
        ]);
        await Promise.all(
          times(20, (n) => (n % 2 ? store : other).append(`${stream}-${n % 3}`, 'any', [newEvent({ project_id: n % 4 ? one : two }), newEvent()])),
        );
        const headOf = (events: StoredEvent[]) => events.reduce(nextLink, GENESIS).toString('hex');
        expect(await store.verify([one, two])).toEqual([
          { chain: 'log', project_id: null, ok: true, events: 40, head: headOf(await store.readAll(START, 100)), mismatch: null },
          { chain: 'project', project_id: one, ok: true, events: 15, head: headOf(await store.readProject(one, START, 100)), mismatch: null },
          { chain: 'project', project_id: two, ok: true, events: 5, head: headOf(await store.readProject(two, START, 100)), mismatch: null },
        ]);
      });
    });
  });
}
