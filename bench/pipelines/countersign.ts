import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { CommandGateway, DatabaseDataKeys, EventLog, type CommandMeta, type EventStore } from '#platform';
import { RespondToGate } from '../../libs/hitl/src/hitl.commands.js';
import { ReserveRun } from '../../libs/projects/src/allowance.commands.js';
import { CreateProject } from '../../libs/projects/src/projects.commands.js';
import { startProduct, type ProductApp } from '../product-app.js';
import type { Engines, Pipeline } from './pipeline.js';

interface Running {
  readonly person: string;
  answered: number;
  waited: number;
  done(): void;
  failed(error: Error): void;
}

/**
 * The whole product: event log, read models, orchestrator, queue, contents, hash chains. Its commands are sent as the
 * controllers send them, and wait for the read models as theirs do. A project has five tasks (chat, specification, plan,
 * code, verification) and two gates, after the second and the third; both are answered at once.
 */
export async function countersign({ databaseUrl, redisUrl, folder }: Engines, jobs: 'Redis' | 'PostgreSQL'): Promise<Pipeline> {
  return drive(await startProduct(databaseUrl, folder, jobs === 'Redis' ? redisUrl : null));
}

/** Takes projects through a running product. */
export function drive(app: ProductApp): Pipeline {
  const commands = app.get(CommandGateway);
  const keys = app.get(DatabaseDataKeys);
  const { store } = app.get(EventLog);
  const running = new Map<string, Running>();
  app.brain.onPlan = (idea) => {
    const project = running.get(idea.slice(0, 36))!;
    project.waited = performance.now() - project.answered;
  };
  const meta = (person: string, project_id: string | null): CommandMeta => {
    const command_id = randomUUID();
    const ids = { command_id, correlation_id: command_id, causation_id: command_id, actor: person, requester: person, owner_id: person };
    return { ...ids, request_hash: null, now: new Date().toISOString(), project_id, run_id: null };
  };
  const approve = async (projectId: string, request_id: string) => {
    const project = running.get(projectId)!;
    project.answered = performance.now();
    const answer = { request_id, action: 'approve' as const, content_hash: null, amended_hash: null, comment: null };
    await commands.send(new RespondToGate(answer, meta(project.person, projectId)));
  };
  const following = new AbortController();
  const followed = follow(store, following.signal, (type, projectId, stream) => {
    const project = running.get(projectId);
    if (type === 'hitl.requested') void approve(projectId, stream.slice('gate-'.length)).catch((error: unknown) => project?.failed(error as Error));
    if (type === 'run.completed') project?.done();
    if (type === 'run.failed') project?.failed(new Error('the run failed'));
  });
  return {
    async run(project_id) {
      const person = randomUUID();
      await keys.create(person);
      const run_id = randomUUID();
      const ended = new Promise<number>((resolve, reject) => {
        const project: Running = {
          person,
          answered: 0,
          waited: 0,
          done: () => (running.delete(project_id), resolve(project.waited)),
          failed: reject,
        };
        running.set(project_id, project);
      });
      await commands.send(new ReserveRun({ user_id: person, run_id, daily_limit: 5 }, meta(person, null)));
      const data = { project_id, run_id, name: 'bench', product_idea: `${project_id} a product`, generation_spec: null };
      const run = {
        pipeline: 'standard',
        autonomy: 'plan' as const,
        engine: null,
        limits: { minutes: 45, fix_rounds: 4, gate_deadline: null },
        gate_reason: null,
      };
      await commands.send(new CreateProject({ ...data, ...run }, meta(person, project_id)));
      return ended;
    },
    async close() {
      following.abort();
      await followed;
      await app.close();
    },
  };
}

async function follow(store: EventStore, signal: AbortSignal, onEvent: (type: string, projectId: string, stream: string) => void): Promise<void> {
  await store.subscribe(await store.head(), signal, (events) => {
    for (const { type, project_id, stream } of events) if (project_id !== null) onEvent(type, project_id, stream);
    return Promise.resolve();
  });
}
