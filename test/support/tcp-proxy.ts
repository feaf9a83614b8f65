import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Bytes that PostgreSQL's Sync message consists of; a query's last message, without which it is not committed. */
const SYNC_BYTES = 5;

/**
 * How a request that is recognised by its bytes is stopped on its way: `half` of it arrives; all of it but the message that
 * makes PostgreSQL commit (`uncommitted`); or all of it, and the `answer` stays away.
 */
export type Halt = 'half' | 'uncommitted' | 'answer';

/** A network in between, which can be stopped at a named point of one request, or broken altogether. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private armed: { readonly mark: string; readonly halt: Halt; readonly reached: () => void } | null = null;
  private breaking: { readonly mark: string; left: number; readonly done: () => void } | null = null;
  private silent = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  static async to(host: string, port: number): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new TcpProxy(server, { host, port });
    server.on('connection', (socket) => proxy.take(socket));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Stops the next request that has these bytes in it, and all that follows on its connection; resolves when it is stopped. */
  halt(mark: string, halt: Halt): Promise<void> {
    return new Promise((reached) => (this.armed = { mark, halt, reached }));
  }

  /** Resets the next connections, so many of them, on which a request with these bytes is sent; resolves when they are broken. */
  breakAt(mark: string, times: number): Promise<void> {
    return new Promise((done) => (this.breaking = { mark, left: times, done }));
  }

  /** From now on nothing gets through, and nobody is told: as with a cable that was pulled. */
  cutOff(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** New connections get through again; what was under way is broken. */
  mend(): void {
    this.silent = false;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Breaks every connection with a reset. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(client: Socket): void {
    const upstream = connect(this.target);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.on('end', () => other.end());
      if (this.silent) one.pause();
    }
    upstream.on('data', (bytes) => void client.write(bytes));
    let stopped = false;
    client.on('data', (bytes: Buffer) => {
      if (stopped) return;
      const { breaking } = this;
      if (breaking && breaking.left > 0 && bytes.includes(breaking.mark)) {
        breaking.left -= 1;
        client.resetAndDestroy();
        if (breaking.left === 0) breaking.done();
        return;
      }
      const { armed } = this;
      if (!armed || !bytes.includes(armed.mark)) return void upstream.write(bytes);
      this.armed = null;
      stopped = true;
      upstream.pause();
      const arriving = { half: bytes.length >> 1, uncommitted: bytes.length - SYNC_BYTES, answer: bytes.length }[armed.halt];
      upstream.write(bytes.subarray(0, arriving), () => armed.reached());
    });
  }
}
