import pg from 'pg';
import { type ApiProblem, CountersignClient } from '#client';
import { newPerson, PASSWORD, Server, unlessTooLate, until } from '../support/server.js';
import { Gate, type GateAt } from './gate.js';

const appending = (type: string): GateAt => ({ table: 'event_log.events', operation: 'INSERT', when: `NEW.type = '${type}'` });

/** Every step of an erasure, held up in the middle of its transaction, and what becomes of it when its process is dead. */
const POINTS: readonly [string, GateAt, 'carried out' | 'taken back'][] = [
  [
    'the wish is on record, the person was not told, and the account is open',
    { ...at('identity.users', 'UPDATE'), when: 'NEW.erasing_at IS NOT NULL' },
    'taken back',
  ],
  ['the account is closed, and the run goes on', appending('run.cancelled'), 'taken back'],
  ['the run is cancelled, and its task goes on', appending('task.cancelled'), 'taken back'],
  ['the key is about to go, and stays', at('identity.data_keys', 'DELETE'), 'taken back'],
  ['the key is gone, and nobody was told', at('identity.data_keys', 'DELETE'), 'carried out'],
  ['the key is gone, and the contents are there', at('contents.blobs', 'DELETE'), 'taken back'],
  ['the contents are gone, and the account is there', at('identity.users', 'DELETE'), 'taken back'],
  ['the account is gone, and that is not on record', appending('person.erased'), 'taken back'],
];

function at(table: GateAt['table'], operation: GateAt['operation']): GateAt {
  return { table, operation, when: 'true' };
}

let server: Server;
let bob: CountersignClient;
let bobsProject: string;

beforeAll(async () => {
  server = await Server.start();
  bob = await newPerson(server.url);
  ({ project_id: bobsProject } = await bob.createProject({ product_idea: 'A list of books. No sign in.' }));
}, 60_000);

afterAll(() => server.remove(), 20_000);

describe('kill -9 in the middle of an erasure, and a new start: it goes on by itself until nothing is left', () => {
  it.each(POINTS)(
    '%s',
    async (_, point, end) => {
      const anybody = new CountersignClient({ baseUrl: server.url, retryDelaysMs: [] });
      const email = `${crypto.randomUUID()}@example.org`;
      const { access_token, user_id } = await anybody.register({ email, password: PASSWORD });
      const ada = anybody.withToken(access_token);
      const { project_id } = await ada.createProject({ product_idea: 'A list of books. A book has a title. No sign in.', autonomy: 'full' });
      await ada.finalize(project_id).catch(unlessTooLate);
      await until('an agent at work', async () => (await ada.listTasks(project_id)).items.some(({ status }) => status === 'working'));

      const gate = await Gate.close(await server.databaseUrl(), point);
      const answer = ada.eraseMe({ confirm: email, password: PASSWORD }).catch((error: unknown) => error);
      await gate.reached();
      await server.kill();
      await answer;
      await gate.open(end);
      await server.start();

      const done = await until('the erasure', async () => {
        const found = await ada.eraseMe({ confirm: email, password: PASSWORD });
        return found.status === 'erased' && found;
      });
      expect(await ada.eraseMe({ confirm: email, password: PASSWORD })).toEqual(done);
      expect(await refusal(ada.getProject(project_id))).toBe(401);
      expect(await refusal(anybody.login({ email, password: PASSWORD }))).toBe(401);
      const [left] = await query<object>(
        `SELECT (SELECT count(*)::int FROM identity.users WHERE user_id = $1) AS accounts,
                (SELECT count(*)::int FROM identity.data_keys WHERE owner_id = $1) AS keys,
                (SELECT count(*)::int FROM contents.blobs WHERE owner_id = $1) AS contents,
                (SELECT count(*)::int FROM read_models.tasks WHERE owner_id = $1 AND status IN ('pending', 'working')) AS tasks,
                (SELECT count(*)::int FROM event_log.events WHERE stream = 'person-' || $1::text AND type = 'person.erased') AS records`,
        [user_id],
      );
      expect(left).toEqual({ accounts: 0, keys: 0, contents: 0, tasks: 0, records: 1 });
      expect(await bob.getProject(bobsProject)).toMatchObject({ product_idea: 'A list of books. No sign in.' });
      expect(await bob.health()).toMatchObject({ ready: true, db_status: 'ok' });
      const verified = (await (
        await fetch(`${server.url}/api/v1/events/verify`, { headers: { authorization: `Bearer ${await tokenOfBob()}` } })
      ).json()) as { ok: boolean };
      expect(verified.ok).toBe(true);
    },
    90_000,
  );
});

let bobsToken: string | undefined;
const tokenOfBob = async (): Promise<string> => (bobsToken ??= (await bob.createApiKey('verify')).api_key);

const refusal = (asked: Promise<unknown>): Promise<number | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => (error as ApiProblem).status,
  );

/** The chat may have come to its end by itself. */
async function query<R>(sql: string, values: unknown[]): Promise<R[]> {
  const client = new pg.Client({ connectionString: await server.databaseUrl() });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as R[];
  } finally {
    await client.end();
  }
}
