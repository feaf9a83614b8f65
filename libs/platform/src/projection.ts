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
}

/**
 * A read model: tables whose rows are folds over the log. The functions are pure, so that a page of events is folded in
 * memory and written at once, and a rebuild gives the same rows.
 */
export interface Projection {
  readonly name: string;
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

/** Ids of the rows that a page of events touches. */
export function touchedIds(one: Table, events: readonly RecordedEvent[]): string[] {
  const ids = new Set<string>();
  for (const event of events) {
    const rule = one.on[event.type];
    if (rule) ids.add(rule.id(event as never));
  }
  return [...ids];
}

/** Folds a page of events over the rows as they are; answers what each touched row becomes. */
export function foldRows(one: Table, rows: ReadonlyMap<string, Row>, events: readonly RecordedEvent[]): Map<string, Row | null> {
  const changed = new Map<string, Row | null>();
  for (const event of events) {
    const rule = one.on[event.type];
    if (!rule) continue;
    const id = rule.id(event as never);
    const before = changed.has(id) ? changed.get(id)! : (rows.get(id) ?? null);
    changed.set(id, rule.evolve(before, event as never));
  }
  return changed;
}
