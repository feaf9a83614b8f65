import { setTimeout as sleep } from 'node:timers/promises';
import { OperationsClient, type ProjectionStatus, type Standstill } from '#client';
import { EXIT, type ExitCode } from './arguments.js';
import { table } from './gate-text.js';
import { operatorToken, refusedToken, type Operator } from './operator-token.js';
import type { ProjectionsCommand } from './projections-arguments.js';
import { COMMAND } from './work.js';
import { plain, type Terminal } from './terminal.js';

const LOOK_MS = 300;
/** How long it is waited for what a retry or a skip comes to. */
const PATIENCE_MS = 15_000;

/**
 * Carries out what an operator asks of the projections of a running server.
 * @throws Failure, ApiProblem, ServerUnreachable
 */
export async function operateProjections(command: ProjectionsCommand, operator: Operator): Promise<ExitCode> {
  const { url, terminal, signal } = operator;
  const client = new OperationsClient({ baseUrl: url, token: await operatorToken(operator), signal });
  const { projection, position, reason } = command;
  try {
    switch (command.action) {
      case 'list':
        terminal.say(describe(await client.listProjections()).join('\n'));
        return EXIT.delivered;
      case 'retry':
        await client.retry(projection, reason);
        return await settled(client, projection, terminal, signal, (stands) => !stands.retry_pending);
      case 'skip':
        await client.skip(projection, position!, reason!);
        return await settled(client, projection, terminal, signal, (stands) => stands.position !== position);
      case 'rebuild':
        await client.rebuild(projection, reason);
        return await followRebuild(client, projection, terminal, signal);
    }
  } catch (error) {
    throw refusedToken(error, url);
  }
}

function describe(projections: readonly ProjectionStatus[]): string[] {
  const rows = projections.map(({ name, status, position, head, version, rebuild }) => [
    name,
    rebuild ? `${status}, rebuild ${rebuild.status} ${rebuild.percent} %` : status,
    `at ${position} of ${head}`,
    `version ${version}`,
  ]);
  const stands = projections.flatMap(({ name, parked, rebuild }) => [
    ...(parked ? ['', `${name} ${whereItStands(parked)}`] : []),
    ...(rebuild?.stopped ? ['', `The rebuild of ${name} ${whereItStands(rebuild.stopped)}`] : []),
  ]);
  return [...table(rows), ...stands];
}

const whereItStands = ({ since, position, type, stream, revision, cause, reason }: Standstill): string =>
  plain(`stands since ${since} before event ${position} (${type}, revision ${revision} of ${stream}), ${cause.replace('_', ' ')}:\n  ${reason}`);

/** Waits until the decision has been acted upon, and says what came of it. */
async function settled(
  client: OperationsClient,
  name: string,
  terminal: Terminal,
  signal: AbortSignal,
  isDone: (stands: Standstill) => boolean,
): Promise<ExitCode> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(LOOK_MS, undefined, { signal })) {
    const { parked, rebuild } = await client.projection(name);
    const stands = [parked, rebuild?.stopped].filter((one) => one !== null && one !== undefined);
    if (!stands.every(isDone)) {
      if (Date.now() < until) continue;
      terminal.say('It is on record; no worker has acted upon it yet. Is one running?');
      return EXIT.failed;
    }
    terminal.say(stands.length === 0 ? `${name} goes on.` : stands.map((one) => `${name} ${whereItStands(one)}`).join('\n'));
    return stands.length === 0 ? EXIT.delivered : EXIT.failed;
  }
}

async function followRebuild(client: OperationsClient, name: string, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  for (; ; await sleep(LOOK_MS, undefined, { signal })) {
    const { rebuild } = await client.projection(name);
    if (!rebuild) {
      terminal.progress(null);
      terminal.say(`${name} is rebuilt.`);
      return EXIT.delivered;
    }
    if (rebuild.stopped && !rebuild.stopped.retry_pending) {
      terminal.progress(null);
      terminal.say(`The rebuild of ${name} ${whereItStands(rebuild.stopped)}`);
      terminal.say(`The live rows are kept up meanwhile. Skip the event (${COMMAND} projections skip), or start a version that can apply it.`);
      return EXIT.failed;
    }
    const { percent, events_per_second, seconds_left } = rebuild;
    const speed = events_per_second === null ? '' : `, ${events_per_second.toLocaleString('en')} events/s`;
    const left = seconds_left === null ? '' : `, ${seconds_left} s left`;
    terminal.progress({ stage: `rebuilding ${name}${speed}${left}`, percent });
  }
}
