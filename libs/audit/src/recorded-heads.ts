import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { DATABASE, type Position } from '#platform';
import type { SignedHead } from './signed-head.js';

const COLUMNS = `store_id, chain, project_id, position::text, events::int8::text, encode(link, 'hex') AS link, signed_at AS time, key_id, signature`;

type HeadRow = Omit<SignedHead, 'events'> & { events: string };
const fromRow = ({ events, ...row }: HeadRow): SignedHead => ({ ...row, events: Number(events) });

/** The heads that were signed at intervals, in `audit.heads`: added to, and never changed. A chain is named by its project, the log's by null. */
@Injectable()
export class RecordedHeads {
  constructor(@Inject(DATABASE) private readonly database: DataSource) {}

  /** Keeps them; one that is kept for the same place already stays. */
  async add(heads: readonly SignedHead[], manager: Pick<EntityManager, 'query'> = this.database): Promise<void> {
    if (heads.length === 0) return;
    await manager.query(
      `INSERT INTO audit.heads (store_id, chain, project_id, position, events, link, signed_at, key_id, signature)
       SELECT store_id, chain, project_id, position, events, decode(link, 'hex'), time, key_id, signature
         FROM jsonb_to_recordset($1::jsonb) AS given(store_id uuid, chain text, project_id uuid, position bigint, events bigint, link text,
              time text, key_id text, signature text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(heads)],
    );
  }

  /** The newest head of the log's chain. */
  async lastOfLog(storeId: string): Promise<SignedHead | null> {
    return (await this.select('store_id = $1 AND project_id IS NULL ORDER BY heads.position DESC LIMIT 1', [storeId]))[0] ?? null;
  }

  /** The newest head of each of these projects; those without one are left out. */
  async lastOf(storeId: string, projectIds: readonly string[]): Promise<SignedHead[]> {
    const rows = await this.database.query<HeadRow[]>(
      `SELECT newest.* FROM unnest($2::uuid[]) AS wanted(id)
        CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM audit.heads WHERE store_id = $1 AND project_id = wanted.id ORDER BY heads.position DESC LIMIT 1) newest`,
      [storeId, projectIds],
    );
    return rows.map(fromRow);
  }

  /** The heads of a chain behind a position, in order, and up to `until` where given. */
  async after(storeId: string, projectId: string | null, after: Position, limit: number, until?: Position): Promise<SignedHead[]> {
    const upTo = until === undefined ? '' : 'AND position <= $5';
    return this.select(
      `store_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND position > $3 ${upTo} ORDER BY heads.position LIMIT $4`,
      until === undefined ? [storeId, projectId, after, limit] : [storeId, projectId, after, limit, until],
    );
  }

  /** The heads of a chain before a position (all where it is null), the newest first. */
  async before(storeId: string, projectId: string | null, before: Position | null, limit: number): Promise<SignedHead[]> {
    return this.select(
      `store_id = $1 AND project_id IS NOT DISTINCT FROM $2 AND ($3::bigint IS NULL OR position < $3) ORDER BY heads.position DESC LIMIT $4`,
      [storeId, projectId, before, limit],
    );
  }

  private async select(condition: string, values: unknown[]): Promise<SignedHead[]> {
    return (await this.database.query<HeadRow[]>(`SELECT ${COLUMNS} FROM audit.heads WHERE ${condition}`, values)).map(fromRow);
  }
}
