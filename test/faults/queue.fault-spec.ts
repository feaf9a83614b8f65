import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { CountersignClient } from '#client';
import { expectOneDelivery, expectSoundHistory, logOf, tokenOf } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { agreeToEverything, Installation, newPerson, startRedis, unlessTooLate, until, withEveryQueue, type Program } from '../support/server.js';
import { eventOf, LogWatch } from './log-watch.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);

afterAll(() => postgres.stop(), 20_000);

withEveryQueue('all jobs are lost in the middle of a run', (queue) => {
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let databaseUrl: string;
  let installation: Installation;
  let person: CountersignClient;
  let worker: Program;
  let watch: LogWatch;

  beforeAll(async () => {
    if (queue === 'Redis') redis = await startRedis();
    databaseUrl = await postgres.createDatabase();
    installation = await Installation.create(databaseUrl, redis ? { REDIS_URL: redis.url } : {});
    await installation.startApi();
    worker = await installation.startWorker('first');
    person = await newPerson(installation.url);
    watch = await LogWatch.open(databaseUrl, '0');
  }, 60_000);

  afterAll(async () => {
    await watch.close();
    await installation.remove();
    await redis?.stop();
  }, 30_000);

  const loseAllJobs = async (): Promise<void> => {
    if (redis) {
      const client = new Redis(redis.url);
      await client.flushall();
      return client.disconnect();
    }
    const client = new pg.Client(databaseUrl);
    await client.connect();
    await client.query('TRUNCATE jobs.job CASCADE');
    await client.end();
  };

  it('with those at work, and once more when their worker is dead: they are put back, and each step is done once', async () => {
    const { project_id } = await person.createProject({ product_idea: 'A list of books with a title and an author.', autonomy: 'full' });
    await person.finalize(project_id).catch(unlessTooLate);
    await watch.when(eventOf('task.progressed', '"stage":"Storing'));
    await loseAllJobs();
    await watch.when(eventOf('task.progressed', '"stage":"Installing'));
    await installation.startWorker('second');
    await watch.when(eventOf('task.progressed', '"stage":"Running the tests'));
    await worker.kill();
    await loseAllJobs();

    expect(await agreeToEverything(person, project_id)).toBe('completed');
    expectOneDelivery(await expectSoundHistory(installation.url, tokenOf(person), project_id));
    expect(await installation.sandboxesOf('second')).toEqual([]);
  }, 90_000);

  it('with a job of every attempt that is over added once more: the stream refuses it, and nothing happens', async () => {
    const before = await logOf(databaseUrl);
    const jobs = before
      .filter(({ type }) => type === 'task.assigned')
      .map(({ data }) => JSON.parse(data) as { task_id: string; agent_type: string; attempt: number });
    expect(jobs.length).toBeGreaterThan(3);
    const connection = redis ? { url: redis.url } : { connectionString: databaseUrl, schema: 'jobs', max: 1 };
    for (const agentType of new Set(jobs.map(({ agent_type }) => agent_type))) {
      const added = redis ? new Queue(agentType, { connection }) : new Queue(agentType, { connection: connection }, createPostgresBackend as never);
      added.on('error', () => undefined);
      for (const { task_id, attempt } of jobs.filter(({ agent_type }) => agent_type === agentType))
        await added.add(agentType, { task_id, attempt }, { jobId: `${task_id}_${attempt}`, removeOnComplete: true, removeOnFail: true });
      await until('the jobs to be taken', async () => {
        const { waiting, active, delayed } = await added.getJobCounts('waiting', 'active', 'delayed');
        return waiting! + active! + delayed! === 0;
      });
      await added.close();
    }
    expect(await logOf(databaseUrl)).toEqual(before);
  }, 60_000);
});
