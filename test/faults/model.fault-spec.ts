import type { CountersignClient } from '#client';
import { API_KEY, startMessagesApi, type Fault, type MessagesApi, type Script } from '../support/messages-api.js';
import { expectSoundHistory, tokenOf } from '../support/oracle.js';
import { scriptedModel } from '../support/scripted-model.js';
import { agreeToEverything, newPerson, Server, until } from '../support/server.js';

/** How often the server is killed in one run. */
const KILLS = Number(process.env['KILLS'] ?? 6);

let script: Script = scriptedModel();
let api: MessagesApi;
let server: Server;
let person: CountersignClient;

beforeAll(async () => {
  api = await startMessagesApi((request, number) => script(request, number));
  server = await Server.start({
    ANTHROPIC_API_KEY: API_KEY,
    ANTHROPIC_BASE_URL: api.url,
    MODEL_IDLE_SECONDS: '2',
    RETRY_SECONDS: '1,1,1,1,1',
    RUNNING_RUNS_PER_USER: '20',
  });
  person = await newPerson(server.url);
}, 60_000);
afterAll(async () => {
  await server.remove();
  await api.stop();
}, 30_000);

it(`a server that is killed ${KILLS} times between turns asks the model for nothing twice`, async () => {
  const answered = new Map<string, number>();
  script = async (request, number) => {
    const key = JSON.stringify([request.system, request.messages]);
    // An answer that was on its way when the server died is lost: it may be asked for once more.
    answered.set(key, (answered.get(key) ?? 0) + 1);
    return scriptedModel()(request, number);
  };
  const { project_id } = await person.createProject({ product_idea: 'An app that adds numbers', autonomy: 'full' });
  let kills = 0;
  const killer = (async () => {
    for (let seen = api.requests.length; kills < KILLS; kills += 1) {
      const at = seen + 3;
      await until('three more requests', () => Promise.resolve(api.requests.length >= at), 60_000);
      await server.kill();
      seen = api.requests.length;
      await server.start();
    }
  })();
  const end = (async () => {
    for (;;) {
      try {
        return await agreeToEverything(person, project_id, 120_000);
      } catch (error) {
        if (!/fetch failed|ECONN|terminated|reach/.test(String(error))) throw error;
      }
    }
  })();
  await killer;
  expect(await end).toBe('completed');
  const events = await expectSoundHistory(server.url, tokenOf(person), project_id);
  const turns = events.filter(({ event_type }) => event_type === 'task.turn_recorded');
  const distinct = new Set(turns.map(({ payload }) => `${String(payload['task_id'])} ${String(payload['loop'])} ${String(payload['number'])}`));
  expect(distinct.size).toBe(turns.length);
  const twice = [...answered.values()].filter((times) => times > 1);
  // At most what was in flight at a kill: two coders at once.
  expect(twice.reduce((sum, times) => sum + times - 1, 0)).toBeLessThanOrEqual(2 * KILLS);
}, 180_000);

describe('whatever goes wrong with the model, at three points of the run', () => {
  const KINDS: readonly [name: string, fault: Fault][] = [
    ['an overload', { kind: 'error', status: 529, type: 'overloaded_error' }],
    ['a rate limit', { kind: 'error', status: 429, type: 'rate_limit_error', retry_after: 1 }],
    ['an HTML page of a proxy', { kind: 'error', status: 502, html: true }],
    ['silence', { kind: 'stall', at: 'body' }],
    ['a stream that is cut short', { kind: 'truncate', after: 4 }],
    ['a connection that is reset', { kind: 'reset', after: 4 }],
    ['broken JSON', { kind: 'bad_json', after: 3 }],
    ['an error in the stream', { kind: 'error_event', after: 3, type: 'api_error' }],
  ];
  const POINTS: readonly [name: string, sign: string][] = [
    ['the specification', 'Write the specification'],
    ['the plan', 'You are the architect'],
    ['the code', 'You work on one task of a plan'],
  ];

  it('the run goes on by itself, with no partial file and its usage complete', async () => {
    const runs = KINDS.flatMap(([kind, fault]) => POINTS.map(([point, sign]) => ({ name: `${kind} at ${point}`, fault, sign })));
    for (const { name, fault, sign } of runs) {
      let left = 1;
      script = scriptedModel((request) => {
        if (left === 0 || !JSON.stringify(request.system).includes(sign)) return null;
        left -= 1;
        return { text: 'what would have come', fault };
      });
      const { project_id } = await person.createProject({ product_idea: 'An app that adds numbers', autonomy: 'full' });
      expect([name, await agreeToEverything(person, project_id, 60_000)]).toEqual([name, 'completed']);
      expect([name, left]).toEqual([name, 0]);
      const { usage } = await person.getProject(project_id);
      expect([name, usage.models.every(({ cost_micro_usd }) => cost_micro_usd > 0)]).toEqual([name, true]);
    }
  }, 400_000);
});
