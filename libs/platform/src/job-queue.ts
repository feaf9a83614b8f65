import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { createPostgresBackend, setDefaultBackendFactory, type Queue } from 'bullmq';
import { AGENT_TYPES, type AgentType } from '#contracts';
import type { Config } from './config.js';
import { survivesLoss } from './database.js';

/** What a job says: which attempt of which task is to be worked on. The task's stream says everything else. */
export interface AgentJob {
  readonly task_id: string;
  readonly attempt: number;
}

/** A job is taken over by another worker this long after its own has died. */
export const JOB_LOCK_MS = 10_000;

/** Puts attempts of tasks on the agents' queues. A lost job is put back by the sweep; a doubled one is fenced off by the task. */
export class AgentJobs {
  constructor(private readonly queues: ReadonlyMap<AgentType, Queue<AgentJob>>) {}

  /** Adding the same attempt again while its job exists changes nothing. */
  async enqueue(agentType: AgentType, job: AgentJob, delayMs = 0): Promise<void> {
    await this.queue(agentType).add(agentType, job, {
      jobId: jobId(job),
      delay: delayMs,
      removeOnComplete: true,
      removeOnFail: true,
    });
  }

  /** True while the queue still has the attempt, waiting, delayed or being worked on. */
  async has(agentType: AgentType, job: AgentJob): Promise<boolean> {
    const found = await this.queue(agentType).getJob(jobId(job));
    return found !== undefined && found !== null && !(await found.isFailed()) && !(await found.isCompleted());
  }

  async remove(agentType: AgentType, job: AgentJob): Promise<void> {
    await this.queue(agentType).remove(jobId(job));
  }

  /** Forgets every job, those at work too. Only for a process that is alone with its queue: the sweep puts back what is open. */
  async clear(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.obliterate({ force: true })));
  }

  /** @throws Error where the queue's engine does not answer */
  async ping(): Promise<void> {
    await this.queue('analyst').getJobCounts('waiting');
  }

  private queue(agentType: AgentType): Queue<AgentJob> {
    return this.queues.get(agentType)!;
  }
}

const jobId = ({ task_id, attempt }: AgentJob): string => `${task_id}_${attempt}`;

interface Part {
  readyPromise: Promise<void> | undefined;
  waitUntilReady(): Promise<void>;
}

/** BullMQ's backend on PostgreSQL. By itself it remembers for ever that its first connection broke; here the next call tries again. */
const postgresBackend: typeof createPostgresBackend = (...options) => {
  const backend = createPostgresBackend(...options);
  const whole = backend as unknown as Part & { readonly connection: Part };
  for (const part of [whole, whole.connection]) {
    const ready = part.waitUntilReady.bind(part);
    part.waitUntilReady = () =>
      ready().catch((error: unknown) => {
        part.readyPromise = undefined;
        throw error;
      });
  }
  return backend;
};

/** BullMQ on Redis where REDIS_URL says so, on PostgreSQL otherwise. */
@Global()
@Module({})
export class JobQueueModule {
  static forRoot(config: Config): DynamicModule {
    if (!config.REDIS_URL) setDefaultBackendFactory(postgresBackend as never);
    const connection = config.REDIS_URL
      ? { url: config.REDIS_URL, maxRetriesPerRequest: null }
      : { connectionString: config.DATABASE_URL, schema: 'jobs', migrate: true, max: 8, onConnect: survivesLoss };
    return {
      module: JobQueueModule,
      imports: [BullModule.forRoot({ connection: connection }), BullModule.registerQueue(...AGENT_TYPES.map((name) => ({ name })))],
      providers: [
        {
          provide: AgentJobs,
          useFactory: (...queues: Queue<AgentJob>[]) => {
            for (const queue of queues) queue.on('error', () => undefined);
            return new AgentJobs(new Map(AGENT_TYPES.map((type, index) => [type, queues[index]!])));
          },
          inject: AGENT_TYPES.map((name) => getQueueToken(name)),
        },
      ],
      exports: [AgentJobs, BullModule],
    };
  }
}
