import {
  AccessDeniedError,
  EventStoreDBClient,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { DomainError } from './domain.js';
import { clientConnectionString } from './eventstoredb-url.js';
import { pause } from './pause.js';

export interface EventStoreDbTimes {
  /** Longest that one call may take. */
  readonly callMs: number;
  /** How long a failed call is repeated before whoever asked is told. */
  readonly patienceMs: number;
}

/** The store does not answer, or not in time. What was asked may be asked again. */
export class EventStoreUnavailable extends DomainError {
  constructor(cause: unknown) {
    super('unavailable', 'The event store does not answer right now. Repeat the request in a moment.', [], { retry_after: 2 });
    this.name = 'EventStoreUnavailable';
    this.cause = cause;
  }
}

const ANSWERS = [
  WrongExpectedVersionError,
  AccessDeniedError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  InvalidArgumentError,
  UnsupportedError,
];
/** Whether the server has answered, and would answer the same again; anything else leaves open what has happened. */
export const isAnswer = (error: unknown): boolean => ANSWERS.some((answer) => error instanceof answer);

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;
const CLOSE_MS = 500;

/** A pause that grows with every attempt; ends early when the signal aborts, and leaves nothing behind in it. */
export const backOff = (attempt: number, signal?: AbortSignal): Promise<void> =>
  pause(Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2), signal);

interface Session {
  readonly client: EventStoreDBClient;
  users: number;
  retired: boolean;
}

/**
 * The one client of a store. The client neither keeps deadlines nor gets over every failure (what it once learned of a
 * server that did not answer it never asks again), so each call has a timeout of its own here, and a call that ends without
 * an answer retires the client: what is under way on it may finish, what comes next has a new one.
 */
export class EventStoreDbConnection {
  private session: Session | undefined;
  private closed = false;

  constructor(
    private readonly url: string,
    readonly times: EventStoreDbTimes,
  ) {}

  /** Makes one call. The signal aborts when it has ended, in whatever way. */
  async attempt<T>(work: (client: EventStoreDBClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), this.times.callMs);
    });
    try {
      return await this.hold((client, signal) => Promise.race([work(client, signal), late]));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Makes a call that changes nothing, again and again until there is an answer.
   * @throws EventStoreUnavailable when patience has run out
   */
  async read<T>(work: (client: EventStoreDBClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.times.patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (isAnswer(error)) throw error;
        if (this.closed || Date.now() > deadline) throw new EventStoreUnavailable(error);
      }
      await backOff(attempt);
    }
  }

  /** Uses the client for as long as the work takes; without a timeout. */
  async hold<T>(work: (client: EventStoreDBClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.closed) throw new EventStoreUnavailable(new Error('the store was closed'));
    const session = (this.session ??= { client: connect(this.url), users: 0, retired: false });
    const ended = new AbortController();
    session.users += 1;
    try {
      const result = await work(session.client, ended.signal);
      // Closing cuts off reads, which then look complete.
      if (this.closed) throw new Error('the store was closed');
      return result;
    } catch (error) {
      // From a follower the client learns who leads, and turns there by itself.
      if (!isAnswer(error) && !(error instanceof NotLeaderError)) this.retire(session);
      throw error;
    } finally {
      ended.abort();
      session.users -= 1;
      if (session.retired && session.users === 0) void end(session.client);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const { session } = this;
    if (!session) return;
    this.retire(session);
    await end(session.client);
  }

  private retire(session: Session): void {
    session.retired = true;
    if (this.session === session) this.session = undefined;
  }
}

/**
 * A client that makes one call of every append. By itself it writes all of them to one call (BatchAppend) and keeps who waits
 * for which answer in one list for all clients: when a call breaks, that list is emptied, and an answer that another client
 * gets afterwards ends the process.
 */
function connect(url: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(clientConnectionString(url));
  const inner = client as unknown as { supports(method: { readonly path: string }): Promise<boolean> };
  const supports = inner.supports.bind(client);
  inner.supports = async (method) => !method.path.endsWith('/BatchAppend') && supports(method);
  return client;
}

/** Ends the calls of a client and its connection, which its own `dispose` leaves open. */
async function end(client: EventStoreDBClient): Promise<void> {
  const inner = client as unknown as { getChannel(): Promise<{ close(): void }> };
  await client.dispose().catch(() => undefined);
  const closed = inner.getChannel().then(
    (channel) => channel.close(),
    () => undefined,
  );
  // Without a connection this looks for the cluster first, for up to a minute.
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS)))]);
  clearTimeout(timer);
}
