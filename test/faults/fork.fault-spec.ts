import { CountersignClient } from '#client';
import { expectDeliveredOnce, expectSoundHistory, logOf, tokenOf, type LogRow } from '../support/oracle.js';
import { agreeToEverything, newPerson, Server, unlessTooLate, until } from '../support/server.js';
import { Gate, type GateAt } from './gate.js';
import { eventOf } from './log-watch.js';

/** How often every point is tried. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);

const appending = (when: string): GateAt => ({ table: 'event_log.events', operation: 'INSERT', when });
const copying = (type: string): GateAt => appending(`NEW.type = '${type}' AND NEW.metadata LIKE '%"forked_from":%'`);
const TAKEN_OVER = appending(`NEW.type = 'orchestrator.decided' AND NEW.data LIKE '%"intent":"forked"%'`);

/** Points of the making of a fork, and what becomes of the transaction when its process is dead. */
const POINTS: readonly [string, GateAt, 'carried out' | 'taken back'][] = [
  ['it is asked for, and that is lost', appending(`NEW.type = 'project.fork_requested'`), 'taken back'],
  ['it is asked for, and nothing is copied', copying('project.created'), 'taken back'],
  ['its first events are copied', copying('project.created'), 'carried out'],
  ['an event is being copied, and is lost', copying('artifact.published'), 'taken back'],
  ['an event is being copied', copying('artifact.published'), 'carried out'],
  ['all is copied, and the end of it is lost', appending(`NEW.type = 'project.forked'`), 'taken back'],
  ['all is copied, and nobody has heard of it', appending(`NEW.type = 'project.forked'`), 'carried out'],
  ['its run is being taken over, and that is lost', TAKEN_OVER, 'taken back'],
  ['its run is taken over, and nothing of that is carried out', TAKEN_OVER, 'carried out'],
];

let server: Server;
let token: string;
let origin: string;
/** In the middle of the work: the plan is accepted, and the coder is at it. */
let position: string;
let before: LogRow[];

beforeAll(async () => {
  server = await Server.start();
  const person = await newPerson(server.url);
  token = tokenOf(person);
  origin = (await person.createProject({ product_idea: 'A list of books with a title and an author.', autonomy: 'full' })).project_id;
  await person.finalize(origin).catch(unlessTooLate);
  expect(await agreeToEverything(person, origin)).toBe('completed');
  before = await rowsOf(origin);
  position = before.find(eventOf('task.assigned', '"purpose":"write"'))!.position;
}, 120_000);

afterAll(() => server.remove(), 20_000);

const rowsOf = async (projectId: string): Promise<LogRow[]> =>
  (await logOf(await server.databaseUrl())).filter(({ project_id }) => project_id === projectId);

/** A client that keeps asking while the server is away. */
const patient = (): CountersignClient =>
  new CountersignClient({ baseUrl: server.url, token, retryDelaysMs: Array<number>(100).fill(200), timeoutMs: 20_000 });

describe('kill -9 while a project is forked, and a new start: there is one fork, whole, and it goes on by itself, when', () => {
  it.each(POINTS)(
    '%s',
    async (_, at, end) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const person = patient();
        const known = new Set((await person.listProjects({ limit: 200 })).items.map(({ project_id }) => project_id));
        const gate = await Gate.close(await server.databaseUrl(), at);
        const key = crypto.randomUUID();
        const asked = person.fork(origin, { at_position: position, name: 'Another list' }, key);
        asked.catch(() => undefined);
        await gate.reached();
        const kept = await logOf(await server.databaseUrl());
        const listed = (await person.listProjects({ limit: 200 })).items.filter(({ project_id }) => !known.has(project_id));
        expect(listed.map(({ project_id }) => project_id)).toEqual(at === TAKEN_OVER ? [expect.any(String)] : []);
        await server.kill();
        await gate.open(end);
        await server.start();

        const { project_id: id } = await asked;
        await until('the fork to be there', () => person.getProject(id).catch(() => null));
        expect(await agreeToEverything(person, id)).toBe('completed');
        const log = await logOf(await server.databaseUrl());
        expect(log.slice(0, kept.length)).toEqual(kept);
        expectDeliveredOnce(await expectSoundHistory(server.url, token, id));
        expectCopied(log.filter(({ project_id }) => project_id === id));
        const { items } = await person.listProjects({ limit: 200 });
        expect(items.filter(({ project_id }) => !known.has(project_id)).map(({ project_id, name }) => [project_id, name])).toEqual([
          [id, 'Another list'],
        ]);
        expect(await rowsOf(origin)).toEqual(before);
      }
    },
    90_000 * ROUNDS,
  );
});

/** Every event of the origin up to the position is there once, in its order, and after them the end of the copy. */
function expectCopied(fork: readonly (LogRow & { readonly metadata?: string })[]): void {
  const copies = fork.flatMap(({ type, metadata }) => {
    const { forked_from } = JSON.parse(metadata!) as { forked_from?: { project_id: string; position: string } };
    return forked_from ? [[type, forked_from.project_id, forked_from.position]] : [];
  });
  const expected = before.filter((event) => BigInt(event.position) <= BigInt(position)).map((event) => [event.type, origin, event.position]);
  expect(copies).toEqual(expected);
  expect(fork[0]!.type).toBe('project.fork_requested');
  expect(
    fork
      .slice(copies.length + 1)
      .map(({ type }) => type)
      .slice(0, 3),
  ).toEqual(['project.forked', 'run.forked', 'project.renamed']);
}
