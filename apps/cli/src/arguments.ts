import { AGENT_ENGINES, AUTONOMY_LEVELS, type AgentEngine, type Autonomy } from '#contracts';
import { parseAudit, parseCauses, parseVerify, type AuditCommand, type CausesCommand, type VerifyCommand } from './audit-arguments.js';
import { filled, parse, serverUrl, UsageError } from './options.js';
import { parseProjections, type ProjectionsCommand } from './projections-arguments.js';

export { serverUrl, UsageError };

/** What a run of the command line ended with. */
export const EXIT = { delivered: 0, failed: 1, usage: 2, waits: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ServerOptions {
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
}

export interface WorkOptions extends ServerOptions {
  readonly yes: boolean;
  readonly out: string | undefined;
}

export type Command =
  | { readonly name: 'help' }
  | ({ readonly name: 'projects' } & ServerOptions)
  | ({ readonly name: 'me export'; readonly file: string } & ServerOptions)
  | ({ readonly name: 'me erase' } & ServerOptions)
  | ProjectionsCommand
  | AuditCommand
  | VerifyCommand
  | CausesCommand
  | ({
      readonly name: 'build';
      readonly idea: string;
      readonly projectName: string | undefined;
      readonly autonomy: Autonomy | undefined;
      readonly engine: AgentEngine | undefined;
    } & WorkOptions)
  | ({ readonly name: 'continue'; readonly projectId: string } & WorkOptions)
  /** `position`: of the log, a decimal string; undefined for now. */
  | ({
      readonly name: 'fork';
      readonly projectId: string;
      readonly position: string | undefined;
      readonly projectName: string | undefined;
    } & WorkOptions)
  /** `from`, `to`: positions of the log; without `to` up to its end. */
  | ({ readonly name: 'diff'; readonly projectId: string; readonly from: string; readonly to: string | undefined } & ServerOptions)
  | { readonly name: 'log copy'; readonly from: string; readonly to: string }
  /** `from`: the first task that a model is asked for anew, counted from 1. */
  | { readonly name: 'replay'; readonly file: string; readonly from: number | undefined; readonly model: string | undefined };

const COMMANDS = 'build, continue, fork, projects, diff, causes, verify, me, log or replay';
const MAX_IDEA = 20_000;
const MAX_NAME = 120;

const SERVER = { url: { type: 'string' }, 'api-key': { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
const WORK = { ...SERVER, yes: { type: 'boolean', short: 'y' }, out: { type: 'string', short: 'o' } } as const;
const DIFF = { ...SERVER, from: { type: 'string' }, to: { type: 'string' } } as const;
const LOG_COPY = { from: { type: 'string' }, to: { type: 'string' }, help: SERVER.help } as const;
const REPLAY = { from: { type: 'string' }, model: { type: 'string' }, help: SERVER.help } as const;
const FORK = { ...WORK, at: { type: 'string' }, name: { type: 'string' } } as const;
const BUILD = { ...WORK, autonomy: { type: 'string' }, engine: { type: 'string' }, name: { type: 'string' } } as const;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Command {
  const [command, ...rest] = argv;
  switch (command) {
    case undefined:
    case 'help':
    case '-h':
    case '--help':
      return { name: 'help' };
    case 'build':
      return parseBuild(rest);
    case 'continue': {
      const { values, positionals } = parse(rest, WORK);
      return values.help ? { name: 'help' } : { name: 'continue', projectId: oneProject(positionals, 'continue'), ...workOptions(values) };
    }
    case 'fork':
      return parseFork(rest);
    case 'diff':
      return parseDiff(rest);
    case 'projects':
    case 'status': {
      const { values, positionals } = parse(rest, SERVER);
      if (values.help) return { name: 'help' };
      if (positionals.length > 0) throw new UsageError(`"countersign ${command}" takes no "${positionals[0]!}".`);
      return { name: 'projects', ...serverOptions(values) };
    }
    case 'me':
      return parseMe(rest);
    case 'projections':
      return parseProjections(rest) ?? { name: 'help' };
    case 'audit':
      return parseAudit(rest) ?? { name: 'help' };
    case 'causes':
      return parseCauses(rest) ?? { name: 'help' };
    case 'verify':
      return parseVerify(rest) ?? { name: 'help' };
    case 'log':
      return parseLog(rest);
    case 'replay':
      return parseReplay(rest);
    default:
      throw new UsageError(`There is no command "${command}": use ${COMMANDS}, or --help.`);
  }
}

/** @throws UsageError */
function oneProject([projectId, ...more]: readonly string[], what: string): string {
  if (projectId === undefined || more.length > 0) throw new UsageError(`Name the one project to ${what}; "countersign projects" lists them.`);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(projectId))
    throw new UsageError(`"${projectId}" is no project id; "countersign projects" lists them.`);
  return projectId;
}

function parseFork(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, FORK);
  if (values.help) return { name: 'help' };
  const projectId = oneProject(positionals, 'fork');
  if (values.at !== undefined && !/^\d{1,19}$/.test(values.at)) throw new UsageError(`--at takes a position of the log, not "${values.at}".`);
  return { name: 'fork', projectId, position: values.at, projectName: nameFrom(values.name), ...workOptions(values) };
}

/** @throws UsageError */
function nameFrom(given: string | undefined): string | undefined {
  const name = given?.trim();
  if (name === '' || (name?.length ?? 0) > MAX_NAME) throw new UsageError(`--name takes 1 to ${MAX_NAME} characters.`);
  return name;
}

function parseMe(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, SERVER);
  if (values.help) return { name: 'help' };
  const [action, file, ...more] = positionals;
  if (action === 'erase' && file === undefined) return { name: 'me erase', ...serverOptions(values) };
  if (action !== 'export') throw new UsageError('Say what to do with all that is yours: countersign me export FILE, or countersign me erase.');
  if (file === undefined || more.length > 0) throw new UsageError('Name the one file to write: countersign me export FILE.');
  return { name: 'me export', file, ...serverOptions(values) };
}

function parseDiff(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, DIFF);
  if (values.help) return { name: 'help' };
  const projectId = oneProject(positionals, 'compare');
  const { from, to } = values;
  if (from === undefined) throw new UsageError('--from says from which position of the log on; 0 is the beginning.');
  for (const [option, position] of [
    ['--from', from],
    ['--to', to],
  ] as const)
    if (position !== undefined && !/^\d{1,19}$/.test(position)) throw new UsageError(`${option} takes a position of the log, not "${position}".`);
  return { name: 'diff', projectId, from, to, ...serverOptions(values) };
}

function parseLog(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, LOG_COPY);
  if (values.help) return { name: 'help' };
  if (positionals.join(' ') !== 'copy') throw new UsageError('Say what to do with the log: countersign log copy --from URL --to URL.');
  const [from, to] = [filled(values.from, '--from'), filled(values.to, '--to')];
  if (from === undefined || to === undefined) throw new UsageError('log copy takes both --from and --to.');
  return { name: 'log copy', from, to };
}

function parseReplay(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, REPLAY);
  if (values.help) return { name: 'help' };
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name the one cassette to replay: countersign replay FILE.');
  if (values.from !== undefined && !/^[1-9]\d{0,3}$/.test(values.from))
    throw new UsageError(`--from takes the number of a task, counted from 1, not "${values.from}".`);
  const model = filled(values.model, '--model');
  if (model !== undefined && values.from === undefined) throw new UsageError('--model goes with --from: the recorded tasks before it ask nobody.');
  return { name: 'replay', file, from: values.from === undefined ? undefined : Number(values.from), model };
}

function parseBuild(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv, BUILD);
  if (values.help) return { name: 'help' };
  const idea = positionals.join(' ').trim();
  if (idea === '') throw new UsageError('Say what is to be built, such as: countersign build "An app for our tool library".');
  if (idea.length > MAX_IDEA) throw new UsageError(`The idea has ${idea.length} characters; at most ${MAX_IDEA} are taken.`);
  const autonomy = oneOf(AUTONOMY_LEVELS, values.autonomy, '--autonomy');
  const engine = oneOf(AGENT_ENGINES, values.engine, '--engine');
  return { name: 'build', idea, projectName: nameFrom(values.name), autonomy, engine, ...workOptions(values) };
}

function oneOf<T extends string>(choices: readonly T[], given: string | undefined, option: string): T | undefined {
  const choice = choices.find((one) => one === given);
  if (given !== undefined && choice === undefined) throw new UsageError(`${option} takes ${choices.join(', ')}, not "${given}".`);
  return choice;
}

function serverOptions(values: { readonly url?: string | undefined; readonly 'api-key'?: string | undefined }): ServerOptions {
  return { url: values.url === undefined ? undefined : serverUrl(values.url, '--url'), apiKey: filled(values['api-key'], '--api-key') };
}

function workOptions(
  values: { readonly yes?: boolean | undefined; readonly out?: string | undefined } & Parameters<typeof serverOptions>[0],
): WorkOptions {
  return { ...serverOptions(values), yes: values.yes ?? false, out: filled(values.out, '--out') };
}

export const HELP = `countersign: from a product idea to tested software

  countersign build "<idea>"         have it built: answer the analyst, decide at each gate, get the ZIP
  countersign continue <project id>  go on with a project that was left waiting, was interrupted, or failed
  countersign fork <project id>      have another project begin as this one stands, and go on with that one;
                                     --at P: as it stood at a position of the log
  countersign diff <project id> --from P [--to Q]
                                     what became of a project between two positions of the log
  countersign projects               list your projects and how they stand
  countersign causes POSITION        what led to an event, back to who decided it; --effects: what followed from it
  countersign verify FILE            check an exported history, with no server: [--keys FILE] [--key KEY] [--head FILE]
  countersign me export FILE         write everything of yours into a ZIP
  countersign me erase               erase your account and all that you wrote, for good
  countersign log copy               copy the event log to another engine, and verify the copy
  countersign replay FILE            do a recorded run again from its cassette, with no network and for nothing;
                                     --from N [--model M]: ask a model anew from task N on, to compare

For whoever runs the server, with its operator token (OPERATOR_TOKEN, else DATA_DIR/keys/operator):

  countersign projections list       how the read models stand, and before which event one is parked
  countersign projections retry NAME [--reason TEXT]
                                     try that event again
  countersign projections skip NAME --position P --reason TEXT
                                     pass that event, now and in every rebuild
  countersign projections rebuild NAME [--reason TEXT]
                                     build its tables anew beside the live ones, and swap them in
  countersign audit rotate-key --reason TEXT
                                     have another key sign the heads of the hash chains

Options of verify (docs/audit.md)
      --keys FILE     the server's public keys, as GET /api/v1/audit/keys answers them
      --key KEY       a public key or its thumbprint; may be given several times
      --head FILE     a signed head, or an older export, that was kept; may be given several times

Options of build, continue and fork
  -y, --yes           take the analyst's usual proposals, skip its guesses, approve at every gate
  -o, --out DIR       where the ZIP goes (default: the current folder)

Options of build
      --autonomy LEVEL  which decisions you take: manual (specification, plan, delivery),
                        plan (specification and plan; the default), full (none)
      --engine ENGINE   who thinks: template, or claude (default: what the server is set to)
      --name NAME       name of the project (default: the idea's first words)

Options of fork
      --at P            position of the log (default: now); the audit shows positions
      --name NAME       name of the new project (default: that of the other one)

Options of log copy
      --from, --to END  postgresql://…, esdb://…, the name of a variable that holds one of them, or
                        "embedded": the database in DATA_DIR. Can be interrupted and repeated

Options of all commands on projects and of me
      --url URL       server to use (default: COUNTERSIGN_URL, else HOST and PORT of the settings;
                      where none runs there, one is started and stopped again at the end)
      --api-key KEY   whom to work as (default: COUNTERSIGN_API_KEY, else a key of its own,
                      kept in DATA_DIR/cli.json)
  -h, --help          this text

Where standard input is no terminal, answers to the analyst are read from it, one line for each
question: an empty line takes the proposal, "done" or the end of the input ends the chat.

Exit codes
  0    delivered; verified
  1    failed, cancelled or expired, or the server cannot be used; does not verify
  2    asked for the wrong way; nothing that can be verified
  3    waits for a person: a decision is open that nobody was there to take
  130  interrupted
`;
