import type { StreamMessage } from '#contracts';
import { DomainError, pause, type Position } from '#platform';

/** A piece of what an agent is writing this moment. */
export type LiveMessage = StreamMessage & { readonly payload: { readonly task_id: string; readonly conversation: string; readonly text: string } };

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
/** Live text that is kept for a sink that is full, in characters of a conversation; what comes beyond is left out. */
const MOST_WAITING = 64 * 1024;

/** One reader of one project's stream, and how far it has come. */
export class StreamFollower {
  private readonly stopping = new AbortController();
  private fallBehind: () => void = () => undefined;
  /** Live text by conversation, put together until the sink has room. */
  private readonly waiting = new Map<string, LiveMessage>();

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

  /** Gives a piece of live text, which is on no record: at once, or put together with what follows it once there is room. */
  giveText(piece: LiveMessage): void {
    const key = `${piece.payload.task_id} ${piece.payload.conversation}`;
    const before = this.waiting.get(key)?.payload.text ?? '';
    if (before.length < MOST_WAITING) this.waiting.set(key, { ...piece, payload: { ...piece.payload, text: before + piece.payload.text } });
    if (!this.full) this.giveWaiting();
  }

  private giveWaiting(): void {
    const pieces = [...this.waiting.values()];
    this.waiting.clear();
    for (const piece of pieces) this.sink.send(piece);
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
    if (this.stopped) return false;
    this.giveWaiting();
    return true;
  }

  /** Waits, but not beyond the end. */
  pause(ms: number): Promise<void> {
    return pause(ms, this.stopping.signal);
  }
}
