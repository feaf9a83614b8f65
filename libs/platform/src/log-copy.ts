import type pg from 'pg';
import { AuditTable } from './audit-table.js';
import { AuditWriter } from './audit-writer.js';
import { Doorbell } from './doorbell.js';
import { comparePositions, START, type EventStore, type Position, type StoredEvent } from './event-store.js';
import { migrate } from './database.js';
import { GENESIS, nextLink } from './hash-chain.js';
import { checkpointsOf, moveCheckpoints, type Checkpoint } from './log-copy-checkpoints.js';
import { copyPool, eventStoreDbEnd, hasEventLog, LogCopyRefused, postgresEnd, type LogEnd } from './log-copy-ends.js';

export interface LogCopyOptions {
  /** `postgresql://…`, or `esdb://…` as EVENT_STORE_URL takes it; one of the two is PostgreSQL. */
  readonly from: string;
  readonly to: string;
  /** Brings PostgreSQL to the current schema. */
  readonly migrations: Parameters<typeof migrate>[1];
  /** Told after every page; the numbers begin anew with each stage. */
  readonly onProgress: (stage: 'comparing' | 'copying' | 'verifying', events: number) => void;
  readonly signal: AbortSignal;
}

export interface LogCopyReport {
  readonly from: LogEnd['engine'];
  readonly to: LogEnd['engine'];
  /** Events of the whole log, and those that were not there before. */
  readonly events: number;
  readonly copied: number;
  /** SHA-256 of the last link of the copy's chain, hex; null for an empty log. */
  readonly head: string | null;
  /** Whether each event of the copy has the position of the original, so that the chains are equal, too. */
  readonly samePositions: boolean;
  /** Names of the checkpoints that go on in the copy now. */
  readonly checkpoints: readonly string[];
}

const PAGE = 500;
export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url);

/**
 * Copies a whole event log into another one: the same events with the same bytes, in the same order, in streams and as a
 * whole. Done again it goes on behind what is there. PostgreSQL keeps the positions that events had, so that the chains of a
 * copy that began empty are those of the original; EventStoreDB gives positions of its own, and the chains are computed anew.
 * Copies events only, and takes along the checkpoints of what followed the log; contents, identities and read models stay
 * where they are.
 * @throws LogCopyRefused where the target holds something else, or the source does not verify; an abort throws the signal's reason
 */
export async function copyLog({ from, to, migrations, onProgress, signal }: LogCopyOptions): Promise<LogCopyReport> {
  const pools = { from: isPostgresUrl(from) ? copyPool(from) : null, to: isPostgresUrl(to) ? copyPool(to) : null };
  const ends: LogEnd[] = [];
  try {
    if (!pools.from && !pools.to)
      throw new LogCopyRefused('One of --from and --to must be PostgreSQL: the copy works with the checkpoints and the audit table that are there.');
    if (pools.from && !(await hasEventLog(pools.from)))
      throw new LogCopyRefused('There is no event log in the database of --from. Name the one that the log is in.');
    for (const url of [from, to]) if (isPostgresUrl(url)) await migrate(url, migrations);
    const open = async (url: string, own: pg.Pool | null, other: pg.Pool | null) => {
      const end = own ? await postgresEnd(own) : await eventStoreDbEnd(url, other!);
      ends.push(end);
      return end;
    };
    const source = await open(from, pools.from, pools.to);
    const target = await open(to, pools.to, pools.from);
    return await new LogCopying(source, target, pools, onProgress, signal).run();
  } finally {
    for (const end of ends) await end.close();
    await pools.from?.end();
    await pools.to?.end();
  }
}

interface Verified extends Pick<LogCopyReport, 'events' | 'head' | 'samePositions'> {
  /** Where each checkpoint is in the copy. */
  readonly places: ReadonlyMap<string, Position>;
}

class LogCopying {
  constructor(
    private readonly source: LogEnd,
    private readonly target: LogEnd,
    private readonly pools: { readonly from: pg.Pool | null; readonly to: pg.Pool | null },
    private readonly onProgress: LogCopyOptions['onProgress'],
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<LogCopyReport> {
    const { source, target, pools } = this;
    if (source.storeId === target.storeId) throw new LogCopyRefused('--from and --to are the same event log.');
    const audit = await this.auditOwner();
    if (target.engine === 'EventStoreDB' && audit !== null && audit !== target.storeId)
      throw new LogCopyRefused(
        'The audit table in the database of --from is the copy of another event store. Copy into a new PostgreSQL database first, and from there.',
      );
    if (source.engine === 'PostgreSQL' || audit === source.storeId) await this.expectVerified(source, 'original');

    const there = await this.compare();
    const copied = await this.copy(there);
    const checkpoints = pools.from ? await checkpointsOf(pools.from) : await checkpointsOf(pools.to!);
    const following = checkpoints.filter(({ store_id, name }) => store_id === source.storeId && (!(pools.from && pools.to) || !isReadModel(name)));
    const { events, head, places, samePositions } = await this.verify(following);
    if (target.engine === 'EventStoreDB' && comparePositions(await target.store.head(), await source.store.head()) < 0)
      throw new LogCopyRefused(
        'Everything was copied, but this event store counts its positions from below those that unfinished runs have on record: they would stand still. Use one that has more on record, or keep the log in PostgreSQL.',
      );
    const moved = await moveCheckpoints((pools.to ?? pools.from)!, following, target.storeId, places, samePositions);
    return { from: source.engine, to: target.engine, events, copied, head, samePositions, checkpoints: moved };
  }

  /** Whose copy the audit table is that an EventStoreDB works with; null where it is empty or there is none. */
  private async auditOwner(): Promise<string | null> {
    if (this.pools.from && this.pools.to) return null;
    return new AuditTable((this.pools.from ?? this.pools.to)!, new Doorbell()).events.storeId();
  }

  /** @returns the position in the source of the last event that the target has, too */
  private async compare(): Promise<Position> {
    const originals = eventsOf(this.source.store, START);
    let last = START;
    let events = 0;
    for await (const page of pagesOf(this.target.store, START)) {
      for (const event of page) {
        const original = (await originals.next()).value;
        if (!original || !isCopy(event, original))
          throw new LogCopyRefused(
            `The log of --to holds something else: event ${events + 1} there (${event.type} at ${event.position}) is ${original ? `not ${original.type} at ${original.position}, which stands in its place in` : 'beyond the end of'} the log of --from. Name an empty one, or one that this command began to fill.`,
          );
        last = original.position;
        events += 1;
      }
      this.step('comparing', events);
    }
    return last;
  }

  private async copy(after: Position): Promise<number> {
    let copied = 0;
    for await (const page of pagesOf(this.source.store, after)) {
      await this.target.append(page);
      copied += page.length;
      this.step('copying', copied);
    }
    return copied;
  }

  /** Reads both logs as they are now, event by event, and the chain that the copy's bytes make. */
  private async verify(checkpoints: readonly Checkpoint[]): Promise<Verified> {
    const originals = eventsOf(this.source.store, START);
    const places = new Map(checkpoints.map(({ name }) => [name, START]));
    let [events, link, samePositions] = [0, GENESIS, true];
    for await (const page of pagesOf(this.target.store, START)) {
      for (const event of page) {
        const original = (await originals.next()).value;
        if (!original || !isCopy(event, original))
          throw new LogCopyRefused(
            `Somebody else writes to the log of --to: its event at ${event.position} is not of --from. Stop them, and begin with an empty one.`,
          );
        for (const { name, position } of checkpoints) if (comparePositions(original.position, position) <= 0) places.set(name, event.position);
        samePositions &&= event.position === original.position;
        link = nextLink(link, event);
        events += 1;
      }
      this.step('verifying', events);
    }
    if (!(await originals.next()).done)
      throw new LogCopyRefused('The log of --from has gone on meanwhile: stop what works on it, and run this again to take the rest along.');
    const head = events === 0 ? null : link.toString('hex');
    const recorded = await this.expectVerified(this.target, 'copy');
    if (recorded !== head) throw new LogCopyRefused(`The chain of the copy ends with ${String(recorded)}, and its events say ${String(head)}.`);
    return { events, head, places, samePositions };
  }

  /** @returns the recorded end of the log's chain */
  private async expectVerified(end: LogEnd, which: string): Promise<string | null> {
    const pool = (end === this.source ? (this.pools.from ?? this.pools.to) : (this.pools.to ?? this.pools.from))!;
    const doorbell = new Doorbell();
    const table = new AuditTable(pool, doorbell);
    const writer = end.engine === 'EventStoreDB' ? new AuditWriter(end.store, table, doorbell) : null;
    await writer?.start();
    try {
      if (writer) await table.reach(() => end.store.head());
      const { rows } = await pool.query<{ project_id: string }>(`SELECT project_id FROM ${writer ? 'audit' : 'event_log'}.project_heads`);
      const reports = await end.store.verify(rows.map(({ project_id }) => project_id));
      const broken = reports.find(({ ok }) => !ok);
      if (broken)
        throw new LogCopyRefused(
          `The ${which} does not verify: the chain of ${broken.project_id === null ? 'the log' : `project ${broken.project_id}`} breaks at ${broken.mismatch!.position} (${broken.mismatch!.reason}).`,
        );
      return reports[0]!.head;
    } finally {
      await writer?.stop();
    }
  }

  private step(...progress: Parameters<LogCopyOptions['onProgress']>): void {
    this.onProgress(...progress);
    this.signal.throwIfAborted();
  }
}

const FIELDS = ['event_id', 'stream', 'revision', 'type', 'version', 'metadata', 'data'] as const;
const isCopy = (event: StoredEvent, original: StoredEvent): boolean => FIELDS.every((field) => event[field] === original[field]);
const isReadModel = (name: string): boolean => name.startsWith('read:');

async function* pagesOf(store: EventStore, after: Position): AsyncGenerator<StoredEvent[]> {
  for (let position = after; ;) {
    const page = await store.readAll(position, PAGE);
    if (page.length === 0) return;
    yield page;
    position = page.at(-1)!.position;
  }
}

async function* eventsOf(store: EventStore, after: Position): AsyncGenerator<StoredEvent, undefined> {
  for await (const page of pagesOf(store, after)) yield* page;
}
