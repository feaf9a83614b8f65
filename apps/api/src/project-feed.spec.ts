import type { StreamMessage } from '#contracts';
import {
  type LiveText,
  type LiveTexts,
  comparePositions,
  type DomainError,
  type EventLog,
  type ReadModels,
  type RecordedEvent,
  type StoredEvent,
} from '#platform';
import { ProjectFeed } from './project-feed.js';
import type { StreamSink } from './stream-follower.js';

const PROJECT = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const OTHER = '7d444840-9dc0-41d1-b245-5ffdce74fad2';

/** A log and read models in memory that can fail and lag. */
class FakeLog {
  readonly events: RecordedEvent[] = [];
  /** How far the read models may come. */
  held = '0';
  failures = 0;
  reads = 0;

  add(count = 1, project_id = PROJECT): void {
    for (let index = 0; index < count; index += 1) {
      const position = String(this.events.length + 1);
      const data = { message_id: PROJECT, run_id: PROJECT, author: 'person', content: position, questions: null };
      this.events.push({
        type: 'chat.message_posted',
        position,
        data,
        metadata: { project_id, timestamp: '2026-01-02T03:04:05.000Z' },
      } as unknown as RecordedEvent);
    }
  }

  get head(): string {
    return String(this.events.length);
  }

  readonly log = {
    store: {
      head: async () => this.head,
      subscribe: async (after: string, signal: AbortSignal, onEvents: (events: StoredEvent[]) => Promise<void>) => {
        for (let position = after; !signal.aborted; await pause(2)) {
          const news = this.events.slice(Number(position));
          if (news.length > 0) await onEvents(news.map(({ metadata }) => ({ project_id: metadata.project_id })) as StoredEvent[]);
          position = this.head;
        }
      },
    },
    readProject: async (projectId: string, after: string, limit: number, until = this.head) => {
      this.reads += 1;
      await pause(1);
      if (this.failures > 0) {
        this.failures -= 1;
        throw new Error('the database is away');
      }
      return this.events
        .filter(
          ({ position, metadata }) =>
            metadata.project_id === projectId && comparePositions(position, after) > 0 && comparePositions(position, until) <= 0,
        )
        .slice(0, limit);
    },
  } as unknown as EventLog;

  readonly readModels = {
    position: async () => (comparePositions(this.held, this.head) < 0 ? this.held : this.head),
    waitFor: async (position: string) => {
      await pause(1);
      return comparePositions(this.held, position) >= 0;
    },
  } as unknown as ReadModels;
}

class FakeSink implements StreamSink {
  readonly messages: StreamMessage[] = [];
  stuck = false;
  held = 0;
  most = 0;
  ended: DomainError | null = null;

  unsent(): number {
    if (!this.stuck) this.held = 0;
    return this.held;
  }

  send(message: StreamMessage): void {
    this.messages.push(message);
    this.held += 300_000;
    this.most = Math.max(this.most, this.held);
  }

  end(why: DomainError): void {
    this.ended = why;
  }

  get positions(): number[] {
    return this.messages.map(({ position }) => Number(position));
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const until = async (holds: () => boolean) => {
  for (let tries = 0; tries < 2_000 && !holds(); tries += 1) await pause(2);
  expect(holds()).toBe(true);
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('ProjectFeed', () => {
  let fake: FakeLog;
  let feed: ProjectFeed;
  let say: (piece: LiveText) => void;

  beforeEach(() => {
    fake = new FakeLog();
    const live = { on: (listener: typeof say) => ((say = listener), () => undefined) } as unknown as LiveTexts;
    feed = new ProjectFeed(fake.log, fake.readModels, live);
  });
  afterEach(() => feed.onModuleDestroy());

  it('gives everyone each message once and in order, wherever they begin and however they come and go', async () => {
    fake.held = '1000000';
    const sinks: [FakeSink, number][] = [];
    for (let round = 0; round < 60; round += 1) {
      fake.add(1 + (round % 7));
      const from = round % 3 === 0 ? 0 : Math.floor(fake.events.length / 2);
      const sink = new FakeSink();
      sinks.push([sink, from]);
      const subscription = await feed.subscribe(PROJECT, String(from), sink);
      if (round % 5 === 0) setTimeout(subscription.stop, 10);
      if (round % 4 === 0) sink.stuck = true;
      if (round % 4 === 3) for (const [one] of sinks) one.stuck = false;
      await pause(round % 3);
    }
    for (const [sink] of sinks) sink.stuck = false;
    const stays = sinks.filter((_, round) => round % 5 !== 0);
    await until(() => stays.every(([sink, from]) => sink.messages.length === fake.events.length - from));
    for (const [sink, from] of sinks) expect(sink.positions).toEqual(range(from + 1, from + sink.messages.length));
  });

  it('tells of an event only when the read models hold it', async () => {
    fake.add(2);
    fake.held = '1';
    const sink = new FakeSink();
    await feed.subscribe(PROJECT, '0', sink);
    await until(() => sink.messages.length === 1);
    await pause(30);
    expect(sink.positions).toEqual([1]);
    fake.held = '2';
    await until(() => sink.messages.length === 2);
  });

  it('begins now where no position is given', async () => {
    fake.add(3);
    fake.held = '2';
    const sink = new FakeSink();
    expect((await feed.subscribe(PROJECT, null, sink)).position).toBe('3');
    fake.add(2);
    fake.held = '5';
    await until(() => sink.messages.length === 2);
    expect(sink.positions).toEqual([4, 5]);
  });

  it('goes on after failed reads', async () => {
    fake.held = '1000';
    const sink = new FakeSink();
    await feed.subscribe(PROJECT, '0', sink);
    fake.failures = 1;
    fake.add(3);
    await until(() => sink.messages.length === 3);
  });

  it('gives a full sink nothing, lets the others go on, and catches it up later', async () => {
    fake.held = '1000';
    const [slow, quick] = [new FakeSink(), new FakeSink()];
    slow.stuck = true;
    await feed.subscribe(PROJECT, '0', slow);
    await feed.subscribe(PROJECT, '0', quick);
    fake.add(300);
    await until(() => quick.messages.length === 300);
    expect(slow.most).toBeLessThan(1_500_000);
    slow.stuck = false;
    await until(() => slow.messages.length === 300);
    expect(slow.positions).toEqual(range(1, 300));
  });

  it('gives what an agent writes at once to those who read, and to the slow put together', async () => {
    fake.held = '1000';
    const [slow, quick] = [new FakeSink(), new FakeSink()];
    slow.stuck = true;
    await feed.subscribe(PROJECT, '0', slow);
    await feed.subscribe(PROJECT, '0', quick);
    // Nobody is live before the channel knows how far the read models are.
    fake.add(1);
    await until(() => slow.messages.length === 1 && quick.messages.length === 1);
    const words = Array.from({ length: 40 }, (_, index) => `word ${index} `);
    for (const text of words) say({ project_id: PROJECT, owner_id: OTHER, task_id: OTHER, agent_type: 'coder', loop: 'T-1', text });
    say({ project_id: OTHER, owner_id: OTHER, task_id: OTHER, agent_type: 'coder', loop: 'T-1', text: 'not of this project' });
    const textsOf = (sink: FakeSink) => sink.messages.slice(1).map(({ payload }) => (payload as { text: string }).text);
    expect(textsOf(quick)).toEqual(words);
    expect(slow.most).toBeLessThan(1_500_000);
    slow.stuck = false;
    say({ project_id: PROJECT, owner_id: OTHER, task_id: OTHER, agent_type: 'coder', loop: 'T-1', text: 'the end' });
    expect(textsOf(slow).join('')).toBe(`${words.join('')}the end`);
    expect(textsOf(slow).length).toBeLessThan(10);
  });

  it('gives a sink up that sends nothing for half a minute', async () => {
    fake.held = '1000';
    const sink = new FakeSink();
    sink.stuck = true;
    await feed.subscribe(PROJECT, '0', sink);
    fake.add(10);
    await until(() => sink.messages.length === 4);
    const { now } = Date;
    Date.now = () => now() + 31_000;
    await until(() => sink.ended !== null).finally(() => (Date.now = now));
    expect(sink.ended!.code).toBe('too_many_requests');
  });

  it('does not read projects that have no news, nor when nobody follows', async () => {
    fake.held = '1000';
    fake.add(1);
    const sink = new FakeSink();
    const subscription = await feed.subscribe(PROJECT, '0', sink);
    await until(() => sink.messages.length === 1);
    await pause(20);
    const before = fake.reads;
    fake.add(50, OTHER);
    await pause(50);
    expect(fake.reads).toBe(before);
    subscription.stop();
    await pause(10);
    fake.add(5);
    await pause(50);
    expect(fake.reads).toBe(before);
  });

  it('refuses a position that the log has not reached', async () => {
    await expect(feed.subscribe(PROJECT, '1', new FakeSink())).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('ends everyone when the process stops', async () => {
    const sink = new FakeSink();
    await feed.subscribe(PROJECT, null, sink);
    await feed.onModuleDestroy();
    expect(sink.ended!.code).toBe('unavailable');
    await expect(feed.subscribe(PROJECT, null, sink)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
