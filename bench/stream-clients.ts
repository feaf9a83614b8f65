/** Socket.IO clients in a process of their own: tells its parent when all are subscribed, and each time all have had one more message. */
import { io } from 'socket.io-client';

const { url, tokens, project_id, clients } = JSON.parse(process.argv[2]!) as { url: string; tokens: string[]; project_id: string; clients: number };
let subscribed = 0;
const had: number[] = [];

/** With the n-th message of the last client. */
function count(client: number): void {
  const n = (had[client] = (had[client] ?? 0) + 1);
  arrived[n] = (arrived[n] ?? 0) + 1;
  if (arrived[n] === clients) process.send?.({ all: String(n) });
}
const arrived: number[] = [];

for (let client = 0; client < clients; client += 1) {
  const socket = io(url, { path: '/ws', transports: ['websocket'], auth: { token: tokens[client % tokens.length] }, reconnection: false });
  socket.on('message', () => count(client));
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on('connect', () =>
      socket.emit('subscribe', { project_id }, (reply: { ok: boolean }) => (reply.ok ? resolve() : reject(new Error(JSON.stringify(reply))))),
    );
  });
  subscribed += 1;
}
if (subscribed === clients) process.send?.({ all: 'subscribed' });
