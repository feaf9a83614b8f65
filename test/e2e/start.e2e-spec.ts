import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountersignClient } from '#client';
import { tokenOf } from '../support/oracle.js';
import { newPerson, pause, processesNaming, Program, until } from '../support/server.js';

let folder: string;
let dataDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-start-'));
  dataDir = join(folder, 'data');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (env: Readonly<Record<string, string>> = {}): Program => Program.start('standalone', { DATA_DIR: dataDir, PORT: '0', ...env });

const ready = async (env?: Readonly<Record<string, string>>): Promise<{ program: Program; url: string; pid: number }> => {
  const program = await start(env).ready();
  return { program, url: /ready at (\S+)/.exec(program.text)![1]!, pid: program.pid };
};

const isHealthy = async (url: string): Promise<boolean> => (await fetch(`${url}/api/v1/healthz`)).status === 200;

/** The database servers that run on the data folder: their first processes, not those of single connections. */
const databases = async (): Promise<string[]> => (await processesNaming(join(dataDir, 'postgres'))).filter((process) => process.includes(' -D '));
const postmaster = async (): Promise<number> => Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);

const expectNothingLeft = async (): Promise<void> => {
  expect(await processesNaming(folder)).toEqual([]);
  expect(await readdir(dataDir)).not.toContain('lock');
};

/** One explanation, for people: no stack, no dump. */
async function refusal(program: Program): Promise<string> {
  expect(await program.ended()).toBe(1);
  expect(program.text).not.toMatch(/^\s+at |Error:|node:internal|\{|\[Nest\]/m);
  expect(program.text.trim().split('\n').length).toBeLessThanOrEqual(2);
  return program.text;
}

describe('npm start', () => {
  it('needs nothing but a folder, keeps what it was told over a new start, and leaves nothing behind', async () => {
    const first = await ready();
    const person = await newPerson(first.url);
    const { project_id } = await person.createProject({ product_idea: 'A list of books.' });
    expect(await first.program.stop('SIGTERM')).toBe(0);
    await expectNothingLeft();

    const second = await ready();
    const again = new CountersignClient({ baseUrl: second.url, token: tokenOf(person) });
    expect(await again.getProject(project_id)).toMatchObject({ project_id, product_idea: 'A list of books.' });
    expect(await second.program.stop('SIGINT')).toBe(0);
    await expectNothingLeft();
  }, 40_000);

  it('does not share its folder: a second process says so and ends, and the first goes on', async () => {
    const { program, url, pid } = await ready();
    expect(await refusal(start())).toMatch(new RegExp(`another Countersign \\(process ${pid}\\) is using the data folder ${dataDir}`));
    expect(await isHealthy(url)).toBe(true);
    expect(await databases()).toHaveLength(1);
    expect(await program.stop()).toBe(0);
    await expectNothingLeft();
  }, 40_000);

  it('goes on after kill -9, and takes away the database server that was left', async () => {
    const { program } = await ready();
    const orphan = await postmaster();
    await program.kill();
    expect(await databases()).toHaveLength(1);

    const next = await ready();
    expect(await isHealthy(next.url)).toBe(true);
    expect(await postmaster()).not.toBe(orphan);
    expect(await databases()).toEqual([expect.stringMatching(new RegExp(`^${await postmaster()} `))]);

    // Now both at once, as a power cut does.
    process.kill(await postmaster(), 'SIGKILL');
    await next.program.kill();
    const last = await ready();
    expect(await isHealthy(last.url)).toBe(true);
    expect(await databases()).toHaveLength(1);
    expect(await last.program.stop()).toBe(0);
    await expectNothingLeft();
  }, 60_000);

  it('starts its database again where only that was killed', async () => {
    const { program, url } = await ready();
    const person = await newPerson(url);
    const { project_id } = await person.createProject({ product_idea: 'A list of books.' });
    await until('the analyst', async () => (await person.listMessages(project_id)).items.some(({ author }) => author === 'analyst'));
    const killed = await postmaster();
    process.kill(killed, 'SIGKILL');
    await until('another database', async () => (await postmaster().catch(() => killed)) !== killed && isHealthy(url), 20_000);
    expect(await program.stop()).toBe(0);
    await expectNothingLeft();
  }, 60_000);

  it('is stopped in the middle of its start, and leaves nothing running', async () => {
    for (const after of [0, 400]) {
      const program = start();
      await until('its lock', async () => (await readdir(dataDir)).includes('lock'));
      await pause(after);
      expect(await program.stop()).toBe(0);
      await expectNothingLeft();
    }
  }, 40_000);

  it('names the port that another program has, and leaves nothing running', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    expect(await refusal(start({ PORT: String(port) }))).toContain(`127.0.0.1:${port}`);
    other.close();
    await expectNothingLeft();
  }, 30_000);

  it('does not mind a first start that was cut off while the database was being made', async () => {
    const cutOff = join(folder, 'cut-off');
    await mkdir(join(cutOff, 'postgres.new', 'base'), { recursive: true });
    await writeFile(join(cutOff, 'postgres.new', 'PG_VERSION'), '18\n');
    await writeFile(join(cutOff, 'postgres.password'), 'of the start that was cut off');
    const { program, url } = await ready({ DATA_DIR: cutOff });
    expect(await isHealthy(url)).toBe(true);
    expect(await program.stop()).toBe(0);
    expect(await readdir(cutOff)).toEqual(expect.not.arrayContaining(['postgres.new', 'postgres.password', 'lock']));
  }, 40_000);

  it('says which folder cannot be written to', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    expect(await refusal(start({ DATA_DIR: join(file, 'data') }))).toContain(join(file, 'data'));
  }, 20_000);

  it('names every setting that is wrong, and shows no value', async () => {
    const program = start({ PORT: 'abc', JWT_SECRET: 'short-and-secret', RUN_MINUTES: '-7' });
    expect(await program.ended()).toBe(1);
    for (const name of ['PORT', 'JWT_SECRET', 'RUN_MINUTES']) expect(program.text).toContain(name);
    expect(program.text).not.toMatch(/abc|short-and-secret|-7|^\s+at /m);
  }, 20_000);

  it('prints its settings with --help, and starts nothing', async () => {
    const program = Program.start('standalone', { DATA_DIR: join(folder, 'untouched') }, ['--help']);
    expect(await program.ended()).toBe(0);
    for (const name of ['PORT', 'DATA_DIR', 'DATABASE_URL', 'REDIS_URL', 'JWT_SECRET']) expect(program.text).toContain(name);
    expect(await readdir(folder)).not.toContain('untouched');
  }, 20_000);
});
