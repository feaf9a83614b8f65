import type { LogEntry } from './event-log.js';
import type { Position } from './event-store.js';
import { foldPage, type Projection, type Row, type Table } from './projection.js';
import type { Reads } from './read-models.js';

/** How every query names a read table. */
const READ_TABLE = /\bread_models\.([a-z_]+)/g;

/** A projection with the positions that it passes as if nothing stood there. */
export interface FoldedProjection {
  readonly projection: Projection;
  readonly skipped: ReadonlySet<Position>;
}

/**
 * Rows of read tables, folded in memory from a part of the log, and asked with the queries of the live tables: each table that
 * a query names is given to the database with it.
 */
export class FoldedRows implements Reads {
  private readonly tables = new Map<string, { readonly table: Table; readonly rows: Map<string, Row>; json: string | null }>();
  private readonly stopped = new Set<Projection>();

  constructor(
    private readonly database: Reads,
    private readonly projections: readonly FoldedProjection[],
  ) {
    for (const { projection } of projections)
      for (const table of projection.tables) this.tables.set(table.name, { table, rows: new Map(), json: null });
  }

  /** Folds the events that come next. A projection goes no further than to an event that it cannot apply, as the live one does. */
  apply(entries: readonly LogEntry[]): void {
    for (const { projection, skipped } of this.projections) {
      if (this.stopped.has(projection)) continue;
      const before = new Map(projection.tables.map((table) => [table, this.of(table.name).rows]));
      const { changes, obstacle } = foldPage(projection, before, entries, skipped);
      for (const [table, changed] of changes) {
        const known = this.of(table.name);
        if (changed.size > 0) known.json = null;
        for (const [id, row] of changed) {
          if (row) known.rows.set(id, row);
          else known.rows.delete(id);
        }
      }
      if (obstacle) this.stopped.add(projection);
    }
  }

  has(table: string, id: string): boolean {
    return this.of(table).rows.has(id);
  }

  rows<R>(sql: string, values: readonly unknown[] = []): Promise<R[]> {
    const names = [...new Set([...sql.matchAll(READ_TABLE)].map(([, name]) => name!))];
    const given = names.map(
      (name, index) => `${name} AS (SELECT * FROM json_populate_recordset(NULL::read_models.${name}, $${values.length + index + 1}::json))`,
    );
    return this.database.rows(`WITH ${given.join(', ')} ${sql.replaceAll(READ_TABLE, '$1')}`, [...values, ...names.map((name) => this.json(name))]);
  }

  async row<R>(sql: string, values: readonly unknown[] = []): Promise<R | null> {
    return (await this.rows<R>(sql, values))[0] ?? null;
  }

  private json(name: string): string {
    const known = this.of(name);
    return (known.json ??= JSON.stringify([...known.rows.values()]));
  }

  private of(name: string) {
    const known = this.tables.get(name);
    if (!known) throw new Error(`read_models.${name} is no table of a projection`);
    return known;
  }
}
