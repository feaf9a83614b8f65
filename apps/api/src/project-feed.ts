import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { comparePositions, DomainError, EventLog, LiveTexts, pause, ReadModels, type LiveText, type Position } from '#platform';
import { FactFinder } from './message-facts.js';
import { ProjectChannel } from './project-channel.js';
import { StreamFollower, type LiveMessage, type StreamSink } from './stream-follower.js';

const RETRY_MS = 1_000;

/** A place in a project's stream. */
export interface Subscription {
  /** The stream goes on after this position. */
  readonly position: Position;
  stop(): void;
}

/** The live streams of projects, however they reach the client. One reader of the log wakes the projects that have news. */
@Injectable()
export class ProjectFeed implements OnModuleDestroy {
  private readonly channels = new Map<string, ProjectChannel>();
  private readonly facts: FactFinder;
  private watching: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  private closed = false;
  private readonly deaf: () => void;

  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(LiveTexts) live: LiveTexts,
  ) {
    this.facts = new FactFinder(log);
    this.deaf = live.on((piece) => this.channels.get(piece.project_id)?.pass(deltaOf(piece)));
  }

  /**
   * Gives the sink every message of the project after a position (`null`: from now on), each once and in order. The
   * sink's first message comes after this has returned.
   * @throws DomainError invalid_input where the log has not come that far
   */
  async subscribe(projectId: string, after: Position | null, sink: StreamSink): Promise<Subscription> {
    const head = await this.log.store.head();
    if (after !== null && comparePositions(after, head) > 0)
      throw new DomainError('invalid_input', 'The position lies beyond the end of the log. Send one that a message carried.', [
        { field: 'after_position', message: 'must not lie beyond the end of the log' },
      ]);
    if (this.closed) throw new DomainError('unavailable', 'The server is stopping. Connect again in a moment.');
    const position = after ?? head;
    const follower = new StreamFollower(sink, position);
    const channel = this.channels.get(projectId) ?? this.open(projectId);
    void channel.follow(follower).then(() => this.closeIdle(projectId, channel));
    return { position, stop: () => follower.stop() };
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    this.deaf();
    const why = new DomainError('unavailable', 'The server is stopping. Connect again with the last position you saw.');
    await Promise.all([...this.channels.values()].map((channel) => channel.close(why)));
    this.watching?.stop.abort();
    await this.watching?.done;
  }

  private open(projectId: string): ProjectChannel {
    const channel = new ProjectChannel(projectId, { log: this.log, reads: this.reads, facts: this.facts });
    this.channels.set(projectId, channel);
    if (!this.watching) {
      const stop = new AbortController();
      this.watching = { stop, done: this.watch(stop.signal) };
    }
    return channel;
  }

  private closeIdle(projectId: string, channel: ProjectChannel): void {
    if (!channel.idle || this.channels.get(projectId) !== channel) return;
    this.channels.delete(projectId);
    void channel.close();
    if (this.channels.size > 0) return;
    this.watching?.stop.abort();
    this.watching = null;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const head = await this.log.store.head();
        for (const channel of this.channels.values()) channel.wake();
        await this.log.store.subscribe(head, signal, async (events) => {
          for (const projectId of new Set(events.map((event) => event.project_id))) if (projectId !== null) this.channels.get(projectId)?.wake();
        });
      } catch {
        await pause(RETRY_MS, signal);
      }
    }
  }
}

/** A piece of what an agent is writing, as clients get it. */
const deltaOf = ({ project_id, task_id, agent_type, loop, text }: LiveText): LiveMessage => ({
  event_type: 'message_delta',
  position: null,
  project_id,
  timestamp: new Date().toISOString(),
  payload: { task_id, agent_type, conversation: loop, text },
});
