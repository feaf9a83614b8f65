import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#platform';
import { EXIT, UsageError, type Command, type ExitCode } from './arguments.js';
import type { Terminal } from './terminal.js';

type Replay = Extract<Command, { name: 'replay' }>;

export interface ReplaySurroundings {
  readonly environment: Environment;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

const dollars = (micro_usd: number): string => `$${(micro_usd / 1_000_000).toFixed(4)}`;

/** Does the tasks of a recorded run again and says whether the same comes out; see docs/models.md. */
export async function replayFile({ file, from, model }: Replay, { environment, terminal, signal }: ReplaySurroundings): Promise<ExitCode> {
  const { replayCassette } = await import('#agents');
  const { cassette } = await import('#contracts');
  const { LocalSandbox } = await import('#sandbox');
  const parsed = cassette.safeParse(await readJson(file));
  if (!parsed.success) throw new UsageError(`${file} is no cassette. GET /api/v1/runs/<run id>/cassette makes one.`);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-replay-'));
  const sandbox = await LocalSandbox.create({ baseDir: join(folder, 'sandboxes') });
  try {
    // A replay stores nothing and signs nothing.
    const config = { ...environment, DATABASE_URL: '', JWT_SECRET: '', MASTER_KEY: '' };
    const tasks = await replayCassette(config, sandbox, {
      tape: parsed.data,
      recordedTasks: from === undefined ? undefined : from - 1,
      model,
      signal,
      onTask: ({ purpose, same, asked, cost_micro_usd, recorded_cost_micro_usd }) =>
        terminal.say(
          `${same ? terminal.style('green', 'same     ') : terminal.style('yellow', 'different')}  ${purpose.padEnd(10)} ${asked} asked anew, ${dollars(cost_micro_usd)} (recorded: ${dollars(recorded_cost_micro_usd)})`,
        ),
    });
    const same = tasks.filter((task) => task.same).length;
    terminal.say(`${same} of ${tasks.length} tasks came out the same.`);
    return same === tasks.length || from !== undefined ? EXIT.delivered : EXIT.failed;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    throw new UsageError(`${file} cannot be read as JSON.`);
  }
}
