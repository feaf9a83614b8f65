import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { CountersignClient } from '#client';
import { tokenOf } from '../support/oracle.js';
import { positionOf, rawAppend } from '../support/raw-append.js';
import { newPerson, Server, until } from '../support/server.js';

const CLI = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');
const WORDS = 'a name that somebody chose';

let server: Server;
let person: CountersignClient;
let database: pg.Client;
let operatorToken: string;
let project_id: string;
/** Of the event that no row can be made of. */
let poison: string;

const connect = async (): Promise<void> => {
  database = new pg.Client({ connectionString: await server.databaseUrl() });
  database.on('error', () => undefined);
  await database.connect();
};

beforeAll(async () => {
  server = await Server.start();
  person = await newPerson(server.url);
  operatorToken = (await readFile(join(server.dataDir, 'keys', 'operator'), 'utf8')).trim();
  ({ project_id } = await person.createProject({ product_idea: 'A list of books.' }));
  await connect();
  poison = await rename(`${WORDS}\u0000`);
  await until('the poison to park its projection', async () => (await parked()) !== null);
  await rename('A better name');
}, 60_000);

afterAll(async () => {
  await database?.end();
  await server?.remove();
}, 30_000);

/** Writes into the log what no command would write. PostgreSQL holds no NUL in a text. */
const rename = (name: string): Promise<string> => record('project.renamed', { name });

async function record(type: string, data: object): Promise<string> {
  const ids = { event_id: randomUUID(), correlation_id: randomUUID(), causation_id: randomUUID() };
  const actor = (await person.me()).user_id;
  const timestamp = new Date().toISOString();
  const metadata = JSON.stringify({
    timestamp,
    actor,
    owner_id: actor,
    project_id,
    run_id: null,
    ...ids,
    command_id: randomUUID(),
    request_hash: null,
  });
  const event = { ...ids, type, version: 1, project_id, actor, timestamp, metadata, data: JSON.stringify(data) };
  const [outcome] = await rawAppend(database, [{ stream: `project-${project_id}`, events: [event] }]);
  return positionOf(outcome);
}

/** The command line, as an operator on the server's machine types it. */
async function cli(...argv: string[]): Promise<{ code: number | null; text: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [CLI, 'projections', ...argv], {
    env: { PATH, HOME, DATA_DIR: server.dataDir, PORT: String(server.port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, text };
}

const ask = async (path: string, token: string | undefined, init: RequestInit = {}): Promise<{ status: number; body: any }> => {
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1${path}`, { ...init, headers: { ...headers, ...(init.headers as object) } });
  return { status: answer.status, body: await answer.json() };
};
const post = (path: string, body: object, key: string) =>
  ask(path, operatorToken, { method: 'POST', body: JSON.stringify(body), headers: { 'Idempotency-Key': key } });
const parked = async () => (await ask('/operations/projections/read:projects', operatorToken)).body.parked;
const projectName = async () => (await person.getProject(project_id)).name;

describe('the operator token', () => {
  it('is kept for the owner of the data folder alone', async () => {
    expect((await stat(join(server.dataDir, 'keys', 'operator'))).mode & 0o777).toBe(0o600);
    expect(Buffer.byteLength(operatorToken)).toBeGreaterThanOrEqual(32);
  }, 30_000);

  it('opens operations and nothing else; no token of a person opens them', async () => {
    const { api_key } = await person.createApiKey('a key');
    for (const token of [undefined, tokenOf(person), api_key, `${operatorToken}x`, operatorToken.slice(0, -1)])
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/read:projects'],
        ['POST', '/read:projects/skip'],
        ['POST', '/read:projects/retry'],
        ['POST', '/read:projects/rebuild'],
      ] as const)
        expect(await ask(`/operations/projections${path}`, token, { method })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect((await ask('/operations/projections', operatorToken)).status).toBe(200);
    for (const path of ['/projects', '/auth/me', '/events']) expect((await ask(path, operatorToken)).status).toBe(401);
  }, 30_000);
});

describe('a parked projection', () => {
  it('shows in health, without anybody’s words, and a restart does not forget it', async () => {
    const { since } = await parked();
    const sentence = `read:projects stands still since ${since} before event ${poison} (project.renamed).`;
    await until('health to say so', async () => (await ask('/healthz', undefined)).body.db_status === 'degraded');
    const { status, body } = await ask('/healthz', undefined);
    expect([status, body.details]).toEqual([200, expect.arrayContaining([sentence])]);
    await database.end();
    expect(await server.stop()).toBe(0);
    await server.start();
    await connect();
    expect((await ask('/healthz', undefined)).body.details).toContain(sentence);
    expect(JSON.stringify([(await ask('/healthz', undefined)).body, await parked(), server.text])).not.toContain(WORDS);
  }, 30_000);

  it('is listed on the command line, and a retry says that it stands where it stood', async () => {
    const list = await cli('list');
    expect([list.code, list.text]).toEqual([0, expect.stringMatching(/read:projects +parked +at \d+ of \d+/)]);
    expect(list.text).toMatch(new RegExp(`before event ${poison} \\(project.renamed, revision \\d+ of project-${project_id}\\), row`));
    expect(list.text).toMatch(/read:tasks +live/);
    const retry = await cli('retry', 'read:projects', '--reason', 'just to see');
    expect([retry.code, retry.text]).toEqual([1, expect.stringContaining(`before event ${poison}`)]);
  }, 30_000);

  it('is refused what makes no sense, with what to do', async () => {
    for (const [path, body, status, code] of [
      ['read:projects/skip', { position: '1', reason: 'x' }, 409, 'conflict'],
      ['read:projects/skip', { position: poison }, 400, 'invalid_input'],
      ['read:projects/skip', { position: poison, reason: '  ' }, 400, 'invalid_input'],
      ['read:projects/skip', { position: '-1', reason: 'x' }, 400, 'invalid_input'],
      ['read:tasks/retry', {}, 409, 'conflict'],
      ['read:nothing/rebuild', {}, 404, 'not_found'],
      ['read:projects/rebuild', { force: true }, 400, 'invalid_input'],
    ] as const)
      expect([path, body, await post(`/operations/projections/${path}`, body, randomUUID())]).toMatchObject([path, body, { status, body: { code } }]);
  }, 30_000);

  it('goes on when the event is skipped, which is on record with its reason; a repeated request changes nothing', async () => {
    const skip = await cli('skip', 'read:projects', '--position', poison, '--reason', 'written by hand');
    expect([skip.code, skip.text]).toEqual([0, 'read:projects goes on.\n']);
    expect(await projectName()).toBe('A better name');
    const again = () => post('/operations/projections/read:projects/skip', { position: poison, reason: 'once more' }, 'a-key');
    expect([(await again()).status, (await again()).status]).toEqual([202, 202]);
    const { decisions } = (await ask('/operations/projections/read:projects', operatorToken)).body;
    expect(decisions).toMatchObject([
      { decision: 'retry', reason: 'just to see' },
      { decision: 'skip', position: poison, reason: 'written by hand' },
    ]);
    const { rows } = await database.query(`SELECT type, actor FROM event_log.events WHERE stream = 'projection-read:projects' ORDER BY revision`);
    expect(rows).toEqual([
      { type: 'projection.retry_requested', actor: 'operator' },
      { type: 'projection.event_skipped', actor: 'operator' },
    ]);
    await until('health to be well', async () => (await ask('/healthz', undefined)).body.db_status === 'ok');
  }, 30_000);
});

describe('a rebuild', () => {
  it('gives the same rows, passes what was skipped, and reports until it is done', async () => {
    const rows = async () => (await database.query('SELECT * FROM read_models.projects ORDER BY project_id')).rows;
    const before = await rows();
    const rebuild = await cli('rebuild', 'read:projects');
    expect([rebuild.code, rebuild.text]).toEqual([0, expect.stringMatching(/rebuilding read:projects.*\d+ %\n(.*\n)*read:projects is rebuilt\.\n$/)]);
    expect(await rows()).toEqual(before);
    expect(await projectName()).toBe('A better name');
    await rename('The best name');
    await until('the new table to be kept up', async () => (await projectName()) === 'The best name');
  }, 30_000);

  it('needs a server and its token', async () => {
    const { code, text } = await cli('rebuild', 'read:projects', '--url', 'http://127.0.0.1:1');
    expect([code, text]).toEqual([1, 'No answer from http://127.0.0.1:1.\n']);
  }, 30_000);
});

it('an event that only a newer version knows holds up everybody, and health names them; nobody passes it', async () => {
  const position = await record('project.invented_later', {});
  const { project_id: later } = await person.createProject({ product_idea: 'Another list.' });
  const followers = [
    'orchestrator',
    'read:artifacts',
    'read:audit',
    'read:hitl',
    'read:privacy',
    'read:projects',
    'read:requirements-chat',
    'read:tasks',
    'read:timers',
  ];
  const details = await until('health to name all', async () => {
    const { body } = await ask('/healthz', undefined);
    const named = (body.details as string[]).filter((detail) => detail.includes(`before event ${position} (project.invented_later)`));
    return named.length === followers.length && named;
  });
  expect(details.map((detail) => detail.split(' ')[0]).sort()).toEqual(followers);
  await rename('A name that nobody sees yet');
  expect(await projectName()).toBe('The best name');
  const { rows } = await database.query(`SELECT FROM event_log.events WHERE type = 'orchestrator.decided' AND project_id = $1`, [later]);
  expect(rows).toEqual([]);
}, 30_000);
