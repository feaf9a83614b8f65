import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { QueryBus, type Query } from '@nestjs/cqrs';
import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
import { EVENT_STORE, type EventStore } from '../../platform/src/event-store.js';
import { newId, parseEnvironment, PlatformModule, type CommandMeta, type Config } from '#platform';
import { newEvent } from '../../../test/support/event-store-conformance.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { AuditModule } from './audit.module.js';
import { ExportProject, ListSignedHeads, VerifyChains } from './audit.queries.js';
import { ExportVerifier, verifyExport, type Verdict } from './export-verifier.js';
import { HeadSigner } from './head-signer.js';
import type { SignedHead } from './signed-head.js';
import { SigningKeys } from './signing-keys.js';
import { Trust } from './trust.js';

/** Signs only when it is told to. */
class ToldSigner extends HeadSigner {
  override onApplicationBootstrap(): void {}
}

@Module({})
class Root {
  static with(config: Config): DynamicModule {
    return { module: Root, imports: [PlatformModule.forRoot(config), AuditModule], providers: [{ provide: HeadSigner, useClass: ToldSigner }] };
  }
}

/** A process with a log and its signer. */
class Installation {
  private constructor(
    readonly app: INestApplicationContext,
    readonly owner: pg.Client,
    readonly url: string,
  ) {}

  static async start(DATABASE_URL: string, change: Record<string, string> = {}): Promise<Installation> {
    const JWT_SECRET = 'a-secret-of-the-tests-that-is-long-enough';
    const config = parseEnvironment({ DATABASE_URL, JWT_SECRET, MASTER_KEY: JWT_SECRET, AUDIT_HEAD_SECONDS: '3600', ...change }) as Config;
    const app = await NestFactory.createApplicationContext(Root.with(config), { logger: false, abortOnError: false });
    const owner = new pg.Client({ connectionString: DATABASE_URL });
    await owner.connect();
    return new Installation(app, owner, DATABASE_URL);
  }

  get store(): EventStore {
    return this.app.get<EventStore>(EVENT_STORE);
  }

  get keys(): SigningKeys {
    return this.app.get(SigningKeys, { strict: false });
  }

  /** Signs now, whatever the time since the last heads. */
  sign(): Promise<boolean> {
    return this.app.get(HeadSigner).round(new Date(Date.now() + 3_600_000));
  }

  query<T>(query: Query<unknown>): Promise<T> {
    return this.app.get(QueryBus).execute(query as Query<T>);
  }

  async export(project: string): Promise<string> {
    let text = '';
    for await (const piece of await this.query<AsyncIterable<Buffer>>(new ExportProject(project))) text += piece.toString();
    return text;
  }

  async heads(project: string | null): Promise<SignedHead[]> {
    return (await this.query<{ items: SignedHead[] }>(new ListSignedHeads(project, null, 100))).items;
  }

  async close(): Promise<void> {
    await this.owner.end();
    await this.app.close();
  }
}

let postgres: TestPostgres;
let one: Installation;
const mine = randomUUID();
const yours = randomUUID();

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  one = await Installation.start(await postgres.createDatabase());
});
afterEach(() => one.close());

const append = async (from: number, to: number) => {
  for (let n = from; n <= to; n += 1)
    await one.store.append(`s-${n % 2}`, 'any', [newEvent({ project_id: n % 3 ? mine : yours, data: `{"n":${n}}` })]);
};

async function verifyFile(text: string, trust: Trust, later: readonly SignedHead[] = []): Promise<Verdict> {
  async function* bytes() {
    yield Buffer.from(text);
  }
  return verifyExport(bytes(), new ExportVerifier(trust, later));
}

const meta = (): CommandMeta => {
  const command_id = newId();
  const ids = { command_id, correlation_id: command_id, causation_id: command_id, project_id: null, run_id: null };
  return { ...ids, request_hash: null, now: new Date().toISOString(), actor: 'operator', requester: 'operator', owner_id: 'operator' };
};

describe('heads', () => {
  it('are signed of the log and of every project that went on, from one to the next, and verify', async () => {
    await append(1, 6);
    expect(await one.sign()).toBe(false);
    await append(7, 12);
    await one.sign();
    await one.sign();
    expect((await one.heads(mine)).map(({ position, events }) => [position, events])).toEqual([
      // The event of the first signing made the key, at position 7.
      ['12', 8],
      ['5', 4],
    ]);
    expect(await one.heads(yours)).toHaveLength(2);
    expect((await one.heads(null)).map(({ events, chain, project_id }) => [events, chain, project_id])).toEqual([
      [13, 'log', null],
      [6, 'log', null],
    ]);
    const trust = new Trust(await one.keys.published());
    for (const head of [...(await one.heads(mine)), ...(await one.heads(null))]) expect(trust.objection(head)).toBeNull();
    const chains = await one.query<{ ok: boolean; signed_heads: number }[]>(new VerifyChains([mine, yours]));
    expect(chains.map(({ ok, signed_heads }) => [ok, signed_heads])).toEqual([
      [true, 2],
      [true, 2],
      [true, 2],
    ]);
  });

  it('are due after so many events, or so much time, and not before', async () => {
    const few = await Installation.start(one.url, { AUDIT_HEAD_EVENTS: '5' });
    const signer = few.app.get(HeadSigner);
    await append(1, 1);
    await signer.round();
    await append(2, 4);
    await signer.round();
    expect(await few.heads(null)).toHaveLength(1);
    await append(5, 6);
    await signer.round();
    expect(await few.heads(null)).toHaveLength(2);
    await append(7, 7);
    await signer.round();
    expect(await few.heads(null)).toHaveLength(2);
    await signer.round(new Date(Date.now() + 3_600_000));
    expect(await few.heads(null)).toHaveLength(3);
    await few.close();
  });

  it('are signed once, however many processes sign at the same moment, with one key', async () => {
    const others = await Promise.all([1, 2, 3].map(() => Installation.start(one.url)));
    await append(1, 9);
    await Promise.all([one, ...others].map((each) => each.sign()));
    await Promise.all(others.map((each) => each.close()));
    await one.sign();
    const [newest] = await one.heads(null);
    expect(await one.keys.published()).toHaveLength(1);
    expect(newest!.position).toBe(await one.store.head());
  });

  it('cannot be changed or removed, not even by the owner of the table', async () => {
    await append(1, 3);
    await one.sign();
    for (const change of [`UPDATE audit.heads SET events = 1`, 'DELETE FROM audit.heads', 'TRUNCATE audit.heads'])
      await expect(one.owner.query(change)).rejects.toThrow('immutable');
  });

  it('are not signed of a chain that does not verify', async () => {
    await append(1, 4);
    await one.sign();
    await append(5, 8);
    await one.owner.query(`ALTER TABLE event_log.events DISABLE TRIGGER ALL; UPDATE event_log.events SET data = '{}' WHERE position = 8`);
    await expect(one.sign()).rejects.toThrow(/does not verify at position 8/);
    expect(await one.heads(null)).toHaveLength(1);
    expect(await one.export(mine)).toMatch(/"kind":"unsigned","reason":"its chain does not verify at position 8\."\}\n$/);
  });
});

describe('the signing key', () => {
  it('is changed with a reason; heads of the old one stay good, and its private half is gone', async () => {
    await append(1, 3);
    await one.sign();
    const [first] = await one.keys.published();
    await one.owner.query(`UPDATE identity.audit_keys SET made_at = now() - interval '1 hour'`);
    await one.keys.rotate('a new year', meta());
    const [old, current] = await one.keys.published();
    expect(old).toEqual({ ...first, valid_until: expect.any(String) });
    expect(current).toMatchObject({ valid_from: old!.valid_until, valid_until: null });
    expect((await one.owner.query('SELECT key_id FROM identity.audit_keys')).rows).toEqual([{ key_id: current!.kid }]);
    await append(4, 6);
    await one.sign();
    expect(new Set((await one.heads(null)).map(({ key_id }) => key_id))).toEqual(new Set([old!.kid, current!.kid]));
    expect(await one.query<{ ok: boolean }[]>(new VerifyChains([mine]))).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await verifyFile(await one.export(mine), new Trust([old!, current!]))).toMatchObject({ ok: true, heads: 3 });
    const { rows } = await one.owner.query(`SELECT type, data FROM event_log.events WHERE stream LIKE 'audit-%' ORDER BY revision`);
    expect(rows.map(({ type }) => type)).toEqual(['audit.key_made', 'audit.key_rotated']);
    expect(JSON.parse(rows[1].data)).toMatchObject({ retired_key_id: old!.kid, reason: 'a new year' });
  });

  it('is no use to a process with another secret, which says so; a new key is the way out', async () => {
    await append(1, 3);
    await one.sign();
    const stranger = await Installation.start(one.url, { JWT_SECRET: 'another-secret-of-the-tests-that-is-long-enough' });
    await append(4, 6);
    await expect(stranger.sign()).rejects.toThrow(/sealed with another JWT_SECRET .* rotate-key/);
    expect(await stranger.export(mine)).toMatch(/"kind":"unsigned","reason":"The signing key .* rotate-key/);
    await stranger.keys.rotate('the secret was changed', meta());
    await stranger.sign();
    expect(await verifyFile(await stranger.export(mine), new Trust(await stranger.keys.published()))).toMatchObject({ ok: true });
    await stranger.close();
  });

  it('is nowhere in the clear', async () => {
    await append(1, 1);
    await one.sign();
    const { rows } = await one.owner.query<{ sealed: Buffer }>('SELECT sealed FROM identity.audit_keys');
    // What every private Ed25519 key in PKCS #8 begins with.
    expect(rows[0]!.sealed.includes(Buffer.from('302e020100300506032b6570', 'hex'))).toBe(false);
  });
});

/** All links from an event on computed anew, as the append would have made them, and the ends of the chains with them. */
const RELINK = `
  CREATE FUNCTION pg_temp.relink() RETURNS void LANGUAGE plpgsql AS $$
  DECLARE e record; log bytea := decode(repeat('00', 32), 'hex'); of_project bytea; digest bytea;
  BEGIN
    DELETE FROM event_log.project_heads;
    FOR e IN SELECT * FROM event_log.events ORDER BY position LOOP
      digest := sha256(convert_to(concat_ws(E'\\n', e.position, e.event_id, e.stream, e.revision, e.type, e.version, e.metadata, e.data), 'UTF8'));
      log := sha256(log || digest);
      of_project := NULL;
      IF e.project_id IS NOT NULL THEN
        of_project := sha256(coalesce((SELECT link FROM event_log.project_heads p WHERE p.project_id = e.project_id), decode(repeat('00', 32), 'hex')) || digest);
        INSERT INTO event_log.project_heads VALUES (e.project_id, e.position, of_project)
          ON CONFLICT (project_id) DO UPDATE SET position = excluded.position, link = excluded.link;
      END IF;
      UPDATE event_log.events SET log_link = log, project_link = of_project WHERE position = e.position;
      UPDATE event_log.head SET position = e.position, link = log;
    END LOOP;
  END $$;`;

describe('somebody who may do anything in the database', () => {
  let before: string;
  let kept: SignedHead[];
  let trust: Trust;

  /** The key's event stands at position 1; yours are every third of the others. Heads are signed behind 7, and at the end, 13. */
  beforeEach(async () => {
    const keys = await one.keys.published();
    await append(1, 6);
    await one.sign();
    await append(7, 12);
    await one.sign();
    before = await one.export(mine);
    kept = await one.heads(mine);
    trust = new Trust(keys);
    await one.owner.query(`ALTER TABLE event_log.events DISABLE TRIGGER ALL; ${RELINK}`);
  });

  it('finds nothing wrong as long as nothing was done', async () => {
    expect(await verifyFile(before, trust, kept)).toMatchObject({ ok: true, events: 8, heads: 3 });
    expect(await one.query<{ ok: boolean }[]>(new VerifyChains([mine]))).toMatchObject([{ ok: true }, { ok: true }]);
  });

  /** Name; what is done to the events; where the server finds it in the project's chain; where a new export shows it, and with kept heads. */
  it.each<[string, string, string, string]>([
    ['flips a byte', `UPDATE event_log.events SET data = replace(data, '4', '5') WHERE position = 5`, '5', '5'],
    ['changes metadata', `UPDATE event_log.events SET metadata = replace(metadata, 'somebody', 'nobody') WHERE position = 5`, '5', '5'],
    ['removes an event', 'DELETE FROM event_log.events WHERE position = 5', '6', '6'],
    ['adds an event of another project', `UPDATE event_log.events SET project_id = '${mine}' WHERE position = 4`, '4', '4'],
    [
      'exchanges two events',
      `UPDATE event_log.events a SET data = b.data, event_id = gen_random_uuid() FROM event_log.events b
        WHERE (a.position, b.position) IN ((5, 6), (6, 5))`,
      '5',
      '5',
    ],
    [
      'flips a byte and links everything anew',
      `UPDATE event_log.events SET data = replace(data, '4', '5') WHERE position = 5; SELECT pg_temp.relink()`,
      '6',
      '6',
    ],
    ['removes an event and links everything anew', 'DELETE FROM event_log.events WHERE position = 5; SELECT pg_temp.relink()', '6', '6'],
    ['cuts the tail and links everything anew', 'DELETE FROM event_log.events WHERE position > 9; SELECT pg_temp.relink()', '12', '9'],
    ['cuts all behind the first head', 'DELETE FROM event_log.events WHERE position > 7; SELECT pg_temp.relink()', '12', '6'],
  ])('%s, and is found out by the server and in an export', async (_, sql, onServer, inFile) => {
    await one.owner.query(sql);
    const [log, project] = await one.query<{ ok: boolean; mismatch: unknown }[]>(new VerifyChains([mine]));
    expect(log).toMatchObject({ ok: false });
    expect(project).toMatchObject({ ok: false, mismatch: { position: onServer } });
    const after = await one.export(mine);
    expect(await verifyFile(after, trust, kept)).toMatchObject({ ok: false, mismatch: { position: inFile } });
  });

  it('removes the heads as well, and is found out only by one that was kept elsewhere', async () => {
    await one.owner.query(
      `ALTER TABLE audit.heads DISABLE TRIGGER ALL; DELETE FROM audit.heads; DELETE FROM event_log.events WHERE position > 9; SELECT pg_temp.relink()`,
    );
    expect(await one.query<{ ok: boolean }[]>(new VerifyChains([mine]))).toMatchObject([{ ok: true }, { ok: true }]);
    const after = await one.export(mine);
    expect(await verifyFile(after, trust)).toMatchObject({ ok: true });
    expect(await verifyFile(after, trust, kept)).toMatchObject({ ok: false, mismatch: { reason: expect.stringContaining('the tail was cut off') } });
  });

  it('makes up a head, and is found out by its signature', async () => {
    await one.owner.query(`ALTER TABLE audit.heads DISABLE TRIGGER ALL; UPDATE audit.heads SET events = events + 1`);
    expect(await one.query<{ ok: boolean; mismatch: unknown }[]>(new VerifyChains([mine]))).toMatchObject([
      { ok: false, mismatch: { reason: expect.stringContaining('does not bear the signature') } },
      { ok: false, mismatch: { reason: expect.stringContaining('does not bear the signature') } },
    ]);
  });

  it('deletes a person’s key: what was sealed stays as it was, and everything verifies', async () => {
    await one.owner.query('DELETE FROM identity.data_keys');
    expect(await verifyFile(await one.export(mine), trust, kept)).toMatchObject({ ok: true });
  });
});
