import { tokenOf } from '../support/oracle.js';
import { newPerson, Server } from '../support/server.js';
import { Gate, type GateAt } from './gate.js';
import { RunUnderFault } from './run-under-fault.js';

/** How often every point is tried. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);

const appending = (type: string, part = ''): GateAt => ({
  table: 'event_log.events',
  operation: 'INSERT',
  when: `NEW.type = '${type}' AND NEW.data LIKE '%${part}%'`,
});
const checkpoint = (name: string): GateAt => ({
  table: 'read_models.checkpoints',
  operation: 'UPDATE',
  when: `NEW.name LIKE '${name}' AND NEW.position > OLD.position`,
});

/** Points within a transaction of the database, and what becomes of it when its process is dead. */
const POINTS: readonly [string, GateAt, 'carried out' | 'taken back'][] = [
  ['append: a result is being appended, and is committed afterwards', appending('task.completed', '"code_bundle"'), 'carried out'],
  ['append: a result is being appended, and is lost', appending('task.completed', '"code_bundle"'), 'taken back'],
  ['append: a person’s first event is being appended, and is lost', appending('project.created'), 'taken back'],
  ['projection: the rows of a page are written, and the checkpoint is not', checkpoint('read:%'), 'carried out'],
  ['orchestration: an input was read, and the decision is not on record', appending('orchestrator.decided', '"purpose":"write"'), 'taken back'],
  ['orchestration: a decision is on record, and nothing of it carried out', appending('task.assigned', '"purpose":"write"'), 'taken back'],
  ['orchestration: a decision was carried out, and the checkpoint does not know', checkpoint('orchestrator'), 'taken back'],
  [
    'jobs: a task is assigned, and its job is not in the queue',
    { table: 'jobs.job', operation: 'INSERT', when: `NEW.queue = 'coder'` },
    'taken back',
  ],
  ['jobs: a job was taken, and the attempt is not begun', appending('task.started'), 'taken back'],
  ['jobs: a result is on record, and the job is not done', { table: 'jobs.job', operation: 'DELETE', when: `OLD.queue = 'coder'` }, 'taken back'],
];

let server: Server;
let token: string;

beforeAll(async () => {
  server = await Server.start();
  token = tokenOf(await newPerson(server.url));
}, 60_000);

afterAll(() => server.remove(), 20_000);

describe('kill -9 in the middle of a transaction, and a new start: the run goes on by itself, once, with all that was acknowledged', () => {
  it.each(POINTS)(
    '%s',
    async (_, at, end) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const run = new RunUnderFault(server, token);
        const gate = await Gate.close(await server.databaseUrl(), at);
        run.start('full');
        await run.outlives(gate.reached());
        await run.remember();
        await run.kill();
        await gate.open(end);
        await run.remember();
        await server.start();
        await run.expectSound();
      }
    },
    90_000 * ROUNDS,
  );
});
