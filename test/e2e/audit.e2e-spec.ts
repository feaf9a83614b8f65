import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { CountersignClient } from '#client';
import { getJson, tokenOf } from '../support/oracle.js';
import { newPerson, Program, Server, until } from '../support/server.js';

let server: Server;
let ada: CountersignClient;
let bob: CountersignClient;
let project_id: string;

interface Key {
  readonly kid: string;
  readonly x: string;
  readonly valid_until: string | null;
}

beforeAll(async () => {
  server = await Server.start({ AUDIT_HEAD_SECONDS: '1' });
  [ada, bob] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  ({ project_id } = await ada.createProject({ product_idea: 'A list of books with a title and an author.' }));
  await until('the analyst to answer', async () => (await ada.listMessages(project_id)).items.length > 1);
}, 60_000);

afterAll(() => server?.remove(), 30_000);

const api = (path: string, person?: CountersignClient, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) =>
  fetch(`${server.url}/api/v1${path}`, { ...init, headers: { ...(person && { authorization: `Bearer ${tokenOf(person)}` }), ...init.headers } });

/** The keys as everybody gets them. */
const keys = async (): Promise<Key[]> => ((await (await api('/audit/keys')).json()) as { keys: Key[] }).keys;

/** Saves what the server answers into a file in the server's folder. */
async function save(name: string, path: string, person?: CountersignClient): Promise<string> {
  const answer = await api(path, person);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  const file = join(server.folder, name);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

async function cli(...args: string[]): Promise<{ code: number | null; text: string }> {
  const program = Program.start('cli', { DATA_DIR: server.dataDir, PORT: String(server.port) }, args);
  const code = await program.ended();
  return { code, text: program.text };
}

it('a project is exported, and verified with the published keys, with a pinned key, and against an older export', async () => {
  const older = await save('older.ndjson', `/projects/${project_id}/events/export`, ada);
  await ada.postMessage(project_id, 'yes');
  const file = await save('project.ndjson', `/projects/${project_id}/events/export`, ada);
  const published = await save('keys.json', '/audit/keys');
  const [{ kid, x }] = (await keys()) as [Key];

  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const events = await getJson<{ items: { position: string }[] }>(server.url, `/projects/${project_id}/events?limit=200`, tokenOf(ada));
  const positions = lines.map((line) => JSON.parse(line) as { kind: string; position: string }).filter(({ kind }) => kind === 'event');
  expect(events.items.map(({ position }) => position).slice(0, positions.length)).toEqual(positions.map(({ position }) => position));

  for (const options of [
    ['--keys', published],
    ['--key', kid],
    ['--key', x],
    ['--keys', published, '--head', older],
  ]) {
    const { code, text } = await cli('verify', file, ...options);
    expect({ options, code, text }).toEqual({
      options,
      code: 0,
      text: expect.stringMatching(/verifies\.[^]* signatures? by trusted keys; last link [0-9a-f]{64}/),
    });
  }
  expect(await cli('verify', file)).toEqual({ code: 0, text: expect.stringContaining('anybody could have signed it') });
  expect(await cli('verify', older, '--head', file, '--keys', published)).toEqual({ code: 1, text: expect.stringContaining('the tail was cut off') });
});

it('a changed export is told by its place, and what is no export by what it is not', async () => {
  const file = await save('whole.ndjson', `/projects/${project_id}/events/export`, ada);
  const text = await readFile(file, 'utf8');
  const changed = join(server.folder, 'changed.ndjson');
  await writeFile(changed, text.replace('"revision":0', '"revision":9'));
  const position = /"position":"(\d+)"/.exec(text)![1]!;
  expect(await cli('verify', changed)).toEqual({
    code: 1,
    text: expect.stringMatching(new RegExp(`does NOT verify\\.\\nThe event at position ${position} \\(line 2\\) is not what was signed`)),
  });
  await writeFile(changed, text.split('\n').slice(0, 3).join('\n'));
  expect(await cli('verify', changed)).toEqual({ code: 1, text: expect.stringContaining('cut off') });
  for (const [args, sentence] of [
    [['verify', join(server.folder, 'nowhere')], /cannot be read \(ENOENT\)/],
    [['verify', join(server.folder, 'keys.json')], /It is not an export/],
    [['verify', file, '--keys', file], /is no list of keys/],
    [['verify', file, '--key', 'secret'], /43 characters of base64url/],
    [['verify', file, '--head', join(server.folder, 'keys.json')], /holds no signed head/],
    [['verify'], /Name the one export/],
  ] as const)
    expect({ args, ...(await cli(...args)) }).toEqual({ args, code: 2, text: expect.stringMatching(sentence) });
});

it('heads are signed at intervals and listed, those of a project to its owner alone', async () => {
  const [log, own] = await until('heads', async () => {
    const heads = await Promise.all([api('/events/heads', ada), api(`/projects/${project_id}/events/heads?limit=1`, ada)]);
    const [first, second] = (await Promise.all(heads.map((answer) => answer.json()))) as {
      items: { position: string }[];
      next_cursor: string | null;
    }[];
    return first!.items.length > 0 && second!.items.length > 0 && ([first!, second!] as const);
  });
  expect(log.items[0]).toMatchObject({
    chain: 'log',
    project_id: null,
    key_id: (await keys()).at(-1)!.kid,
    signature: expect.stringMatching(/^[\w-]{86}$/),
  });
  expect(own.items[0]).toMatchObject({ chain: 'project', project_id });
  const { ok, chains } = await getJson<{ ok: boolean; chains: any[] }>(server.url, '/events/verify', tokenOf(ada));
  expect({ ok, counts: chains.map(({ signed_heads }) => signed_heads > 0) }).toEqual({ ok: true, counts: [true, true] });
  expect((await api('/events/heads?cursor=x', ada)).status).toBe(400);
  for (const path of ['heads', 'export']) {
    expect((await api(`/projects/${project_id}/events/${path}`, bob)).status).toBe(404);
    expect((await api(`/projects/${project_id}/events/${path}`)).status).toBe(401);
  }
});

it('an operator has another key sign; the old one stays published, and both are needed for what was signed before', async () => {
  const [before] = (await keys()) as [Key];
  expect(await cli('audit', 'rotate-key')).toEqual({ code: 2, text: expect.stringContaining('--reason') });
  expect(await cli('audit', 'rotate-key', '--reason', 'somebody left')).toEqual({
    code: 0,
    text: expect.stringContaining('signs from now on. 1 earlier one stays published'),
  });
  const both = await keys();
  expect(both.map(({ kid, valid_until }) => [kid === before.kid, valid_until === null])).toEqual([
    [true, false],
    [false, true],
  ]);
  const refused = await api('/operations/audit/rotate-key', ada, {
    method: 'POST',
    body: '{"reason":"x"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(refused.status).toBe(401);
  const file = await save('rotated.ndjson', `/projects/${project_id}/events/export`, ada);
  expect(await cli('verify', file, '--keys', await save('both.json', '/audit/keys'))).toMatchObject({ code: 0 });
  expect(await cli('verify', file, '--key', both[1]!.kid)).toEqual({ code: 1, text: expect.stringContaining('not among the trusted ones') });
});

it('an export goes on to verify after its owner’s words were erased', async () => {
  const database = new pg.Client({ connectionString: await server.databaseUrl() });
  await database.connect();
  await database.query('DELETE FROM identity.data_keys WHERE owner_id = $1', [(await ada.me()).user_id]);
  await database.end();
  const file = await save('erased.ndjson', `/projects/${project_id}/events/export`, ada);
  expect(await cli('verify', file, '--keys', await save('both.json', '/audit/keys'))).toMatchObject({ code: 0 });
});
