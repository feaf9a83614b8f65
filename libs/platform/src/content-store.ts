import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { DomainError } from './domain.js';
import { sealBytes, unsealBytes, type DataKeys } from './event-codec.js';
import { sha256 } from './ids.js';

/** A content by the SHA-256 of its plain bytes. */
export interface ContentRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** Plain bytes a chunk. */
const CHUNK = 256 * 1024;

/**
 * Contents (files, handoffs, logs): content-addressed, in chunks, each sealed under the owner's key. A content is durable
 * before the event that names it is appended; one that no event names is swept later.
 */
export class ContentStore {
  constructor(
    private readonly database: DataSource,
    private readonly keys: DataKeys,
  ) {}

  async put(ownerId: string, content: Buffer | string): Promise<ContentRef> {
    const bytes = Buffer.from(content);
    const hash = sha256(bytes);
    const key = await this.keys.keyOf(ownerId);
    if (!key) throw new DomainError('not_found', 'The owner of this content no longer exists.');
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
    return { sha256: hash, bytes: bytes.length };
  }

  putJson(ownerId: string, value: unknown): Promise<ContentRef> {
    return this.put(ownerId, JSON.stringify(value));
  }

  /** @throws DomainError not_found where there is no such content, or its owner's key was deleted */
  async get(ownerId: string, hash: string): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.stream(ownerId, hash)) parts.push(part);
    return Buffer.concat(parts);
  }

  /**
   * How many bytes a content has, without reading it.
   * @throws DomainError not_found where there is no such content
   */
  async size(ownerId: string, hash: string): Promise<number> {
    const blobs = await this.database.query<{ bytes: string }[]>('SELECT bytes FROM contents.blobs WHERE owner_id = $1 AND sha256 = $2', [
      ownerId,
      hash,
    ]);
    if (!blobs[0]) throw new DomainError('not_found', 'There is no such content.');
    return Number(blobs[0].bytes);
  }

  async getJson(ownerId: string, hash: string): Promise<unknown> {
    return JSON.parse((await this.get(ownerId, hash)).toString('utf8')) as unknown;
  }

  /**
   * The content's bytes, chunk by chunk, so that a large one is never in memory as a whole.
   * @throws Error at a chunk that was changed, or at the end where the whole is not what its hash says
   */
  async *stream(ownerId: string, hash: string): AsyncGenerator<Buffer> {
    const key = await this.keys.keyOf(ownerId);
    const size = await this.size(ownerId, hash);
    if (!key) throw new DomainError('not_found', 'There is no such content.');
    const whole = createHash('sha256');
    for (let number = 0; number * CHUNK < size; number += 1) {
      const chunks = await this.database.query<{ ciphertext: Buffer }[]>(
        'SELECT ciphertext FROM contents.chunks WHERE owner_id = $1 AND sha256 = $2 AND number = $3',
        [ownerId, hash, number],
      );
      if (!chunks[0]) throw new DomainError('not_found', 'A part of this content is missing.');
      const part = unsealBytes(key, `${hash}.${number}`, chunks[0].ciphertext);
      whole.update(part);
      yield part;
    }
    if (whole.digest('hex') !== hash) throw new Error(`content ${hash} is not what its hash says`);
  }
}
