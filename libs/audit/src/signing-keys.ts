import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import {
  CONFIG,
  DATABASE,
  deriveKey,
  EventLog,
  newId,
  OPERATOR,
  sealBytes,
  unsealBytes,
  type CommandMeta,
  type Config,
  type RecordedEvent,
} from '#platform';
import { auditStream, MakeAuditKey, RotateAuditKey } from './audit.commands.js';
import type { AuditEvent } from './audit.events.js';
import { signHead, type Head, type SignedHead } from './signed-head.js';
import type { PublishedKey } from './trust.js';
import { newSigningKey, verificationKey } from './verification-key.js';

/** Nothing can be signed; the message says why, and what to do. */
export class CannotSign extends Error {}

/** How long a private key may wait for the event that names it. */
const UNUSED_FOR = '1 minute';

/**
 * The keys that sign heads. Which ones there are is on record in the log; the private key of the newest is sealed with the
 * installation's secret in `identity.audit_keys`, and removed once another one takes its place.
 */
@Injectable()
export class SigningKeys {
  private readonly seal: Buffer;
  private known: { readonly key_id: string; readonly privateKey: KeyObject } | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CONFIG) config: Config,
  ) {
    this.seal = deriveKey(config.JWT_SECRET, 'audit-signing-key');
  }

  /** Every key that ever signed, the oldest first; the last one signs. Makes the first one where there is none. */
  async published(): Promise<PublishedKey[]> {
    let history = await this.history();
    if (history.length === 0) {
      await this.make();
      history = await this.history();
    }
    return history.map(({ data: { public_key }, metadata }, place) => ({
      ...verificationKey(public_key)!,
      valid_from: metadata.timestamp,
      valid_until: history[place + 1]?.metadata.timestamp ?? null,
    }));
  }

  /**
   * Signs heads as of now, with the key that is the newest at this moment.
   * @throws CannotSign where its private key is not there, or sealed with another secret
   */
  async sign(heads: readonly Omit<Head, 'time'>[], time = new Date().toISOString()): Promise<SignedHead[]> {
    const { kid } = (await this.published()).at(-1)!;
    const privateKey = await this.privateKey(kid);
    return heads.map((head) => signHead({ ...head, time }, kid, privateKey));
  }

  /** Has another key sign from now on. */
  async rotate(reason: string, meta: CommandMeta): Promise<void> {
    await this.published();
    await this.commands.execute(new RotateAuditKey({ ...(await this.prepare()), reason }, meta));
    await this.removeUnused();
  }

  private async make(): Promise<void> {
    const command_id = newId();
    const who = { actor: 'audit', requester: null, owner_id: OPERATOR, project_id: null, run_id: null };
    const meta = { command_id, request_hash: null, now: new Date().toISOString(), ...who, correlation_id: command_id, causation_id: command_id };
    await this.commands.execute(new MakeAuditKey(await this.prepare(), meta));
  }

  /** A new key, whose private half is kept before any event names it. */
  private async prepare(): Promise<{ store_id: string; key_id: string; public_key: string }> {
    const { key, privateKey } = newSigningKey();
    const sealed = sealBytes(this.seal, key.kid, privateKey.export({ format: 'der', type: 'pkcs8' }));
    await this.database.query('INSERT INTO identity.audit_keys (key_id, sealed) VALUES ($1, $2)', [key.kid, sealed]);
    return { store_id: await this.log.store.storeId(), key_id: key.kid, public_key: key.x };
  }

  private async privateKey(key_id: string): Promise<KeyObject> {
    if (this.known?.key_id === key_id) return this.known.privateKey;
    const [row] = await this.database.query<{ sealed: Buffer }[]>('SELECT sealed FROM identity.audit_keys WHERE key_id = $1', [key_id]);
    const remedy = 'make a new one with: npm run countersign -- audit rotate-key --reason TEXT';
    if (!row) throw new CannotSign(`The private half of the signing key ${key_id} is not in this database; ${remedy}.`);
    let der: Buffer;
    try {
      der = unsealBytes(this.seal, key_id, row.sealed);
    } catch {
      throw new CannotSign(`The signing key ${key_id} is sealed with another JWT_SECRET than this process has; set that one, or ${remedy}.`);
    }
    this.known = { key_id, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
    return this.known.privateKey;
  }

  /** Private keys that can sign nothing any more. */
  private async removeUnused(): Promise<void> {
    const current = (await this.history()).at(-1)?.data.key_id;
    await this.database.query(`DELETE FROM identity.audit_keys WHERE key_id <> $1 AND made_at < now() - interval '${UNUSED_FOR}'`, [current]);
  }

  private async history(): Promise<RecordedEvent<AuditEvent>[]> {
    return this.log.readStream<AuditEvent>(auditStream(await this.log.store.storeId()));
  }
}
