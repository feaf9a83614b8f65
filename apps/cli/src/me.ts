import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { CountersignClient } from '#client';
import { EXIT, type ExitCode } from './arguments.js';
import { Failure } from './failure.js';
import type { Terminal } from './terminal.js';
import { plain } from './terminal.js';

export interface Owner {
  readonly client: CountersignClient;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** Where a person stands: relative paths begin here. */
  readonly cwd: string;
}

/**
 * Writes everything of the caller into a file.
 * @throws Failure where something stands there already
 */
export async function exportMe(file: string, { client, terminal, signal, cwd }: Owner): Promise<ExitCode> {
  const path = resolve(cwd, file);
  if (await stat(path).catch(() => null)) throw new Failure(`${path} is there already; name a new file.`);
  const draft = join(dirname(path), `.export.${randomBytes(4).toString('hex')}.part`);
  try {
    await pipeline(Readable.fromWeb((await client.exportMe()) as WebStream), createWriteStream(draft, { flags: 'wx', mode: 0o600 }), { signal });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  terminal.say(`Everything of yours is in ${path}; its README.txt says what is where.`);
  return EXIT.delivered;
}

export interface Erasing extends Owner {
  /** Of an account that this command made for itself. */
  readonly password: string | undefined;
  /** What is kept of the account on this computer goes, too. */
  readonly forget: () => Promise<void>;
}

/** Erases the caller, once they have typed the address of their account. */
export async function eraseMe({ client, terminal, signal, password, forget }: Erasing): Promise<ExitCode> {
  const { email } = await client.me();
  terminal.say(`This erases the account ${plain(email)} and all that was written and built with it, for good. Nobody can bring it back.`);
  terminal.say('To keep a copy, take it first: countersign me export FILE');
  const typed = await terminal.ask('Type the e-mail address of the account to go on: ', signal);
  if (typed?.trim().toLowerCase() !== email) {
    terminal.say('That is not the address; nothing was erased.');
    return EXIT.failed;
  }
  const known = password ?? (await terminal.askSecret('Password: ', signal));
  if (known === null || known === '') {
    terminal.say('Without the password nothing is erased.');
    return EXIT.failed;
  }
  const { status } = await client.eraseMe({ confirm: email, password: known });
  await forget();
  terminal.say(status === 'erased' ? 'It is erased.' : 'It is closed, and being erased; that goes on by itself.');
  return EXIT.delivered;
}
