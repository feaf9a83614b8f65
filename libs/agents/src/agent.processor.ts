import { WorkerHost } from '@nestjs/bullmq';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { AgentJob } from '#platform';
import { redact } from '#sandbox';
import { type AssignmentDesk, InvalidAnswer, isUnwanted, type AgentAnswer, type Assignment } from './assignment.js';
import type { Brain, BrainContext } from './brain.js';
import type { Brains } from './brains.js';
import { Blocked } from './claude/turns.js';
import { LastingFailure } from './lasting-failure.js';
import type { RunningTasks } from './running-tasks.js';

/** A queue that is away says so many times a second; the log tells of it this often. */
const COMPLAINT_MS = 10_000;

/**
 * An agent at work: takes one attempt of one task from its queue, begins it (which fences off older attempts), thinks, and
 * hands exactly one handoff in. What it knows of the world it reads from the task; what it did is on record before the job
 * is done. A job that is delivered again after a crash starts the attempt anew; a late result is refused by the task.
 */
export abstract class AgentProcessor extends WorkerHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Agents');
  private complainedAt = 0;

  protected constructor(
    private readonly desk: AssignmentDesk,
    private readonly running: RunningTasks,
    private readonly brains: Brains,
  ) {
    super();
  }

  /** The role's work. Throws what went wrong; a LastingFailure is not tried again. */
  protected abstract work(assignment: Assignment, brain: Brain, context: BrainContext): Promise<AgentAnswer>;

  async process(job: Job<AgentJob>): Promise<void> {
    const assignment = await this.desk.pickUp({ task_id: job.data.task_id, attempt: job.data.attempt });
    if (!assignment) return;
    const { signal, done } = await this.running.begin(assignment.job);
    try {
      const brain = this.brains.of(assignment.engine);
      await assignment.start(brain.name);
      let reached = 0;
      const context: BrainContext = {
        signal,
        progress: (percent, stage) => assignment.progress((reached = percent), stage),
        readFile: (sha256) => assignment.readFile(sha256),
        model: await assignment.modelContext((stage) => assignment.progress(reached, stage)),
      };
      const answer = await this.work(assignment, brain, context);
      signal.throwIfAborted();
      await assignment.complete(answer);
    } catch (error) {
      if (isUnwanted(error) || signal.aborted) return;
      if (error instanceof Blocked) await assignment.block(error);
      else await this.fail(assignment, error);
    } finally {
      done();
    }
  }

  onApplicationBootstrap(): void {
    this.worker.concurrency = this.running.limit;
    this.worker.on('error', (error) => {
      if (Date.now() - this.complainedAt < COMPLAINT_MS) return;
      this.complainedAt = Date.now();
      this.logger.warn(`the queue does not answer and will be tried again: ${error.message}`);
    });
  }

  /** Leaves what is under way to the next process: the jobs go back to the queue when their lock runs out or this closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.running.abortAll();
    await this.worker.close();
  }

  private async fail(assignment: Assignment, error: unknown): Promise<void> {
    const message = redact(error instanceof Error ? error.message : String(error))
      .replaceAll('\0', '')
      .toWellFormed();
    const lasting = error instanceof LastingFailure || error instanceof InvalidAnswer;
    // What it says may quote people or models: the task has it, sealed.
    const kind = error instanceof Error ? error.name : 'not an error';
    this.logger.warn(
      `${assignment.agent_type} failed at ${assignment.purpose} (${kind}); the error is with task ${assignment.job.task_id}, attempt ${assignment.job.attempt}`,
    );
    try {
      await assignment.fail(message, lasting);
    } catch (refused) {
      if (!isUnwanted(refused)) throw refused;
    }
  }
}
