import { Inject, Logger } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import { z } from 'zod';
import { chatRequest, subscribeRequest, unsubscribeRequest, type StreamMessage } from '#contracts';
import type { Principal } from '#identity';
import { asDomainError, Caller, CommandGateway, DomainError, ensure, problemDocument, ProjectAccess, unsafeJson } from '#platform';
import { PostMessage } from '#requirements-chat';
import { parsePosition } from './positions.js';
import { ProjectFeed, type Subscription } from './project-feed.js';
import { StreamAccess } from './stream-access.js';

/** A chat message of 20,000 characters fits, however its JSON is escaped. */
const LARGEST_FRAME = 128 * 1024;
const SUBSCRIPTIONS_PER_SOCKET = 50;
const REQUESTS_AT_A_TIME = 20;

interface Session {
  readonly token: string;
  readonly principal: Principal;
  readonly subscriptions: Map<string, Subscription>;
  requests: number;
  release(): void;
}
type ClientSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, { session?: Session }>;
type Problem = ReturnType<typeof problemDocument>;
type Reply<T> = (T & { ok: true }) | { ok: false; problem: Problem };

/**
 * Socket.IO at `/ws`. The handshake's `auth` carries the token: `io(url, {path: '/ws', auth: {token}})`; a refusal is a
 * `connect_error` whose `data` is a problem document. The client emits, each with an acknowledgement:
 * - `subscribe {project_id, after_position?}` -> `{ok: true, position}`, then a `message` event for each stream message after that position
 * - `unsubscribe {project_id}` -> `{ok: true}`
 * - `chat {project_id, content}` -> `{ok: true, message_id}`
 * What is refused is answered `{ok: false, problem}`. Before the server ends a subscription (with `project_id`) or the
 * connection it emits `closing {project_id?, problem}`.
 */
@WebSocketGateway({
  path: '/ws',
  serveClient: false,
  maxHttpBufferSize: LARGEST_FRAME,
  perMessageDeflate: false,
  httpCompression: false,
  connectTimeout: 10_000,
})
export class StreamGateway implements OnGatewayInit<Server>, OnGatewayConnection<ClientSocket>, OnGatewayDisconnect<ClientSocket> {
  @WebSocketServer() readonly server: Server;
  private readonly logger = new Logger('Stream');

  constructor(
    @Inject(StreamAccess) private readonly access: StreamAccess,
    @Inject(ProjectFeed) private readonly feed: ProjectFeed,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly commands: CommandGateway,
  ) {}

  /** Guards do not see a connection being made; this does. */
  afterInit(server: Server): void {
    server.use((socket: ClientSocket, next) => {
      this.access.authenticate(socket.handshake.auth['token']).then(
        ({ token, principal }) => {
          socket.data.session = { token, principal, subscriptions: new Map(), requests: 0, release: () => undefined };
          next();
        },
        (error: unknown) => {
          const problem = this.problem(error);
          next(Object.assign(new Error(String(problem['code'])), { data: problem }));
        },
      );
    });
  }

  handleConnection(socket: ClientSocket): void {
    const session = sessionOf(socket);
    try {
      session.release = this.access.hold({
        token: session.token,
        principal: session.principal,
        projects: () => session.subscriptions.keys(),
        unauthenticated: (why) => this.close(socket, why),
        lost: (projectId, why) => this.drop(socket, projectId, why),
      });
    } catch (error) {
      this.close(socket, asDomainError(error));
    }
  }

  handleDisconnect(socket: ClientSocket): void {
    const session = sessionOf(socket);
    session.release();
    for (const subscription of session.subscriptions.values()) subscription.stop();
    session.subscriptions.clear();
  }

  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() socket: ClientSocket, @MessageBody() body: unknown): Promise<Reply<{ position: string }>> {
    return this.answer(socket, async ({ principal, subscriptions }) => {
      const { project_id, after_position } = parse(subscribeRequest, body);
      const after = after_position === undefined ? null : parsePosition(after_position, 'after_position');
      await this.queries.execute(new ProjectAccess(project_id, principal.user_id));
      ensure(
        subscriptions.has(project_id) || subscriptions.size < SUBSCRIPTIONS_PER_SOCKET,
        'too_many_requests',
        `One connection follows at most ${SUBSCRIPTIONS_PER_SOCKET} projects. Unsubscribe from one first.`,
      );
      const subscription = await this.feed.subscribe(project_id, after, {
        unsent: () => unsentBytes(socket),
        send: (message: StreamMessage) => socket.emit('message', message),
        end: (why) => this.close(socket, why),
      });
      subscriptions.get(project_id)?.stop();
      if (socket.connected) subscriptions.set(project_id, subscription);
      else subscription.stop();
      return { position: subscription.position };
    });
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() socket: ClientSocket, @MessageBody() body: unknown): Promise<Reply<object>> {
    return this.answer(socket, async ({ subscriptions }) => {
      const { project_id } = parse(unsubscribeRequest, body);
      subscriptions.get(project_id)?.stop();
      subscriptions.delete(project_id);
      return {};
    });
  }

  @SubscribeMessage('chat')
  chat(@ConnectedSocket() socket: ClientSocket, @MessageBody() body: unknown): Promise<Reply<{ message_id: string }>> {
    return this.answer(socket, async ({ principal }) => {
      const { project_id, content } = parse(chatRequest, body);
      const { run_id, status, archived } = await this.queries.execute(new ProjectAccess(project_id, principal.user_id));
      ensure(
        !archived && status !== 'cancelled',
        'chat_closed',
        'This project is cancelled or archived: its chat is closed. Start another run or another project.',
      );
      const caller = Caller.ofUser(principal.user_id);
      const message_id = caller.newId('message');
      await this.commands.send(
        new PostMessage({ project_id, run_id, message_id, author: 'person', content, questions: null }, caller.meta(project_id, run_id)),
      );
      return { message_id };
    });
  }

  private async answer<T extends object>(socket: ClientSocket, work: (session: Session) => Promise<T>): Promise<Reply<T>> {
    const session = sessionOf(socket);
    session.requests += 1;
    try {
      ensure(session.requests <= REQUESTS_AT_A_TIME, 'too_many_requests', 'Wait for earlier requests to be answered before sending more.');
      return { ok: true, ...(await work(session)) };
    } catch (error) {
      return { ok: false, problem: this.problem(error) };
    } finally {
      session.requests -= 1;
    }
  }

  private drop(socket: ClientSocket, projectId: string, why: DomainError): void {
    const { subscriptions } = sessionOf(socket);
    subscriptions.get(projectId)?.stop();
    if (subscriptions.delete(projectId)) socket.emit('closing', { project_id: projectId, problem: problemDocument(why) });
  }

  private close(socket: ClientSocket, why: DomainError): void {
    if (!socket.connected) return;
    socket.emit('closing', { problem: problemDocument(why) });
    socket.disconnect(true);
  }

  private problem(error: unknown): Problem {
    const known = asDomainError(error);
    if (known.code === 'internal') this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return problemDocument(known);
  }
}

function sessionOf(socket: ClientSocket): Session {
  ensure(socket.data.session, 'unauthenticated', 'Connect with a valid token.');
  return socket.data.session;
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const unsafe = unsafeJson(body);
  const parsed = schema.safeParse(body);
  if (parsed.success && !unsafe) return parsed.data;
  throw new DomainError(
    'invalid_input',
    'Some fields are missing, unknown or malformed; see errors.',
    unsafe ? [unsafe] : (parsed.error?.issues ?? []).map(({ path, message }) => ({ field: path.join('.'), message })),
  );
}

/** What a connection of the engine holds; its types keep this to themselves. */
interface EngineConnection {
  readonly writeBuffer: readonly { readonly data?: unknown }[];
  readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
}

/** What the engine, and the WebSocket below it, still hold for this client; the latter is where a client that stopped reading shows. */
function unsentBytes(socket: ClientSocket): number {
  const { writeBuffer, transport } = socket.conn as unknown as EngineConnection;
  const queued = writeBuffer.reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
  return queued + (transport.socket?.bufferedAmount ?? 0);
}
