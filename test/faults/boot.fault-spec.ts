import { expectOneDelivery, expectSoundHistory, tokenOf } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { agreeToEverything, Installation, newPerson, Program, unlessTooLate, until } from '../support/server.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** What each of the queue's connections asks first. */
const FIRST_QUESTION = 'pg_advisory_xact_lock';

let postgres: TestPostgres;
let proxy: TcpProxy;
let databaseUrl: string;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop(), 20_000);

beforeEach(async () => {
  const direct = new URL(await postgres.createDatabase());
  proxy = await TcpProxy.to(direct.hostname, Number(direct.port));
  direct.port = String(proxy.port);
  databaseUrl = direct.href;
});
afterEach(() => proxy.close());

it('the connections of the queue break while processes start: they live, and work is done as soon as there are new ones', async () => {
  const installation = await Installation.create(databaseUrl);
  try {
    const broken = proxy.breakAt(FIRST_QUESTION, 10);
    await Promise.all([installation.startApi(), installation.startWorker('worker')]);
    await broken;
    const person = await newPerson(installation.url);
    const { project_id } = await person.createProject({ product_idea: 'A list of books with a title and an author.', autonomy: 'full' });
    await person.finalize(project_id).catch(unlessTooLate);
    expect(await agreeToEverything(person, project_id, 90_000)).toBe('completed');
    expectOneDelivery(await expectSoundHistory(installation.url, tokenOf(person), project_id));
  } finally {
    await installation.remove();
  }
}, 150_000);

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';

it.each(['api', 'worker'] as const)(
  'the database goes away while %s starts: it ends with a sentence that says so, or lives and waits',
  async (entry) => {
    const reached = proxy.halt(FIRST_QUESTION, 'answer');
    const program = Program.start(entry, { DATABASE_URL: databaseUrl, PORT: '0', JWT_SECRET: SECRET, MASTER_KEY: SECRET });
    try {
      await reached;
      await proxy.close();
      const code = await Promise.race([program.ended(), until('it to be ready', async () => program.text.includes('ready'))]);
      if (code !== true) {
        expect(code).toBe(1);
        expect(program.text).toMatch(/^(The database( at [\d.:]+)? cannot be reached|The connection to the database broke)/m);
      }
      expect(program.text).not.toContain('Unhandled');
    } finally {
      await program.kill();
    }
  },
  60_000,
);
