import type { CountersignClient } from '#client';
import { expectOneDelivery, expectSoundHistory, tokenOf } from '../support/oracle.js';
import { agreeToEverything, newPerson, Program, Server, unlessTooLate, until } from '../support/server.js';
import { EventStoreProcess } from '../support/writers.js';

const IDEA = 'A list of books with a title and an author.';

let server: Server;
let eventStore: EventStoreProcess;

beforeAll(async () => {
  eventStore = await EventStoreProcess.start();
  server = await Server.start();
}, 60_000);

afterAll(async () => {
  await server.remove();
  await eventStore.remove();
}, 30_000);

/** The command as a person gives it; what it said, and its exit code. */
async function countersign(...args: string[]): Promise<{ text: string; code: number | null }> {
  const program = Program.start('cli', { DATA_DIR: server.dataDir, EVENT_STORE: eventStore.url }, args);
  return { code: await program.ended(), text: program.text };
}

/** A run that waits for a person's decision about its specification. */
async function waitingRun(person: CountersignClient): Promise<string> {
  const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'plan' });
  await person.finalize(project_id).catch(unlessTooLate);
  await until('the gate', async () => (await person.getProject(project_id)).status === 'waiting_for_hitl');
  return project_id;
}

it('the log of npm start moves to EventStoreDB and back, and runs that were waiting go on in either place', async () => {
  const person = await newPerson(server.url);
  const [first, second] = [await waitingRun(person), await waitingRun(person)];
  const refused = await countersign('log', 'copy', '--from', 'embedded', '--to', 'EVENT_STORE');
  expect(refused).toEqual({ code: 1, text: expect.stringContaining('is using the data folder') });
  await server.stop();

  const copied = await countersign('log', 'copy', '--from', 'embedded', '--to', 'EVENT_STORE');
  expect(copied).toEqual({ code: 0, text: expect.stringMatching(/The log is in EventStoreDB now: (\d+) events, \1 of them copied just now/) });
  expect(copied.text).toContain('start with EVENT_STORE_URL set to it, and rebuild the read models once');

  await server.start({ EVENT_STORE_URL: eventStore.url });
  expect(await agreeToEverything(person, first)).toBe('completed');
  expectOneDelivery(await expectSoundHistory(server.url, tokenOf(person), first));
  await server.stop();

  await expect(server.start()).rejects.toThrow(/follow another event log .*npm run countersign -- log copy/);
  const back = await countersign('log', 'copy', '--from', 'EVENT_STORE', '--to', 'embedded');
  expect(back).toEqual({ code: 0, text: expect.stringMatching(/The log is in PostgreSQL now: \d+ events, \d+ of them copied just now/) });

  await server.start();
  expect(await agreeToEverything(person, second)).toBe('completed');
  for (const project of [first, second]) expectOneDelivery(await expectSoundHistory(server.url, tokenOf(person), project));
}, 180_000);
