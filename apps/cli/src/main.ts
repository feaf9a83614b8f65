import { join, resolve } from 'node:path';
import { EXIT, HELP, parseArguments, UsageError, type ExitCode } from './arguments.js';
import { copyEventLog } from './log-copy.js';
import { replayFile } from './replay.js';
import { run } from './run.js';
import { Terminal } from './terminal.js';
import { verifyFile } from './verify.js';

/** Ctrl-C reaches a process twice where npm passes it on: so close together it is one. */
const SAME_SIGNAL_MS = 500;

async function main(): Promise<ExitCode> {
  const { argv, env, stdin, stdout } = process;
  const command = parseArguments(argv.slice(2));
  if (command.name === 'help') {
    stdout.write(HELP);
    return EXIT.delivered;
  }
  const { parseEnvironment, InvalidConfiguration } = await import('#platform');
  const settings = () => {
    try {
      return parseEnvironment(env);
    } catch (error) {
      throw error instanceof InvalidConfiguration ? new UsageError(error.message) : error;
    }
  };
  const { HOST, PORT, DATA_DIR } = settings();

  // `npm run` moves to the package's folder and says where the person was.
  const cwd = (env['npm_lifecycle_event'] === 'countersign' && env['INIT_CWD']) || process.cwd();
  const interrupted = new AbortController();
  let since = 0;
  const interrupt = (): void => {
    if (since === 0) {
      since = Date.now();
      terminal.say('\nInterrupted; once more ends at once.');
      interrupted.abort();
    } else if (Date.now() - since > SAME_SIGNAL_MS) process.exit(EXIT.interrupted);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  // Whoever reads the output may leave early.
  stdout.on('error', interrupt);
  const terminal = new Terminal({
    input: stdin,
    output: stdout,
    interactive: stdin.isTTY && stdout.isTTY,
    colour: stdout.isTTY && !env['NO_COLOR'],
    onInterrupt: interrupt,
  });
  try {
    if (command.name === 'log copy') return await copyEventLog(command, { env, terminal, signal: interrupted.signal, dataDir: DATA_DIR });
    if (command.name === 'replay') return await replayFile(command, { environment: settings(), terminal, signal: interrupted.signal });
    if (command.name === 'verify') return await verifyFile(command, { terminal, cwd, signal: interrupted.signal });
    return await run(command, {
      env,
      cwd,
      terminal,
      signal: interrupted.signal,
      settings: { host: HOST, port: PORT, dataDir: resolve(DATA_DIR), entry: join(import.meta.dirname, '../../standalone/src/main.js') },
    });
  } finally {
    terminal.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.usage;
}
