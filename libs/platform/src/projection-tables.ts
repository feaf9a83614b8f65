import type { EntityManager } from 'typeorm';
import { isUnstorable } from './database.js';
import type { LogEntry } from './event-log.js';
import type { Position } from './event-store.js';
import { foldPage, touchedIds, type Obstacle, type Projection, type Row, type Table } from './projection.js';

/** Where the tables are that are read from, and where those that a rebuild fills beside them. */
export type ReadSchema = 'read_models' | 'read_models_next';

/** Most rows of a table that are remembered, and how large they may be on average, as JSON. */
const MOST_ROWS = 25_000;
const LARGEST_ROW = 2_000;

/** The rows of tables as they were last read or written. Good for as long as nobody else writes them. */
export class KnownRows {
  private readonly tables = new Map<Table, { readonly rows: Map<string, Row>; all: boolean }>();

  /** @param empty nothing is in the tables yet: what is not known is not there */
  constructor(private readonly empty = false) {}

  of(one: Table): { readonly rows: Map<string, Row>; all: boolean } {
    let known = this.tables.get(one);
    if (!known) this.tables.set(one, (known = { rows: new Map(), all: this.empty }));
    return known;
  }

  /** @param bytes of the changed rows as JSON */
  remember(one: Table, changed: ReadonlyMap<string, Row | null>, bytes: number): void {
    const known = this.of(one);
    for (const [id, row] of changed) {
      if (row) known.rows.set(id, row);
      else known.rows.delete(id);
    }
    const most = bytes > changed.size * LARGEST_ROW ? 0 : MOST_ROWS;
    for (const id of known.rows.keys()) {
      if (known.rows.size <= most) break;
      known.rows.delete(id);
      known.all = false;
    }
  }
}

/** What is applied to which tables. */
export interface PageOfWork {
  readonly schema: ReadSchema;
  readonly projection: Projection;
  readonly entries: readonly LogEntry[];
  readonly skipped: ReadonlySet<Position>;
  /** What the caller knows of the rows; afterwards it knows more, provided that its transaction commits. */
  readonly known?: KnownRows;
}

/**
 * Folds a page and writes the rows that it changed, up to the first obstacle.
 * @returns the obstacle, or null where the whole page was applied
 * @throws QueryFailedError where a table refuses a row (see {@link applyCarefully}), or the database is not there
 */
export async function applyPage(manager: EntityManager, work: PageOfWork): Promise<Obstacle | null> {
  const { schema, projection, entries, skipped, known = new KnownRows() } = work;
  const rows = new Map<Table, ReadonlyMap<string, Row>>();
  for (const one of projection.tables) {
    const { rows: here, all } = known.of(one);
    if (!all && !one.rowAnEvent) await readRows(manager, schema, one, touchedIds(one, entries), here);
    rows.set(one, here);
  }
  const { changes, obstacle } = foldPage(projection, rows, entries, skipped);
  for (const [one, changed] of changes) {
    const bytes = await writeRows(manager, schema, one, changed);
    if (!one.rowAnEvent) known.remember(one, changed, bytes);
  }
  return obstacle;
}

/** Like {@link applyPage}, but finds the event whose row its table refuses: that one is the obstacle, and all before it are applied. */
export async function applyCarefully(manager: EntityManager, { known: _, ...work }: PageOfWork): Promise<Obstacle | null> {
  const { entries } = work;
  await manager.query('SAVEPOINT page');
  try {
    return await applyPage(manager, work);
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    await manager.query('ROLLBACK TO SAVEPOINT page');
    if (entries.length === 1) return { entry: entries[0]!, cause: 'row', reason: refusal(error) };
    const half = entries.length >> 1;
    return (
      (await applyCarefully(manager, { ...work, entries: entries.slice(0, half) })) ??
      (await applyCarefully(manager, { ...work, entries: entries.slice(half) }))
    );
  }
}

/** What the database says without the values: they may be somebody's words. */
function refusal(error: unknown): string {
  const { code, table, column, constraint } = error as Record<string, string | undefined>;
  return `the table refuses the row (${[`SQLSTATE ${code!}`, table, column, constraint].filter(Boolean).join(', ')})`;
}

/** Reads those of the rows that are not known. */
async function readRows(
  manager: EntityManager,
  schema: ReadSchema,
  { name, key }: Table,
  ids: readonly string[],
  known: Map<string, Row>,
): Promise<void> {
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  for (const row of await manager.query<Row[]>(`SELECT * FROM ${schema}.${name} WHERE ${key} = ANY($1)`, [unknown])) known.set(String(row[key]), row);
}

/** @returns how long the rows are as JSON */
async function writeRows(
  manager: EntityManager,
  schema: ReadSchema,
  { name, key }: Table,
  changed: ReadonlyMap<string, Row | null>,
): Promise<number> {
  const gone = [...changed].filter(([, row]) => row === null).map(([id]) => id);
  if (gone.length > 0) await manager.query(`DELETE FROM ${schema}.${name} WHERE ${key} = ANY($1)`, [gone]);
  const rows = [...changed.values()].filter((row) => row !== null);
  if (rows.length === 0) return 0;
  const json = JSON.stringify(rows);
  const columns = Object.keys(rows[0]!);
  await manager.query(
    `INSERT INTO ${schema}.${name} (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::${schema}.${name}, $1::json)
     ON CONFLICT (${key}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [json],
  );
  return json.length;
}
