/**
 * One candidate in a process of its own: `node --import ./bench/loader.js bench/pipeline-process.ts <candidate> <settings as JSON>`.
 * Prints one line of JSON, a {@link PipelineFigures} for each number of projects at a time, and tells it to its parent.
 */
import { randomUUID } from 'node:crypto';
import { bullmq } from './pipelines/bullmq.js';
import { countersign } from './pipelines/countersign.js';
import { mastra } from './pipelines/mastra.js';
import type { Engines, Pipeline } from './pipelines/pipeline.js';
import { plainRows, rowsWithSharedCommits } from './pipelines/rows.js';
import { median } from './report.js';
import { ratePerSecond } from './workload.js';

export interface PipelineFigures {
  readonly per_second: number;
  readonly answer_ms: number;
  /** CPU of this process, a project. */
  readonly cpu_ms: number;
  readonly projects: number;
}

export const PIPELINES: Readonly<Record<string, (engines: Engines) => Promise<Pipeline>>> = {
  rows: plainRows,
  'shared-rows': rowsWithSharedCommits,
  'bullmq-redis': (engines) => bullmq(engines, 'Redis'),
  'bullmq-postgres': (engines) => bullmq(engines, 'PostgreSQL'),
  mastra,
  'countersign-redis': (engines) => countersign(engines, 'Redis'),
  'countersign-postgres': (engines) => countersign(engines, 'PostgreSQL'),
};

const [name = '', settings = '{}'] = process.argv.slice(2);
const { levels, seconds, ...engines } = JSON.parse(settings) as Engines & { levels: number[]; seconds: number };
const pipeline = await PIPELINES[name]!(engines);
const found: PipelineFigures[] = [];
for (const level of levels) {
  await Promise.all(Array.from({ length: Math.min(level, 8) }, () => pipeline.run(randomUUID())));
  process.send?.({ phase: 'begin' });
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const per_second = await ratePerSecond(level, seconds, async () => void times.push(await pipeline.run(randomUUID())));
  const used = process.cpuUsage(cpu);
  process.send?.({ phase: 'end' });
  found.push({ per_second, answer_ms: median(times), cpu_ms: (used.user + used.system) / 1_000 / times.length, projects: times.length });
}
await pipeline.close();
process.stdout.write(`${JSON.stringify(found)}\n`, () => (process.send ? process.send({ figures: found }, () => process.exit(0)) : process.exit(0)));
