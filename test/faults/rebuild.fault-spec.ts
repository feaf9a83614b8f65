import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { OperationsClient, type CountersignClient } from '#client';
import { rawAppend } from '../support/raw-append.js';
import { newPerson, Server, until } from '../support/server.js';

/** Enough for a rebuild to be met on its way: a good dozen of its pages. */
const PROJECTS = 400;
const RENAMES = 100;
const TRIES = 5;

let server: Server;
let person: CountersignClient;
let project_id: string;
let database: pg.Client;

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: await server.databaseUrl() });
  // Its server is stopped under it: that is what the tests are about.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

beforeAll(async () => {
  server = await Server.start();
  person = await newPerson(server.url);
  ({ project_id } = await person.createProject({ product_idea: 'A list of books.' }));
  database = await connect();
  await fillLog();
  await until('the live rows', async () => (await rows()).length === PROJECTS + 1 && (await isCaughtUp()), 60_000);
}, 120_000);

afterAll(async () => {
  await database?.end().catch(() => undefined);
  await server?.remove();
}, 30_000);

/** Projects that were renamed over and over, as if long ago. */
async function fillLog(): Promise<void> {
  const owner_id = (await person.me()).user_id;
  const ids = Array.from({ length: PROJECTS }, () => randomUUID());
  const event = (id: string, type: string, data: object) => {
    const about = {
      correlation_id: randomUUID(),
      causation_id: randomUUID(),
      project_id: id,
      actor: owner_id,
      timestamp: '2026-01-02T03:04:05.678Z',
    };
    const metadata = JSON.stringify({ ...about, owner_id, run_id: null, command_id: randomUUID(), request_hash: null });
    return { event_id: randomUUID(), type, version: 1, ...about, metadata, data: JSON.stringify(data) };
  };
  for (let round = 0; round <= RENAMES; round += 1) {
    const requests = ids.map((id) => ({
      stream: `project-${id}`,
      events: [
        round === 0
          ? event(id, 'project.created', { project_id: id, owner_id, name: 'New', product_idea: 'An idea', generation_spec: null })
          : event(id, 'project.renamed', { name: `Name ${round}` }),
      ],
    }));
    await rawAppend(database, requests);
  }
}

const rows = async () => (await database.query('SELECT * FROM read_models.projects ORDER BY project_id')).rows;
const isCaughtUp = async () =>
  (await database.query(`SELECT FROM read_models.checkpoints, event_log.head WHERE name = 'read:projects' AND checkpoints.position = head.position`))
    .rowCount === 1;
const rebuildOnItsWay = async () =>
  (
    await database.query<{ position: string; on_its_way: boolean }>(
      `SELECT r.position::text, r.position > 0 AND r.position < head.position AS on_its_way FROM read_models.rebuilds r, event_log.head`,
    )
  ).rows[0];
const table = async () => (await database.query(`SELECT 'read_models.projects'::regclass::oid AS oid`)).rows[0].oid as number;

async function operator(): Promise<OperationsClient> {
  return new OperationsClient({ baseUrl: server.url, token: (await readFile(join(server.dataDir, 'keys', 'operator'), 'utf8')).trim() });
}

/** Kills the server, starts it again on the same folder, and connects to the database that it starts anew. */
async function killAndStart(): Promise<void> {
  await server.kill();
  await database.end().catch(() => undefined);
  await server.start();
  database = await connect();
}

async function expectRebuilt(before: Awaited<ReturnType<typeof rows>>, old: number): Promise<void> {
  const client = await operator();
  await until('the rebuild to be done', async () => (await client.projection('read:projects')).rebuild === null, 60_000);
  expect(await table()).not.toBe(old);
  const after = await rows();
  const ours = (all: typeof after) => all.filter((row) => row.project_id !== project_id);
  expect(ours(after)).toEqual(ours(before));
  expect((await database.query(`SELECT FROM pg_tables WHERE schemaname = 'read_models_next'`)).rowCount).toBe(0);
}

it('kill -9 on the way of a rebuild: it goes on where it was, reads and writes go on, and the rows are the same', async () => {
  let hit = false;
  for (let tries = 0; tries < TRIES && !hit; tries += 1) {
    const [before, old] = [await rows(), await table()];
    await (await operator()).rebuild('read:projects');
    const met = await until('the rebuild to be on its way, or over', async () => {
      const rebuild = await rebuildOnItsWay();
      return (rebuild?.on_its_way && rebuild) || ((await table()) !== old && { position: null });
    });
    await server.kill();
    const left = met.position !== null && (await rebuildOnItsWay());
    hit = left !== false && left !== undefined && left.on_its_way;
    await database.end().catch(() => undefined);
    await server.start();
    database = await connect();
    const resumed = (await rebuildOnItsWay())?.position;
    if (hit && left && resumed !== undefined) expect(BigInt(resumed)).toBeGreaterThanOrEqual(BigInt(left.position));
    expect((await person.getProject(project_id)).project_id).toBe(project_id);
    await expectRebuilt(before, old);
  }
  expect(hit).toBe(true);
}, 120_000);

it('kill -9 in the middle of the swap: the live tables stay, and the swap is made after the new start', async () => {
  const [before, old] = [await rows(), await table()];
  const reader = await connect();
  await reader.query('BEGIN; SELECT FROM read_models.projects LIMIT 1');
  await (await operator()).rebuild('read:projects');
  await until('the swap to wait for the reader', async () => {
    const { rowCount } = await database.query(
      `SELECT FROM pg_locks WHERE relation = 'read_models.projects'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted`,
    );
    return rowCount === 1;
  });
  await server.kill();
  expect([await table(), (await rows()).length]).toEqual([old, PROJECTS + 1]);
  await reader.end().catch(() => undefined);
  await killAndStart();
  await expectRebuilt(before, old);
  await person.createProject({ product_idea: 'Another list.' });
  await until('the new table to be kept up', async () => (await rows()).length === PROJECTS + 2 && (await isCaughtUp()));
}, 120_000);
