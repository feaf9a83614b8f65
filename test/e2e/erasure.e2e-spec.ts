import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import yauzl from 'yauzl';
import { ApiProblem, CountersignClient, OperationsClient } from '#client';
import { DatabaseDataKeys, masterKey } from '../../libs/platform/src/data-keys.js';
import { dataSource } from '../../libs/platform/src/database.js';
import { Doorbell } from '../../libs/platform/src/doorbell.js';
import { expectSoundHistory, tokenOf } from '../support/oracle.js';
import { agreeToEverything, newPerson, PASSWORD, Server, unlessTooLate, until } from '../support/server.js';
import { filesHolding, tablesHolding } from '../support/traces.js';

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');
/** In everything that Ada writes. */
const CANARY = 'qzcanary';
const EMAIL = `${CANARY}-ada@example.org`;
const IDEA = `A list of books. A book has a title and a ${CANARY}field. No sign in.`;

let server: Server;
let ada: CountersignClient;
let bob: CountersignClient;
let adasProject: string;
let bobsProject: string;
let dataKey: Buffer;

beforeAll(async () => {
  server = await Server.start();
  const anybody = new CountersignClient({ baseUrl: server.url });
  const { access_token } = await anybody.register({ email: EMAIL, password: PASSWORD, name: `${CANARY} Lovelace` });
  ada = anybody.withToken(access_token);
  bob = await newPerson(server.url);
}, 90_000);

afterAll(() => server?.remove(), 30_000);

const status = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: unknown) => (error instanceof ApiProblem ? error.status : Promise.reject(error as Error)),
  );

/** The chat may have come to its end by itself. */
/** Where Ada's words can be read: in any table, in any file of the server or of its database, in what it printed. */
async function traces(...more: (string | Buffer)[]): Promise<string[]> {
  const url = await server.databaseUrl();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ANALYZE');
  await client.query('CHECKPOINT');
  await client.end();
  const words = [CANARY, 'Qzcanary'];
  return [
    ...(await tablesHolding(url, words)),
    ...(await filesHolding(server.dataDir, [...words, ...more])),
    ...(/qzcanary/i.test(server.text) ? ['the output of the server'] : []),
  ];
}

it('what a person writes is on disk nowhere in the open, not even while they are there', async () => {
  await ada.createApiKey(`${CANARY} key`);
  ({ project_id: bobsProject } = await bob.createProject({ product_idea: 'A list of books. No sign in.' }));
  ({ project_id: adasProject } = await ada.createProject({ product_idea: IDEA, name: `${CANARY} books`, autonomy: 'manual' }));
  await until('the analyst', async () => (await ada.listMessages(adasProject)).items.at(-1)?.author === 'analyst');
  await ada.postMessage(adasProject, `That is the ${CANARY} chat`);
  await ada.finalize(adasProject).catch(unlessTooLate);
  const gate = (kind: string, after = '') =>
    until(`the gate ${kind}`, async () =>
      (await ada.listHitl({ projectId: adasProject, status: 'pending' })).items.find((one) => one.gate === kind && one.request_id !== after),
    );
  const first = await gate('specification');
  await ada.respond(first.request_id, { action: 'reject', content_hash: first.content_hash, response_content: `A book has a ${CANARY}comment.` });
  const second = await gate('specification', first.request_id);
  const { content } = await ada.getHitl(second.request_id);
  const { requirements, ...rest } = content as { requirements: string[] };
  const amended = { ...rest, requirements: [...requirements, `A book has a ${CANARY}amendment (text).`] };
  await ada.respond(second.request_id, { action: 'amend', content_hash: second.content_hash, response_content: amended });
  expect(await agreeToEverything(ada, adasProject)).toMatch(/^completed/);
  expect(await agreeToEverything(bob, bobsProject)).toMatch(/^completed/);

  expect((await ada.getProject(adasProject)).name).toBe(`${CANARY} books`);
  expect((await ada.me()).email).toBe(EMAIL);
  dataKey = await keyOf((await ada.me()).user_id);
  expect(dataKey).toHaveLength(32);
  expect(await traces(dataKey)).toEqual([]);
  // The search finds what there is.
  expect(await tablesHolding(await server.databaseUrl(), [adasProject])).toContain('read_models.projects');
  expect(await filesHolding(server.dataDir, [adasProject])).toContainEqual(expect.stringContaining('pg_wal'));
}, 150_000);

it('they can take everything along', async () => {
  const files = await unzip(Buffer.from(await new Response(await ada.exportMe()).arrayBuffer()));
  const read = (name: string): string => files.get(name)?.toString() ?? '';
  const folder = `projects/${adasProject}`;
  expect(read('README.txt')).toContain('everything');
  expect(JSON.parse(read('account.json'))).toMatchObject({ email: EMAIL, name: `${CANARY} Lovelace`, api_keys: [{ name: `${CANARY} key` }] });
  expect(JSON.parse(read(`${folder}/project.json`))).toMatchObject({ product_idea: IDEA, name: `${CANARY} books` });
  expect(read(`${folder}/chat.ndjson`)).toContain(`That is the ${CANARY} chat`);
  expect(read(`${folder}/gates.ndjson`)).toContain(`${CANARY}comment`);
  expect(read(`${folder}/gates.ndjson`)).toContain(`${CANARY}amendment`);
  for (const name of ['runs', 'tasks', 'artifacts', 'logs', 'events']) expect([name, read(`${folder}/${name}.ndjson`) !== '']).toEqual([name, true]);
  expect(read(`${folder}/tasks.ndjson`)).toContain(CANARY);
  expect(read(`${folder}/artifacts/spec-v1.json`)).toContain(`${CANARY}field`);
  expect(read(`${folder}/artifacts/code-v1/app.schema.json`)).toContain(CANARY);
  const events = read(`${folder}/events.ndjson`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { position: string; event_type: string });
  expect(events.map(({ position }) => position)).toEqual(
    (await expectSoundHistory(server.url, tokenOf(ada), adasProject)).map(({ position }) => position),
  );
  expect(events[0]).toMatchObject({ event_type: 'project.created', payload: { product_idea: IDEA } });
  expect(read('events.ndjson')).toContain('allowance.run_reserved');
  expect([...files.values()].some((bytes) => bytes.includes(bobsProject))).toBe(false);
}, 60_000);

describe('erasing them', () => {
  const again = () => ada.eraseMe({ confirm: EMAIL, password: PASSWORD });
  let second: string;

  it('is refused without the password and the address', async () => {
    expect(await status(ada.eraseMe({ confirm: EMAIL, password: 'not the password' }))).toBe(401);
    expect(await status(ada.eraseMe({ confirm: 'bob@example.org', password: PASSWORD }))).toBe(400);
    expect(await status(new CountersignClient({ baseUrl: server.url }).eraseMe({ confirm: EMAIL, password: PASSWORD }))).toBe(401);
    expect((await ada.me()).email).toBe(EMAIL);
  });

  it('ends what works for them, and is done in one answer, which is repeated', async () => {
    ({ project_id: second } = await ada.createProject({ product_idea: IDEA, autonomy: 'full' }));
    await ada.finalize(second).catch(unlessTooLate);
    await until('an agent at work', async () => (await ada.listTasks(second)).items.some(({ status: now }) => now === 'working'));
    const user_id = (await ada.me()).user_id;
    const api_key = (await ada.createApiKey('late')).api_key;
    const { refresh_token } = await ada.login({ email: EMAIL, password: PASSWORD });
    const done = await again();
    expect(done).toEqual({ user_id, status: 'erased', requested_at: expect.any(String), erased_at: expect.any(String) });
    expect(await again()).toEqual(done);
    expect(await status(ada.withToken(api_key).me())).toBe(401);
    expect(await status(ada.me())).toBe(401);
    expect(await status(ada.getProject(adasProject))).toBe(401);
    expect(await status(ada.exportMe())).toBe(401);
    expect(await status(ada.login({ email: EMAIL, password: PASSWORD }))).toBe(401);
    const refreshed = await fetch(`${server.url}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token }),
    });
    expect(refreshed.status).toBe(401);
    expect(await status(bob.getProject(adasProject))).toBe(404);
  }, 30_000);

  it('leaves everybody else, the chains and the service as they were', async () => {
    expect(await bob.getProject(bobsProject)).toMatchObject({ status: expect.stringMatching(/^completed/) });
    expect(Buffer.from(await new Response(await bob.download(bobsProject)).arrayBuffer()).length).toBeGreaterThan(1_000);
    await expectSoundHistory(server.url, tokenOf(bob), bobsProject);
    expect(await bob.health()).toMatchObject({ ready: true, db_status: 'ok', event_store_status: 'ok', queue_status: 'ok' });
  });

  it('leaves no word, no address and no key of theirs', async () => {
    expect(await traces(dataKey)).toEqual([]);
    expect(await query('SELECT FROM identity.data_keys')).toHaveLength(1);
    expect(await query('SELECT FROM contents.blobs b WHERE NOT EXISTS (SELECT FROM identity.data_keys k WHERE k.owner_id = b.owner_id)')).toEqual([]);
    const types = await query<{ type: string }>('SELECT type FROM event_log.events ORDER BY position DESC LIMIT 1');
    expect(types).toEqual([{ type: 'person.erased' }]);
  });

  it('holds up nothing: rebuilds and a new start go on, and the address is free', async () => {
    const operations = new OperationsClient({
      baseUrl: server.url,
      token: (await readFile(join(server.dataDir, 'keys', 'operator'), 'utf8')).trim(),
    });
    for (const { name } of await operations.listProjections()) await operations.rebuild(name, 'after an erasure');
    await until('the rebuilds', async () => (await operations.listProjections()).every(({ rebuild, parked }) => rebuild === null && parked === null));
    await server.stop();
    await server.start();
    expect(await bob.health()).toMatchObject({ ready: true, db_status: 'ok' });
    expect(await bob.getProject(bobsProject)).toMatchObject({ name: expect.any(String) });
    expect(await query(`SELECT FROM read_models.tasks WHERE status IN ('pending', 'working')`)).toEqual([]);
    const newAda = await ada.register({ email: EMAIL, password: PASSWORD });
    expect((await ada.withToken(newAda.access_token).listProjects()).items).toEqual([]);
  }, 60_000);
});

describe('from a terminal', () => {
  const countersign = async (input: string, ...args: string[]) => {
    const { folder } = server;
    const env = { ...process.env, DATA_DIR: join(folder, 'cli'), COUNTERSIGN_URL: server.url };
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, text };
  };

  it('everything is written into a file, which is not overwritten, and the account is erased once its address is typed', async () => {
    expect(await countersign('', 'me', 'erase')).toMatchObject({ code: 1, text: expect.stringContaining('no account of yours') });
    await countersign('', 'projects');
    expect(await countersign('', 'me', 'export', 'mine.zip')).toMatchObject({ code: 0 });
    expect([...(await unzip(await readFile(join(server.folder, 'mine.zip')))).keys()]).toEqual(['README.txt', 'account.json', 'events.ndjson']);
    expect(await countersign('', 'me', 'export', 'mine.zip')).toMatchObject({ code: 1, text: expect.stringContaining('is there already') });
    expect(await countersign('somebody@example.org\n', 'me', 'erase')).toMatchObject({
      code: 1,
      text: expect.stringContaining('nothing was erased'),
    });
    const asked = await countersign('', 'me', 'erase');
    const email = /erases the account (\S+) and/.exec(asked.text)![1]!;
    expect(await countersign(`${email}\n`, 'me', 'erase')).toMatchObject({ code: 0, text: expect.stringContaining('It is erased.') });
    expect(await readFile(join(server.folder, 'cli', 'cli.json'), 'utf8')).not.toContain('api_key');
  }, 60_000);
});

async function query<R>(sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: await server.databaseUrl() });
  await client.connect();
  try {
    return (await client.query(sql)).rows as R[];
  } finally {
    await client.end();
  }
}

/** A person's key as the server uses it. */
async function keyOf(userId: string): Promise<Buffer> {
  const database = await dataSource(await server.databaseUrl()).initialize();
  try {
    const master = masterKey((await readFile(join(server.dataDir, 'keys', 'master'), 'utf8')).trim());
    return (await new DatabaseDataKeys(database, new Doorbell(), master).keyOf(userId))!;
  } finally {
    await database.destroy();
  }
}

function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>();
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => resolve(files));
      zip.on('entry', (entry: yauzl.Entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('error', reject);
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(parts));
            zip.readEntry();
          });
        }),
      );
      zip.readEntry();
    });
  });
}
