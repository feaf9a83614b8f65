import { execFile } from 'node:child_process';
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { followProject, type CountersignClient } from '#client';
import type { StreamMessage } from '#contracts';
import { expectSoundHistory, getJson, tokenOf } from '../support/oracle.js';
import { agreeToEverything, newPerson, pause, Server, unlessTooLate, until } from '../support/server.js';

const run = promisify(execFile);
const IDEA =
  'A tool library. Tools have a name (required) and a condition. Members have a name and an email. A loan has a tool, a member and a due date. Show overdue loans.';

let server: Server | undefined;
let person: CountersignClient;

beforeAll(async () => {
  server = await Server.start();
  person = await newPerson(server.url);
}, 90_000);

afterAll(() => server?.remove(), 20_000);

it('takes an idea to a ZIP whose app installs, passes its tests and starts, and a client that reconnects misses nothing', async () => {
  const { project_id } = await person.createProject({ product_idea: IDEA });

  const seen: StreamMessage[] = [];
  const listen = (afterPosition: string) =>
    followProject({
      baseUrl: server!.url,
      token: () => tokenOf(person),
      projectId: project_id,
      afterPosition,
      onMessage: (message) => seen.push(message),
    });
  let stream = listen('0');
  const reconnecting = (async () => {
    await until('a gate on the stream', async () => seen.some(({ event_type }) => event_type === 'hitl_request'));
    stream.close();
    await pause(300);
    stream = listen(seen.findLast(({ position }) => position !== null)!.position!);
  })();
  const status = await agreeToEverything(person, project_id);
  await reconnecting;
  await until('the end on the stream', async () => seen.some(({ event_type }) => event_type === 'complete'));
  stream.close();
  expect(status).toBe('completed');

  const fromTheStart: StreamMessage[] = [];
  const again = followProject({
    baseUrl: server!.url,
    token: () => tokenOf(person),
    projectId: project_id,
    afterPosition: '0',
    onMessage: (message) => fromTheStart.push(message),
  });
  await until('the whole history', async () => fromTheStart.some(({ event_type }) => event_type === 'complete'));
  again.close();
  expect(seen).toEqual(fromTheStart);
  expect(new Set(seen.map(({ event_type }) => event_type))).toEqual(
    new Set(['status', 'agent_status_update', 'new_message', 'task_progress', 'test', 'hitl_request', 'hitl_response', 'artifact', 'complete']),
  );

  const events = await expectSoundHistory(server!.url, tokenOf(person), project_id);
  expect(events.filter(({ event_type }) => event_type === 'hitl.responded')).toHaveLength(2);

  const app = join(server!.folder, 'app');
  await unzip(Buffer.from(await new Response(await person.download(project_id)).arrayBuffer()), app);
  for (const path of [
    'README.md',
    '.env.example',
    'run-app.sh',
    'run-app.bat',
    'Dockerfile',
    '.github/workflows/ci.yml',
    'countersign.json',
    'package.json',
  ])
    await access(join(app, path));
  await access(join(app, 'run-app.sh'), constants.X_OK);
  const origin = JSON.parse(await readFile(join(app, 'countersign.json'), 'utf8')) as {
    approvals: unknown[];
    handoffs: { handoff_type: string }[];
    files: unknown[];
  };
  expect(origin.approvals).toHaveLength(2);
  expect(origin.handoffs.map(({ handoff_type }) => handoff_type)).toEqual(
    expect.arrayContaining(['software_specification', 'implementation_plan', 'code_bundle', 'verification_report']),
  );
  const env = { PATH: process.env['PATH'], HOME: server!.folder };
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund'], { cwd: app, env });
  const { stdout } = await run('npm', ['test'], { cwd: app, env });
  expect(stdout).toMatch(/fail 0/);

  const logs = await getJson<{ items: { check: string; status: string; log: string | null }[] }>(
    server!.url,
    `/projects/${project_id}/logs`,
    tokenOf(person),
  );
  expect(logs.items.filter(({ status: result }) => result === 'passed').map(({ check }) => check)).toEqual(
    expect.arrayContaining(['install', 'test', 'start']),
  );
  expect(logs.items.find(({ check }) => check === 'test')?.log).toMatch(/AC-1/);
}, 120_000);

it('is asked of by several people at once, and each sees what is theirs', async () => {
  const other = await newPerson(server!.url);
  const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
  await expect(other.getProject(project_id)).rejects.toMatchObject({ code: 'not_found' });
  const { project_id: theirs } = await other.createProject({ product_idea: 'A list of books with a title and an author.', autonomy: 'manual' });
  expect(await agreeToEverything(person, project_id)).toBe('completed');
  await other.cancel(theirs);
  expect((await other.listProjects()).items.map((one) => one.project_id)).toEqual([theirs]);
}, 120_000);

it('goes on with an interrupted run after an orderly stop', async () => {
  const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
  await person.finalize(project_id).catch(unlessTooLate);
  expect(await server!.stop()).toBe(0);
  await server!.start();
  expect(await agreeToEverything(person, project_id)).toBe('completed');
  await expectSoundHistory(server!.url, tokenOf(person), project_id);
}, 120_000);

async function unzip(bytes: Buffer, into: string): Promise<void> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file))),
  );
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const path = join(into, entry.fileName);
          const mode = (entry.externalFileAttributes >>> 16) & 0o777;
          mkdir(join(path, '..'), { recursive: true })
            .then(() => writeFile(path, Buffer.concat(parts), { mode }))
            .then(() => zip.readEntry(), reject);
        });
      });
    });
    zip.readEntry();
  });
}
