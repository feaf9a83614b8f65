import { setTimeout as delay } from 'node:timers/promises';
import type { StreamMessage } from '#contracts';
import { DomainError, type Position } from '#platform';

/** Where a follower's messages go: a socket, or an HTTP response. */
export interface StreamSink {
  /** Bytes taken over and not yet sent. */
  unsent(): number;
  send(message: StreamMessage): void;
  /** Nothing follows, for this reason. */
  end(why: DomainError): void;
}

/** A sink that holds more is given nothing until it has sent some: what it misses meanwhile stays in the log. */
const MOST_UNSENT = 1024 * 1024;
/** A sink that sends nothing of what it holds for this long is given up. */
const STALLED_MS = 30_000;
const LOOK_MS = 50;

/** One reader of one project's stream, and how far it has come. */
export class StreamFollower {
  private readonly stopping = new AbortController();
  private fallBehind: () => void = () => undefined;

  constructor(
    private readonly sink: StreamSink,
    /** Everything up to here was given to the sink, or told of nothing. */
    public position: Position,
  ) {}

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  get full(): boolean {
    return this.sink.unsent() > MOST_UNSENT;
  }

  give(message: StreamMessage): void {
    this.sink.send(message);
  }

  /** Resolves once `leaveLive` is called or the follower is stopped. */
  async live(): Promise<void> {
    const left = new Promise<void>((resolve) => (this.fallBehind = resolve));
    if (!this.stopped) await left;
  }

  leaveLive(): void {
    this.fallBehind();
  }

  stop(): void {
    this.stopping.abort();
    this.fallBehind();
  }

  /** Ends the sink, too, and says why. */
  end(why: DomainError): void {
    if (this.stopped) return;
    this.stop();
    this.sink.end(why);
  }

  /** Waits until the sink can take more; false where the follower has ended instead. */
  async room(): Promise<boolean> {
    let least = Infinity;
    let since = Date.now();
    while (!this.stopped && this.full) {
      const unsent = this.sink.unsent();
      if (unsent < least) [least, since] = [unsent, Date.now()];
      else if (Date.now() - since > STALLED_MS)
        this.end(new DomainError('too_many_requests', 'You read more slowly than messages arrive. Connect again with the last position you saw.'));
      await this.pause(LOOK_MS);
    }
    return !this.stopped;
  }

  /** Waits, but not beyond the end. */
  pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
