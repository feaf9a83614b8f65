import type { LogEntry } from './event-log.js';
import type { Position, StoredEvent } from './event-store.js';
import type { RecordedEvent } from './recorded-event.js';

export type Row = Record<string, unknown>;

/** How one event type changes a row: gets the row as it is (or null) and answers what it becomes (null: no row). */
export type Evolve<R extends Row> = (row: R | null, event: never) => R | null;

export interface Table<R extends Row = Row> {
  /** Name within the schema `read_models`; its primary key is `key`. */
  readonly name: string;
  readonly key: keyof R & string;
  /** Which row an event type belongs to, and what it makes of it. Types that are not named do not matter. */
  readonly on: Readonly<Record<string, { id(event: never): string; evolve: Evolve<R> }>>;
  /** For tables about events as such: the same for every event, whatever its type and whether it can be read, as it is stored. `on` is then empty. */
  readonly each?: { id(stored: StoredEvent): string; evolve(row: R | null, stored: StoredEvent): R };
  /** Every event has a row of its own: none is read before it is written. */
  readonly rowAnEvent?: boolean;
}

/**
 * A read model: tables whose rows are folds over the log. The functions are pure, so that a page of events is folded in
 * memory and written at once, and a rebuild gives the same rows.
 */
export interface Projection {
  readonly name: string;
  /** Raised when the rows would come out differently: the tables are then built anew beside the old ones. 1 where left out. */
  readonly version?: number;
  readonly tables: readonly Table[];
}

/** Types a table's definition against its rows and events. */
export function table<R extends Row, E extends { type: string; data: unknown }>(
  name: string,
  key: keyof R & string,
  on: {
    [T in E['type']]?: {
      id(event: RecordedEvent<Extract<E, { type: T }>>): string;
      evolve(row: R | null, event: RecordedEvent<Extract<E, { type: T }>>): R | null;
    };
  },
): Table {
  return { name, key, on: on as unknown as Table['on'] };
}

export const versionOf = ({ version = 1 }: Projection): number => version;

/** The event types that matter to these projections. */
export const typesOf = (projections: readonly Projection[]): Set<string> =>
  new Set(projections.flatMap(({ tables }) => tables.flatMap(({ on }) => Object.keys(on))));

/** What keeps a projection from going on: the event before which it stops, and why. */
export interface Obstacle {
  readonly entry: LogEntry;
  /** The event is of a type or version not known here; cannot be read; throws in the fold; makes a row that its table refuses. */
  readonly cause: 'unknown_event' | 'unreadable_event' | 'fold' | 'row';
  readonly reason: string;
}

/** Ids of the rows that a page of events touches. What throws here throws in the fold, too, and is dealt with there. */
export function touchedIds(one: Table, entries: readonly LogEntry[]): string[] {
  const ids = new Set<string>();
  for (const { event, stored } of entries.some(({ copies }) => copies) ? entries.flatMap(withCopies) : entries) {
    const rule = event && one.on[event.type];
    if (!rule && !one.each) continue;
    try {
      ids.add(one.each ? one.each.id(stored) : rule!.id(event as never));
    } catch {
      break;
    }
  }
  return [...ids];
}

/** An entry behind what it carries in. */
const withCopies = (entry: LogEntry): readonly LogEntry[] => (entry.copies ? [...entry.copies, entry] : [entry]);

/** By table, what each touched row becomes (null: no row). */
export type Changes = ReadonlyMap<Table, ReadonlyMap<string, Row | null>>;

/**
 * Folds a page of events over the rows as they are, up to the first event that is an obstacle; of that one nothing is left.
 * @param rows by table, then by id; what is not there has no row yet
 * @param skipped positions that count as if nothing stood there
 */
export function foldPage(
  { tables }: Projection,
  rows: ReadonlyMap<Table, ReadonlyMap<string, Row>>,
  entries: readonly LogEntry[],
  skipped: ReadonlySet<Position>,
): { readonly changes: Changes; readonly obstacle: Obstacle | null } {
  const changes = new Map(tables.map((one) => [one, new Map<string, Row | null>()]));
  for (const entry of entries) {
    if (skipped.has(entry.stored.position)) continue;
    const undo: (() => void)[] | undefined = entry.copies && [];
    for (const part of withCopies(entry)) {
      const obstacle = foldOne(part, tables, rows, changes, undo);
      if (!obstacle) continue;
      // Of an entry with copies there is all or nothing.
      for (const back of undo?.reverse() ?? []) back();
      return { changes, obstacle: { ...obstacle, entry, cause: part === entry || obstacle.cause === 'fold' ? obstacle.cause : 'unreadable_event' } };
    }
  }
  return { changes, obstacle: null };
}

/** Folds one event over the rows; notes how to take that back. */
function foldOne(
  { event, unreadable, stored }: LogEntry,
  tables: readonly Table[],
  rows: ReadonlyMap<Table, ReadonlyMap<string, Row>>,
  changes: ReadonlyMap<Table, Map<string, Row | null>>,
  undo: (() => void)[] | undefined,
): Omit<Obstacle, 'entry'> | null {
  if (unreadable && (unreadable.unknown || tables.some(({ on }) => stored.type in on)))
    return { cause: unreadable.unknown ? 'unknown_event' : 'unreadable_event', reason: unreadable.message };
  try {
    const becomes: [Map<string, Row | null>, string, Row | null][] = [];
    for (const one of tables) {
      const rule = event && one.on[event.type];
      if (!rule && !one.each) continue;
      const id = one.each ? one.each.id(stored) : rule!.id(event as never);
      const changed = changes.get(one)!;
      const before = changed.has(id) ? changed.get(id)! : (rows.get(one)!.get(id) ?? null);
      becomes.push([changed, id, one.each ? one.each.evolve(before, stored) : rule!.evolve(before, event as never)]);
    }
    for (const [changed, id, row] of becomes) {
      const earlier = changed.get(id);
      undo?.push(() => (earlier === undefined ? changed.delete(id) : changed.set(id, earlier)));
      changed.set(id, row);
    }
    return null;
  } catch (error) {
    return { cause: 'fold', reason: (error as Error).message };
  }
}
