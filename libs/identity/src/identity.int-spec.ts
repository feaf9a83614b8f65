import { createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import request from 'supertest';
import {
  CurrentCaller,
  DatabaseDataKeys,
  dtoPipe,
  parseEnvironment,
  PlatformModule,
  ProblemFilter,
  Public,
  type Caller,
  type Config,
} from '#platform';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { IdentityApiModule, Tokens } from './index.js';
import { accessTokenKey } from './jwt.strategy.js';

const JWT_SECRET = 'canary-secret-that-no-answer-and-no-log-may-hold';
const MASTER_KEY = 'canary-master-key-that-no-answer-and-no-log-may-hold';
const PASSWORD = 'canary-password-1815';

@Controller('probe')
class Probe {
  @Get('private')
  whose(@CurrentCaller() caller: Caller) {
    return { user_id: caller.user_id };
  }

  @Public()
  @Get('public')
  open() {
    return { open: true };
  }
}

let postgres: TestPostgres;
let admin: pg.Client;
let config: Config;
let app: INestApplication;
let server: string;
const logged: string[] = [];

async function startApp(changes: Partial<Config> = {}): Promise<INestApplication> {
  const testing = Test.createTestingModule({ imports: [PlatformModule.forRoot({ ...config, ...changes }), IdentityApiModule], controllers: [Probe] });
  const note = (...parts: unknown[]) => void logged.push(parts.map(String).join(' '));
  testing.setLogger({ log: note, error: note, warn: note, debug: note, verbose: note, fatal: note });
  const made = (await testing.compile()).createNestApplication();
  made.setGlobalPrefix('api/v1').useGlobalFilters(new ProblemFilter()).useGlobalPipes(dtoPipe());
  return made.listen(0, '127.0.0.1').then(() => made);
}

const addressOf = (one: INestApplication): string => `http://127.0.0.1:${(one.getHttpServer().address() as AddressInfo).port}/api/v1`;
const post = (path: string, body: object, token?: string) => send(request(server).post(path), token).send(body);
const get = (path: string, token?: string) => send(request(server).get(path), token);
const send = (call: request.Test, token?: string): request.Test => (token === undefined ? call : call.set('Authorization', `Bearer ${token}`));
const newEmail = (): string => `canary-${randomUUID()}@example.org`;
const register = async (email = newEmail()) => ({ email, ...(await post('/auth/register', { email, password: PASSWORD }).expect(201)).body });
const refresh = (refresh_token: string) => post('/auth/refresh', { refresh_token });

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  config = parseEnvironment({ DATABASE_URL: url, JWT_SECRET, MASTER_KEY }) as Config;
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  app = await startApp();
  server = addressOf(app);
}, POSTGRES_START_MS);

afterAll(async () => {
  await app.close();
  await admin.end();
  await postgres.stop();
});

describe('accounts', () => {
  it('registers, logs in whatever the case of the address, and says who one is', async () => {
    const email = `Canary-Ada.${randomUUID()}@Example.org`;
    const made = (await post('/auth/register', { email, password: PASSWORD, name: 'Ada' }).expect(201)).body;
    expect(made).toEqual({ user_id: expect.any(String), access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 900 });
    const again = (await post('/auth/login', { email: email.toUpperCase(), password: PASSWORD }).expect(200)).body;
    expect(again.user_id).toBe(made.user_id);
    const me = (await get('/auth/me', again.access_token).expect(200)).body;
    expect(me).toEqual({ user_id: made.user_id, email: email.toLowerCase(), name: 'Ada', created_at: expect.stringMatching(/Z$/) });
  });

  it('makes a data key with the account', async () => {
    const { user_id } = await register();
    expect(await app.get(DatabaseDataKeys).keyOf(user_id)).toHaveLength(32);
  });

  it('leaves nothing behind where the registration fails half way', async () => {
    const email = newEmail();
    const accounts = async () => (await admin.query('SELECT FROM identity.users')).rowCount;
    const before = await accounts();
    await admin.query('ALTER TABLE identity.data_keys ADD CONSTRAINT broken CHECK (false) NOT VALID');
    await post('/auth/register', { email, password: PASSWORD }).expect(500);
    await admin.query('ALTER TABLE identity.data_keys DROP CONSTRAINT broken');
    expect(await accounts()).toBe(before);
    await register(email);
  });

  it('refuses an address that is taken, also in another case and at the same moment', async () => {
    const email = newEmail();
    const answers = await Promise.all([email, email.toUpperCase(), email].map((one) => post('/auth/register', { email: one, password: PASSWORD })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    expect((await post('/auth/register', { email, password: PASSWORD }).expect(409)).body.code).toBe('email_taken');
  });

  it('answers a wrong password as it answers an unknown address', async () => {
    const { email } = await register();
    const wrong = await post('/auth/login', { email, password: 'not the password' }).expect(401);
    const unknown = await post('/auth/login', { email: newEmail(), password: PASSWORD }).expect(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(wrong.body.code).toBe('invalid_credentials');
  });

  it('pauses guessing, even guesses that are all sent at once, and lets others in', async () => {
    const { email } = await register();
    const other = await register();
    const answers = await Promise.all(Array.from({ length: 14 }, (_, i) => post('/auth/login', { email, password: `guess ${i}` })));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
    const refused = await post('/auth/login', { email, password: PASSWORD }).expect(429);
    expect(refused.body).toMatchObject({ code: 'too_many_requests', retry_after: expect.any(Number) });
    expect(refused.headers['retry-after']).toBe(String(refused.body.retry_after));
    await post('/auth/login', { email: other.email, password: PASSWORD }).expect(200);
  });

  it.each([
    [{ email: 'no address', password: PASSWORD }, 'email'],
    [{ email: 'a\u0000b@example.org', password: PASSWORD }, 'email'],
    [{ email: 'a@example.org', password: 'too short' }, 'password'],
    [{ email: 'a@example.org', password: 'x'.repeat(201) }, 'password'],
    [{ email: 'a@example.org', password: { $gt: '' } }, 'password'],
    [{ email: 'a@example.org', password: PASSWORD, name: 'a\u0000b' }, 'name'],
    [{ email: 'a@example.org', password: PASSWORD, admin: true }, 'admin'],
  ])('refuses %j by naming the field', async (body, field) => {
    const answer = await post('/auth/register', body).expect(400);
    expect(answer.body).toMatchObject({ code: 'invalid_input', errors: expect.arrayContaining([expect.objectContaining({ field })]) });
  });

  it('takes nobody where registration is closed', async () => {
    const closed = await startApp({ REGISTRATION: 'closed' });
    const answer = await request(addressOf(closed)).post('/auth/register').send({ email: newEmail(), password: PASSWORD });
    await closed.close();
    expect([answer.status, answer.body.code]).toEqual([403, 'registration_closed']);
  });
});

describe('refresh tokens', () => {
  it('are exchanged for a new pair of the same user', async () => {
    const first = await register();
    const second = (await refresh(first.refresh_token).expect(200)).body;
    expect(second).toMatchObject({ user_id: first.user_id, expires_in: 900 });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await get('/auth/me', second.access_token).expect(200);
    await refresh(second.refresh_token).expect(200);
  });

  it('end their family when one is used twice, and no other family', async () => {
    const first = await register();
    const elsewhere = (await post('/auth/login', { email: first.email, password: PASSWORD }).expect(200)).body;
    const second = (await refresh(first.refresh_token).expect(200)).body;
    for (let i = 0; i < 2; i += 1) expect((await refresh(first.refresh_token).expect(401)).body.code).toBe('refresh_token_reused');
    expect((await refresh(second.refresh_token).expect(401)).body.code).toBe('unauthenticated');
    await refresh(elsewhere.refresh_token).expect(200);
  });

  it('have one winner among 50 parallel exchanges; the rest is reuse and ends the family', async () => {
    const { refresh_token } = await register();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)));
    const won = answers.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter((answer) => answer.body.code === 'refresh_token_reused')).toHaveLength(49);
    await refresh(won[0]!.body.refresh_token).expect(401);
  });

  it('leave none of the family alive while one side rotates on and the other reuses', async () => {
    for (let round = 0; round < 10; round += 1) {
      const first = await register();
      const second = (await refresh(first.refresh_token).expect(200)).body;
      await Promise.all([refresh(second.refresh_token), refresh(first.refresh_token)]);
      const alive = await admin.query('SELECT FROM identity.refresh_tokens WHERE user_id = $1 AND revoked_at IS NULL', [first.user_id]);
      expect(alive.rowCount).toBe(0);
    }
  });

  it('expire, and are swept at the next login', async () => {
    const { email, user_id, refresh_token } = await register();
    await admin.query(`UPDATE identity.refresh_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [user_id]);
    expect((await refresh(refresh_token).expect(401)).body.code).toBe('unauthenticated');
    await post('/auth/login', { email, password: PASSWORD }).expect(200);
    expect((await admin.query('SELECT FROM identity.refresh_tokens WHERE user_id = $1', [user_id])).rowCount).toBe(1);
  });

  it('end with a logout, one’s own only', async () => {
    const mine = await register();
    const other = await register();
    await post('/auth/logout', { refresh_token: mine.refresh_token }, other.access_token).expect(204);
    const next = (await refresh(mine.refresh_token).expect(200)).body;
    for (let i = 0; i < 2; i += 1) await post('/auth/logout', { refresh_token: next.refresh_token }, mine.access_token).expect(204);
    expect((await refresh(next.refresh_token).expect(401)).body.code).toBe('unauthenticated');
    await post('/auth/logout', { refresh_token: next.refresh_token }).expect(401);
  });
});

describe('API keys', () => {
  it('are shown once, work as a bearer token, and are listed without the key', async () => {
    const { user_id, access_token } = await register();
    const made = (await post('/auth/api-keys', { name: 'laptop' }, access_token).expect(201)).body;
    expect(made).toEqual({
      key_id: expect.any(String),
      name: 'laptop',
      api_key: expect.stringMatching(/^cs_[\w-]{43}$/),
      created_at: expect.any(String),
    });
    expect((await get('/probe/private', made.api_key).expect(200)).body).toEqual({ user_id });
    expect(await app.get(Tokens).verifyAccessToken(made.api_key)).toEqual({ user_id, expires_at: null });
    const list = await get('/auth/api-keys', access_token).expect(200);
    const prefix = made.api_key.slice(0, 11);
    expect(list.body).toEqual({
      items: [{ key_id: made.key_id, name: 'laptop', prefix, created_at: made.created_at, last_used_at: expect.any(String) }],
      next_cursor: null,
    });
    expect(list.text).not.toContain(made.api_key);
  });

  it('are listed page by page, newest first', async () => {
    const { access_token } = await register();
    for (const name of ['one', 'two', 'three']) await post('/auth/api-keys', { name }, access_token).expect(201);
    const first = (await get('/auth/api-keys?limit=2', access_token).expect(200)).body;
    const second = (await get(`/auth/api-keys?limit=2&cursor=${first.next_cursor}`, access_token).expect(200)).body;
    expect([...first.items, ...second.items].map((item) => item.name)).toEqual(['three', 'two', 'one']);
    expect(second.next_cursor).toBeNull();
  });

  it('die when deleted, by their owner only; deleting again changes nothing', async () => {
    const { access_token } = await register();
    const other = await register();
    const { key_id, api_key } = (await post('/auth/api-keys', { name: 'ci' }, access_token).expect(201)).body;
    const remove = (token: string) => send(request(server).delete(`/auth/api-keys/${key_id}`), token);
    await remove(other.access_token).expect(404);
    await get('/auth/me', api_key).expect(200);
    for (let i = 0; i < 2; i += 1) await remove(access_token).expect(204);
    await get('/auth/me', api_key).expect(401);
    expect((await get('/auth/api-keys', access_token)).body.items).toEqual([]);
  });

  it('answer a repeat with the same key, until it is deleted', async () => {
    const { access_token } = await register();
    const create = (name: string) => post('/auth/api-keys', { name }, access_token).set('Idempotency-Key', 'once');
    const first = (await create('ci').expect(201)).body;
    expect((await create('ci').expect(201)).body).toEqual(first);
    expect((await create('other').expect(422)).body.code).toBe('idempotency_key_reused');
    await send(request(server).delete(`/auth/api-keys/${first.key_id}`), access_token).expect(204);
    expect((await create('ci').expect(409)).body.code).toBe('conflict');
    await get('/auth/me', first.api_key).expect(401);
  });
});

describe('the guard', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const { kid, key } = accessTokenKey({ JWT_SECRET });
  let user_id: string;

  /** A token with every part right, but for the given changes; `undefined` takes a part away. */
  const forge = (changes: { header?: object; claims?: object; key?: Buffer | string; hash?: string } = {}): string => {
    const header = { alg: 'HS256', typ: 'at+jwt', kid, ...changes.header };
    const claims = { iss: 'countersign', aud: 'countersign-api', sub: user_id, jti: randomUUID(), iat: now(), exp: now() + 900, ...changes.claims };
    const signed = `${encode(header)}.${encode(claims)}`;
    return `${signed}.${createHmac(changes.hash ?? 'sha256', changes.key ?? key)
      .update(signed)
      .digest('base64url')}`;
  };

  beforeAll(async () => {
    ({ user_id } = await register());
  });

  it('takes a token with every part right, the standard against which the forged ones differ', async () => {
    expect((await get('/probe/private', forge()).expect(200)).body).toEqual({ user_id });
    expect(await app.get(Tokens).verifyAccessToken(forge({ claims: { exp: now() + 60 } }))).toEqual({ user_id, expires_at: expect.any(Date) });
  });

  it.each<[string, () => string]>([
    ['alg none', () => `${encode({ alg: 'none', typ: 'at+jwt', kid })}.${forge().split('.')[1]!}.`],
    ['alg none with a signature', () => forge({ header: { alg: 'none' } })],
    ['HS512', () => forge({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['HS256 announced, HS512 signed', () => forge({ hash: 'sha512' })],
    ['another key', () => forge({ key: 'x'.repeat(32) })],
    ['the secret itself as key', () => forge({ key: JWT_SECRET })],
    ['an empty key', () => forge({ key: '' })],
    ['another typ', () => forge({ header: { typ: 'JWT' } })],
    ['no typ', () => forge({ header: { typ: undefined } })],
    ['another kid', () => forge({ header: { kid: '00000000' } })],
    ['no kid', () => forge({ header: { kid: undefined } })],
    ['crit', () => forge({ header: { crit: ['b64'], b64: true } })],
    ['another issuer', () => forge({ claims: { iss: 'somebody' } })],
    ['no issuer', () => forge({ claims: { iss: undefined } })],
    ['another audience', () => forge({ claims: { aud: 'countersign-download' } })],
    ['no audience', () => forge({ claims: { aud: undefined } })],
    ['expired', () => forge({ claims: { iat: now() - 100, exp: now() - 1 } })],
    ['no exp', () => forge({ claims: { exp: undefined } })],
    ['exp as text', () => forge({ claims: { exp: '9999999999' } })],
    ['older than a token gets', () => forge({ claims: { iat: now() - 901 } })],
    ['no iat', () => forge({ claims: { iat: undefined } })],
    ['not yet valid', () => forge({ claims: { nbf: now() + 60 } })],
    ['no jti', () => forge({ claims: { jti: undefined } })],
    ['no subject', () => forge({ claims: { sub: undefined } })],
    ['a subject that is no id', () => forge({ claims: { sub: "' OR true --" } })],
    ['a user who does not exist', () => forge({ claims: { sub: randomUUID() } })],
    ['changed claims', () => [forge().split('.')[0], encode({ sub: user_id }), forge().split('.')[2]].join('.')],
    ['a cut signature', () => forge().slice(0, -4)],
    ['no signature', () => forge().split('.').slice(0, 2).join('.')],
    ['an API key that was never issued', () => `cs_${'A'.repeat(43)}`],
    ['garbage', () => 'garbage'],
    ['dots', () => '...'],
    ['a very long token', () => 'a'.repeat(6_000)],
  ])('refuses %s', async (_, token) => {
    const answer = await get('/probe/private', token()).expect(401);
    expect(answer.body.code).toBe('unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    await expect(app.get(Tokens).verifyAccessToken(token())).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('never mixes up people who ask at the same moment', async () => {
    const people = await Promise.all([register(), register(), register()]);
    const asked = Array.from({ length: 60 }, (_, index) => people[index % people.length]!);
    const answers = await Promise.all(asked.map(({ access_token }) => get('/auth/me', access_token).expect(200)));
    expect(answers.map(({ body }) => body.user_id)).toEqual(asked.map(({ user_id }) => user_id));
  });

  it('refuses a refresh token as an access token, and the other way round', async () => {
    const { access_token, refresh_token } = await register();
    await get('/auth/me', refresh_token).expect(401);
    await refresh(access_token).expect(401);
  });

  it('refuses a user who has been removed, with a token of either kind', async () => {
    const gone = await register();
    const { api_key } = (await post('/auth/api-keys', { name: 'ci' }, gone.access_token).expect(201)).body;
    await admin.query('DELETE FROM identity.users WHERE user_id = $1', [gone.user_id]);
    await get('/auth/me', gone.access_token).expect(401);
    await get('/auth/me', api_key).expect(401);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Token abc', 'Bearer a b'])('refuses the header %j', async (header) => {
    await request(server).get('/probe/private').set('Authorization', header).expect(401);
  });

  it('does not take a token from anywhere but the header', async () => {
    await request(server).get(`/probe/private?access_token=${forge()}`).set('Cookie', `access_token=${forge()}`).expect(401);
  });

  it('asks for nothing where a route is public', async () => {
    await get('/probe/public').expect(200);
    await get('/probe/public', 'garbage').expect(200);
  });

  it('keeps two applications of one process apart', async () => {
    const other = await startApp({ JWT_SECRET: 'another secret of at least thirty-two bytes' });
    await get('/probe/private', forge()).expect(200);
    await send(request(addressOf(other)).get('/probe/private'), forge()).expect(401);
    await other.close();
  });
});

it('finds accounts under another master key, once that has taken over', async () => {
  const email = newEmail();
  const { user_id, access_token } = (await post('/auth/register', { email, password: PASSWORD, name: 'Ada' }).expect(201)).body;
  await post('/auth/api-keys', { name: 'ci' }, access_token).expect(201);
  const next = 'canary-another-master-key-that-nothing-may-hold';
  const after = await startApp({ MASTER_KEY: next, MASTER_KEY_PREVIOUS: MASTER_KEY });
  const login = await request(addressOf(after)).post('/auth/login').send({ email: email.toUpperCase(), password: PASSWORD }).expect(200);
  expect(login.body.user_id).toBe(user_id);
  expect((await send(request(addressOf(after)).get('/auth/me'), access_token).expect(200)).body).toMatchObject({ email, name: 'Ada' });
  expect((await send(request(addressOf(after)).get('/auth/api-keys'), access_token).expect(200)).body.items).toMatchObject([{ name: 'ci' }]);
  await request(addressOf(after)).post('/auth/register').send({ email, password: PASSWORD }).expect(409);
  await after.close();
  const back = await startApp({ MASTER_KEY_PREVIOUS: next });
  await request(addressOf(back)).post('/auth/login').send({ email, password: PASSWORD }).expect(200);
  await back.close();
});

it('seals accounts of a version that did not', async () => {
  const user_id = randomUUID();
  const email = newEmail();
  const { rows } = await admin.query<{ password_hash: string }>('SELECT password_hash FROM identity.users LIMIT 1');
  await admin.query('INSERT INTO identity.data_keys (owner_id, key) VALUES ($1, $2)', [user_id, Buffer.alloc(32, 1)]);
  await admin.query('INSERT INTO identity.users (user_id, email, name, password_hash) VALUES ($1, $2, $3, $4)', [
    user_id,
    email,
    'Ada',
    rows[0]!.password_hash,
  ]);
  await admin.query(`INSERT INTO identity.api_keys (key_id, user_id, name, nonce, key_hash, prefix) VALUES ($1, $2, 'canary key', '', 'hash', '')`, [
    randomUUID(),
    user_id,
  ]);
  const started = await startApp();
  const { body } = await request(addressOf(started)).post('/auth/login').send({ email, password: PASSWORD }).expect(200);
  expect((await get('/auth/me', body.access_token).expect(200)).body).toMatchObject({ user_id, email, name: 'Ada' });
  expect((await get('/auth/api-keys', body.access_token).expect(200)).body.items).toMatchObject([{ name: 'canary key' }]);
  await started.close();
});

it('keeps no password, token, key, address or name readable, neither in the database nor in the log', async () => {
  const { access_token, refresh_token } = (
    await post('/auth/register', { email: newEmail(), password: PASSWORD, name: 'Canary Lovelace' }).expect(201)
  ).body;
  const { api_key } = (await post('/auth/api-keys', { name: 'canary key' }, access_token).expect(201)).body;
  const { rows } = await admin.query<{ row: string }>(
    ['users', 'refresh_tokens', 'api_keys'].map((table) => `SELECT t::text AS row FROM identity.${table} AS t`).join(' UNION ALL '),
  );
  const stored = rows.map(({ row }) => row).join('\n');
  for (const secret of ['canary', 'Canary', '@', access_token, refresh_token, api_key]) expect(stored).not.toContain(secret);
  for (const secret of ['canary', access_token, refresh_token, api_key]) expect(logged.join('\n')).not.toContain(secret);
  expect(logged.some((line) => line.includes('broken'))).toBe(true);
});
