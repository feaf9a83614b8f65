import { io } from 'socket.io-client';
import { streamMessage, type StreamMessage } from '#contracts';
import { ApiProblem } from './problems.js';

export interface ProjectStreamOptions {
  /** Where the server is, without `/ws`. */
  readonly baseUrl: string;
  /** Asked at every connection, so that a renewed token is used. */
  readonly token: () => string;
  readonly projectId: string;
  /** Position of the last event that is known already; `0`, the default, gives the whole history first. */
  readonly afterPosition?: string | undefined;
  readonly onMessage: (message: StreamMessage) => void;
  /** The server lets us listen no more; nothing comes after this. */
  readonly onRefused?: ((problem: ApiProblem) => void) | undefined;
  /** Whether messages can come right now. */
  readonly onLive?: ((live: boolean) => void) | undefined;
  /** First and longest pause before connecting again. */
  readonly reconnectMs?: readonly [first: number, longest: number] | undefined;
}

export interface ProjectStream {
  close(): void;
}

const ANSWER_WITHIN_MS = 10_000;
/** Refusals that trying again does not change. */
const LASTING = [400, 401, 403, 404];

/**
 * Follows one project: each message once, in order, over lost connections too. After a loss it connects again by itself
 * and asks for what it missed.
 */
export function followProject(options: ProjectStreamOptions): ProjectStream {
  const { projectId, onMessage, onRefused, onLive, reconnectMs = [500, 5_000] } = options;
  const seen = new SeenMessages(options.afterPosition ?? '0');
  const { origin, pathname } = new URL(options.baseUrl);
  let closed = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const socket = io(origin, {
    path: `${pathname.replace(/\/+$/, '')}/ws`,
    auth: (give) => give({ token: options.token() }),
    transports: ['websocket', 'polling'],
    // What the library reconnects by itself leaves out a server that ends the connection: it is all done here.
    reconnection: false,
    forceNew: true,
  });

  const connectAgain = (): void => {
    if (closed) return;
    clearTimeout(again);
    const [first, longest] = reconnectMs;
    again = setTimeout(() => socket.connect(), Math.min(longest, first * 2 ** Math.min(failures++, 10)));
  };
  const close = (): void => {
    closed = true;
    clearTimeout(again);
    socket.disconnect();
  };
  const refused = (problem: ApiProblem): void => {
    if (closed) return;
    if (LASTING.includes(problem.status)) {
      close();
      onRefused?.(problem);
    } else if (socket.connected) socket.disconnect();
    else connectAgain();
  };

  const subscribe = async (): Promise<void> => {
    const request = { project_id: projectId, after_position: seen.resumeAfter };
    const connection = socket.id;
    try {
      const answer = (await socket.timeout(ANSWER_WITHIN_MS).emitWithAck('subscribe', request)) as { ok: true } | { ok: false; problem: unknown };
      if (closed || socket.id !== connection) return;
      if (!answer.ok) return refused(problemOf(answer.problem));
      failures = 0;
      onLive?.(true);
    } catch {
      if (!closed && socket.id === connection && socket.connected)
        refused(new ApiProblem(504, 'unexpected_answer', 'The server did not answer the subscription.'));
    }
  };

  socket.on('connect', () => void subscribe());
  socket.on('connect_error', (error: Error & { data?: unknown }) => refused(problemOf(error.data)));
  socket.on('disconnect', () => {
    onLive?.(false);
    connectAgain();
  });
  // Access to this project was lost; the connection itself may stay.
  socket.on('closing', (given: { project_id?: unknown; problem?: unknown } | null) => {
    if (given?.project_id === projectId) refused(problemOf(given.problem));
  });
  socket.on('message', (given: unknown) => {
    const parsed = streamMessage.safeParse(given);
    if (!closed && parsed.success && parsed.data.project_id === projectId && seen.isNew(parsed.data)) onMessage(parsed.data);
  });
  return { close };
}

/**
 * Which messages were delivered. Several may tell of one event and so share its position; a connection can break between
 * them. Therefore a position counts as complete only when a later one is seen, and what is asked for again is compared.
 */
class SeenMessages {
  private newest: string;
  private readonly atNewest = new Set<string>();

  constructor(private complete: string) {
    this.newest = complete;
  }

  get resumeAfter(): string {
    return this.complete;
  }

  isNew(message: StreamMessage): boolean {
    // A part of a message that is still being written is on no record.
    if (message.position === null) return true;
    const order = compare(message.position, this.newest);
    if (order < 0 || message.position === this.complete) return false;
    if (order > 0) {
      this.complete = this.newest;
      this.newest = message.position;
      this.atNewest.clear();
    }
    const content = JSON.stringify([message.event_type, message.payload]);
    if (this.atNewest.has(content)) return false;
    this.atNewest.add(content);
    return true;
  }
}

/** Positions are decimal strings of any length. */
function compare(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

/** A refusal without a problem document is a server that cannot be reached right now. */
const problemOf = (document: unknown): ApiProblem => {
  const status = (document as { status?: unknown } | null | undefined)?.status;
  return ApiProblem.of(typeof status === 'number' ? status : 503, document);
};
