import { Inject, Injectable, type Type } from '@nestjs/common';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { DomainError, type CommandMeta, type Decider, type DomainEvent } from './domain.js';
import type { EventMetadata } from './recorded-event.js';
import { EventLog } from './event-log.js';
import { EventIdConflict, START, WrongExpectedRevision, type Position } from './event-store.js';

/** What a command's sender gets back. */
export interface Receipt {
  /** Position of the last event that the command (or its first run, where it was repeated) appended; `START` for none. */
  readonly position: Position;
  /** True where the command had been carried out before. */
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

const RACES = 8;

/** load -> decide -> append, for every command of every decider. */
@Injectable()
export class CommandExecutor {
  constructor(@Inject(EventLog) private readonly log: EventLog) {}

  /**
   * Carries out a command once: a repeat (same command id) answers the first receipt. A lost race is decided anew.
   * @throws DomainError where the decider refuses, the stream is somebody else's, or the command id was used for another request
   */
  async execute<C extends DomainCommand<unknown>, E extends DomainEvent, S>(decider: Decider<C, E, S>, command: C): Promise<Receipt> {
    for (let race = 0; race < RACES; race += 1) {
      const history = await this.log.readStream<E>(command.stream);
      const { meta } = command;
      if (meta.requester !== null && history[0] && history[0].metadata.owner_id !== meta.requester)
        throw new DomainError('not_found', 'There is no such object.');
      const earlier = history.filter((event) => event.metadata.command_id === meta.command_id);
      if (earlier.length > 0) {
        if (earlier[0]!.metadata.request_hash !== meta.request_hash)
          throw new DomainError('idempotency_key_reused', 'This Idempotency-Key was used for another request. Send a new key with a new request.');
        return { position: earlier.at(-1)!.position, repeated: true };
      }
      let state = decider.initial;
      for (const { type, data } of history) state = decider.evolve(state, { type, data } as E);
      const events = decider.decide(command, state);
      if (events.length === 0) return { position: history.at(-1)?.position ?? START, repeated: false };
      try {
        const { position } = await this.log.append(
          command.stream,
          history.at(-1)?.revision ?? 'no_stream',
          events,
          eventMetadata(meta, history[0]?.metadata),
        );
        return { position, repeated: false };
      } catch (error) {
        // The second: this very command was carried out at the same moment, and is found on record in the next round.
        if (!(error instanceof WrongExpectedRevision || error instanceof EventIdConflict)) throw error;
      }
    }
    throw new DomainError('conflict', 'Others are changing this at the same moment. Read it again and repeat your request.');
  }
}

/** A stream stays with the owner and project it began with, whoever adds to it. */
function eventMetadata(meta: CommandMeta, first: EventMetadata | undefined): EventMetadata {
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
