import { Inject, Injectable, type Type } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { DomainError, type CommandMeta, type Decider, type DomainEvent } from './domain.js';
import type { EventMetadata, RecordedEvent } from './recorded-event.js';
import { EventLog } from './event-log.js';
import { EventIdConflict, START, WrongExpectedRevision, type AppendResult, type Position } from './event-store.js';
import { ShortMemory } from './short-memory.js';

/** What a command's sender gets back. */
export interface Receipt {
  /** Position of the last event that the command (or its first run, where it was repeated) appended; `START` for none. */
  readonly position: Position;
  /** Of that event in its stream, where it was appended just now. */
  readonly revision?: number;
  /** True where a person's command had been carried out before; of one of the program's own it may go unnoticed. */
  readonly repeated: boolean;
}

/** A command: what is asked (`data`) of which stream, by whom and when (`meta`). */
export abstract class DomainCommand<Data> extends Command<Receipt> {
  abstract readonly type: string;
  abstract get stream(): string;
  constructor(
    readonly data: Data,
    readonly meta: CommandMeta,
  ) {
    super();
  }
}

/** What is known of a stream after its last event: enough to decide about it once more without reading it. */
interface Aggregate<State> {
  readonly state: State;
  readonly revision: number;
  readonly position: Position;
  /** Of the stream's first event. */
  readonly owner_id: string;
  readonly project_id: string | null;
  readonly run_id: string | null;
  /** The commands that were carried out: what was asked, and the position of the last event each brought. */
  readonly commands: Map<string, { readonly request_hash: string | null; readonly position: Position }>;
}

/** Of so many commands at the same moment each is carried out; beyond that, some are asked to come again. */
const RACES = 32;
/** Commands of the remembered streams. */
const MOST_COMMANDS = 50_000;

/**
 * load -> decide -> append, for every command of every decider. A stream that was decided about a moment ago is not read again,
 * and one of which nothing is known is taken for a new one where the program itself commands: what is known may be old, and
 * an append on it then fails for its revision. Whatever else follows from it, a refusal or nothing to do, is decided anew from
 * the log. A person's command is held against the log at first: whose the stream is, and what their key was used for.
 */
@Injectable()
export class CommandExecutor {
  private readonly memory = new ShortMemory<Aggregate<unknown>>(MOST_COMMANDS);

  constructor(@Inject(EventLog) private readonly log: EventLog) {}

  /**
   * Carries out a command once: a repeat (same command id) answers the first receipt. A lost race is decided anew.
   * @throws DomainError where the decider refuses, the stream is somebody else's, or the command id was used for another request
   */
  async execute<C extends DomainCommand<unknown>, E extends DomainEvent, S>(decider: Decider<C, E, S>, command: C): Promise<Receipt> {
    const { stream, meta } = command;
    for (let race = 0; race < RACES; race += 1) {
      const remembered = (this.memory.get(stream) as Aggregate<S> | undefined) ?? (race === 0 ? await this.recall(decider, stream) : undefined);
      const supposed = remembered !== undefined || (race === 0 && meta.requester === null);
      const current = supposed ? remembered : await this.load(decider, stream);
      if (meta.requester !== null && current && current.owner_id !== meta.requester) throw new DomainError('not_found', 'There is no such object.');
      const earlier = current?.commands.get(meta.command_id);
      if (earlier) {
        if (earlier.request_hash !== meta.request_hash)
          throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request. Send a new key with a new request.');
        return { position: earlier.position, repeated: true };
      }
      let events: readonly E[];
      try {
        events = decider.decide(command, current?.state ?? decider.initial);
      } catch (error) {
        if (!supposed) throw error;
        events = [];
      }
      if (events.length === 0) {
        if (!supposed) return { position: current?.position ?? START, repeated: false };
        this.memory.forget(stream);
        continue;
      }
      try {
        const metadata = eventMetadata(meta, current);
        const appended = await this.log.append(stream, current?.revision ?? 'no_stream', events, metadata);
        this.remember(decider, command, current, events, metadata, appended);
        return { ...appended, repeated: false };
      } catch (error) {
        this.memory.forget(stream);
        // The second: this very command was carried out at the same moment, and is found on record in the next round.
        if (!(error instanceof WrongExpectedRevision || error instanceof EventIdConflict)) throw error;
      }
    }
    throw new DomainError('conflict', 'Others are changing this at the same moment. Read it again and repeat your request.');
  }

  private remember<C extends DomainCommand<unknown>, E extends DomainEvent, S>(
    decider: Decider<C, E, S>,
    { stream }: C,
    current: Aggregate<S> | undefined,
    events: readonly E[],
    metadata: EventMetadata,
    appended: AppendResult,
  ): void {
    // Otherwise the append was on record already, and behind events that are not known here.
    if (appended.revision !== (current?.revision ?? -1) + events.length) return this.memory.forget(stream);
    const facts = events.map((event) => this.log.asRead(event));
    const next = follow(decider, current, facts, metadata, appended);
    // What was read before its owner's key may have been deleted gets no more time.
    if (current) this.memory.replace(stream, next, next.commands.size);
    else this.memory.set(stream, next, next.commands.size);
  }

  private async load<C, E extends DomainEvent, S>(decider: Decider<C, E, S>, stream: string): Promise<Aggregate<S> | undefined> {
    return this.keep(decider, stream, await this.log.readStream<E>(stream));
  }

  /** What this process itself has appended to the stream a while ago. */
  private async recall<C, E extends DomainEvent, S>(decider: Decider<C, E, S>, stream: string): Promise<Aggregate<S> | undefined> {
    const recent = await this.log.recentStream<E>(stream);
    return recent ? this.keep(decider, stream, recent) : undefined;
  }

  private keep<C, E extends DomainEvent, S>(
    decider: Decider<C, E, S>,
    stream: string,
    history: readonly RecordedEvent<E>[],
  ): Aggregate<S> | undefined {
    let aggregate: Aggregate<S> | undefined;
    for (const event of history) aggregate = follow(decider, aggregate, [event], event.metadata, event);
    if (aggregate) this.memory.set(stream, aggregate, aggregate.commands.size);
    return aggregate;
  }
}

/** A stream after some more events of one command. */
function follow<C, E extends DomainEvent, S>(
  decider: Decider<C, E, S>,
  before: Aggregate<S> | undefined,
  events: readonly E[],
  metadata: EventMetadata,
  { position, revision }: AppendResult,
): Aggregate<S> {
  const { command_id, request_hash } = metadata;
  const { owner_id, project_id, run_id } = before ?? metadata;
  let state = before?.state ?? decider.initial;
  for (const { type, data } of events) state = decider.evolve(state, { type, data } as E);
  // A repeat is answered with the hash of the command's first event and the position of its last.
  const first = before?.commands.get(command_id);
  const commands = before?.commands ?? (new Map() as Aggregate<S>['commands']);
  commands.set(command_id, { request_hash: first ? first.request_hash : request_hash, position });
  return { state, revision, position, owner_id, project_id, run_id, commands };
}

/** A stream stays with the owner and project it began with, whoever adds to it. */
function eventMetadata(meta: CommandMeta, first: Pick<EventMetadata, 'owner_id' | 'project_id' | 'run_id'> | undefined): EventMetadata {
  return {
    timestamp: meta.now,
    actor: meta.actor,
    owner_id: first?.owner_id ?? meta.owner_id,
    project_id: first?.project_id ?? meta.project_id,
    run_id: meta.run_id ?? first?.run_id ?? null,
    correlation_id: meta.correlation_id,
    causation_id: meta.causation_id,
    command_id: meta.command_id,
    request_hash: meta.request_hash,
  };
}

/** The CQRS handlers of a decider: one a command, all alike. */
export function handlersFor<C extends DomainCommand<unknown>, E extends DomainEvent, S>(
  decider: Decider<C, E, S>,
  commands: readonly (new (data: never, meta: CommandMeta) => C)[],
): Type[] {
  return commands.map((command) => {
    class Handler {
      constructor(private readonly executor: CommandExecutor) {}
      execute(one: C): Promise<Receipt> {
        return this.executor.execute(decider, one);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${command.name}Handler` });
    Inject(CommandExecutor)(Handler, undefined, 0);
    Injectable()(Handler);
    CommandHandler(command)(Handler);
    return Handler;
  });
}
