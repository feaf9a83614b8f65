import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { ContentStore } from './content-store.js';
import { DatabaseDataKeys, masterKey } from './data-keys.js';
import { dataSource } from './database.js';
import { Doorbell } from './doorbell.js';
import { sha256 } from './ids.js';

const CHUNK = 256 * 1024;

let postgres: TestPostgres;
let database: DataSource;
let admin: pg.Client;
let contents: ContentStore;
let owner: string;
let stranger: string;

/** A store as another process has it, with no key in memory yet. */
const newKeys = () => new DatabaseDataKeys(database, new Doorbell(), masterKey('the master key of these tests'));
const newProcess = () => new ContentStore(database, newKeys());
const newOwner = async () => {
  const id = randomUUID();
  await newKeys().create(id);
  return id;
};
const chunksOf = async (ownerId: string, hash: string): Promise<Buffer[]> =>
  (
    await admin.query<{ ciphertext: Buffer }>('SELECT ciphertext FROM contents.chunks WHERE owner_id = $1 AND sha256 = $2 ORDER BY number', [
      ownerId,
      hash,
    ])
  ).rows.map(({ ciphertext }) => ciphertext);
const notFound = expect.objectContaining({ name: 'DomainError', code: 'not_found' });

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  database = await dataSource(url).initialize();
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
}, POSTGRES_START_MS);
afterAll(async () => {
  await database.destroy();
  await admin.end();
  await postgres.stop();
});
beforeEach(async () => {
  contents = newProcess();
  [owner, stranger] = [await newOwner(), await newOwner()];
});

describe('a content', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * 1024 * 1024 + 3])('of %i bytes comes back as it was, in chunks', async (bytes) => {
    const content = randomBytes(bytes);
    const ref = await contents.put(owner, content);
    expect(ref).toEqual({ sha256: sha256(content), bytes });
    expect((await newProcess().get(owner, ref.sha256)).equals(content)).toBe(true);
    const parts: number[] = [];
    for await (const part of contents.stream(owner, ref.sha256)) parts.push(part.length);
    expect(parts).toEqual([...Array<number>(Math.floor(bytes / CHUNK)).fill(CHUNK), ...(bytes % CHUNK ? [bytes % CHUNK] : [])]);
  });

  it('may be text or JSON', async () => {
    expect((await contents.get(owner, (await contents.put(owner, 'é👩‍🚀\0')).sha256)).toString()).toBe('é👩‍🚀\0');
    const value = { a: ['"', '\\', '\u2028', null], b: { c: 1.5 } };
    expect(await contents.getJson(owner, (await contents.putJson(owner, value)).sha256)).toEqual(value);
  });

  it('that is put again, also at the same moment, is stored once', async () => {
    const content = randomBytes(2 * CHUNK);
    const refs = await Promise.all(Array.from({ length: 12 }, () => newProcess().put(owner, content)));
    refs.push(await contents.put(owner, content));
    expect(new Set(refs.map((ref) => ref.sha256)).size).toBe(1);
    expect(await chunksOf(owner, refs[0]!.sha256)).toHaveLength(2);
    expect((await contents.get(owner, refs[0]!.sha256)).equals(content)).toBe(true);
  });

  it('is its owner’s: nobody else reads it, and where two have the same each has their own', async () => {
    const { sha256: hash } = await contents.put(owner, 'a content of one of them');
    await expect(contents.get(stranger, hash)).rejects.toEqual(notFound);
    await contents.put(stranger, 'a content of one of them');
    expect((await contents.get(stranger, hash)).toString()).toBe('a content of one of them');
    expect((await chunksOf(owner, hash))[0]).not.toEqual((await chunksOf(stranger, hash))[0]);
  });

  it('that was never put is not found', async () => {
    for (const hash of [sha256('never'), '', "x' OR true --"]) await expect(contents.get(owner, hash)).rejects.toEqual(notFound);
  });

  it('does not lie in the database as plain text', async () => {
    const secret = 'canary: what a person wrote ';
    const { sha256: hash } = await contents.put(owner, secret.repeat(20_000));
    const chunks = await chunksOf(owner, hash);
    expect(chunks).toHaveLength(3);
    for (const chunk of chunks) expect(chunk.includes('canary')).toBe(false);
  });

  it('is gone when its owner’s key is', async () => {
    const { sha256: hash } = await contents.put(owner, 'erase me');
    await admin.query('DELETE FROM identity.data_keys WHERE owner_id = $1', [owner]);
    await expect(newProcess().get(owner, hash)).rejects.toEqual(notFound);
    await expect(newProcess().put(owner, 'more')).rejects.toEqual(notFound);
  });
});

describe('a content that was tampered with is refused:', () => {
  const where = 'WHERE owner_id = $1 AND sha256 = $2';

  it.each([
    ['a byte of its nonce', 'UPDATE contents.chunks SET ciphertext = set_byte(ciphertext, 3, get_byte(ciphertext, 3) # 1)'],
    ['a byte of its tag', 'UPDATE contents.chunks SET ciphertext = set_byte(ciphertext, 15, get_byte(ciphertext, 15) # 1)'],
    ['a byte of its text', 'UPDATE contents.chunks SET ciphertext = set_byte(ciphertext, 99, get_byte(ciphertext, 99) # 1)'],
    ['a chunk cut short', 'UPDATE contents.chunks SET ciphertext = substring(ciphertext FROM 1 FOR 1000)'],
    ['a chunk cut to less than its head', 'UPDATE contents.chunks SET ciphertext = substring(ciphertext FROM 1 FOR 16)'],
    [
      'two chunks exchanged',
      'UPDATE contents.chunks c SET ciphertext = (SELECT o.ciphertext FROM contents.chunks o WHERE o.sha256 = c.sha256 AND o.number = 1 - c.number)',
    ],
    ['a chunk removed', 'DELETE FROM contents.chunks'],
    ['its length made shorter by a chunk', `UPDATE contents.blobs SET bytes = ${CHUNK}`],
    ['its length made nothing', 'UPDATE contents.blobs SET bytes = 0'],
  ])('%s', async (_, change) => {
    const { sha256: hash } = await contents.put(owner, randomBytes(2 * CHUNK));
    const { rowCount } = await admin.query(`${change} ${where}`, [owner, hash]);
    expect(rowCount).toBeGreaterThan(0);
    await expect(contents.get(owner, hash)).rejects.toThrow();
  });

  it('another content of the same owner in its place', async () => {
    const [one, two] = [await contents.put(owner, 'content one'), await contents.put(owner, 'content two')];
    await admin.query('UPDATE contents.chunks SET ciphertext = $3 WHERE owner_id = $1 AND sha256 = $2', [
      owner,
      one.sha256,
      (await chunksOf(owner, two.sha256))[0],
    ]);
    await expect(contents.get(owner, one.sha256)).rejects.toThrow();
  });
});
