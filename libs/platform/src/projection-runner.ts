import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { isUnstorable } from './database.js';
import type { Doorbell } from './doorbell.js';
import type { EventLog, LogEntry } from './event-log.js';
import { comparePositions, type Position } from './event-store.js';
import { holding } from './lease.js';
import { pause } from './pause.js';
import { CHECKPOINT_COLUMNS, moveCheckpoint, registerCheckpoints, type Checkpoint } from './projection-checkpoints.js';
import { ProjectionRebuilder } from './projection-rebuilder.js';
import { endOf, mayTry, NO_DECISIONS, standstill, type DecisionsOf, type ProjectionDecisions } from './projection-standstill.js';
import { applyCarefully, applyPage } from './projection-tables.js';
import { typesOf, versionOf, type Projection } from './projection.js';

const PAGE = 500;
const POLL_MS = 1_000;
const RETRY_MS = 1_000;
/** Pages are begun at most this often, so that what comes in quick succession is folded together; full ones follow at once. */
const PACE_MS = 15;

/**
 * Keeps the read models up with the log. Rows and checkpoints change in one transaction that holds the checkpoints' row
 * locks, which is also the lease: another process's runner skips them until this one has committed or died. Projections
 * at the same position share a page and a commit. One that meets an event it cannot apply is parked before it, and the
 * others go on. Beside it the rebuilds run.
 */
export class ProjectionRunner {
  private readonly logger = new Logger('Projections');
  private readonly stopping = new AbortController();
  private readonly rebuilder: ProjectionRebuilder;
  /** Projections that stood still in this process, and what operators had decided about them when they were last asked about. */
  private readonly tried = new Set<string>();
  private readonly decided = new Map<string, ProjectionDecisions>();
  private readonly leftAlone = new Set<string>();
  private careful = false;
  private turn = 0;
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly log: EventLog,
    private readonly doorbell: Doorbell,
    private readonly projections: readonly Projection[],
    private readonly decisionsOf: DecisionsOf = async () => NO_DECISIONS,
  ) {
    this.rebuilder = new ProjectionRebuilder(database, log, doorbell, projections, decisionsOf);
  }

  /** @throws Error where the read models belong to another event log */
  async start(): Promise<void> {
    await registerCheckpoints(this.database, await this.log.store.storeId(), this.projections);
    this.running = this.run();
    this.rebuilder.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.running, this.rebuilder.stop()]);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let rung: Promise<void> | undefined;
    while (!signal.aborted) {
      rung ??= this.doorbell.next('countersign_events', POLL_MS, signal);
      try {
        const began = performance.now();
        const advanced = await this.advance();
        if (advanced > 0) {
          if (advanced < PAGE) await pause(Math.max(0, PACE_MS - (performance.now() - began)), signal);
          continue;
        }
        await rung;
        rung = undefined;
      } catch (error) {
        if (signal.aborted) return;
        // What was tried was rolled back with the rest.
        this.tried.clear();
        // A table refuses a row: the page is taken once more, to find out which event is to blame.
        if (isUnstorable(error) && !this.careful) {
          this.careful = true;
          continue;
        }
        this.logger.warn(`the read models cannot go on and will try again: ${(error as Error).message}`);
        await this.doorbell.next('countersign_events', RETRY_MS, signal);
      }
    }
  }

  /** Takes the projections that stand at one position a page further; answers how many events that had. */
  private async advance(): Promise<number> {
    const advanced = await this.database.transaction(async (manager) => {
      // A process that is frozen with the lease loses it soon.
      await manager.query(`SET LOCAL synchronous_commit = off; SET LOCAL idle_in_transaction_session_timeout = '5s'`);
      const found = await manager.query<Checkpoint[]>(
        `SELECT ${CHECKPOINT_COLUMNS} FROM read_models.checkpoints WHERE name = ANY($1) ORDER BY name FOR UPDATE SKIP LOCKED`,
        [this.projections.map(({ name }) => name)],
      );
      const movable: Checkpoint[] = [];
      for (const checkpoint of found) if (await this.isMovable(checkpoint)) movable.push(checkpoint);
      for (const position of this.inTurn(movable)) {
        const group = movable.filter((one) => one.position === position);
        const projections = this.projections.filter(({ name }) => group.some((one) => one.name === name));
        // What stands still tries that one event: rows that its table refuses are not hidden by what later events make of them.
        const most = group.some(({ parked }) => parked) ? 1 : PAGE;
        const entries = await holding(manager, this.log.readNext(position, most, { types: typesOf(projections), sealed: true }));
        if (entries.length === 0) continue;
        await this.take(manager, projections, group, entries);
        return entries.length;
      }
      return 0;
    });
    if (advanced > 0) this.doorbell.announce('countersign_read_models');
    return advanced;
  }

  /** The positions at which projections stand, each in its turn the first: one that is far behind does not hold up the others. */
  private inTurn(checkpoints: readonly Checkpoint[]): Position[] {
    const positions = [...new Set(checkpoints.map(({ position }) => position))].sort(comparePositions);
    const first = positions.length === 0 ? 0 : this.turn++ % positions.length;
    return [...positions.slice(first), ...positions.slice(0, first)];
  }

  private async take(
    manager: EntityManager,
    projections: readonly Projection[],
    group: readonly Checkpoint[],
    entries: readonly LogEntry[],
  ): Promise<void> {
    const done: string[] = [];
    const apply = this.careful ? applyCarefully : applyPage;
    for (const projection of projections) {
      const { name } = projection;
      const checkpoint = group.find((one) => one.name === name)!;
      const skipped = this.decided.get(name)?.skipped ?? NO_DECISIONS.skipped;
      const obstacle = await apply(manager, { schema: 'read_models', projection, entries, skipped });
      if (!obstacle) {
        done.push(name);
        continue;
      }
      const { retries } = await this.ask(name);
      const parked = standstill(obstacle, retries, checkpoint.parked, new Date());
      await moveCheckpoint(manager, [name], endOf(entries, obstacle, checkpoint.position), parked);
      this.tried.add(name);
      this.logger.error(`projection ${name} is parked before event ${parked.position} (${parked.type}): ${parked.reason}`);
    }
    await moveCheckpoint(manager, done, entries.at(-1)!.stored.position, null);
    this.careful = false;
    if (entries.some(({ stored }) => stored.type.startsWith('projection.'))) this.rebuilder.nudge();
  }

  private async isMovable(checkpoint: Checkpoint): Promise<boolean> {
    const { name, version, parked } = checkpoint;
    if (version > versionOf(this.projections.find((one) => one.name === name)!)) {
      if (!this.leftAlone.has(name)) this.logger.warn(`projection ${name} is of version ${version}, which this program does not know: left alone`);
      this.leftAlone.add(name);
      return false;
    }
    if (!parked) return true;
    const decisions = await this.ask(name);
    return mayTry(parked, { tried: this.tried.has(name), knows: this.log.knows(parked), decisions });
  }

  private async ask(name: string): Promise<ProjectionDecisions> {
    const decisions = await this.decisionsOf(name);
    this.decided.set(name, decisions);
    return decisions;
  }
}
