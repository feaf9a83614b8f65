import { resolve } from 'node:path';
import type { LogCopyReport } from '#platform';
import { EXIT, UsageError, type Command, type ExitCode } from './arguments.js';
import type { Terminal } from './terminal.js';
import { COMMAND } from './work.js';

type LogCopy = Extract<Command, { name: 'log copy' }>;

export interface LogCopySurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly dataDir: string;
}

const LONGEST_SILENCE_MS = 1_000;

/** Copies the event log from one engine to another; see docs/events.md. */
export async function copyEventLog(command: LogCopy, { env, terminal, signal, dataDir }: LogCopySurroundings): Promise<ExitCode> {
  const { copyLog, LogCopyRefused, explainBootFailure } = await import('#platform');
  const { migrations } = await import('../../../migrations/index.js');
  const ends: (() => Promise<void>)[] = [];
  try {
    const [from, to] = [await urlOf('--from', command.from, env, dataDir, ends), await urlOf('--to', command.to, env, dataDir, ends)];
    let said = 0;
    const onProgress = (stage: string, events: number) => {
      if (Date.now() - said < LONGEST_SILENCE_MS) return;
      said = Date.now();
      terminal.progress({ stage: `${stage}: ${events.toLocaleString('en')} events`, percent: null });
    };
    const report = await copyLog({ from, to, migrations, onProgress, signal });
    terminal.progress(null);
    const chains = report.samePositions ? 'positions and hash chains are the same' : 'positions are new, hash chains were made anew and verified';
    terminal.say(`The log is in ${report.to} now: ${report.events} events, ${report.copied} of them copied just now; ${chains}.`);
    terminal.say(`Last link: ${report.head ?? 'none, the log is empty'}`);
    terminal.say(`${whatNext(report)} Contents, accounts and keys are not part of the log and stay in PostgreSQL.`);
    return EXIT.delivered;
  } catch (error) {
    terminal.progress(null);
    if (signal.aborted) {
      terminal.say(`What was copied stays; go on with the same command: ${COMMAND} log copy …`);
      return EXIT.interrupted;
    }
    if (error instanceof UsageError) throw error;
    terminal.say(terminal.style('red', error instanceof LogCopyRefused ? error.message : explainBootFailure(error)));
    return EXIT.failed;
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** In one sentence, what became of the checkpoints and what is to be done now. */
function whatNext({ from, to, checkpoints, samePositions }: LogCopyReport): string {
  const start =
    to === 'EventStoreDB'
      ? 'start with EVENT_STORE_URL set to it'
      : `start with DATABASE_URL set to it${from === to ? '' : ' and without EVENT_STORE_URL'}`;
  if (from === to || checkpoints.length === 0)
    return `Now ${start}: the read models are built from it from the beginning${checkpoints.length === 0 ? '' : `, and the ${checkpoints.join(', ')} goes on where it stood`}.`;
  const rebuild = samePositions
    ? ''
    : ', and rebuild the read models once (npm run countersign -- projections rebuild NAME, for each that projections list names), because their rows hold positions of the old log';
  return `Everything that followed the old log (${checkpoints.length} checkpoints) goes on in the copy behind the event it had reached: ${start}${rebuild}.`;
}

/**
 * What an end is called: a URL, the name of a variable that holds one, or `embedded` for the database of `npm start`.
 * @throws UsageError that does not repeat what was given: it may hold a password
 */
async function urlOf(
  option: string,
  given: string,
  env: LogCopySurroundings['env'],
  dataDir: string,
  ends: (() => Promise<void>)[],
): Promise<string> {
  if (given === 'embedded') {
    const { DataFolder } = await import('../../standalone/src/data-folder.js');
    const { EmbeddedPostgres } = await import('../../standalone/src/embedded-postgres.js');
    const folder = await DataFolder.take(resolve(dataDir));
    ends.push(() => folder.release());
    const postgres = await EmbeddedPostgres.start(folder);
    ends.push(() => postgres.stop());
    return postgres.url;
  }
  const { eventStoreDbUrlProblem, isPostgresUrl } = await import('#platform');
  const url = /^[A-Z][A-Z0-9_]*$/.test(given) ? env[given] : given;
  if (url === undefined || url === '') throw new UsageError(`${option}: the variable ${given} is not set.`);
  if (isPostgresUrl(url) && URL.canParse(url)) return url;
  if (/^(esdb|kurrentdb)(\+discover)?:/.test(url)) {
    const problem = eventStoreDbUrlProblem(url);
    if (problem === null) return url;
    throw new UsageError(`${option} ${problem}.`);
  }
  throw new UsageError(`${option} takes postgresql://…, esdb://…, the name of a variable that holds one of them, or "embedded".`);
}
