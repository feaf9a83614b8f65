import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiProblem } from '#client';
import { Failure } from './failure.js';
import type { Terminal } from './terminal.js';

/** Who runs the server, at a terminal. */
export interface Operator {
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * The given token, or that which the server on this machine keeps.
 * @throws Failure where there is neither
 */
export async function operatorToken({ env, dataDir }: Pick<Operator, 'env' | 'dataDir'>): Promise<string> {
  if (env['OPERATOR_TOKEN']) return env['OPERATOR_TOKEN'];
  const file = join(dataDir, 'keys', 'operator');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new Failure(
      `There is no operator token: OPERATOR_TOKEN is not set, and ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`,
    );
  }
}

/** What to say of an error: a token that is not accepted gets a sentence of its own. */
export const refusedToken = (error: unknown, url: string): unknown =>
  error instanceof ApiProblem && error.status === 401
    ? new Failure(`${url} does not accept this operator token. Give that server's in OPERATOR_TOKEN, or set DATA_DIR to its data folder.`)
    : error;
