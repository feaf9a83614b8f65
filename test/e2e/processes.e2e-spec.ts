import { followProject, type CountersignClient } from '#client';
import type { StreamMessage } from '#contracts';
import { expectOneDelivery, expectSoundHistory, tokenOf } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { agreeToEverything, Installation, newPerson, startRedis, unlessTooLate, until, withEveryQueue, type Program } from '../support/server.js';

const IDEA = 'A list of books with a title and an author.';
const WORKERS = ['first', 'second'];

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);

afterAll(() => postgres.stop(), 20_000);

withEveryQueue('api and two workers as processes of their own', (queue) => {
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let installation: Installation;
  let api: Program;
  let workers: Map<string, Program>;
  let person: CountersignClient;

  beforeAll(async () => {
    if (queue === 'Redis') redis = await startRedis();
    installation = await Installation.create(await postgres.createDatabase(), redis ? { REDIS_URL: redis.url } : {});
    api = await installation.startApi();
    workers = new Map(await Promise.all(WORKERS.map(async (name) => [name, await installation.startWorker(name)] as const)));
    person = await newPerson(installation.url);
  }, 60_000);

  afterAll(async () => {
    await installation.remove();
    await redis?.stop();
  }, 30_000);

  const listen = (projectId: string) => {
    const seen: StreamMessage[] = [];
    const onMessage = (message: StreamMessage) => seen.push(message);
    const stream = followProject({ baseUrl: installation.url, token: () => tokenOf(person), projectId, onMessage, reconnectMs: [100, 500] });
    const whole = async () => {
      await until('the end on the stream', async () => seen.some(({ event_type }) => event_type === 'complete'));
      stream.close();
      return seen;
    };
    return whole;
  };

  it('take an idea to a delivery, each step once', async () => {
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'plan' });
    const live = listen(project_id);
    expect(await agreeToEverything(person, project_id)).toBe('completed');
    const seen = await live();
    expect(seen).toEqual(await listen(project_id)());
    expect(seen.filter(({ event_type }) => event_type === 'hitl_request')).toHaveLength(2);
    const events = await expectSoundHistory(installation.url, tokenOf(person), project_id);
    expectOneDelivery(events);
    // Nobody did what another one did already.
    const count = (type: string) => events.filter(({ event_type }) => event_type === type).length;
    expect(count('task.started')).toBe(count('task.assigned'));
  }, 60_000);

  it('go on where a worker is killed and the api is started anew, and a client misses nothing', async () => {
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    const live = listen(project_id);
    await person.finalize(project_id).catch(unlessTooLate);
    const busy = await until('the sandbox of the worker that tests', async () => {
      for (const name of WORKERS) if ((await installation.sandboxesOf(name)).length > 0) return name;
      return null;
    });
    await workers.get(busy)!.kill();
    expect(await api.stop()).toBe(0);
    api = await installation.startApi();

    expect(await agreeToEverything(person, project_id)).toBe('completed');
    expect(await live()).toEqual(await listen(project_id)());
    const events = await expectSoundHistory(installation.url, tokenOf(person), project_id);
    expectOneDelivery(events);
    const started = (purpose: string) => {
      const task = events.find(({ event_type, payload }) => event_type === 'task.assigned' && payload['purpose'] === purpose)!.payload['task_id'];
      return events.filter(({ event_type, payload }) => event_type === 'task.started' && payload['task_id'] === task).length;
    };
    expect({ write: started('write'), verify: started('verify') }).toEqual({ write: 1, verify: 2 });

    // The dead one's workspace goes when it comes back.
    const again = await installation.startWorker(busy);
    expect(await installation.sandboxesOf(busy)).toEqual([]);
    expect(await again.stop()).toBe(0);
  }, 90_000);
});
