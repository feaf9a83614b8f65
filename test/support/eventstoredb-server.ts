import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import grpc, { type ServerReadableStream, type sendUnaryData } from '@grpc/grpc-js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, AppendResp, ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { InMemoryLog, MAX_APPEND_BYTES } from './eventstoredb-log.js';
import * as messages from './eventstoredb-messages.js';
import { recordsToRead, send, streamOf, wanted, type ReadCall } from './eventstoredb-reads.js';

/**
 * What becomes of an append: it is carried out and answered; its answer is lost, its call is reset, or the connections are
 * cut before the answer; or the connections are cut before it was carried out.
 */
export type Fate = 'given' | 'lost' | 'reset' | 'cut' | 'unheard';

export interface ServerOptions {
  /** File that keeps the log. */
  readonly journal?: string;
  readonly port?: number;
  /** Makes it speak TLS; PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** `user:password` that every call must bring. */
  readonly credentials?: string;
}

/** How many records a subscription looks at between two checkpoints, for each step of the interval it asks for. */
const SEARCH_WINDOW = 32;

/**
 * Stands in for EventStoreDB: one node that speaks the protocol of the service definitions that the client ships in
 * `@eventstore/db-client/generated` (made from https://github.com/EventStore/EventStore/tree/release/oss-v24.10/src/Protos/Grpc):
 * streams.proto (Streams: Read, Append), serverfeatures.proto (ServerFeatures: GetSupportedMethods), gossip.proto (Gossip:
 * Read), shared.proto; and the trailers that the client's CommandError.js knows. What is told by those definitions is
 * imitated; what a real server does beyond them is not shown by a test that passes here. BatchAppend is offered, as every
 * server does since version 21.10, and fails: the store is not to use it.
 */
export class EventStoreDbServer {
  readonly log: InMemoryLog;
  /** Milliseconds before an append is carried out; who asked may have given up by then. */
  appendDelayMs = 0;
  /** Milliseconds before a read begins. */
  readDelayMs = 0;
  /** What becomes of the next appends; of those after them, `given`. */
  fates: Fate[] = [];
  /** Another node that appends are to go to: this one does not lead. */
  leader: { readonly address: string; readonly port: number } | null = null;
  /** Calls taken, by method, and what subscriptions were told beside events. */
  readonly calls = { append: 0, batchAppend: 0, read: 0, subscribe: 0, caughtUp: 0, checkpoint: 0 };
  private server: grpc.Server | null = null;
  private readonly subscriptions = new Set<ReadCall>();
  private port: number;

  private constructor(private readonly options: ServerOptions) {
    this.log = new InMemoryLog(options.journal);
    this.port = options.port ?? 0;
  }

  static async start(options: ServerOptions = {}): Promise<EventStoreDbServer> {
    const server = new EventStoreDbServer(options);
    await server.start();
    return server;
  }

  get address(): { address: string; port: number } {
    return { address: '127.0.0.1', port: this.port };
  }

  /** Its connection string, without the name of a user. */
  get url(): string {
    return `esdb://127.0.0.1:${this.port}${this.options.tls ? '' : '?tls=false'}`;
  }

  /** Accepts connections, on the port it had before. */
  async start(): Promise<void> {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, reply: sendUnaryData<unknown>) => reply(null, messages.supportedMethods(['read', 'append', 'batchappend'])),
    });
    server.addService(gossipService.GossipService, {
      read: (_: unknown, reply: sendUnaryData<unknown>) => reply(null, messages.clusterInfo('127.0.0.1', this.port)),
    });
    server.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => void this.read(call),
      append: (call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>) => void this.append(call, reply),
      batchAppend: (call: ReadCall) => {
        this.calls.batchAppend += 1;
        refuse(call, grpc.status.UNIMPLEMENTED, 'the store is to append by single calls');
      },
      delete: () => undefined,
      tombstone: () => undefined,
    });
    const { tls } = this.options;
    const credentials = tls
      ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) }])
      : grpc.ServerCredentials.createInsecure();
    this.port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.port}`, credentials, (error, port) => (error ? reject(error) : resolve(port))),
    );
    this.server = server;
  }

  /** Cuts all connections and refuses new ones; the log stays. */
  stop(): void {
    this.server?.forceShutdown();
    this.server = null;
  }

  /** Ends every subscription, as a server does with a consumer that is too slow. */
  dropSubscriptions(): void {
    for (const call of this.subscriptions) refuse(call, grpc.status.ABORTED, 'Operation timed out');
  }

  get subscribers(): number {
    return this.subscriptions.size;
  }

  private mayCall(metadata: grpc.Metadata): boolean {
    const { credentials } = this.options;
    return credentials === undefined || metadata.get('authorization')[0] === `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  private async append(call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>): Promise<void> {
    const requests: AppendReq[] = [];
    call.on('data', (request: AppendReq) => requests.push(request));
    call.on('error', () => undefined);
    await once(call, 'end').catch(() => undefined);
    if (call.cancelled) return;
    this.calls.append += 1;
    if (!this.mayCall(call.metadata)) return reply(status(grpc.status.UNAUTHENTICATED, 'Unauthenticated'));
    if (this.leader && call.metadata.get('requires-leader')[0] === 'true') {
      const { address, port } = this.leader;
      const trailers = { exception: 'not-leader', 'leader-endpoint-host': address, 'leader-endpoint-port': String(port) };
      return reply(status(grpc.status.NOT_FOUND, 'Leader info available', trailers));
    }
    if (this.appendDelayMs > 0) await sleep(this.appendDelayMs);
    const fate = this.fates.shift() ?? 'given';
    if (fate === 'unheard') return this.cut();
    const { stream, expected } = messages.target(requests[0]!.getOptions()!);
    const proposed = requests.slice(1).map((request) => messages.proposedRecord(request.getProposedMessage()!));
    const written = this.log.write(stream, expected, proposed);
    if (fate === 'cut') return this.cut();
    if (fate === 'reset') return reply(status(grpc.status.UNAVAILABLE, 'read ECONNRESET'));
    if (fate === 'lost') return;
    if ('tooLarge' in written) {
      const trailers = { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(MAX_APPEND_BYTES) };
      reply(status(grpc.status.INVALID_ARGUMENT, 'Maximum Append Size Exceeded', trailers));
    } else reply(null, messages.appendResponse(expected, written));
  }

  private cut(): void {
    this.stop();
    void this.start();
  }

  private async read(call: ReadCall): Promise<void> {
    call.on('error', () => undefined);
    if (!this.mayCall(call.metadata)) return refuse(call, grpc.status.UNAUTHENTICATED, 'Unauthenticated');
    const options = call.request.getOptions()!;
    if (options.hasSubscription()) return this.subscribe(call, options);
    this.calls.read += 1;
    if (this.readDelayMs > 0) await sleep(this.readDelayMs);
    const count = Number(options.getCount());
    const found = recordsToRead(this.log, options);
    if (found === null) await send(call, messages.streamNotFound(streamOf(options)));
    for (const record of (found ?? []).slice(0, count)) if (!(await send(call, messages.readEvent(record)))) return;
    call.end();
  }

  /** Catches up behind a position, says so, and goes on live; the records that the filter leaves out count towards checkpoints. */
  private async subscribe(call: ReadCall, options: ReadReq.Options): Promise<void> {
    this.calls.subscribe += 1;
    this.subscriptions.add(call);
    let wake: () => void = () => undefined;
    const stopListening = this.log.onWrite(() => wake());
    const gone = () => {
      this.subscriptions.delete(call);
      stopListening();
      wake();
    };
    for (const event of ['cancelled', 'close', 'error', 'finish'] as const) call.on(event, gone);
    await send(call, messages.confirmation(randomUUID()));
    const fits = wanted(options);
    const from = options.getAll()!;
    const position = from.hasPosition() ? BigInt(from.getPosition()!.getCommitPosition()) : -1n;
    let next = from.hasEnd() ? this.log.all.length : this.log.all.findIndex((record) => record.position > position);
    if (next < 0) next = this.log.all.length;
    const interval = SEARCH_WINDOW * (options.getFilter()?.getCheckpointintervalmultiplier() ?? 0);
    for (let looked = 0, live = false; this.subscriptions.has(call);) {
      const record = this.log.all[next];
      if (!record) {
        if (!live) {
          this.calls.caughtUp += 1;
          await send(call, messages.caughtUp());
        }
        live = true;
        const written = new Promise<void>((resolve) => (wake = resolve));
        if (this.log.all.length === next && this.subscriptions.has(call)) await written;
        continue;
      }
      next += 1;
      looked += 1;
      if (fits(record) && !(await send(call, messages.readEvent(record)))) return;
      if (interval === 0 || looked % interval !== 0) continue;
      this.calls.checkpoint += 1;
      await send(call, messages.checkpoint(record.position));
    }
  }
}

/** The status that ends a call, with its trailers. */
function status(code: grpc.status, details: string, trailers: Readonly<Record<string, string>> = {}) {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return { code, details, metadata };
}

const refuse = (call: ReadCall, code: grpc.status, details: string): void => void call.emit('error', status(code, details));
