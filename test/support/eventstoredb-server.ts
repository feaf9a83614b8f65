import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import grpc, { type ServerDuplexStream, type ServerReadableStream, type sendUnaryData } from '@grpc/grpc-js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { InMemoryLog, MAX_APPEND_BYTES } from './eventstoredb-log.js';
import * as messages from './eventstoredb-messages.js';
import { recordsToRead, send, streamOf, wanted, type ReadCall } from './eventstoredb-reads.js';

/** What becomes of an append's answer. */
type Answers = 'given' | 'lost' | 'cut';

/** How many records a subscription looks at between two checkpoints, for each step of the interval it asks for. */
const SEARCH_WINDOW = 32;

/**
 * Stands in for EventStoreDB: one node without TLS that speaks the protocol of the service definitions that the client
 * ships (event_store.client.streams.Streams: Read, Append, BatchAppend; server_features.ServerFeatures; gossip.Gossip) and
 * keeps its log in memory. What is told by those definitions is imitated; what a real server does beyond them is not shown
 * by a test that passes here.
 */
export class EventStoreDbServer {
  readonly log = new InMemoryLog();
  /** Milliseconds before an append is carried out; who asked may have given up by then. */
  appendDelayMs = 0;
  /** Milliseconds before a read begins. */
  readDelayMs = 0;
  /** What becomes of the answers to the next appends; `cut` takes the connection along. */
  answers: Answers[] = [];
  /** Whether the server offers BatchAppend, as it does since version 21.10. */
  batchAppend = true;
  /** Calls taken, by method. */
  readonly calls = { append: 0, read: 0, subscribe: 0 };
  private server: grpc.Server | null = null;
  private readonly subscriptions = new Set<ReadCall>();
  private port = 0;

  static async start(): Promise<EventStoreDbServer> {
    const server = new EventStoreDbServer();
    await server.start();
    return server;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** Accepts connections, on the port it had before. */
  async start(): Promise<void> {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, reply: sendUnaryData<unknown>) =>
        reply(null, messages.supportedMethods(['read', 'append', ...(this.batchAppend ? ['batchappend'] : [])])),
    });
    server.addService(gossipService.GossipService, {
      read: (_: unknown, reply: sendUnaryData<unknown>) => reply(null, messages.clusterInfo('127.0.0.1', this.port)),
    });
    server.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => void this.read(call),
      append: (call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>) => void this.append(call, reply),
      batchAppend: (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) => this.takeBatches(call),
      delete: () => undefined,
      tombstone: () => undefined,
    });
    this.port = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${this.port}`, grpc.ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port))),
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
    for (const call of this.subscriptions)
      call.emit('error', { code: grpc.status.ABORTED, details: 'Operation timed out', metadata: new grpc.Metadata() });
  }

  get subscribers(): number {
    return this.subscriptions.size;
  }

  private takeBatches(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>): void {
    const pending = new Map<string, BatchAppendReq[]>();
    call.on('data', (request: BatchAppendReq) => {
      const id = request.getCorrelationId()!.getString();
      const parts = [...(pending.get(id) ?? []), request];
      pending.set(id, parts);
      if (!request.getIsFinal()) return;
      pending.delete(id);
      void this.answerBatch(call, parts);
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  }

  private async answerBatch(call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>, parts: readonly BatchAppendReq[]): Promise<void> {
    this.calls.append += 1;
    if (this.appendDelayMs > 0) await sleep(this.appendDelayMs);
    const { stream, expected } = messages.target(parts[0]!.getOptions()!);
    const written = this.log.write(stream, expected, parts.flatMap((part) => part.getProposedMessagesList()).map(messages.proposedRecord));
    if (this.answers[0] !== undefined && this.loses(this.answers.shift()!)) return;
    if (!call.cancelled && !call.destroyed) call.write(messages.batchAppendResponse(parts[0]!, stream, expected, written));
  }

  private async append(call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>): Promise<void> {
    const requests: AppendReq[] = [];
    call.on('data', (request: AppendReq) => requests.push(request));
    await once(call, 'end');
    this.calls.append += 1;
    if (this.appendDelayMs > 0) await sleep(this.appendDelayMs);
    const { stream, expected } = messages.target(requests[0]!.getOptions()!);
    const written = this.log.write(
      stream,
      expected,
      requests.slice(1).map((request) => messages.proposedRecord(request.getProposedMessage()!)),
    );
    if (this.answers[0] !== undefined && this.loses(this.answers.shift()!)) return;
    if ('tooLarge' in written) {
      const metadata = new grpc.Metadata();
      metadata.set('exception', 'maximum-append-size-exceeded');
      metadata.set('maximum-append-size', String(MAX_APPEND_BYTES));
      reply({ code: grpc.status.INVALID_ARGUMENT, details: 'Maximum Append Size Exceeded', metadata });
    } else reply(null, messages.appendResponse(written));
  }

  private loses(answer: Answers): boolean {
    if (answer === 'cut') {
      this.stop();
      void this.start();
    }
    return answer !== 'given';
  }

  private async read(call: ReadCall): Promise<void> {
    call.on('error', () => undefined);
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
        if (!live) await send(call, messages.caughtUp());
        live = true;
        const written = new Promise<void>((resolve) => (wake = resolve));
        if (this.log.all.length === next && this.subscriptions.has(call)) await written;
        continue;
      }
      next += 1;
      looked += 1;
      if (fits(record) && !(await send(call, messages.readEvent(record)))) return;
      if (interval > 0 && looked % interval === 0) await send(call, messages.checkpoint(record.position));
    }
  }
}
