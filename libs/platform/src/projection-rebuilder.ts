import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { isUnstorable } from './database.js';
import type { Doorbell } from './doorbell.js';
import type { EventLog, LogEntry } from './event-log.js';
import { comparePositions, START, type Position } from './event-store.js';
import { holding } from './lease.js';
import { pause } from './pause.js';
import { moveCheckpoint, type Checkpoint } from './projection-checkpoints.js';
import {
  analyseTables,
  beginRebuild,
  endRebuild,
  moveRebuild,
  settle,
  stateOf,
  swapTables,
  takeRebuild,
  type Rebuild,
} from './projection-rebuilds.js';
import { endOf, mayTry, standstill, type DecisionsOf, type ProjectionDecisions, type Standstill } from './projection-standstill.js';
import { applyCarefully, applyPage, KnownRows } from './projection-tables.js';
import { typesOf, versionOf, type Obstacle, type Projection } from './projection.js';

const PAGE = 3_000;
/** How often it is looked for what is to be rebuilt. */
const LOOK_MS = 2_000;
/** How long the swap waits for those who read the tables; longer, and they might wait for each other for ever. */
const SWAP_WAIT = '250ms';
const SWAP_AGAIN_MS = 500;
const LOCK_NOT_AVAILABLE = '55P03';

/** What became of a step: go on, wait for what is new, or leave it to somebody else or to an operator. */
type Outcome = 'more' | 'caught_up' | 'swapped' | 'left';

/**
 * Builds the tables of a projection anew, beside the live ones, and swaps them in once they have come as far. Rows and
 * position change in one transaction that holds the lease, so that a killed rebuild goes on where it was. It begins where an
 * operator asked for it, and where the projection's definition is newer than the rows.
 */
export class ProjectionRebuilder {
  private readonly logger = new Logger('Projections');
  private readonly stopping = new AbortController();
  private readonly tried = new Set<string>();
  private careful = false;
  private wake: (() => void) | undefined;
  private running: Promise<void> | undefined;
  /** The rows as this process left them; good where it was the last to go on. */
  private known: { readonly name: string; readonly at: Position; readonly rows: KnownRows } | undefined;
  /** The page behind the one that is being written, on its way. */
  private ahead: { readonly name: string; readonly after: Position; readonly entries: Promise<LogEntry[]> } | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly log: EventLog,
    private readonly doorbell: Doorbell,
    private readonly projections: readonly Projection[],
    private readonly decisionsOf: DecisionsOf,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake?.();
    await this.running;
  }

  /** Something was decided about a projection. */
  nudge(): void {
    this.wake?.();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const nudged = new Promise<void>((resolve) => (this.wake = resolve));
      for (const projection of this.projections) {
        await this.attend(projection).catch((error: unknown) => this.failed(projection, error));
        if (this.careful) await this.attend(projection).catch((error: unknown) => this.failed(projection, error));
        [this.careful, this.ahead, this.known] = [false, undefined, undefined];
      }
      const turn = new AbortController();
      await Promise.race([nudged, pause(LOOK_MS, turn.signal)]);
      turn.abort();
    }
  }

  private failed({ name }: Projection, error: unknown): void {
    if (this.stopping.signal.aborted) return;
    [this.ahead, this.known] = [undefined, undefined];
    // What was tried was rolled back with the rest.
    this.tried.clear();
    // A table refuses a row: the page is taken once more, to find out which event is to blame.
    this.careful = isUnstorable(error) && !this.careful;
    if (!this.careful) this.logger.warn(`the rebuild of projection ${name} cannot go on and will try again: ${(error as Error).message}`);
  }

  /** Begins the rebuild of a projection where one is due, and works on it until it is done, stands still, or another process has it. */
  private async attend(projection: Projection): Promise<void> {
    const { name } = projection;
    let decisions = await this.decisionsOf(name);
    if (!(await this.isOnItsWay(projection, decisions))) return;
    for (let outcome: Outcome = 'more'; !this.stopping.signal.aborted;) {
      outcome = outcome === 'caught_up' ? await this.swap(projection) : await this.page(projection, decisions);
      if (outcome === 'swapped' || outcome === 'left') return;
      if (outcome === 'caught_up') decisions = await this.decisionsOf(name);
    }
  }

  /** True where there is a rebuild to work on; begins it where it is due. */
  private async isOnItsWay(projection: Projection, decisions: ProjectionDecisions): Promise<boolean> {
    const version = versionOf(projection);
    const isDue = (live: Checkpoint): boolean => version > live.version || decisions.rebuilds > live.rebuilds_done;
    const { live, begun } = await stateOf(this.database.manager, projection);
    if (begun !== null && begun >= version) return begun === version;
    if (!isDue(live)) return false;
    const head = await this.log.store.head();
    await this.database.transaction(async (manager) => {
      await manager.query(`SET LOCAL lock_timeout = '5s'`);
      const now = await stateOf(manager, projection, true);
      if (!isDue(now.live) || (now.begun !== null && now.begun >= version)) return;
      await endRebuild(manager, projection);
      if (now.live.position === START) return settle(manager, projection, version, decisions.rebuilds);
      await beginRebuild(manager, projection, { requests: decisions.rebuilds, target: head, skipped: decisions.skipped });
      this.logger.log(`rebuilding projection ${projection.name}`);
    });
    return true;
  }

  /** Takes the rebuild a page further. */
  private async page(projection: Projection, decisions: ProjectionDecisions): Promise<Outcome> {
    const began = performance.now();
    const { name } = projection;
    const outcome = await this.database.transaction(async (manager): Promise<Outcome> => {
      // A process that is frozen with the lease loses it soon.
      await manager.query(`SET LOCAL synchronous_commit = off; SET LOCAL idle_in_transaction_session_timeout = '5s'`);
      const rebuild = await takeRebuild(manager, projection);
      if (!rebuild || (rebuild.stopped && !this.mayTry(name, rebuild.stopped, decisions))) return 'left';
      const limit = rebuild.stopped ? 1 : PAGE;
      const entries = await holding(manager, this.read(projection, rebuild.position, limit));
      const rows = this.rowsAt(name, rebuild.position);
      const obstacle = await this.apply(manager, projection, entries, decisions, rows);
      const position = endOf(entries, obstacle, rebuild.position);
      this.known = obstacle || this.careful ? undefined : { name, at: position, rows };
      await moveRebuild(manager, projection, {
        position,
        target: entries.length < limit ? START : await this.log.store.head(),
        events: obstacle ? entries.indexOf(obstacle.entry) : entries.length,
        working_ms: Math.round(performance.now() - began),
        skipped: decisions.skipped,
        stopped: obstacle && this.stopped(name, obstacle, rebuild, decisions),
      });
      return obstacle ? 'left' : entries.length < limit ? 'caught_up' : 'more';
    });
    this.careful = false;
    return outcome;
  }

  /** Puts the new tables in the place of the live ones, once they hold what those hold. */
  private async swap(projection: Projection): Promise<Outcome> {
    const { name } = projection;
    try {
      await analyseTables(this.database.manager, projection);
      const outcome = await this.database.transaction(async (manager): Promise<Outcome> => {
        await manager.query(`SET LOCAL lock_timeout = '${SWAP_WAIT}'; SET LOCAL idle_in_transaction_session_timeout = '5s'`);
        const rebuild = await takeRebuild(manager, projection);
        if (!rebuild) return 'left';
        const { live } = await stateOf(manager, projection, true);
        const decisions = await this.decisionsOf(name);
        // Passed before it was decided to skip it: built once more.
        if ([...decisions.skipped].some((one) => !rebuild.skipped.includes(one) && comparePositions(one, rebuild.position) <= 0)) {
          await endRebuild(manager, projection);
          return 'left';
        }
        let { position } = rebuild;
        while (comparePositions(position, live.position) < 0) {
          const entries = await holding(manager, this.log.readPage(position, PAGE, { types: typesOf([projection]), sealed: true }));
          // The next page finds it again, and says so.
          if (await this.apply(manager, projection, entries, decisions)) throw new NotYet();
          position = endOf(entries, null, position);
        }
        await swapTables(manager, projection);
        await moveCheckpoint(manager, [name], position, null);
        await settle(manager, projection, rebuild.version, rebuild.requests);
        await endRebuild(manager, projection);
        await manager.query('NOTIFY countersign_read_models');
        return 'swapped';
      });
      if (outcome === 'swapped') {
        this.logger.log(`projection ${name} is rebuilt`);
        this.doorbell.ring('countersign_read_models');
      }
      return outcome;
    } catch (error) {
      if (!(error instanceof NotYet) && (error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      await pause(SWAP_AGAIN_MS, this.stopping.signal);
      return 'more';
    }
  }

  /** The page behind a position; the one behind that is begun to be read. */
  private async read(projection: Projection, after: Position, limit: number): Promise<LogEntry[]> {
    const { name } = projection;
    const types = typesOf([projection]);
    const known = limit === PAGE && this.ahead?.name === name && this.ahead.after === after ? this.ahead.entries : undefined;
    this.ahead = undefined;
    const entries = await (known ?? this.log.readPage(after, limit, { types, sealed: true }));
    if (entries.length === PAGE) {
      const next = entries.at(-1)!.stored.position;
      const coming = this.log.readPage(next, PAGE, { types, sealed: true });
      coming.catch(() => undefined);
      this.ahead = { name, after: next, entries: coming };
    }
    return entries;
  }

  private apply(
    manager: EntityManager,
    projection: Projection,
    entries: readonly LogEntry[],
    { skipped }: ProjectionDecisions,
    known = new KnownRows(),
  ): Promise<Obstacle | null> {
    return (this.careful ? applyCarefully : applyPage)(manager, { schema: 'read_models_next', projection, entries, skipped, known });
  }

  private rowsAt(name: string, position: Position): KnownRows {
    const { known } = this;
    return known?.name === name && known.at === position ? known.rows : new KnownRows(position === START);
  }

  private mayTry(name: string, stopped: Standstill, decisions: ProjectionDecisions): boolean {
    return mayTry(stopped, { tried: this.tried.has(name), knows: this.log.knows(stopped), decisions });
  }

  private stopped(name: string, obstacle: Obstacle, { stopped }: Rebuild, { retries }: ProjectionDecisions): Standstill {
    this.tried.add(name);
    const stands = standstill(obstacle, retries, stopped, new Date());
    this.logger.error(`the rebuild of projection ${name} stands before event ${stands.position} (${stands.type}): ${stands.reason}`);
    return stands;
  }
}

/** The rebuild has met an obstacle at its very end. */
class NotYet extends Error {}
