import type { CountersignClient } from '#client';
import { expectOneDelivery, expectSoundHistory, logOf, tokenOf } from '../support/oracle.js';
import { newPerson, pause, Server, unlessTooLate, until } from '../support/server.js';
import { eventOf, LogWatch } from './log-watch.js';

/** A moment that is over within milliseconds may be missed; it must be hit within this many runs. */
const TRIES = 4;
const SECONDS = 3;

let server: Server;
let person: CountersignClient;

beforeAll(async () => {
  server = await Server.start();
  person = await newPerson(server.url);
}, 60_000);

afterAll(() => server.remove(), 20_000);

/** A run whose gates approve themselves, at the first of them. */
async function atGate(): Promise<{ project_id: string; deadline: number }> {
  const { project_id } = await person.createProject({
    product_idea: 'A list of books with a title and an author.',
    autonomy: 'plan',
    limits: { gate_deadline: { seconds: SECONDS, then: 'approve' } },
  });
  await person.finalize(project_id).catch(unlessTooLate);
  const gate = await until('the gate', async () => (await person.listHitl({ projectId: project_id, status: 'pending' })).items[0]);
  return { project_id, deadline: Date.parse(gate.deadline!) };
}

/** Both gates were approved by their timers, once, and all that follows was done once. */
async function expectApprovedOnce(projectId: string): Promise<void> {
  await until('the end of the run', async () => (await person.getProject(projectId)).status === 'completed');
  const events = await expectSoundHistory(server.url, tokenOf(person), projectId);
  expectOneDelivery(events);
  expect(events.filter(({ event_type }) => event_type === 'timer.fired')).toHaveLength(2);
  expect(events.filter(({ event_type }) => event_type === 'hitl.responded').map(({ actor }) => actor)).toEqual(['timer', 'timer']);
}

it('killed after a timer fell due and before it went off: it goes off at the next start', async () => {
  const { project_id, deadline } = await atGate();
  process.kill(server.pid, 'SIGSTOP');
  await pause(Math.max(0, deadline - Date.now()) + 500);
  const log = await logOf(await server.databaseUrl());
  expect(log.filter(({ type, project_id: of }) => of === project_id && (type === 'timer.fired' || type === 'hitl.responded'))).toEqual([]);
  await server.kill();
  await server.start();
  await expectApprovedOnce(project_id);
}, 60_000);

it('killed when a timer has gone off, and nothing has followed: what follows is done at the next start, once', async () => {
  let reached = false;
  for (let tries = 0; tries < TRIES && !reached; tries += 1) {
    const url = await server.databaseUrl();
    const watch = await LogWatch.open(url, (await logOf(url)).at(-1)?.position ?? '0');
    const { pid } = server;
    const fired = watch.when(eventOf('timer.fired'), () => process.kill(pid, 'SIGKILL'));
    const { project_id } = await atGate();
    const { position } = await fired;
    await watch.close();
    await server.kill();
    reached = !(await logOf(url)).some((event) => BigInt(event.position) > BigInt(position) && event.type === 'hitl.responded');
    await server.start();
    await expectApprovedOnce(project_id);
  }
  expect(reached).toBe(true);
}, 120_000);
