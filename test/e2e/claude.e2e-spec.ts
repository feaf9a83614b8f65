import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { followProject, type CountersignClient } from '#client';
import { cassette, type Cassette, type StreamMessage } from '#contracts';
import { API_KEY, startMessagesApi, type MessagesApi, type Script, type ScriptedTurn } from '../support/messages-api.js';
import { expectSoundHistory, logOf, tokenOf } from '../support/oracle.js';
import { scriptedModel } from '../support/scripted-model.js';
import { agreeToEverything, newPerson, pause, Server, until } from '../support/server.js';

const IDEA = 'An app that adds numbers';
const ROOT = join(import.meta.dirname, '..', '..');

let script: Script = scriptedModel();
let api: MessagesApi;
let server: Server;
let person: CountersignClient;

const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  server = await Server.start({
    ANTHROPIC_API_KEY: API_KEY,
    ANTHROPIC_BASE_URL: api.url,
    MODEL_IDLE_SECONDS: '3',
    RETRY_SECONDS: '1,1,1',
    ...env,
  });
  person = await newPerson(server.url);
};
const readCassette = async (runId: string): Promise<Cassette> => {
  const answer = await fetch(`${server.url}/api/v1/runs/${runId}/cassette`, { headers: { authorization: `Bearer ${tokenOf(person)}` } });
  return cassette.parse(await answer.json());
};

/** Live text, put together by task and conversation, is what the recorded turns say, in order; what came before the socket was there is missing. */
function expectWhatWasWritten(seen: readonly StreamMessage[], { tasks }: Cassette): void {
  const live = new Map<string, string>();
  for (const { event_type, payload } of seen) {
    if (event_type !== 'message_delta') continue;
    const { task_id, conversation, text } = payload as { task_id: string; conversation: string; text: string };
    const key = `${task_id} ${conversation}`;
    live.set(key, (live.get(key) ?? '') + text);
  }
  expect(live.size).toBeGreaterThan(5);
  for (const [key, text] of live) {
    const [task_id, conversation] = [key.slice(0, 36), key.slice(37)];
    const turns = tasks.find((task) => task.task_id === task_id)!.entries.filter(({ kind, loop }) => kind === 'turn' && loop === conversation);
    const written = turns.flatMap(({ message }) =>
      (message as { content: { type: string; text?: string }[] }).content.map((block) => block.text ?? ''),
    );
    expect([key, written.join('').slice(-text.length)]).toEqual([key, text]);
  }
}

beforeAll(async () => {
  api = await startMessagesApi((request, number) => script(request, number));
});
afterAll(() => api.stop());
beforeEach(() => {
  script = scriptedModel();
});

describe('with a model', () => {
  beforeAll(() => start(), 60_000);
  afterAll(() => server.remove(), 30_000);

  it('an idea becomes a delivery: parallel coders, a fix round, each turn on record, paid for, and on the stream', async () => {
    const before = api.requests.length;
    const { project_id, run_id } = await person.createProject({ product_idea: IDEA, autonomy: 'plan' });
    const seen: StreamMessage[] = [];
    const stream = followProject({
      baseUrl: server.url,
      token: () => tokenOf(person),
      projectId: project_id,
      onMessage: (message) => void seen.push(message),
      reconnectMs: [100, 500],
    });
    expect(await agreeToEverything(person, project_id)).toBe('completed');
    await until('the end on the stream', () => Promise.resolve(seen.some(({ event_type }) => event_type === 'complete')));
    stream.close();
    const events = await expectSoundHistory(server.url, tokenOf(person), project_id);
    const count = (type: string) => events.filter(({ event_type }) => event_type === type).length;
    expect(count('task.turn_recorded')).toBe(api.requests.length - before);
    const assigned = events.filter(({ event_type }) => event_type === 'task.assigned').map(({ payload }) => payload['purpose']);
    // A message that comes late is answered beside the pipeline.
    const pipeline = assigned.filter((purpose) => purpose !== 'answer' && purpose !== 'converse');
    expect(pipeline).toEqual(['specify', 'plan', 'write', 'verify', 'repair', 'verify']);
    expect(seen.filter(({ event_type }) => event_type === 'tool_call')).toHaveLength(count('task.tool_called'));
    expect(seen.filter(({ event_type }) => event_type === 'tool_result')).toHaveLength(count('task.tool_recorded'));
    expectWhatWasWritten(seen, await readCassette(run_id));

    const { usage } = await person.getProject(project_id);
    expect(usage).toMatchObject({ models: expect.arrayContaining([expect.objectContaining({ role: 'coder', model: 'claude-sonnet-5-5' })]) });
    const coder = usage.models.find(({ role }) => role === 'coder')!;
    expect(coder.cache_read_tokens).toBeGreaterThan(coder.input_tokens);
    expect(coder.cache_write_tokens).toBeGreaterThan(0);
    const cost = events.reduce((sum, { event_type, payload }) => {
      const used = event_type === 'task.turn_recorded' ? (payload['usage'] as { cost_micro_usd: number }).cost_micro_usd : 0;
      return sum + used;
    }, 0);
    expect(usage).toMatchObject({ cost_micro_usd: cost });
    expect(cost).toBeGreaterThan(0);
    const health = (await (await fetch(`${server.url}/api/v1/healthz`)).json()) as { llm_status: string };
    expect(health.llm_status).toBe('ok');
    expect(server.text + JSON.stringify([events, seen])).not.toContain(API_KEY);
  });

  it('a project may ask for the other engine, and its run says who thought and what that cost', async () => {
    const before = api.requests.length;
    const { project_id, run_id } = await person.createProject({ product_idea: 'An app for our tool library', autonomy: 'full', engine: 'template' });
    expect(await agreeToEverything(person, project_id)).toBe('completed');
    expect(api.requests.length).toBe(before);
    expect(await person.getProject(project_id)).toMatchObject({ engine: 'template', usage: { cost_micro_usd: 0, models: [] } });
    const answer = await fetch(`${server.url}/api/v1/runs/${run_id}`, { headers: { authorization: `Bearer ${tokenOf(person)}` } });
    expect(await answer.json()).toMatchObject({
      run_id,
      engine: 'template',
      usage: { task_attempts: expect.any(Number), cost_micro_usd: 0, models: [] },
    });
  });

  it('a run is replayed from its cassette with no network: the same handoffs and files', async () => {
    const { project_id, run_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    expect(await agreeToEverything(person, project_id)).toBe('completed');
    const folder = mkdtempSync(join(tmpdir(), 'countersign-cassette-'));
    try {
      const file = join(folder, 'run.json');
      writeFileSync(file, JSON.stringify(await readCassette(run_id)));
      const before = api.requests.length;
      const { PATH = '', HOME = '' } = process.env;
      const replayed = spawnSync(process.execPath, [join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js'), 'replay', file], {
        env: { PATH, HOME, DATA_DIR: join(folder, 'data') },
        encoding: 'utf8',
      });
      expect(replayed.stdout + replayed.stderr).toMatch(/(\d+) of \1 tasks came out the same/);
      expect(replayed.status).toBe(0);
      expect(api.requests.length).toBe(before);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('a fork takes from the record what was recorded: only what comes after it is asked for, and paid for', async () => {
    const { project_id: origin } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    expect(await agreeToEverything(person, origin)).toBe('completed');
    const events = await expectSoundHistory(server.url, tokenOf(person), origin);
    const turns = events.filter(({ event_type }) => event_type === 'task.turn_recorded');
    const writing = events.find(({ event_type, payload }) => event_type === 'task.assigned' && payload['purpose'] === 'write')!.payload['task_id'];
    const written = turns.filter(({ payload }) => payload['task_id'] === writing);
    expect(written.length).toBeGreaterThan(3);
    for (const { position } of [written[Math.floor(written.length / 2)]!, turns.at(-1)!]) {
      const left = turns.filter((turn) => BigInt(turn.position) > BigInt(position)).length;
      const before = api.requests.length;
      const { project_id } = await person.fork(origin, { at_position: position });
      expect(await agreeToEverything(person, project_id)).toBe('completed');
      expect(api.requests.length - before).toBe(left);
      const { usage } = await person.getProject(project_id);
      expect(usage.models.reduce((sum, { requests }) => sum + requests, 0)).toBe(left);
      expect(usage.cost_micro_usd > 0).toBe(left > 0);
      await expectSoundHistory(server.url, tokenOf(person), project_id);
    }
  }, 150_000);

  it('a refusal is put to a person, who lets it go on', async () => {
    let refusals = 1;
    script = scriptedModel((request): ScriptedTurn | null =>
      JSON.stringify(request.system).includes('You are the architect') && refusals-- > 0
        ? { text: 'I would rather not.', stop_reason: 'refusal' }
        : null,
    );
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    const gate = await until('the gate', async () => {
      const { status, hitl_requests } = await person.getProject(project_id);
      if (status === 'collecting') await person.finalize(project_id).catch(() => undefined);
      return hitl_requests.find((one) => one.status === 'pending');
    });
    expect(gate.gate).toBe('block');
    expect(await person.getHitl(gate.request_id)).toMatchObject({
      content: { cause: 'refusal', reason: expect.stringContaining('I would rather not.') },
    });
    expect(await agreeToEverything(person, project_id)).toBe('completed');
  });

  it('stop means stop: the request in flight ends within a second, and none follows', async () => {
    script = scriptedModel((request) => (request.tools === undefined ? null : { text: 'thinking', fault: { kind: 'slow', ms: 400 } }));
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    await until('coders at work', async () => {
      const { status } = await person.getProject(project_id);
      if (status === 'collecting') await person.finalize(project_id).catch(() => undefined);
      return api.open > 0 && status === 'running' && api.requests.at(-1)?.tools !== undefined;
    });
    await person.pause(project_id);
    const paused = Date.now();
    await until('nothing in flight', () => Promise.resolve(api.open === 0));
    expect(Date.now() - paused).toBeLessThan(1_000);
    const asked = api.requests.length;
    await pause(500);
    expect(api.requests.length).toBe(asked);
    script = scriptedModel();
    await person.resume(project_id);
    expect(await agreeToEverything(person, project_id)).toBe('completed');
  });
});

it('at the limit of money a person is asked, and only what they add is spent', async () => {
  await start({ BUDGET_RUN_USD: '0.30' });
  try {
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    const gate = await until('the gate', async () => {
      const { status, hitl_requests } = await person.getProject(project_id);
      if (status === 'collecting') await person.finalize(project_id).catch(() => undefined);
      return hitl_requests.find((one) => one.status === 'pending');
    });
    const { content } = (await person.getHitl(gate.request_id)) as {
      content: { cause: string; budget: { scope: string; allowed_micro_usd: number } };
    };
    expect(content).toMatchObject({ cause: 'budget', budget: { scope: 'run', allowed_micro_usd: 300_000 } });
    const asked = api.requests.length;
    await pause(500);
    expect(api.requests.length).toBe(asked);

    // A fork asks for itself: what is added there is added to its own run.
    const { project_id: fork } = await person.fork(project_id);
    expect(await agreeToEverything(person, fork)).toBe('completed');
    const raised = (await logOf(await server.databaseUrl())).filter(({ type }) => type === 'spending.limit_raised');
    const { run_id } = await person.getProject(fork);
    expect(new Set(raised.map(({ data }) => (JSON.parse(data) as { id: string }).id))).toEqual(new Set([run_id]));
    expect((await person.getHitl(gate.request_id)).status).toBe('pending');

    expect(await agreeToEverything(person, project_id)).toBe('completed');
  } finally {
    await server.remove();
  }
}, 150_000);

it('a project that asks for Claude where there is no key waits for a person, and goes on once there is one', async () => {
  await start({ ANTHROPIC_API_KEY: '' });
  try {
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full', engine: 'claude' });
    const gate = await until('the gate', async () => (await person.getProject(project_id)).hitl_requests.find((one) => one.status === 'pending'));
    expect(await person.getHitl(gate.request_id)).toMatchObject({
      content: { cause: 'model', reason: expect.stringContaining('ANTHROPIC_API_KEY') },
    });
    await server.stop();
    await server.start({ ANTHROPIC_API_KEY: API_KEY, AGENT_ENGINE: 'template' });
    expect(await agreeToEverything(person, project_id)).toBe('completed');
    const { usage } = await person.getProject(project_id);
    expect(usage.cost_micro_usd).toBeGreaterThan(0);
  } finally {
    await server.remove();
  }
});

it('a wrong key is said in one sentence, on the project and in healthz, and stands in no log', async () => {
  await start({ ANTHROPIC_API_KEY: 'sk-ant-wrong-key-0123456789' });
  try {
    const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
    const gate = await until('the gate', async () => (await person.getProject(project_id)).hitl_requests.find((one) => one.status === 'pending'));
    expect(await person.getHitl(gate.request_id)).toMatchObject({
      content: { cause: 'model', reason: expect.stringContaining('ANTHROPIC_API_KEY') },
    });
    const health = (await (await fetch(`${server.url}/api/v1/healthz`)).json()) as { llm_status: string };
    expect(health.llm_status).toBe('down');
    expect(server.text).not.toContain('sk-ant-wrong');
  } finally {
    await server.remove();
  }
});
