import type { WorkerOptions } from 'bullmq';
import { JOB_LOCK_MS } from '#platform';

/**
 * Jobs may be taken over any number of times: whether an attempt still counts is decided by its task, not by the queue.
 * How many agents work at a time is held by RunningTasks, over all queues; the concurrency is set to it at start.
 */
export const WORKER_OPTIONS: Omit<WorkerOptions, 'connection'> = {
  lockDuration: JOB_LOCK_MS,
  // BullMQ on PostgreSQL wants whole milliseconds.
  stalledInterval: Math.round(JOB_LOCK_MS / 4),
  maxStalledCount: 1_000_000,
  drainDelay: 5,
  // How soon a queue that could not be reached is tried again, and how long a stop may have to wait for that.
  runRetryDelay: 1_000,
};
