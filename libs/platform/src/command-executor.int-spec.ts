import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { allAtOnce } from '../../../test/support/event-store-conformance.js';
import { commandMeta } from '../../../test/support/given.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { Catalog } from './catalog.js';
import { CommandExecutor, DomainCommand } from './command-executor.js';
import { eventLogPool } from './database.js';
import { ensure, event, personal, type CommandMeta, type Decider, type DomainEvent } from './domain.js';
import { Doorbell } from './doorbell.js';
import { EventCodec } from './event-codec.js';
import { EventLog } from './event-log.js';
import { START, type EventStore } from './event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';

const added = event('counter.added', 1, z.strictObject({ by: z.int(), total: z.int(), at: z.string(), note: personal(z.string()) }));
type Added = DomainEvent<'counter.added', { by: number; total: number; at: string; note: string }>;

class Add extends DomainCommand<{ counter: string; by: number }> {
  readonly type = 'counter.add';
  get stream(): string {
    return `counter-${this.data.counter}`;
  }
}

/** Counts up to a thousand; adding nothing is nothing. */
const counter: Decider<Add, Added, number> = {
  initial: 0,
  decide({ data: { by }, meta }, total) {
    ensure(total + by <= 1_000, 'conflict', 'That is too many.');
    return by === 0 ? [] : [{ type: 'counter.added', data: { by, total: total + by, at: meta.now, note: 'written by a person' } }];
  },
  evolve: (total, { data: { by } }) => total + by,
};

const OWNER = randomUUID();
const key = randomBytes(32);

let postgres: TestPostgres;
let url: string;
let executor: CommandExecutor;
let log: EventLog;
let id: string;
const pools: pg.Pool[] = [];

/** An executor and all that is below it, as another process has them. */
function newProcess(wrap: (store: EventStore) => EventStore = (store) => store): { executor: CommandExecutor; log: EventLog } {
  const catalog = new Catalog();
  catalog.register({ events: [added] });
  const pool = eventLogPool(url);
  pools.push(pool);
  const made = new EventLog(wrap(new PostgresEventStore(pool, new Doorbell())), new EventCodec(catalog, { keyOf: async () => key }));
  return { executor: new CommandExecutor(made), log: made };
}

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  ({ executor, log } = newProcess());
}, POSTGRES_START_MS);
afterAll(async () => {
  for (const pool of pools) await pool.end();
  await postgres.stop();
});
beforeEach(() => {
  id = randomUUID();
});

const add = (by: number, meta: Partial<CommandMeta> = {}) =>
  new Add({ counter: id, by }, commandMeta({ command_id: randomUUID(), owner_id: OWNER, ...meta }));
const execute = (command: Add, by = executor) => by.execute(counter, command);
const onRecord = async () => (await log.readStream<Added>(`counter-${id}`)).map(({ data }) => data.total);
const code = (expected: string) => expect.objectContaining({ name: 'DomainError', code: expected });

describe('a command', () => {
  it('is decided over what is on record, and answered with the place of what it added', async () => {
    const first = await execute(add(2));
    const second = await execute(add(3));
    expect([first.repeated, second.repeated]).toEqual([false, false]);
    expect(await onRecord()).toEqual([2, 5]);
    expect((await log.readStream(`counter-${id}`)).map(({ position }) => position)).toEqual([first.position, second.position]);
  });

  it('that is refused, or comes to nothing, adds nothing', async () => {
    expect(await execute(add(0))).toEqual({ position: START, repeated: false });
    const { position } = await execute(add(999));
    await expect(execute(add(2))).rejects.toEqual(code('conflict'));
    await expect(execute(add(0.5))).rejects.toThrow();
    expect(await execute(add(0))).toEqual({ position, repeated: false });
    expect(await onRecord()).toEqual([999]);
  });

  it('adds to the owner’s and project’s stream, whoever gives it', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    await execute(add(1, { project_id: mine, run_id: null }));
    await execute(add(1, { project_id: theirs, owner_id: randomUUID(), actor: 'agent:coder', run_id: theirs }));
    const [first, second] = await log.readStream<Added>(`counter-${id}`);
    expect(second!.metadata).toMatchObject({ owner_id: OWNER, project_id: mine, actor: 'agent:coder', run_id: theirs });
    expect(first!.data.note).toBe('written by a person');
  });

  it('of a person to a stream that is somebody else’s finds nothing there', async () => {
    await execute(add(1, { requester: OWNER }));
    const stranger = randomUUID();
    await expect(execute(add(1, { requester: stranger, owner_id: stranger }))).rejects.toEqual(code('not_found'));
    await expect(execute(add(1, { requester: OWNER }))).resolves.toMatchObject({ repeated: false });
    expect(await onRecord()).toEqual([1, 2]);
  });
});

describe('a command on a stream that another process has added to meanwhile', () => {
  let other: CommandExecutor;
  beforeEach(async () => {
    other = newProcess().executor;
    await execute(add(1));
  });

  it('is decided over what that process added', async () => {
    await execute(add(5), other);
    await execute(add(2));
    await execute(add(4), other);
    expect(await onRecord()).toEqual([1, 6, 8, 12]);
  });

  it('is refused for what that process added, and answered with its position where nothing is to be done', async () => {
    const { position } = await execute(add(999), other);
    expect(await execute(add(0))).toEqual({ position, repeated: false });
    await expect(execute(add(1))).rejects.toEqual(code('conflict'));
  });

  it('is not refused for what no longer holds', async () => {
    await execute(add(998));
    await execute(add(-500), other);
    expect(await execute(add(500))).toMatchObject({ repeated: false });
    expect(await onRecord()).toEqual([1, 999, 499, 999]);
  });

  it('is answered as there where that process has carried it out', async () => {
    const command = add(5);
    const { position } = await execute(command, other);
    expect(await execute(command)).toMatchObject({ position });
    expect(await onRecord()).toEqual([1, 6]);
  });
});

describe('commands at the same moment', () => {
  it('are all counted: a lost race is decided anew', async () => {
    const other = newProcess().executor;
    await Promise.all(Array.from({ length: 8 }, (_, n) => execute(add(1), n % 2 ? executor : other)));
    expect(await onRecord()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('in a crowd are counted or told so, never lost and never counted twice', async () => {
    const other = newProcess().executor;
    const { won, refused } = await allAtOnce(Array.from({ length: 64 }, (_, n) => () => execute(add(1), n % 2 ? executor : other)));
    for (const reason of refused) expect(reason).toEqual(code('conflict'));
    expect(won.length + refused.length).toBe(64);
    expect(await onRecord()).toEqual(won.map((_, n) => n + 1));
  });

  it('that are one and the same take effect once, whatever each one’s clock says', async () => {
    const command_id = randomUUID();
    const other = newProcess().executor;
    const { won, refused } = await allAtOnce(
      Array.from({ length: 16 }, (_, n) => () => execute(add(5, { command_id, now: `2026-01-02T03:04:05.${100 + n}Z` }), n % 2 ? executor : other)),
    );
    expect(refused).toEqual([]);
    expect(new Set(won.map(({ position }) => position)).size).toBe(1);
    expect(await onRecord()).toEqual([5]);
  });

  it('under one id but with other content: one takes effect, the others are refused', async () => {
    const command_id = randomUUID();
    const { won, refused } = await allAtOnce(
      Array.from({ length: 16 }, (_, n) => () => execute(add(n + 1, { command_id, request_hash: `hash ${n}` }))),
    );
    expect(won).toHaveLength(1);
    for (const reason of refused) expect(reason).toEqual(code('idempotency_key_reused'));
    expect(await onRecord()).toHaveLength(1);
  });
});

describe('a repeated command', () => {
  it('answers the first receipt and adds nothing, in this process and the next, though it would be refused by now', async () => {
    const command = add(600, { requester: OWNER });
    const { position } = await execute(command);
    await execute(add(300));
    expect(await execute(command)).toEqual({ position, repeated: true });
    expect(await execute(command, newProcess().executor)).toEqual({ position, repeated: true });
    expect(await onRecord()).toEqual([600, 900]);
  });

  it('of the program itself is answered alike by a process that knows nothing of it, at another time too', async () => {
    const command_id = randomUUID();
    const { position } = await execute(add(600, { command_id }));
    await execute(add(300));
    for (const now of [undefined, '2026-01-02T04:00:00.000Z'])
      expect(await execute(add(600, { command_id, ...(now && { now }) }), newProcess().executor)).toMatchObject({ position });
    expect(await onRecord()).toEqual([600, 900]);
  });

  it('with another request is refused, in this process and the next', async () => {
    const command_id = randomUUID();
    const mine = (request_hash: string | null) => add(1, { command_id, request_hash, requester: OWNER });
    await execute(mine('a'));
    for (const by of [executor, newProcess().executor]) {
      for (const request_hash of ['b', null]) await expect(execute(mine(request_hash), by)).rejects.toEqual(code('idempotency_key_reused'));
      expect(await execute(mine('a'), by)).toMatchObject({ repeated: true });
    }
    expect(await onRecord()).toEqual([1]);
  });

  it('finds what it did when the answer to its append was lost', async () => {
    let losing = true;
    const flaky = newProcess((store) => ({
      storeId: () => store.storeId(),
      append: async (...request) => {
        const answer = await store.append(...request);
        if (losing) throw new Error('connection lost');
        return answer;
      },
      readStream: (...request) => store.readStream(...request),
      readProject: (...request) => store.readProject(...request),
      readAll: (...request) => store.readAll(...request),
      head: () => store.head(),
      subscribe: (...request) => store.subscribe(...request),
      verify: (...request) => store.verify(...request),
    })).executor;
    const command = add(1, { requester: OWNER });
    await expect(execute(command, flaky)).rejects.toThrow('connection lost');
    losing = false;
    expect(await execute(command, flaky)).toEqual({ position: await log.store.head(), repeated: true });
    expect(await onRecord()).toEqual([1]);
  });
});
