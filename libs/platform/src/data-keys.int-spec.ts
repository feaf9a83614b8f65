import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { until } from '../../../test/support/server.js';
import { DatabaseDataKeys, masterKey, newDataKey, type MasterKey } from './data-keys.js';
import { dataSource } from './database.js';
import { Doorbell } from './doorbell.js';

const OLD = masterKey('the master key until now, of these tests');
const NEW = masterKey('the master key from now on, of these tests');

let postgres: TestPostgres;
let url: string;
let database: DataSource;
let admin: pg.Client;
const doorbells: Doorbell[] = [];

/** The keys as another process has them. */
async function newProcess(master: MasterKey = OLD): Promise<DatabaseDataKeys> {
  const doorbell = new Doorbell();
  doorbells.push(doorbell);
  await doorbell.listen(url);
  return new DatabaseDataKeys(database, doorbell, master);
}

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  database = await dataSource(url).initialize();
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
}, POSTGRES_START_MS);

afterEach(async () => {
  await Promise.all(doorbells.splice(0).map((doorbell) => doorbell.close()));
  await admin.query('DELETE FROM identity.data_keys');
});

afterAll(async () => {
  await database.destroy();
  await admin.end();
  await postgres.stop();
});

const stored = async (owner: string) =>
  (await admin.query<{ key: Buffer; master: string | null }>('SELECT key, master FROM identity.data_keys WHERE owner_id = $1', [owner])).rows[0]!;

it('a key is kept wrapped, and the same for every process', async () => {
  const [owner, key] = [randomUUID(), newDataKey()];
  await (await newProcess()).create(owner, key);
  await (await newProcess()).create(owner);
  expect(await (await newProcess()).keyOf(owner)).toEqual(key);
  const { key: wrapped, master } = await stored(owner);
  expect(wrapped.includes(key)).toBe(false);
  expect(OLD.key.toString('hex')).not.toContain(master!);
});

it('a key that was moved to another person opens nothing', async () => {
  const [owner, other] = [randomUUID(), randomUUID()];
  await (await newProcess()).create(owner);
  await admin.query('UPDATE identity.data_keys SET owner_id = $2 WHERE owner_id = $1', [owner, other]);
  await expect((await newProcess()).keyOf(other)).rejects.toThrow();
});

it('a deleted key is gone at once in every process, also where it was in use', async () => {
  const [owner, other] = [randomUUID(), randomUUID()];
  const [here, there] = [await newProcess(), await newProcess()];
  await here.create(owner);
  await here.create(other);
  await Promise.all([owner, other].map((one) => there.keyOf(one)));
  await here.erase(owner);
  await here.erase(owner);
  expect(await here.keyOf(owner)).toBeNull();
  await until('the other process to drop it', async () => (await there.keyOf(owner)) === null, 4_000);
  expect(await there.keyOf(other)).toHaveLength(32);
});

it('another master key opens nothing, and says what to do', async () => {
  const owner = randomUUID();
  await (await newProcess()).create(owner);
  const wrong = await newProcess(NEW);
  await expect(wrong.takeOver(null)).rejects.toThrow('sealed with another MASTER_KEY');
  await expect(wrong.takeOver(masterKey('neither of the two, of these tests'))).rejects.toThrow('MASTER_KEY_PREVIOUS');
  expect((await stored(owner)).master).toBe(OLD.id);
});

it('the master key is replaced: keys stay what they are, and the old one opens nothing any more', async () => {
  const people = new Map(Array.from({ length: 5 }, () => [randomUUID(), newDataKey()] as const));
  const before = await newProcess();
  for (const [owner, key] of people) await before.create(owner, key);
  await Promise.all([await newProcess(NEW), await newProcess(NEW)].map((one) => one.takeOver(OLD)));
  const after = await newProcess(NEW);
  for (const [owner, key] of people) expect(await after.keyOf(owner)).toEqual(key);
  await expect((await newProcess(OLD)).keyOf([...people.keys()][0]!)).rejects.toThrow('another MASTER_KEY');
});

it('a key from before there was a master key is wrapped by the first process that starts', async () => {
  const [owner, key] = [randomUUID(), randomBytes(32)];
  await admin.query('INSERT INTO identity.data_keys (owner_id, key) VALUES ($1, $2)', [owner, key]);
  await (await newProcess()).takeOver(null);
  expect((await stored(owner)).key.includes(key)).toBe(false);
  expect(await (await newProcess()).keyOf(owner)).toEqual(key);
});
