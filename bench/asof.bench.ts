import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CountersignClient } from '#client';
import { ReadModels, type EventStore } from '#platform';
import { EVENT_STORE } from '../libs/platform/src/event-store.js';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import { startProduct, type ProductApp } from './product-app.js';
import { storedEvent } from './product-log.js';
import { quotient } from './report.js';
import { elapsedMs, inRounds } from './workload.js';

const READS = ['live', 'as of its middle', 'as of its end'] as const;

/** Reading a project as it stood earlier, beside reading it as it stands: on a short and a long log, with a short and a long history. */
const asof: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  try {
    const rows: { name: string; cells: number[][] }[] = [];
    const [times, strangers, long] = quick ? [3, 1_000, 200] : [40, 100_000, 2_000];
    for (const [others, own] of [
      [0, 0],
      [strangers, 0],
      [strangers, long],
    ] as const) {
      report.progress(`${others} events of others, ${own} more of its own`);
      const app = await startProduct(await engines.database({ migrated: true }), join(engines.folder, `${others}-${own}`));
      const { client, project_id, run_id } = await built(app);
      const { user_id } = await client.me();
      const store = app.get<EventStore>(EVENT_STORE);
      await progress(store, own / 10, () => ({ project: project_id, run_id, owner: user_id }));
      await progress(store, others / 10, () => ({ project: randomUUID(), run_id: randomUUID(), owner: randomUUID() }));
      const head = await store.head();
      if (!(await app.get(ReadModels).waitFor(head, 600_000))) throw new Error('the read models did not come up with the log');
      const history = await store.readProject(project_id, '0', 1_000_000);
      const at = { live: undefined, 'as of its middle': history[history.length >> 1]!.position, 'as of its end': history.at(-1)!.position };
      await client.getProject(project_id);
      const found = await inRounds(times, READS, (name) => elapsedMs(() => client.getProject(project_id, { at_position: at[name] })));
      rows.push({
        name: `${(others + history.length).toLocaleString('en')} events, ${history.length.toLocaleString('en')} of the project`,
        cells: READS.map((name) => found[name]),
      });
      await app.close();
    }
    report.note(`GET /projects/{id} over HTTP, one at a time, in turns; medians of ${times}, in ms.`);
    report.table({ title: 'log', columns: READS.map((name) => ({ name, digits: 1 })), rows });
    const end = rows.map(({ cells }) => cells[2]);
    report.ratios({ name: 'as of its end, long log / short log', value: quotient(end[1], end[0]), aim: { at_most: 1.5 } });
  } finally {
    await engines.stop();
  }
};
export default asof;

/** A project that went through the whole pipeline. */
async function built({ url }: ProductApp): Promise<{ client: CountersignClient; project_id: string; run_id: string }> {
  const anybody = new CountersignClient({ baseUrl: url });
  const { access_token } = await anybody.register({ email: `${randomUUID()}@example.org`, password: 'correct horse battery staple' });
  const client = anybody.withToken(access_token);
  const { project_id, run_id } = await client.createProject({ product_idea: 'A list of books.', autonomy: 'full' });
  for (;;) {
    const { status } = await client.getProject(project_id);
    if (status.startsWith('completed')) return { client, project_id, run_id };
    if (status === 'failed') throw new Error('the project failed');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Tasks that were assigned and report progress, ten events each. */
async function progress(store: EventStore, tasks: number, of: () => { project: string; run_id: string; owner: string }): Promise<void> {
  let left = tasks;
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const { project, run_id, owner } = of();
      const task = { task_id: randomUUID(), run_id, attempt: 1 };
      const handoff_in = { handoff_type: 'planning_request', sha256: 'a'.repeat(64), bytes: 2_000 };
      const assigned = { ...task, agent_type: 'architect', purpose: 'answer', instructions: 'Answer.', round: 0, handoff_in };
      const events = [
        storedEvent(project, JSON.stringify(assigned), 'task.assigned'),
        ...Array.from({ length: 8 }, (_, n) =>
          storedEvent(project, JSON.stringify({ ...task, progress: n * 10, stage: `step ${n}` }), 'task.progressed'),
        ),
        storedEvent(project, JSON.stringify(task), 'task.cancelled'),
      ];
      const whose = (metadata: string): string => JSON.stringify({ ...(JSON.parse(metadata) as object), owner_id: owner });
      await store.append(
        `task-${task.task_id}`,
        'no_stream',
        events.map((one) => ({ ...one, metadata: whose(one.metadata) })),
      );
    }
  };
  await Promise.all(Array.from({ length: 32 }, write));
}
