import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignClient, followProject } from '#client';
import type { Autonomy, StreamMessage } from '#contracts';
import { expectOneDelivery, expectSoundHistory, logOf, tokenOf, type LogRow } from '../support/oracle.js';
import { agreeToEverything, newPerson, processesNaming, Server, until } from '../support/server.js';
import { eventOf, LogWatch } from './log-watch.js';

/** How often every moment is tried. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);
/** A moment that is over within milliseconds may be missed; it must be hit within this many runs. */
const TRIES = 4;

interface Moment {
  readonly name: string;
  readonly autonomy: Autonomy;
  /** Killed as soon as this is on record, or as soon as this request was answered. */
  readonly at: ((event: LogRow) => boolean) | RegExp;
  /** The step after it: the moment was hit only where this is not on record. */
  readonly next: (event: LogRow) => boolean;
}

const assigned = (purpose: string) => eventOf('task.assigned', `"purpose":"${purpose}"`);
const progressed = (stage: string) => eventOf('task.progressed', `"stage":"${stage}`);
const handedIn = (handoff: string) => eventOf('task.completed', `"handoff_type":"${handoff}"`);
const checked = (check: string) => eventOf('task.check_recorded', `"check":"${check}"`);

const MOMENTS: readonly Moment[] = [
  { name: 'the creation of the project was acknowledged', autonomy: 'full', at: /\/projects$/, next: handedIn('analyst_turn') },
  {
    name: 'the orchestrator decided the first step',
    autonomy: 'full',
    at: eventOf('orchestrator.decided', '"begin"'),
    next: handedIn('analyst_turn'),
  },
  { name: 'the analyst is about to reply', autonomy: 'full', at: progressed('Reading what was said'), next: handedIn('analyst_turn') },
  {
    name: 'the gate of the specification opened',
    autonomy: 'plan',
    at: eventOf('hitl.requested', '"gate":"specification"'),
    next: eventOf('hitl.responded'),
  },
  { name: 'the answer to a gate was acknowledged', autonomy: 'plan', at: /\/respond$/, next: handedIn('implementation_plan') },
  { name: 'the coder was given the task', autonomy: 'full', at: assigned('write'), next: handedIn('code_bundle') },
  { name: 'files are being stored', autonomy: 'full', at: progressed('Storing'), next: handedIn('code_bundle') },
  { name: 'the code was handed in', autonomy: 'full', at: handedIn('code_bundle'), next: progressed('Installing') },
  { name: 'QA installs', autonomy: 'full', at: progressed('Installing'), next: checked('install') },
  { name: 'QA tests', autonomy: 'full', at: progressed('Running the tests'), next: checked('test') },
  { name: 'QA starts the app', autonomy: 'full', at: progressed('Starting the app'), next: checked('start') },
  { name: 'the code was published', autonomy: 'full', at: eventOf('artifact.published', '"type":"code"'), next: eventOf('artifact.delivered') },
  { name: 'it was delivered, and the run is not complete', autonomy: 'full', at: eventOf('artifact.delivered'), next: eventOf('run.completed') },
];

let server: Server;
let token: string;

beforeAll(async () => {
  server = await Server.start();
  token = tokenOf(await newPerson(server.url));
}, 60_000);

afterAll(() => server.remove(), 20_000);

/** A client that keeps asking while the server is away, and tells when a request was answered. */
const patient = (onAnswer: (path: string) => void = () => undefined): CountersignClient =>
  new CountersignClient({
    baseUrl: server.url,
    token,
    retryDelaysMs: Array<number>(100).fill(200),
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      await answer.clone().text();
      if (answer.ok) onAnswer(new URL(url).pathname);
      return answer;
    },
  });

const listen = (projectId: string, seen: StreamMessage[]) =>
  followProject({ baseUrl: server.url, token: () => token, projectId, onMessage: (message) => seen.push(message), reconnectMs: [100, 500] });

const hasEnded = (seen: readonly StreamMessage[]): boolean => seen.some(({ event_type }) => event_type === 'complete');

/**
 * A run whose server is killed at the moment, so many times, and started again each time. Checks all that must hold then.
 * @returns whether the moment was hit
 */
async function runAndKill({ autonomy, at, next }: Omit<Moment, 'name'>, times = 1): Promise<boolean> {
  const seen: StreamMessage[] = [];
  const pids: number[] = [];
  const kept: LogRow[][] = [await logOf(await server.databaseUrl())];
  let reached = true;
  let onAnswer: (path: string) => void = () => undefined;
  const person = patient((path) => onAnswer(path));
  const run = async () => {
    const { project_id } = await person.createProject({ product_idea: 'A list of books with a title and an author.', autonomy });
    const stream = listen(project_id, seen);
    if (autonomy === 'full') await person.finalize(project_id);
    return { project_id, stream, status: await agreeToEverything(person, project_id) };
  };

  let running: ReturnType<typeof run> | undefined;
  for (let kill = 0; kill < times; kill += 1) {
    const before = kept.at(-1)!.at(-1)?.position ?? '0';
    const url = await server.databaseUrl();
    const watch = await LogWatch.open(url, before);
    const pid = server.pid;
    pids.push(pid);
    const killed = new Promise<string>((resolve) => {
      const now = () => process.kill(pid, 'SIGKILL');
      if (at instanceof RegExp) {
        onAnswer = (path) => {
          if (!at.test(path)) return;
          onAnswer = () => undefined;
          now();
          resolve(before);
        };
      } else void watch.when(at, now).then(({ position }) => resolve(position));
    });
    running ??= run();
    const hit = await Promise.race([killed, running.then(() => null)]);
    await watch.close();
    if (hit === null) throw new Error('the run ended, and the moment had not come');
    await server.kill();
    const log = await logOf(url);
    kept.push(log);
    reached &&= !log.some((event) => BigInt(event.position) > BigInt(hit) && next(event));
    await server.start();
  }
  pids.push(server.pid);

  const { project_id, stream, status } = await running!;
  expect(status).toBe('completed');
  await until('the end on the stream', async () => hasEnded(seen));
  stream.close();
  const again: StreamMessage[] = [];
  const second = listen(project_id, again);
  await until('the whole history', async () => hasEnded(again));
  second.close();
  expect(seen).toEqual(again);

  expectOneDelivery(await expectSoundHistory(server.url, token, project_id));
  const log = await logOf(await server.databaseUrl());
  for (const rows of kept) expect(log.slice(0, rows.length)).toEqual(rows);

  expect(await readdir(join(server.dataDir, 'sandboxes'))).toEqual([]);
  for (const pid of pids) expect(await processesNaming(`COUNTERSIGN_SANDBOX_ID=ws-${pid}-`)).toEqual([]);
  const databases = await processesNaming(join(server.dataDir, 'postgres'));
  expect(databases.filter((command) => command.includes(' -D '))).toHaveLength(1);
  return reached;
}

describe('kill -9 and a new start: the run goes on by itself, once, with all that was acknowledged, when', () => {
  it.each(MOMENTS)(
    '$name',
    async (moment) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        let reached = false;
        for (let tries = 0; tries < TRIES && !reached; tries += 1) reached = await runAndKill(moment);
        expect(reached).toBe(true);
      }
    },
    90_000 * ROUNDS,
  );

  it('one job is hit five times', async () => {
    const { autonomy, at, next } = MOMENTS.find(({ name }) => name === 'QA installs')!;
    expect(await runAndKill({ autonomy, at, next }, 5)).toBe(true);
  }, 120_000);
});
