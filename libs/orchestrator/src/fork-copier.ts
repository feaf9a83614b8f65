import { Inject, Injectable } from '@nestjs/common';
import { Catalog, comparePositions, EventLog, START, type Position, type RecordedEvent } from '#platform';
import type { OpenFork } from '#projects';
import { ForkCopy, unitsOf, type Unit } from './fork-copy.js';

const PAGE = 200;

/** What a fork has of its origin. */
export interface Copied {
  readonly run_ids: readonly string[];
  /** Time of the last event, ISO 8601. */
  readonly as_of: string;
}

/** How far the copy has come, as the fork's own history says. */
interface Progress {
  /** In the origin; `START` where nothing is copied. */
  readonly reached: Position;
  /** Of the last event of each of the fork's streams. */
  readonly revisions: Map<string, number>;
  /** By position of the first event of a unit in the origin: where its copy ends. */
  readonly ends: ReadonlyMap<Position, Position>;
}

/**
 * Copies the history of a project into a fork, each append of the origin as one append, in order. Killed anywhere, the next
 * one finds what is there and goes on behind it; two at the same time write the same events.
 */
@Injectable()
export class ForkCopier {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Catalog) private readonly catalog: Catalog,
  ) {}

  /** @throws UnreadableEvent, whatever the infrastructure throws, or the signal's reason */
  async copy(fork: OpenFork, signal: AbortSignal): Promise<Copied> {
    const { reached, revisions, ends } = await this.progress(fork);
    const copy = new ForkCopy(fork, this.catalog);
    const run_ids: string[] = [];
    let as_of = '';
    for await (const unit of this.units(fork)) {
      signal.throwIfAborted();
      const made = copy.next(unit);
      if (!made) continue;
      const { stream, copies } = made;
      const from = copies[0]!.metadata.forked_from.position;
      as_of = copies.at(-1)!.metadata.timestamp;
      for (const { type, data } of copies) if (type === 'run.requested') run_ids.push((data as { run_id: string }).run_id);
      if (comparePositions(from, reached) <= 0) {
        copy.place(made, ends.get(from)!);
        continue;
      }
      const { position, revision } = await this.log.appendCopies(stream, revisions.get(stream) ?? 'no_stream', copies);
      revisions.set(stream, revision);
      copy.place(made, position);
    }
    return { run_ids, as_of };
  }

  private async progress({ project_id }: OpenFork): Promise<Progress> {
    const revisions = new Map<string, number>();
    const ends = new Map<Position, Position>();
    let reached = START;
    for await (const unit of this.read(project_id)) {
      const last = unit.at(-1)!;
      revisions.set(last.stream, last.revision);
      const from = unit[0]!.metadata.forked_from?.position;
      if (from !== undefined) ends.set((reached = from), last.position);
    }
    return { reached, revisions, ends };
  }

  /** The origin's history up to where the fork begins; what was appended together is there as a whole. */
  private async *units({ origin_project_id, position }: OpenFork): AsyncGenerator<Unit> {
    for await (const unit of this.read(origin_project_id)) {
      if (comparePositions(unit[0]!.position, position) > 0) return;
      yield unit;
    }
  }

  private async *read(projectId: string): AsyncGenerator<Unit> {
    let held: readonly RecordedEvent[] = [];
    for (let after = START; ;) {
      const page = await this.log.readProject(projectId, after, PAGE);
      const units = unitsOf([...held, ...page]);
      const whole = page.length < PAGE ? units : units.slice(0, -1);
      yield* whole;
      if (page.length < PAGE) return;
      held = units.at(-1)!;
      after = page.at(-1)!.position;
    }
  }
}
