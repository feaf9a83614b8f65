import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

const IDLE_MS = 100;
/** Requests that are being answered get this long; then whatever is still connected is cut off. */
const LONGEST_MS = 4_000;

/** No connection holds up the end of the process: idle ones are closed, busy ones when they have been answered, all of them in the end. */
@Injectable()
export class ConnectionCloser implements OnModuleInit, BeforeApplicationShutdown {
  private readonly sockets = new Set<Socket>();

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    this.server?.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  beforeApplicationShutdown(): void {
    const { server } = this;
    if (!server?.listening) return;
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
    const all = setTimeout(() => this.sockets.forEach((socket) => socket.destroy()), LONGEST_MS);
    server.once('close', () => {
      clearInterval(idle);
      clearTimeout(all);
    });
  }

  private get server(): Server | undefined {
    return this.host.httpAdapter.getHttpServer() as Server | undefined;
  }
}
