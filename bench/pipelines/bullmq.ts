import { performance } from 'node:perf_hooks';
import { createPostgresBackend, Queue, setDefaultBackendFactory, Worker } from 'bullmq';
import { GATE_AFTER, handoff, STEPS, type Engines, type Pipeline } from './pipeline.js';

interface Work {
  readonly id: string;
  readonly content: unknown;
}
interface Running {
  answered: number;
  waited: number;
  done(): void;
}

/** A queue a step: the result of a step is the next one's job, added before its own job is done. No log, no read model, no stream. */
export function bullmq({ databaseUrl, redisUrl }: Engines, engine: 'Redis' | 'PostgreSQL'): Promise<Pipeline> {
  if (engine === 'PostgreSQL') setDefaultBackendFactory(createPostgresBackend as never);
  const connection = (
    engine === 'Redis' ? { url: redisUrl, maxRetriesPerRequest: null } : { connectionString: databaseUrl, schema: 'jobs', migrate: true, max: 8 }
  ) as never;
  const running = new Map<string, Running>();
  const queues = Array.from({ length: STEPS }, (_, step) => new Queue<Work>(`step-${step + 1}`, { connection }));
  const add = (step: number, id: string) =>
    queues[step - 1]!.add('work', { id, content: handoff(id) }, { removeOnComplete: true, removeOnFail: true });
  const workers = queues.map(
    (_, index) =>
      new Worker<Work>(
        `step-${index + 1}`,
        async ({ data: { id } }) => {
          const step = index + 1;
          const project = running.get(id)!;
          if (step === GATE_AFTER + 1) project.waited = performance.now() - project.answered;
          if (step === GATE_AFTER) {
            // The person, who answers at once: the answer is the job that goes on.
            project.answered = performance.now();
            await add(step + 1, id);
          } else if (step < STEPS) await add(step + 1, id);
          return { stored: true };
        },
        { connection, concurrency: 64 },
      ),
  );
  workers.at(-1)!.on('completed', ({ data: { id } }) => running.get(id)?.done());
  for (const queue of queues) queue.on('error', () => undefined);
  for (const worker of workers) worker.on('error', () => undefined);
  return Promise.resolve({
    run: (id) =>
      new Promise<number>((resolve, reject) => {
        const project: Running = { answered: 0, waited: 0, done: () => (running.delete(id), resolve(project.waited)) };
        running.set(id, project);
        add(1, id).catch(reject);
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker.close(true)));
      await Promise.all(queues.map((queue) => queue.close()));
    },
  });
}
