import { Logger } from '@nestjs/common';
import type { StreamMessage } from '#contracts';
import { comparePositions, pause, START, type DomainError, type EventLog, type Position, type ReadModels, type RecordedEvent } from '#platform';
import type { FactFinder } from './message-facts.js';
import type { LiveMessage, StreamFollower } from './stream-follower.js';
import { toStreamMessage } from './stream-messages.js';

const PAGE = 100;
const RETRY_MS = 1_000;
/** Looks without having been woken this often: a lost wake-up costs latency and nothing else. */
const LOOK_MS = 5_000;
const READ_MODELS_MS = 1_000;

export interface ChannelSources {
  readonly log: EventLog;
  readonly reads: ReadModels;
  readonly facts: FactFinder;
}

/**
 * One project's stream, read once for all who are live. A follower first reads what it missed at its own pace, up to the
 * position that the live ones have been given, and joins them there; one that cannot keep up goes back to reading at its
 * own pace. An event is told of only when the read models hold it. What fails to be read is read again.
 */
export class ProjectChannel {
  private readonly logger = new Logger('Stream');
  private readonly stopping = new AbortController();
  private readonly live = new Set<StreamFollower>();
  private readonly followers = new Set<StreamFollower>();
  private news = true;
  private wakeUp: () => void = () => undefined;
  private failing = false;
  /** The live ones have been given everything up to here, and the read models hold it. */
  private told: Position = START;
  private readonly begun: Promise<void>;
  private readonly running: Promise<void>;

  constructor(
    private readonly projectId: string,
    private readonly sources: ChannelSources,
  ) {
    this.begun = this.begin();
    this.running = this.begun.then(() => this.pump());
  }

  get idle(): boolean {
    return this.followers.size === 0;
  }

  /** Something new may be in the log. */
  wake(): void {
    this.news = true;
    this.wakeUp();
  }

  /** Gives those who are live a piece of text that is on no record; whoever is slow gets several pieces as one. */
  pass(piece: LiveMessage): void {
    for (const follower of this.live) if (!follower.stopped) follower.giveText(piece);
  }

  /** Gives a follower everything after its position until it is stopped. */
  async follow(follower: StreamFollower): Promise<void> {
    this.followers.add(follower);
    try {
      await this.begun;
      while (await follower.room()) {
        // No await between the comparison and the joining: the pump cannot move on in between.
        if (comparePositions(follower.position, this.told) >= 0) {
          this.live.add(follower);
          await follower.live();
          this.live.delete(follower);
        } else if (!(await this.attempt(() => this.catchUp(follower)))) await follower.pause(RETRY_MS);
      }
    } finally {
      this.live.delete(follower);
      this.followers.delete(follower);
    }
  }

  /** Ends all followers and the channel itself. */
  async close(why?: DomainError): Promise<void> {
    this.stopping.abort();
    this.wakeUp();
    if (why) for (const follower of this.followers) follower.end(why);
    await this.running;
  }

  private async begin(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && !(await this.attempt(async () => void (this.told = await this.sources.reads.position())))) await this.pause();
  }

  private async pump(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (!this.news) await this.waitForNews();
      if (signal.aborted) return;
      this.news = false;
      if (!(await this.attempt(() => this.tellNews()))) {
        this.news = true;
        await this.pause();
      }
    }
  }

  private waitForNews(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async tellNews(): Promise<void> {
    const { signal } = this.stopping;
    const { log, reads } = this.sources;
    const events = await log.readProject(this.projectId, this.told, PAGE);
    const last = events.at(-1)?.position;
    if (last === undefined) return;
    while (!(await reads.waitFor(last, READ_MODELS_MS, signal))) if (signal.aborted) return;
    const messages = await this.messagesOf(events);
    if (signal.aborted) return;
    for (const follower of this.live) giveLive(follower, messages, last);
    this.told = last;
    this.news = true;
  }

  private async catchUp(follower: StreamFollower): Promise<void> {
    const until = this.told;
    const events = await this.sources.log.readProject(this.projectId, follower.position, PAGE, until);
    for (const message of await this.messagesOf(events)) {
      if (!(await follower.room())) return;
      follower.give(message);
      follower.position = message.position!;
    }
    follower.position = events.length < PAGE ? until : events.at(-1)!.position;
  }

  private async messagesOf(events: readonly RecordedEvent[]): Promise<StreamMessage[]> {
    const messages: StreamMessage[] = [];
    for (const event of events) {
      const message = toStreamMessage(event, await this.sources.facts.about(event));
      if (message) messages.push(message);
    }
    return messages;
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.failing = false;
      return true;
    } catch (error) {
      if (!this.failing && !this.stopping.signal.aborted)
        this.logger.warn(`the stream of project ${this.projectId} will try again: ${(error as Error).message}`);
      this.failing = true;
      return false;
    }
  }

  private pause(): Promise<void> {
    return pause(RETRY_MS, this.stopping.signal);
  }
}

/** Gives one follower a page that ends at `last`, each message that it has not seen; one that is full leaves. */
function giveLive(follower: StreamFollower, messages: readonly StreamMessage[], last: Position): void {
  for (const message of messages) {
    if (comparePositions(message.position!, follower.position) <= 0) continue;
    if (follower.stopped) return;
    if (follower.full) {
      follower.leaveLive();
      return;
    }
    follower.give(message);
    follower.position = message.position!;
  }
  if (comparePositions(last, follower.position) > 0) follower.position = last;
}
