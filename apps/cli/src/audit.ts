import { OperationsClient } from '#client';
import { EXIT, type ExitCode } from './arguments.js';
import type { AuditCommand } from './audit-arguments.js';
import { operatorToken, refusedToken, type Operator } from './operator-token.js';

/**
 * Has the server sign with another key from now on.
 * @throws Failure, ApiProblem, ServerUnreachable
 */
export async function rotateAuditKey({ reason }: AuditCommand, operator: Operator): Promise<ExitCode> {
  const { url, terminal, signal } = operator;
  const client = new OperationsClient({ baseUrl: url, token: await operatorToken(operator), signal });
  try {
    const { keys } = await client.rotateAuditKey(reason);
    terminal.say(
      `The key ${keys.at(-1)!.kid} signs from now on. ${keys.length - 1} earlier ${keys.length === 2 ? 'one stays' : 'ones stay'} published: ${url}/api/v1/audit/keys`,
    );
    return EXIT.delivered;
  } catch (error) {
    throw refusedToken(error, url);
  }
}
