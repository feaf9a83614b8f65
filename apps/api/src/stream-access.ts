import { Inject, Injectable, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Tokens, type Principal } from '#identity';
import { DomainError, Doorbell, ProjectAccess } from '#platform';

/** Open streams that one person may have at a time, sockets and event streams together. */
const STREAMS_PER_PERSON = 50;
const RECHECK_MS = 30_000;
/** The longest that a timer can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A stream that stays open on the strength of a token. */
export interface HeldStream {
  readonly token: string;
  readonly principal: Principal;
  /** The projects it follows at present. */
  projects(): Iterable<string>;
  /** The token has expired or was withdrawn. */
  unauthenticated(why: DomainError): void;
  /** The project may not be followed any longer. */
  lost(projectId: string, why: DomainError): void;
}

/** Streams outlive the check that let them in: it is repeated as long as they are open, and a token's expiry ends them on time. */
@Injectable()
export class StreamAccess {
  private readonly logger = new Logger('Stream');
  private readonly open = new Map<string, number>();

  constructor(
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(Doorbell) private readonly doorbell: Doorbell,
  ) {}

  /** @throws DomainError unauthenticated */
  async authenticate(token: unknown): Promise<{ token: string; principal: Principal }> {
    if (typeof token !== 'string') throw new DomainError('unauthenticated', 'Send an access token or an API key, as text.');
    return { token, principal: await this.tokens.verifyAccessToken(token) };
  }

  /**
   * Takes one of the person's places and watches over the stream until the answered function is called.
   * @throws DomainError too_many_requests
   */
  hold(stream: HeldStream): () => void {
    const { user_id, expires_at } = stream.principal;
    const places = this.open.get(user_id) ?? 0;
    if (places >= STREAMS_PER_PERSON)
      throw new DomainError('too_many_requests', `You have ${STREAMS_PER_PERSON} streams open already. Close one first.`);
    this.open.set(user_id, places + 1);
    const expire = () =>
      stream.unauthenticated(
        new DomainError('unauthenticated', 'The access token has expired. Connect again with a fresh one and the last position you saw.'),
      );
    const expiry = expires_at && setTimeout(expire, Math.min(Math.max(0, expires_at.getTime() - Date.now()), LONGEST_TIMER_MS));
    const rechecks = setInterval(() => void this.recheck(stream), RECHECK_MS);
    // Somebody who is erased is told at once.
    const stopListening = this.doorbell.on('countersign_keys', (erased) => {
      if (erased === user_id) void this.recheck(stream);
    });
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (expiry) clearTimeout(expiry);
      clearInterval(rechecks);
      stopListening();
      const left = this.open.get(user_id)! - 1;
      if (left > 0) this.open.set(user_id, left);
      else this.open.delete(user_id);
    };
  }

  /** Takes action on a refusal only: that the database cannot be asked right now is nobody's loss of access. */
  private async recheck(stream: HeldStream): Promise<void> {
    try {
      await this.tokens.verifyAccessToken(stream.token);
      for (const projectId of [...stream.projects()])
        await this.queries.execute(new ProjectAccess(projectId, stream.principal.user_id)).catch((error: unknown) => {
          if (!(error instanceof DomainError)) throw error;
          stream.lost(projectId, error);
        });
    } catch (error) {
      if (error instanceof DomainError) stream.unauthenticated(error);
      else this.logger.warn(`access to a stream could not be checked again: ${(error as Error).message}`);
    }
  }
}
