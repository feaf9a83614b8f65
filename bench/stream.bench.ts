import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Server } from 'socket.io';
import { CountersignClient } from '#client';
import { EventLog, type EventStore } from '#platform';
import { StreamAccess } from '../apps/api/src/stream-access.js';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import { startProduct } from './product-app.js';
import { storedEvent } from './product-log.js';
import { figure, median } from './report.js';

const CLIENTS = [200, 1_000];

/** From an event's append until the last of the clients, all in another process, has its message. */
const stream: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  const levels = quick ? [50] : CLIENTS;
  const messages = quick ? 5 : 60;
  try {
    const rows: { name: string; cells: number[][] }[] = [];
    rows.push(
      { name: 'bare Socket.IO broadcast to a room', cells: [] },
      { name: 'one append', cells: [] },
      { name: 'Countersign, append to last client', cells: [] },
    );
    for (const clients of levels) {
      report.progress(`bare Socket.IO, ${clients} clients`);
      rows[0]!.cells.push(await bareBroadcast(clients, messages));
      report.progress(`Countersign, ${clients} clients`);
      const { appends, arrivals } = await product(engines, clients, messages);
      rows[1]!.cells.push(appends);
      rows[2]!.cells.push(arrivals);
    }
    report.note(
      `Medians of ${messages} messages, one after the other. Countersign tells clients of an event when the read tables hold it: that is in its time.`,
    );
    report.note('Its limit of 50 streams a person is lifted here.');
    report.table({
      title: 'ms until the last client has a message',
      columns: levels.map((clients) => ({ name: `${clients.toLocaleString('en')} clients`, digits: 1 })),
      rows,
    });
    report.ratios(
      ...levels.map((clients, index) => {
        const [broadcast, append, whole] = rows.map(({ cells }) => figure(cells[index])!) as [number, number, number];
        return {
          name: `${clients.toLocaleString('en')} clients: whole / (1.5 x broadcast + append)`,
          value: whole / (1.5 * broadcast + append),
          aim: { at_most: 1 },
        } as const;
      }),
    );
  } finally {
    await engines.stop();
  }
};
export default stream;

/** The clients' process: says when all are there, and when all have had the n-th message. */
class Clients {
  private waiting: ((event: { all: string }) => void)[] = [];

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: { all: string }) => this.waiting.shift()?.(message));
  }

  static async start(settings: object): Promise<Clients> {
    const child = fork(join(import.meta.dirname, 'stream-clients.ts'), [JSON.stringify(settings)], {
      execArgv: ['--import', join(import.meta.dirname, 'loader.js')],
    });
    const clients = new Clients(child);
    await clients.next();
    return clients;
  }

  /** Resolves when all clients have the next message. */
  next(): Promise<unknown> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

const payload = (n: number) => ({
  event_type: 'task_progress',
  position: String(n),
  project_id: randomUUID(),
  timestamp: new Date().toISOString(),
  payload: { task_id: randomUUID(), agent_type: 'coder', progress: n % 100, stage: 'writing' },
});

async function bareBroadcast(clients: number, messages: number): Promise<number[]> {
  const http = createServer();
  const io = new Server(http, { path: '/ws', serveClient: false, perMessageDeflate: false });
  io.on('connection', (socket) =>
    socket.on('subscribe', (_: unknown, ack: (reply: object) => void) => (void socket.join('room'), ack({ ok: true }))),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const all = await Clients.start({ url, tokens: [''], project_id: randomUUID(), clients });
  const times = await timed(all, messages, (n) => {
    io.to('room').emit('message', payload(n));
    return Promise.resolve();
  });
  all.stop();
  await io.close();
  return times;
}

async function product(engines: Engines, clients: number, messages: number): Promise<{ appends: number[]; arrivals: number[] }> {
  const app = await startProduct(await engines.database({ migrated: false }), join(engines.folder, `stream-${clients}`));
  app.get(StreamAccess).hold = () => () => undefined;
  const person = new CountersignClient({ baseUrl: app.url });
  const { access_token } = await person.register({ email: `${randomUUID()}@example.org`, password: 'correct horse battery staple' });
  const { project_id } = await person.withToken(access_token).createProject({ product_idea: 'a bench' });
  const { store } = app.get(EventLog);
  const append = sayings(store, project_id);
  const appends: number[] = [];
  for (let n = 0; n < messages; n += 1) {
    const began = performance.now();
    await append(n);
    appends.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const all = await Clients.start({ url: app.url, tokens: [access_token], project_id, clients });
  const arrivals = await timed(all, messages, append);
  all.stop();
  await app.close();
  return { appends, arrivals };
}

/** Appends what an analyst says: clients are told of it, and nobody else has anything to do. */
function sayings(store: EventStore, projectId: string): (n: number) => Promise<void> {
  const [stream, run_id] = [`chat-${randomUUID()}`, randomUUID()];
  let revision = -1;
  return async (n) => {
    const said = { message_id: randomUUID(), run_id, author: 'analyst', content: `message ${n}`, questions: null };
    await store.append(stream, revision < 0 ? 'no_stream' : revision, [storedEvent(projectId, JSON.stringify(said), 'chat.message_posted')]);
    revision += 1;
  };
}

async function timed(clients: Clients, messages: number, send: (n: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < messages; n += 1) {
    const had = clients.next();
    const began = performance.now();
    await send(n);
    await had;
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return [median(times.slice(Math.min(5, messages - 1)))];
}
