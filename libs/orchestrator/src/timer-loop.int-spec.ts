import { randomUUID } from 'node:crypto';
import { Injectable, type INestApplicationContext } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import type { DataSource } from 'typeorm';
import { Catalog, DATABASE, Doorbell, EventLog, handlersFor, parseEnvironment, PlatformModule, ProjectionRunner, type Config } from '#platform';
import { commandMeta } from '../../../test/support/given.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { pause, until } from '../../../test/support/server.js';
import { OrchestratorEventsModule } from './orchestrator.module.js';
import { CancelTimer, SetTimer, TIMER_COMMANDS } from './timer.commands.js';
import { timerDecider } from './timer.decider.js';
import type { TimerEvent } from './timer.events.js';
import { TimerLoop } from './timer-loop.js';
import { TIMER_QUERY_HANDLERS } from './timer.queries.js';

const HOUR = 3_600_000;

@Injectable()
class LoopOfTheTest extends TimerLoop {
  /** How far its clock is ahead, in ms. */
  ahead = 0;
  protected override readonly longestWaitMs = 1_000;

  protected override now(): number {
    return Date.now() + this.ahead;
  }
}

let postgres: TestPostgres;
let url: string;
const running: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop(), 30_000);
beforeEach(async () => {
  url = await postgres.createDatabase();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
}, 30_000);

interface Worker {
  readonly app: INestApplicationContext;
  readonly loop: LoopOfTheTest;
  close(): Promise<void>;
}

/** What a worker process has of timers, on connections of its own. */
async function newWorker({ ahead = 0, start = true } = {}): Promise<Worker> {
  const config = parseEnvironment({
    DATABASE_URL: url,
    JWT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
    MASTER_KEY: 'a-master-key-of-the-tests-that-is-long-enough',
  }) as Config;
  const testing = await Test.createTestingModule({
    imports: [PlatformModule.forRoot(config), OrchestratorEventsModule],
    providers: [...handlersFor(timerDecider, TIMER_COMMANDS), ...TIMER_QUERY_HANDLERS, LoopOfTheTest],
  }).compile();
  const app = await testing.init();
  const projections = new ProjectionRunner(app.get<DataSource>(DATABASE), app.get(EventLog), app.get(Doorbell), app.get(Catalog).projections);
  await projections.start();
  const loop = app.get(LoopOfTheTest);
  loop.ahead = ahead;
  if (start) loop.start();
  const worker = {
    app,
    loop,
    close: async () => {
      await loop.stop();
      await projections.stop();
      await app.close();
    },
  };
  running.push(worker);
  return worker;
}

async function set({ app }: Worker, inMs: number): Promise<{ timer_id: string; due: number }> {
  const timer_id = randomUUID();
  const due = Date.now() + inMs;
  const command = new SetTimer(
    { timer_id, run_id: randomUUID(), purpose: 'gate', due_at: new Date(due).toISOString() },
    commandMeta({ command_id: randomUUID() }),
  );
  await app.get(CommandBus).execute(command);
  return { timer_id, due };
}

const historyOf = ({ app }: Worker, timer_id: string) => app.get(EventLog).readStream<TimerEvent>(`timer-${timer_id}`);
const typesOf = async (worker: Worker, timer_id: string) => (await historyOf(worker, timer_id)).map(({ type }) => type);
const goesOff = (worker: Worker, timer_id: string) =>
  until('the timer', async () => (await historyOf(worker, timer_id)).find(({ type }) => type === 'timer.fired'), 5_000);

describe('timers', () => {
  it('go off when they are due, each once, however many workers there are', async () => {
    const workers = [await newWorker(), await newWorker(), await newWorker()];
    const timers = await Promise.all(Array.from({ length: 40 }, (_, index) => set(workers[index % 3]!, 300 + (index % 4) * 200)));
    for (const { timer_id, due } of timers) {
      const { metadata } = await goesOff(workers[0]!, timer_id);
      expect(Date.parse(metadata.timestamp)).toBeGreaterThanOrEqual(due);
      expect(metadata.actor).toBe('timer');
    }
    await pause(500);
    for (const { timer_id } of timers) expect(await typesOf(workers[0]!, timer_id)).toEqual(['timer.set', 'timer.fired']);
  }, 30_000);

  it('that became due while no worker was there go off when one comes, once', async () => {
    const before = await newWorker({ start: false });
    const [past, soon] = [await set(before, -HOUR), await set(before, 50)];
    await pause(200);
    expect(await typesOf(before, past.timer_id)).toEqual(['timer.set']);
    const [after, beside] = [await newWorker(), await newWorker()];
    for (const { timer_id } of [past, soon]) await goesOff(after, timer_id);
    await beside.close();
    running.splice(running.indexOf(beside), 1);
    await pause(300);
    for (const { timer_id } of [past, soon]) expect(await typesOf(after, timer_id)).toEqual(['timer.set', 'timer.fired']);
  }, 30_000);

  it('that were cancelled do not go off', async () => {
    const worker = await newWorker();
    const { timer_id } = await set(worker, 400);
    await worker.app.get(CommandBus).execute(new CancelTimer({ timer_id }, commandMeta({ command_id: randomUUID() })));
    await pause(800);
    expect(await typesOf(worker, timer_id)).toEqual(['timer.set', 'timer.cancelled']);
  }, 30_000);

  it('go off an hour early where a clock is an hour fast, and not again where it is right', async () => {
    const fast = await newWorker({ ahead: HOUR });
    const { timer_id } = await set(fast, HOUR - 1_000);
    await goesOff(fast, timer_id);
    const right = await newWorker();
    await pause(1_500);
    expect(await typesOf(right, timer_id)).toEqual(['timer.set', 'timer.fired']);
  }, 30_000);

  it('are late where all clocks are slow, and not lost', async () => {
    const slow = await newWorker({ ahead: -HOUR });
    const { timer_id } = await set(slow, 0);
    await pause(1_500);
    expect(await typesOf(slow, timer_id)).toEqual(['timer.set']);
    const right = await newWorker();
    await goesOff(right, timer_id);
  }, 30_000);

  it('are noticed where the machine has slept past them', async () => {
    const worker = await newWorker();
    const { timer_id } = await set(worker, HOUR);
    await pause(500);
    worker.loop.ahead = 2 * HOUR;
    await goesOff(worker, timer_id);
    expect(await typesOf(worker, timer_id)).toEqual(['timer.set', 'timer.fired']);
  }, 30_000);
});
