import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { SignedHead, Trust } from '#audit';
import { EXIT, UsageError, type ExitCode } from './arguments.js';
import type { VerifyCommand } from './audit-arguments.js';
import { plain, type Terminal } from './terminal.js';

const LONGEST_SILENCE_MS = 500;

/**
 * Checks an exported history with nothing but the file, keys and kept heads; see docs/audit.md.
 * @throws UsageError where there is nothing that can be checked
 */
export async function verifyFile(
  command: VerifyCommand,
  { terminal, cwd, signal }: { terminal: Terminal; cwd: string; signal: AbortSignal },
): Promise<ExitCode> {
  const { ExportVerifier, NotAnExport, verifyExport } = await import('#audit');
  const file = resolve(cwd, command.file);
  const trust = await trustOf(command, cwd);
  const kept = (await Promise.all(command.heads.map((head) => headsIn(resolve(cwd, head))))).flat();
  const { size } = await stat(file).catch((error: unknown) => {
    throw new UsageError(`${command.file} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`);
  });
  async function* pieces() {
    let [read, said] = [0, Date.now()];
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Buffer>) {
      yield piece;
      read += piece.length;
      if (Date.now() - said < LONGEST_SILENCE_MS) continue;
      said = Date.now();
      terminal.progress({ stage: `verifying ${command.file}`, percent: Math.floor((read / Math.max(1, size)) * 100) });
    }
  }
  try {
    const verdict = await verifyExport(pieces(), new ExportVerifier(trust, kept));
    terminal.progress(null);
    const { mismatch, events, end, heads, project_id, store_id } = verdict;
    if (mismatch) {
      terminal.say(terminal.style('red', `${command.file} does NOT verify.`));
      terminal.say(plain(mismatch.reason));
      return EXIT.failed;
    }
    terminal.say(terminal.style('green', `${command.file} verifies.`));
    terminal.say(
      `Project ${project_id!} of store ${store_id!}: ${count(events, 'event')} up to position ${end!.position}, as it stood at ${end!.time}.`,
    );
    terminal.say(`${count(heads, 'signature')} by ${trust.isEmpty ? 'the key that the file brings along' : 'trusted keys'}; last link ${end!.link}.`);
    if (kept.length > 0)
      terminal.say(`It continues ${kept.length === 1 ? 'the head that was given' : `each of the ${kept.length} heads that were given`}.`);
    if (trust.isEmpty)
      terminal.say(
        terminal.style('yellow', 'No key was given: the file is whole, but anybody could have signed it. Give --keys or --key to know who did.'),
      );
    return EXIT.delivered;
  } catch (error) {
    terminal.progress(null);
    if (signal.aborted) return EXIT.interrupted;
    if (error instanceof NotAnExport) throw new UsageError(`${command.file} cannot be verified. ${error.message}`);
    if ((error as NodeJS.ErrnoException).code !== undefined)
      throw new UsageError(`${command.file} cannot be read (${(error as NodeJS.ErrnoException).code!}).`);
    throw error;
  }
}

const count = (number: number, noun: string): string => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

async function trustOf({ keys, pinned }: VerifyCommand, cwd: string): Promise<Trust> {
  const { isKeyOrThumbprint, readPublishedKeys, Trust } = await import('#audit');
  for (const key of pinned)
    if (!isKeyOrThumbprint(key)) throw new UsageError(`--key takes a public key or its thumbprint, 43 characters of base64url, not "${plain(key)}".`);
  if (keys === undefined) return new Trust([], pinned);
  const published = readPublishedKeys(await textOf(resolve(cwd, keys), '--keys'));
  if (!published) throw new UsageError(`${keys} is no list of keys; GET /api/v1/audit/keys answers one.`);
  return new Trust(published, pinned);
}

/** Heads as they were kept: one alone, a list as it was answered, or those of an export. */
async function headsIn(file: string): Promise<SignedHead[]> {
  const { readSignedHead } = await import('#audit');
  const read = (text: string): SignedHead[] => {
    try {
      const json = JSON.parse(text) as { items?: unknown[] } | null;
      return (Array.isArray(json?.items) ? json.items : [json]).map(readSignedHead).filter((head) => head !== null);
    } catch {
      return [];
    }
  };
  const heads: SignedHead[] = [];
  if (await isExport(file)) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
      if (/^\{"kind":"(head|end)"/.test(line)) heads.push(...read(line));
  } else heads.push(...read(await textOf(file, '--head')));
  if (heads.length === 0) throw new UsageError(`${file} holds no signed head: give one as the server answers it, or an export that ends with one.`);
  return heads;
}

/** @throws UsageError where the file cannot be read */
async function isExport(file: string): Promise<boolean> {
  const began: Buffer[] = [];
  try {
    for await (const piece of createReadStream(file, { end: 15 }) as AsyncIterable<Buffer>) began.push(piece);
  } catch (error) {
    throw new UsageError(`--head: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`);
  }
  return Buffer.concat(began).toString() === '{"kind":"header"';
}

async function textOf(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`);
  }
}
