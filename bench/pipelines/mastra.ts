import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { GATE_AFTER, handoff, STEPS, type Engines, type Pipeline } from './pipeline.js';

interface Outcome {
  readonly status: string;
}
interface Run {
  start(options: { inputData: unknown }): Promise<Outcome>;
  resume(options: { step: string; resumeData: unknown }): Promise<Outcome>;
}
interface StepContext {
  readonly inputData: { readonly project: string; readonly text: string };
  readonly resumeData?: unknown;
  readonly suspend: (payload: unknown) => Promise<unknown>;
}
interface Chain {
  then(step: unknown): Chain;
  commit(): unknown;
}
interface Mastra {
  getWorkflow(name: string): { createRun(): Promise<Run> };
}
interface Packages {
  readonly createStep: (options: unknown) => unknown;
  readonly createWorkflow: (options: unknown) => Chain;
  readonly Mastra: new (options: unknown) => Mastra;
  readonly PostgresStore: new (options: unknown) => { init(): Promise<void>; close?(): Promise<void> };
}

const content = z.object({ project: z.string(), text: z.string() });

/** Mastra's workflow engine with its snapshots in PostgreSQL; the gate is a step that suspends and is resumed in the same process. */
export async function mastra({ databaseUrl }: Engines): Promise<Pipeline> {
  const load = async (name: string) => (await import(name)) as Packages;
  const { createStep, createWorkflow } = await load('@mastra/core/workflows');
  const { Mastra } = await load('@mastra/core/mastra');
  const { PostgresStore } = await load('@mastra/pg');
  const storage = new PostgresStore({ id: 'bench', connectionString: databaseUrl, max: 16 });
  await storage.init();
  const answered = new Map<string, number>();
  const waited = new Map<string, number>();
  const step = (number: number) =>
    createStep({
      id: `step-${number}`,
      inputSchema: content,
      outputSchema: content,
      execute: ({ inputData: { project } }: StepContext) => {
        if (number === GATE_AFTER + 1) waited.set(project, performance.now() - answered.get(project)!);
        return Promise.resolve(handoff(project));
      },
    });
  const gate = createStep({
    id: 'gate',
    inputSchema: content,
    outputSchema: content,
    suspendSchema: z.object({ question: z.string() }),
    resumeSchema: z.object({ action: z.string() }),
    execute: ({ inputData, resumeData, suspend }: StepContext) => (resumeData ? Promise.resolve(inputData) : suspend({ question: 'go on?' })),
  });
  let chain = createWorkflow({ id: 'bench', inputSchema: content, outputSchema: content });
  for (let number = 1; number <= STEPS; number += 1) {
    chain = chain.then(step(number));
    if (number === GATE_AFTER) chain = chain.then(gate);
  }
  const app = new Mastra({ workflows: { bench: chain.commit() }, storage, logger: false });
  return {
    async run(id) {
      const run = await app.getWorkflow('bench').createRun();
      const asked = await run.start({ inputData: handoff(id) });
      if (asked.status !== 'suspended') throw new Error(`the gate was not reached: ${asked.status}`);
      answered.set(id, performance.now());
      const ended = await run.resume({ step: 'gate', resumeData: { action: 'approve' } });
      if (ended.status !== 'success') throw new Error(`it ended as ${ended.status}`);
      answered.delete(id);
      const time = waited.get(id)!;
      waited.delete(id);
      return time;
    },
    close: async () => storage.close?.(),
  };
}
