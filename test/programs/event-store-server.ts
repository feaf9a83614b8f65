import { EventStoreDbServer, type Fate } from '../support/eventstoredb-server.js';

/** What the program is told; each is answered when it is done. */
export type ServerOrder =
  | { readonly set: { readonly appendDelayMs?: number; readonly readDelayMs?: number; readonly fates?: Fate[] } }
  | { readonly do: 'refuse connections' | 'accept connections' | 'drop subscriptions' };

/** The stand-in for EventStoreDB as a process of its own: `<file that keeps the log> <port, 0 for any>`. */
const [journal, port = '0'] = process.argv.slice(2);
const server = await EventStoreDbServer.start({ journal: journal!, port: Number(port) });

process.on('message', (order: ServerOrder) => {
  void obey(order).then(() => process.send!({ calls: server.calls, fatesLeft: server.fates.length }));
});
process.on('disconnect', () => process.exit(0));
process.send!({ url: server.url });

async function obey(order: ServerOrder): Promise<void> {
  if ('set' in order) Object.assign(server, order.set);
  else if (order.do === 'refuse connections') server.stop();
  else if (order.do === 'accept connections') await server.start();
  else server.dropSubscriptions();
}
