import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { DomainError } from './domain.js';
import { sealBytes, unsealBytes, type DataKeys } from './event-codec.js';
import { sha256 } from './ids.js';
import { ShortMemory } from './short-memory.js';

/** A content by the SHA-256 of its plain bytes. */
export interface ContentRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** Plain bytes a chunk. */
const CHUNK = 256 * 1024;
/** Most contents of one chunk that share a commit. */
const MOST_TOGETHER = 32;
/** Plain bytes of the contents that are remembered. */
const REMEMBERED_BYTES = 16 * 1024 * 1024;

interface PendingChunk {
  readonly ownerId: string;
  readonly hash: string;
  readonly bytes: number;
  readonly ciphertext: Buffer;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Contents (files, handoffs, logs): content-addressed, in chunks, each sealed under the owner's key. A content is durable
 * before the event that names it is appended; one that no event names is swept later.
 */
export class ContentStore {
  private waiting: PendingChunk[] = [];
  private committing = false;
  private readonly remembered = new ShortMemory<Buffer>(REMEMBERED_BYTES);

  constructor(
    private readonly database: DataSource,
    private readonly keys: DataKeys,
  ) {}

  async put(ownerId: string, content: Buffer | string): Promise<ContentRef> {
    const bytes = Buffer.from(content);
    const hash = sha256(bytes);
    const key = await this.keys.keyOf(ownerId);
    if (!key) throw new DomainError('not_found', 'The owner of this content no longer exists.');
    if (bytes.length <= CHUNK) await this.putChunk(ownerId, hash, bytes.length, sealBytes(key, `${hash}.0`, bytes));
    else await this.putChunks(ownerId, hash, bytes, key);
    this.remember(ownerId, hash, bytes);
    return { sha256: hash, bytes: bytes.length };
  }

  putJson(ownerId: string, value: unknown): Promise<ContentRef> {
    return this.put(ownerId, JSON.stringify(value));
  }

  /** @throws DomainError not_found where there is no such content, or its owner's key was deleted */
  async get(ownerId: string, hash: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.stream(ownerId, hash)) parts.push(part);
    const content = Buffer.concat(parts);
    this.remember(ownerId, hash, content);
    return content;
  }

  /**
   * How many bytes a content has, without reading it.
   * @throws DomainError not_found where there is no such content
   */
  async size(ownerId: string, hash: string): Promise<number> {
    const known = this.remembered.get(`${ownerId} ${hash}`);
    if (known) return known.length;
    const blobs = await this.database.query<{ bytes: string }[]>('SELECT bytes FROM contents.blobs WHERE owner_id = $1 AND sha256 = $2', [
      ownerId,
      hash,
    ]);
    if (!blobs[0]) throw new DomainError('not_found', 'There is no such content.');
    return Number(blobs[0].bytes);
  }

  /** Where this process has put or read the content a moment ago, it is not fetched again. */
  async getJson(ownerId: string, hash: string): Promise<unknown> {
    const content = this.remembered.get(`${ownerId} ${hash}`) ?? (await this.get(ownerId, hash));
    return JSON.parse(content.toString('utf8')) as unknown;
  }

  /**
   * The content's bytes, chunk by chunk, so that a large one is never in memory as a whole.
   * @throws Error at a chunk that was changed, or at the end where the whole is not what its hash says
   */
  async *stream(ownerId: string, hash: string): AsyncGenerator<Buffer> {
    const key = await this.keys.keyOf(ownerId);
    let bytes = 0;
    const whole = createHash('sha256');
    for (let number = 0; number === 0 || number * CHUNK < bytes; number += 1) {
      const [found] = await this.database.query<{ bytes: string; ciphertext: Buffer | null }[]>(
        `SELECT b.bytes, c.ciphertext FROM contents.blobs b LEFT JOIN contents.chunks c ON c.owner_id = b.owner_id AND c.sha256 = b.sha256 AND c.number = $3
          WHERE b.owner_id = $1 AND b.sha256 = $2`,
        [ownerId, hash, number],
      );
      if (!key || !found) throw new DomainError('not_found', 'There is no such content.');
      bytes = Number(found.bytes);
      if (bytes === 0) break;
      if (!found.ciphertext) throw new DomainError('not_found', 'A part of this content is missing.');
      const part = unsealBytes(key, `${hash}.${number}`, found.ciphertext);
      whole.update(part);
      yield part;
    }
    if (whole.digest('hex') !== hash) throw new Error(`content ${hash} is not what its hash says`);
  }

  /** Contents that are put while a commit is under way share the next one. */
  private putChunk(ownerId: string, hash: string, bytes: number, ciphertext: Buffer): Promise<void> {
    return new Promise((settle, fail) => {
      this.waiting.push({ ownerId, hash, bytes, ciphertext, settle, fail });
      if (!this.committing) void this.commitWaiting();
    });
  }

  private async commitWaiting(): Promise<void> {
    this.committing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_TOGETHER);
      const one = new Map(batch.map((chunk) => [`${chunk.ownerId} ${chunk.hash}`, chunk]));
      const chunks = [...one.values()];
      try {
        await this.database.query(
          `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[]) AS g(owner_id, sha256, bytes, ciphertext)),
           blobs AS (INSERT INTO contents.blobs (owner_id, sha256, bytes) SELECT owner_id, sha256, bytes FROM given ORDER BY owner_id, sha256
                     ON CONFLICT DO NOTHING RETURNING owner_id, sha256)
           INSERT INTO contents.chunks SELECT owner_id, sha256, 0, ciphertext FROM given JOIN blobs USING (owner_id, sha256) WHERE bytes > 0`,
          [
            chunks.map(({ ownerId }) => ownerId),
            chunks.map(({ hash }) => hash),
            chunks.map(({ bytes }) => bytes),
            chunks.map(({ ciphertext }) => ciphertext),
          ],
        );
        for (const { settle } of batch) settle();
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    this.committing = false;
  }

  private async putChunks(ownerId: string, hash: string, bytes: Buffer, key: Buffer): Promise<void> {
    await this.database.transaction(async (manager) => {
      const inserted = await manager.query<unknown[]>(
        'INSERT INTO contents.blobs (owner_id, sha256, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1',
        [ownerId, hash, bytes.length],
      );
      if (inserted.length === 0) return;
      for (let number = 0; number * CHUNK < bytes.length; number += 1) {
        const chunk = bytes.subarray(number * CHUNK, (number + 1) * CHUNK);
        await manager.query('INSERT INTO contents.chunks VALUES ($1, $2, $3, $4)', [
          ownerId,
          hash,
          number,
          sealBytes(key, `${hash}.${number}`, chunk),
        ]);
      }
    });
  }

  /** Keeps small contents at hand: what one agent hands in the next one reads. */
  private remember(ownerId: string, hash: string, content: Buffer): void {
    if (content.length <= CHUNK) this.remembered.set(`${ownerId} ${hash}`, content, content.length);
  }

  /** Deletes all contents of an owner, some at a time. Without the owner's key nobody can read them anyhow. */
  async erase(ownerId: string): Promise<void> {
    for (let deleted = 1; deleted > 0;) {
      const some = 'SELECT sha256 FROM contents.blobs WHERE owner_id = $1 LIMIT 200';
      [, deleted] = await this.database.query<[unknown[], number]>(`DELETE FROM contents.blobs WHERE owner_id = $1 AND sha256 IN (${some})`, [
        ownerId,
      ]);
    }
  }
}
