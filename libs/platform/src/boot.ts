import { isatty } from 'node:tty';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { InvalidConfiguration, settings, type Config } from './config.js';

const NEST_LEVELS: Readonly<Record<Config['LOG_LEVEL'], LogLevel[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'],
};

/** What the framework says of itself while it starts; of interest to whoever debugs it. */
const FRAMEWORK = [
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'WebSocketsController',
  'RouterConflictDetector',
];

/** The log of a process, one line an entry. Callers log what happened and ids; never bodies, tokens or addresses of people. */
export class ProcessLogger extends ConsoleLogger {
  constructor(private readonly level: Config['LOG_LEVEL']) {
    super({ logLevels: NEST_LEVELS[level], prefix: 'Countersign', colors: isatty(1) && !process.env['NO_COLOR'] });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (this.level !== 'debug' && FRAMEWORK.includes(String(rest.at(-1)))) return;
    super.log(message, ...(rest as string[]));
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // Thrown as well, and explained where the process ends.
    if (this.level !== 'debug' && rest.at(-1) === 'NestApplication' && String(message).includes(': listen ')) return;
    super.error(message, ...(rest as string[]));
  }
}

/** Text for `--help`: how the command is called, and every setting it takes from the environment. */
export function helpText(usage: string): string {
  const rows = settings();
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  const lines = rows.map(({ name, fallback, meaning }) => `  ${name.padEnd(width)}${meaning}${fallback === '' ? '' : ` (${fallback})`}`);
  return [`Usage: ${usage}`, '', 'Settings, taken from the environment, all optional (default in brackets):', '', ...lines, ''].join('\n');
}

interface SystemError {
  readonly message: string;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly path?: unknown;
  readonly address?: unknown;
  readonly port?: unknown;
  readonly hostname?: unknown;
}

/** What kept the process from starting, in a sentence or two that say what to do. Contains no secret. */
export function explainBootFailure(error: unknown): string {
  if (error instanceof InvalidConfiguration) return `${error.message}\nRun it with --help to see every setting.`;
  if (!(error instanceof Error)) return `The process could not start: ${String(error)}`;
  const failure = firstCause(error);
  const known = listening(failure) ?? files(failure) ?? database(failure);
  if (known) return known;
  if (/follows? another event log|^The event store at /.test(error.message)) return `${error.message}.`;
  // What was thrown on purpose is a sentence; of anything else the place is of interest, too.
  return `The process could not start: ${error.constructor === Error ? error.message : (error.stack ?? error.message)}`;
}

/** A connection that was tried on several addresses fails with all their errors; the first one says enough. */
const firstCause = (error: Error): SystemError => (error instanceof AggregateError ? ((error.errors[0] as Error | undefined) ?? error) : error);

function listening({ code, syscall, address, port }: SystemError): string | null {
  if (syscall !== 'listen') return null;
  const place = `${String(address)}:${String(port)}`;
  if (code === 'EADDRINUSE') return `Another program listens on ${place} already. Stop it, or set PORT to another port (0 takes any free one).`;
  if (code === 'EACCES') return `This user may not listen on ${place}. Set PORT to 1024 or higher.`;
  if (code === 'EADDRNOTAVAIL') return `${String(address)} is not an address of this machine. Set HOST to one that is, such as 127.0.0.1.`;
  return `The server cannot listen on ${place} (${String(code)}). Set HOST and PORT to an address of this machine and a free port.`;
}

function files({ code, path }: SystemError): string | null {
  const where = typeof path === 'string' ? path : 'its folder';
  if (code === 'EACCES' || code === 'EPERM') return `This user may not write to ${where}. Set DATA_DIR to a folder that it may write to.`;
  if (code === 'EROFS') return `${where} is on a file system that cannot be written to. Set DATA_DIR to a folder that can.`;
  if (code === 'ENOSPC') return `The disk that holds ${where} is full. Free some space, or set DATA_DIR to a folder on another disk.`;
  if (code === 'ENOTDIR' || code === 'EEXIST') return `${where} is not a folder. Set DATA_DIR to a folder.`;
  return null;
}

function database({ code, message, address, port, hostname }: SystemError): string | null {
  if (typeof code === 'string' && /^(ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code)) {
    const place = typeof address === 'string' ? ` at ${address}:${String(port)}` : typeof hostname === 'string' ? ` at ${hostname}` : '';
    return `The database${place} cannot be reached (${code}). Check DATABASE_URL, and that the server runs and accepts connections from here.`;
  }
  if (/^Connection terminated/.test(message))
    return 'The connection to the database broke. Check that it runs and accepts connections from here, and start again.';
  if (code === '28P01' || code === '28000') return 'The database refuses the user or password in DATABASE_URL. Correct them.';
  if (code === '3D000') return 'The database named in DATABASE_URL does not exist. Create it, or name another one.';
  if (code === '53300') return 'The database accepts no further connection. Raise its max_connections, or stop what holds them.';
  if (code === '57P03') return 'The database is starting up or shutting down. Try again in a moment.';
  if (code === '42501' || /permission denied/.test(message))
    return [
      'The user in DATABASE_URL may not prepare the database. Let a superuser run this once, with your names in it:',
      '  CREATE ROLE countersign_app NOLOGIN;',
      '  GRANT countersign_app TO your_user WITH SET TRUE;',
      '  GRANT CREATE ON DATABASE your_database TO your_user;',
    ].join('\n');
  return null;
}

/** Ends the process, which could not start, with one explanation on standard error. */
export function fatal(error: unknown): never {
  process.stderr.write(`${explainBootFailure(error)}\n`);
  process.exit(1);
}
