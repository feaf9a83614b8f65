import { carryReferences, comparePositions, forkedId, START, type Catalog, type EventCopy, type Position, type RecordedEvent } from '#platform';
import { intentCommandId } from './intent-command-id.js';
import type { OrchestratorEvent } from './pipeline.events.js';

/** What a fork does not begin with: how its origin came to be, and that it was put away. */
const LEFT_OUT: ReadonlySet<string> = new Set(['project.fork_requested', 'project.forked', 'project.fork_failed', 'project.archived']);
const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Events that were appended together: they are copied together, too. */
export type Unit = readonly RecordedEvent[];

/** An append that is to be made. */
export interface UnitCopy {
  readonly stream: string;
  readonly copies: readonly EventCopy[];
}

type Appended = Pick<RecordedEvent, 'stream' | 'metadata'>;
const together = (a: Appended, b: Appended): boolean => a.stream === b.stream && a.metadata.command_id === b.metadata.command_id;

/** Puts events back together that were appended together. */
export function unitsOf(events: readonly RecordedEvent[]): Unit[] {
  const units: RecordedEvent[][] = [];
  for (const event of events) {
    const last = units.at(-1);
    if (last && together(last[0]!, event)) last.push(event);
    else units.push([event]);
  }
  return units;
}

/**
 * Carries the history of one project over into another, unit by unit, in its order. Pure: the same units give the same copies,
 * whoever makes them and however often.
 *
 * Ids become others by a function of fork and id, so that what referred to each other still does. One kind of id is worked out
 * as the orchestrator of the fork will: that of the commands which follow from a decision. So a decision that was half carried
 * out where the history ends is carried out to its end, and nothing of it twice.
 */
export class ForkCopy {
  private readonly commands = new Map<string, string>();
  /** Where units stand, in their order: the position of the first event in the origin, and of the last one in the fork. */
  private readonly places: { readonly from: Position; to: Position }[] = [];

  constructor(
    private readonly fork: { readonly project_id: string; readonly origin_project_id: string },
    private readonly catalog: Pick<Catalog, 'referencesIn'>,
  ) {}

  /** @returns null where nothing of the unit is copied */
  next(unit: Unit): UnitCopy | null {
    const events = unit.filter(({ type }) => !LEFT_OUT.has(type));
    if (events.length === 0) return null;
    for (const event of events) if (event.type === 'orchestrator.decided') this.foresee(event as RecordedEvent<OrchestratorEvent>);
    return { stream: events[0]!.stream.replaceAll(UUIDS, (id) => this.id(id)), copies: events.map((event) => this.copyOf(event)) };
  }

  /** A unit's copy stands at this position, or ends there. Units are placed in their order. */
  place({ copies }: UnitCopy, position: Position): void {
    this.places.push({ from: copies[0]!.metadata.forked_from.position, to: position });
  }

  /** Which id something of the origin has in the fork. */
  id(id: string): string {
    if (id === this.fork.origin_project_id) return this.fork.project_id;
    return this.commands.get(id) ?? forkedId(this.fork.project_id, id);
  }

  /** Command ids of intents derive from run, input and place. */
  private foresee({ data: { run_id, input_event_id, intents } }: RecordedEvent<OrchestratorEvent>): void {
    for (const index of intents.keys())
      this.commands.set(intentCommandId(run_id, input_event_id, index), intentCommandId(this.id(run_id), this.id(input_event_id), index));
  }

  private copyOf({ type, data, event_id, position, metadata }: RecordedEvent): EventCopy {
    const id = (one: string) => this.id(one);
    return {
      type,
      data: carryReferences(data, this.catalog.referencesIn(type), { id, position: (one) => this.position(one) }),
      event_id: id(event_id),
      metadata: {
        ...metadata,
        project_id: this.fork.project_id,
        run_id: metadata.run_id === null ? null : id(metadata.run_id),
        correlation_id: id(metadata.correlation_id),
        causation_id: id(metadata.causation_id),
        command_id: id(metadata.command_id),
        forked_from: { project_id: this.fork.origin_project_id, event_id, position },
      },
    };
  }

  /** Where that stands in the fork which stood at a position of the origin, or the last that did so before it. */
  private position(position: Position): Position {
    return this.places.findLast(({ from }) => comparePositions(from, position) <= 0)?.to ?? START;
  }
}
