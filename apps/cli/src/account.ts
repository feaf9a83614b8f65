import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, type CountersignClient } from '#client';
import { explain, Failure } from './failure.js';
import { makeFolder } from './folder.js';

interface KeptKey {
  readonly api_key: string;
  /** Of an account that this command made; needed to erase it. */
  readonly password?: string;
  /** An account that this command made for itself may be replaced by another one. */
  readonly made_by_cli: boolean;
}

export interface AccountOptions {
  /** Of the server, without a token. */
  readonly client: CountersignClient;
  /** Address under which the key is kept. */
  readonly server: string;
  /** Key that a person gave; it is used and not kept. */
  readonly given: string | undefined;
  readonly dataDir: string;
  readonly say: (text: string) => void;
  /** Whether an account is made where there is none. */
  readonly mayMake: boolean;
}

/**
 * The API key to work with: the given one, the one kept for this server, or that of an account made now.
 * @throws Failure where none is to be had
 */
export async function apiKeyFor({ client, server, given, dataDir, say, mayMake }: AccountOptions): Promise<string> {
  if (given !== undefined) {
    if (await accepts(client, given)) return given;
    throw new Failure(`${server} does not accept the API key that was given. Make one with POST /api/v1/auth/api-keys.`);
  }
  const file = fileIn(dataDir);
  const kept = await readKeys(file);
  const known = kept[server];
  if (known && (await accepts(client, known.api_key))) return known.api_key;
  if (!mayMake) throw new Failure(`There is no account of yours at ${server}: give its API key with --api-key.`);
  if (known) {
    if (!known.made_by_cli) throw new Failure(`${server} no longer accepts the key in ${file}. Give another with --api-key, or remove it there.`);
    say(`${server} no longer accepts the key that was kept for it; making a new account. What the old one built is not visible to it.`);
  }
  const account = await makeAccount(client, server);
  await keep(dataDir, file, { ...kept, [server]: { ...account, made_by_cli: true } });
  say(`Made an account for this computer; its key is kept in ${file}`);
  return account.api_key;
}

/** The password of the account that an API key belongs to, where this command made it. */
export async function keptPassword(dataDir: string, server: string, apiKey: string): Promise<string | undefined> {
  const kept = (await readKeys(fileIn(dataDir)))[server];
  return kept?.api_key === apiKey ? kept.password : undefined;
}

/** Forgets an API key that is good for nothing any more. */
export async function forgetKey(dataDir: string, server: string, apiKey: string): Promise<void> {
  const file = fileIn(dataDir);
  const { [server]: known, ...others } = await readKeys(file);
  if (known?.api_key === apiKey) await keep(dataDir, file, others);
}

const fileIn = (dataDir: string): string => join(dataDir, 'cli.json');

async function accepts(client: CountersignClient, apiKey: string): Promise<boolean> {
  try {
    await client.withToken(apiKey).me();
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return false;
    throw error;
  }
}

async function makeAccount(client: CountersignClient, server: string): Promise<{ api_key: string; password: string }> {
  const email = `cli-${randomBytes(8).toString('hex')}@localhost.localdomain`;
  const password = randomBytes(24).toString('base64url');
  try {
    const { access_token } = await client.register({ email, password, name: 'Command line' });
    const { api_key } = await client
      .withToken(access_token)
      .createApiKey(`command line on ${hostname().replace(/[^\w.-]/g, '') || 'this computer'}`.slice(0, 100));
    return { api_key, password };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.code === 'registration_closed')
      throw new Failure(`${server} takes no new accounts: give an API key with --api-key or COUNTERSIGN_API_KEY.`);
    throw new Failure(`No account could be made at ${server}: ${explain(error)}`);
  }
}

async function readKeys(file: string): Promise<Record<string, KeptKey>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Failure(`${file} cannot be read (${(error as Error).message}).`);
  }
  try {
    const { servers } = JSON.parse(text) as { servers: Record<string, KeptKey> };
    if (Object.values(servers).every((key) => typeof key.api_key === 'string')) return servers;
  } catch {
    // said below
  }
  throw new Failure(`${file} does not hold the keys that it should; move it away to begin anew.`);
}

/** Whole or not at all, for nobody else to read. */
async function keep(dataDir: string, file: string, servers: Record<string, KeptKey>): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await makeFolder(dataDir, 0o700);
  try {
    await writeFile(draft, `${JSON.stringify({ servers }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
