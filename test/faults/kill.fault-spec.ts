import type { Autonomy } from '#contracts';
import { tokenOf, type LogRow } from '../support/oracle.js';
import { newPerson, Server } from '../support/server.js';
import { eventOf, LogWatch } from './log-watch.js';
import { RunUnderFault } from './run-under-fault.js';

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

/**
 * A run whose server is killed at the moment, so many times, and started again each time. Checks all that must hold then.
 * @returns whether the moment was hit
 */
async function runAndKill({ autonomy, at, next }: Omit<Moment, 'name'>, times = 1): Promise<boolean> {
  const run = new RunUnderFault(server, token);
  let last = (await run.remember()).at(-1)?.position ?? '0';
  let reached = true;
  for (let kill = 0; kill < times; kill += 1) {
    const before = last;
    const watch = await LogWatch.open(await server.databaseUrl(), before);
    const { pid } = server;
    const killed = new Promise<string>((resolve) => {
      const now = () => process.kill(pid, 'SIGKILL');
      if (at instanceof RegExp) {
        run.onAnswer = (path) => {
          if (!at.test(path)) return;
          run.onAnswer = () => undefined;
          now();
          resolve(before);
        };
      } else void watch.when(at, now).then(({ position }) => resolve(position));
    });
    if (kill === 0) run.start(autonomy);
    const hit = await run.outlives(killed);
    await watch.close();
    await run.kill();
    const log = await run.remember();
    last = log.at(-1)!.position;
    reached &&= !log.some((event) => BigInt(event.position) > BigInt(hit) && next(event));
    await server.start();
  }
  await run.expectSound();
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
