import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ApiProblem, CountersignClient, ServerUnreachable, type ProjectSummary } from '#client';
import { apiKeyFor, forgetKey, keptPassword } from './account.js';
import { EXIT, serverUrl, UsageError, type Command, type ExitCode } from './arguments.js';
import { rotateAuditKey } from './audit.js';
import { showCauses } from './causes.js';
import { Follower } from './follow.js';
import { explain, Failure } from './failure.js';
import { makeFolder } from './folder.js';
import { table } from './gate-text.js';
import { eraseMe, exportMe } from './me.js';
import { describeDiff } from './project-diff.js';
import { operateProjections } from './projections.js';
import { findServer, ownAddress, type ServerSettings } from './server.js';
import { plain, type Terminal } from './terminal.js';
import { COMMAND, TIMING, type Timing, type Work } from './work.js';

export type ProjectCommand = Exclude<Command, { name: 'help' | 'log copy' | 'replay' | 'verify' }>;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a person stands: relative paths begin here. */
  readonly cwd: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly settings: Omit<ServerSettings, 'env'>;
  readonly timing?: Timing;
}

/** Carries out a command on a server that runs or is started for it. Says what went wrong; throws {@link UsageError} only. */
export async function run(command: ProjectCommand, around: Surroundings): Promise<ExitCode> {
  const { env, terminal, signal } = around;
  const named = env['COUNTERSIGN_URL'] ? serverUrl(env['COUNTERSIGN_URL'], 'COUNTERSIGN_URL') : undefined;
  if (command.name === 'projections' || command.name === 'audit') {
    const url = command.url ?? named ?? ownAddress(around.settings);
    const operator = { url, env, dataDir: around.settings.dataDir, terminal, signal };
    return (command.name === 'audit' ? rotateAuditKey(command, operator) : operateProjections(command, operator))
      .catch((error: unknown) => report(error, around))
      .finally(() => terminal.progress(null));
  }
  const out = 'out' in command ? await writableFolder(resolve(around.cwd, command.out ?? '.')) : around.cwd;
  const say = (text: string): void => terminal.say(text);
  try {
    const server = await findServer(command.url ?? named, { ...around.settings, env }, say, signal);
    try {
      const client = new CountersignClient({ baseUrl: server.url, signal });
      const { dataDir } = around.settings;
      const token = await apiKeyFor({
        client,
        server: server.account,
        given: command.apiKey ?? (env['COUNTERSIGN_API_KEY'] || undefined),
        dataDir,
        say,
        mayMake: 'out' in command || command.name === 'projects',
      });
      if (command.name === 'me export') return await exportMe(command.file, { ...around, client: client.withToken(token) });
      if (command.name === 'me erase')
        return await eraseMe({
          ...around,
          client: client.withToken(token),
          password: await keptPassword(dataDir, server.account, token),
          forget: () => forgetKey(dataDir, server.account, token),
        });
      const timing = around.timing ?? TIMING;
      const yes = 'yes' in command && command.yes;
      return await carryOut(command, { client: client.withToken(token), server, token, terminal, yes, out, env, signal, timing });
    } finally {
      terminal.progress(null);
      if (server.own) {
        say(terminal.style('dim', 'Stopping the server that was started here; what is unfinished goes on when it is started the next time.'));
        await server.stop();
      }
    }
  } catch (error) {
    return report(error, around);
  }
}

async function carryOut(
  command: Exclude<ProjectCommand, { name: 'projections' | 'audit' | 'me export' | 'me erase' }>,
  work: Work,
): Promise<ExitCode> {
  if (command.name === 'projects') return listProjects(work);
  if (command.name === 'causes') return showCauses(command, work.client, work.terminal);
  if (command.name === 'diff') return showDiff(command, work);
  const projectId =
    command.name === 'build'
      ? await begin(command, work)
      : await takeUp(command.name === 'fork' ? await fork(command, work) : command.projectId, work);
  try {
    return await new Follower(work, projectId).run();
  } catch (error) {
    if (work.signal.aborted) work.terminal.say(`Go on with: ${COMMAND} continue ${projectId}`);
    throw error;
  }
}

async function begin({ idea, projectName, autonomy, engine }: Extract<Command, { name: 'build' }>, { client, terminal }: Work): Promise<string> {
  const { project_id } = await client.createProject({ product_idea: idea, name: projectName, autonomy, engine });
  terminal.say(`Project ${project_id}`);
  return project_id;
}

/** Asks until all is copied, under one key: it is one fork, however often it is asked for. */
async function fork({ projectId, position, projectName }: Extract<Command, { name: 'fork' }>, { client, terminal, signal }: Work): Promise<string> {
  const key = randomUUID();
  for (;;) {
    const { project_id, status } = await client.fork(projectId, { at_position: position, name: projectName }, key);
    signal.throwIfAborted();
    if (status !== 'copying') {
      terminal.say(`Project ${project_id} begins as ${projectId} ${position === undefined ? 'stands' : `stood at ${position}`}.`);
      return project_id;
    }
    terminal.progress({ stage: 'copying', percent: null });
  }
}

/** What stands still goes on: a paused run is resumed, a failed or expired one tried again. */
async function takeUp(projectId: string, { client, terminal }: Work): Promise<string> {
  const { name, status } = await client.getProject(projectId);
  terminal.say(`Project ${projectId}: ${plain(name)}`);
  if (status === 'paused') await client.resume(projectId);
  if (status === 'failed' || status === 'expired') await client.retry(projectId);
  return projectId;
}

async function showDiff({ projectId, from, to }: Extract<Command, { name: 'diff' }>, { client, terminal }: Work): Promise<ExitCode> {
  const diff = await client.diff(projectId, { from, to });
  terminal.say(describeDiff(diff, (style, text) => terminal.style(style, text)).join('\n'));
  return EXIT.delivered;
}

async function listProjects({ client, terminal }: Work): Promise<ExitCode> {
  const { items, next_cursor } = await client.listProjects({ limit: 50 });
  const row = ({ project_id, created_at, status, name }: ProjectSummary): string[] => [
    project_id,
    created_at.slice(0, 16).replace('T', ' '),
    status,
    plain(name),
  ];
  terminal.say(items.length === 0 ? 'There are no projects yet.' : table(items.map(row)).join('\n'));
  if (next_cursor !== null) terminal.say('(the newest 50)');
  return EXIT.delivered;
}

/** @throws UsageError where no file can be written there */
async function writableFolder(folder: string): Promise<string> {
  try {
    await makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw new Error('it is no folder');
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new UsageError(`--out: nothing can be written to ${folder} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`);
  }
}

function report(error: unknown, { terminal, signal }: Surroundings): ExitCode {
  if (signal.aborted) return EXIT.interrupted;
  if (!(error instanceof Error)) throw error;
  // Errors of the system, such as a full disk, carry a code and say enough.
  const expected = error instanceof Failure || error instanceof ServerUnreachable || 'code' in error;
  const text = error instanceof ApiProblem ? explain(error) : expected ? error.message : (error.stack ?? error.message);
  terminal.say(terminal.style('red', plain(text)));
  return EXIT.failed;
}
