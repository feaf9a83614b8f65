import type { Brain } from '#agents';
import type { DefectReport, FailedCommand } from '#contracts';
import { EventLog } from '#platform';
import type { AllowanceEvent } from '#projects';
import { calculator, operation, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';
import { until } from '../support/server.js';

let app: TestApp;
let ada: Person;

beforeAll(async () => {
  app = await startApp({ brain: plainBrain() });
  ada = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(() => app?.close(), 30_000);

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = { '*': (a, b) => a * b, '+': (a, b) => a + b };

/**
 * Writes a calculator that subtracts. Its repair knows nothing but the failure log: it takes the first operator with which
 * every result named there comes out right, and leaves the file as it was where the log names none.
 */
const repairer: Pick<Brain, 'write' | 'repair'> = {
  write: () => Promise.resolve(calculator('-')),
  async repair(report, { readFile }) {
    const log = report.failures.map(({ log_tail }) => log_tail).join('\n');
    const cases = [...log.matchAll(/sum\((\d+), (\d+)\) is [^,]+, not (\d+)/g)].map(
      (found) => found.slice(1).map(Number) as [number, number, number],
    );
    const [fitting] =
      Object.entries(OPERATORS).find(([, apply]) => cases.length > 0 && cases.every(([a, b, wanted]) => apply(a, b) === wanted)) ?? [];
    const present = (await readFile(report.bundle.files.find(({ path }) => path === 'sum.mjs')!.sha256)).toString('utf8');
    return calculator(fitting ?? / a (.) b/.exec(present)![1]);
  },
};
const forgetful: Pick<Brain, 'write' | 'repair'> = {
  write: repairer.write,
  repair: (report, context) => repairer.repair({ ...report, failures: [] }, context),
};

const start = async (limits: { fix_rounds?: number } = {}): Promise<string> =>
  (await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full', limits })).project_id;

/** Every defect report of a project, in order, each with the round its task counted. */
async function reports(projectId: string): Promise<{ task_round: number; report: DefectReport }[]> {
  const { items } = await ada.client.listTasks(projectId);
  const details = await Promise.all(
    items.filter(({ handoff_out }) => handoff_out?.handoff_type === 'defect_report').map(({ task_id }) => ada.client.getTask(task_id)),
  );
  return details.map(({ round, handoff_out }) => ({ task_round: round, report: handoff_out!.content as DefectReport }));
}

const failureOf = (one: { report: DefectReport } | undefined): FailedCommand => one!.report.failures[0]!;
const statuses = async (projectId: string): Promise<string[]> =>
  (await auditOf(app.url, ada.token, projectId))
    .filter(({ event_type }) => event_type.startsWith('run.'))
    .map(({ event_type, payload }) => (payload['status'] as string | undefined) ?? event_type);
const written = (operator: string) => expect.stringContaining(operation(operator).trim());

describe('a defect', () => {
  it('goes back to the coder with its log until it is repaired', async () => {
    app.think(plainBrain(repairer));
    const id = await start();
    const { warnings } = await ada.reaches(id, 'completed');
    expect(warnings).toEqual([]);

    const found = await reports(id);
    expect(found.map(({ task_round, report }) => [task_round, report.round])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(failureOf(found[0])).toMatchObject({ check: 'test', command: 'node test.mjs', exit_code: 1 });
    expect(failureOf(found[0]).log_tail).toContain('AssertionError [ERR_ASSERTION]: sum.mjs: sum(2, 2) is 0, not 4');
    expect(failureOf(found[0]).files_suspected).toContain('sum.mjs');
    expect(found[0]!.report.last_diff).toBe('');
    expect(failureOf(found[1]).log_tail).toContain('sum.mjs: sum(2, 3) is 6, not 5');
    expect(found[1]!.report.last_diff).toBe(`--- a/sum.mjs\n+++ b/sum.mjs\n@@ -1 +1 @@\n-${operation('-')}+${operation('*')}`);

    expect(await statuses(id)).toEqual([
      'run.requested',
      'queued',
      'running',
      'running',
      'running',
      'running',
      'fixing',
      'fixing',
      'fixing',
      'fixing',
      'completed',
    ]);
    const { items } = await ada.client.listTasks(id);
    expect(items.map(({ purpose, round }) => [purpose, round])).toEqual([
      ['converse', 0],
      ['specify', 0],
      ['plan', 0],
      ['write', 0],
      ['verify', 0],
      ['repair', 1],
      ['verify', 1],
      ['repair', 2],
      ['verify', 2],
    ]);
    const delivered = (await ada.client.artifacts(id)).items.find(({ type }) => type === 'code')!;
    const file = await fetch(`${app.url}/api/v1/artifacts/${delivered.artifact_id}/files/sum.mjs`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    expect(await file.text()).toEqual(written('+'));
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('is repaired from the log alone: without it the very same file comes back', async () => {
    app.think(plainBrain(forgetful));
    const id = await start({ fix_rounds: 1 });
    await ada.reaches(id, 'failed');
    const [first, second] = await reports(id);
    expect(second!.report.bundle.tree_hash).toBe(first!.report.bundle.tree_hash);
    expect(second!.report.last_diff).toBe('');
    expect(failureOf(second).log_tail).toContain('sum(2, 2) is 0, not 4');
  });

  it('that is never repaired fails the run after its rounds, and a retry gives as many again', async () => {
    app.think(plainBrain(forgetful));
    const id = await start({ fix_rounds: 2 });
    const { reason, run_id } = await ada.reaches(id, 'failed');
    expect(reason).toMatch(/still fail after the last fix round/);
    const found = await reports(id);
    expect(found.map(({ report }) => report.round)).toEqual([1, 2, 3]);
    expect(failureOf(found.at(-1)).log_tail).toContain('sum(2, 2) is 0, not 4');
    await until('the place to be released', async () => (await allowance(run_id)).at(-1) === 'allowance.place_released');

    app.think(plainBrain(repairer));
    expect(await ada.client.retry(id)).toMatchObject({ run_id, status: 'queued' });
    expect((await ada.reaches(id, 'completed')).run_id).toBe(run_id);
    expect((await reports(id)).map(({ report }) => report.round)).toEqual([1, 2, 3, 4]);
    await expect(ada.client.retry(id)).rejects.toMatchObject({ status: 409, code: 'run_not_failed' });
    await expectSoundHistory(app.url, ada.token, id);
  });
});

/** What happened to a run's place, from the person's own stream. */
async function allowance(runId: string): Promise<string[]> {
  const { user_id } = await ada.client.me();
  const events = await app.get(EventLog).readStream<AllowanceEvent>(`allowance-${user_id}`);
  return events.filter(({ data }) => data.run_id === runId).map(({ type }) => type);
}

describe('an install that fails', () => {
  it('is a warning', async () => {
    app.think(plainBrain({ write: () => Promise.resolve(calculator('+', { commands: { install: 'echo no network >&2; exit 3' } })) }));
    const id = await start();
    const { warnings } = await ada.reaches(id, 'completed_with_warnings');
    expect(warnings).toEqual([expect.stringContaining('did not succeed (exit code 3)')]);
    const { items } = await ada.client.logs(id);
    expect(items.find(({ check }) => check === 'install')).toMatchObject({ status: 'warning', exit_code: 3, log: 'no network\n' });
  });
});

describe('a brain that fails', () => {
  it('in passing is asked again', async () => {
    let calls = 0;
    const plan: Brain['plan'] = (...given) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('the line was busy')) : plainBrain().plan!(...given);
    };
    app.think(plainBrain({ plan }));
    const id = await start();
    const { tasks } = await ada.reaches(id, 'completed');
    expect(calls).toBe(2);
    expect(tasks.find(({ purpose }) => purpose === 'plan')).toMatchObject({ status: 'completed', attempt: 2, error: null });
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('for good fails its task and the run, and the task is taken up again when a person says so', async () => {
    app.think(plainBrain({ plan: () => Promise.reject(new Error('no credit left')) }));
    const id = await start();
    const { reason, stage, run_id, tasks } = await ada.reaches(id, 'failed');
    expect({ reason, stage }).toEqual({ reason: 'An agent could not do its task: no credit left', stage: 'planning' });
    const { task_id, ...task } = tasks.find(({ purpose }) => purpose === 'plan')!;
    expect(task).toMatchObject({ status: 'failed', attempt: 4, error: 'no credit left' });

    app.think(plainBrain());
    expect(await ada.ask('POST', `/tasks/${task_id}/retry`)).toMatchObject({ status: 202, body: { task_id, status: 'pending', attempt: 5 } });
    await until('the run to be taken up', async () => (await ada.client.getProject(id)).status !== 'failed');
    const again = await ada.reaches(id, 'completed');
    expect(again).toMatchObject({ run_id, reason: null });
    expect(again.tasks.filter(({ purpose }) => purpose === 'plan')).toMatchObject([{ status: 'completed', attempt: 5 }]);
    expect(await ada.ask('POST', `/tasks/${task_id}/retry`)).toMatchObject({ status: 409, body: { code: 'task_not_failed' } });
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('during the requirements chat goes on with the chat after a retry', async () => {
    app.think(plainBrain({ converse: () => Promise.reject(new Error('not today')) }));
    const id = await start();
    await ada.reaches(id, 'failed');
    app.think(
      plainBrain({
        converse: ({ messages }) =>
          Promise.resolve({ message: 'Which numbers?', questions: [], ready: messages.some(({ content }) => content === 'Whole ones.') }),
      }),
    );
    await ada.client.retry(id);
    await until('the question', async () => (await ada.client.listMessages(id)).items.some(({ content }) => content === 'Which numbers?'));
    expect((await ada.client.getProject(id)).status).toBe('collecting');
    await ada.client.postMessage(id, 'Whole ones.');
    await ada.reaches(id, 'completed');
  });

  it.each<[string, Partial<Brain>, RegExp, string]>([
    [
      'software_specification',
      { specify: () => Promise.resolve({ core_idea: '' } as never) },
      /not a valid software_specification: core_idea/,
      'specify',
    ],
    ['implementation_plan', { plan: () => Promise.resolve({ tech_stack: [] } as never) }, /not a valid implementation_plan: core_idea/, 'plan'],
    [
      'code_bundle',
      { write: () => Promise.resolve(calculator('+', { commands: { test: 'x'.repeat(401) } })) },
      /not a valid code_bundle: commands.test/,
      'write',
    ],
    [
      'code_bundle',
      { write: () => Promise.resolve(calculator('+', { files: [{ path: '../../etc/passwd', content: '' }] })) },
      /file outside the artifact/,
      'write',
    ],
  ])('to answer with a %s that keeps its form is not asked again, and leaves nothing half done', async (_, brain, reason, purpose) => {
    app.think(plainBrain(brain));
    const id = await start();
    const project = await ada.reaches(id, 'failed');
    expect(project.reason).toMatch(reason);
    expect(project.tasks.find((task) => task.purpose === purpose)).toMatchObject({ status: 'failed', attempt: 1, handoff_out: null });
    expect(project.artifacts.filter(({ type }) => type === { specify: 'spec', plan: 'plan', write: 'code' }[purpose])).toEqual([]);
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('to name suspects still has its defect reported', async () => {
    app.think(plainBrain({ ...repairer, suspects: () => Promise.resolve(['../../etc/passwd', 'sum.mjs', 'not/there.mjs']) }));
    const id = await start();
    await ada.reaches(id, 'completed');
    expect((await reports(id)).map((one) => failureOf(one).files_suspected)).toEqual([['sum.mjs'], ['sum.mjs']]);
  });
});
