/** The product in a process of its own, which says how much memory it has after each phase. */
import { randomUUID } from 'node:crypto';
import { CountersignClient } from '#client';
import { EventLog, ReadModels } from '#platform';
import { drive } from './pipelines/countersign.js';
import { startProduct } from './product-app.js';

interface Memory {
  readonly heap_mb: number;
  readonly rss_mb: number;
}
export interface MemoryFigures {
  readonly booted: Memory;
  readonly caught_up: Memory;
  readonly served: Memory;
}

const { databaseUrl, folder, serve } = JSON.parse(process.argv[2]!) as { databaseUrl: string; folder: string; serve: number };

async function now(): Promise<Memory> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  (globalThis as { gc?: () => void }).gc!();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap_mb: heapUsed / 2 ** 20, rss_mb: rss / 2 ** 20 };
}

const app = await startProduct(databaseUrl, folder);
const booted = await now();
await app.get(ReadModels).waitFor(await app.get(EventLog).store.head(), 600_000);
const caught_up = await now();
const pipeline = drive(app);
let left = serve;
const work = async () => {
  while (left > 0) {
    left -= 1;
    await pipeline.run(randomUUID());
  }
};
await Promise.all(Array.from({ length: 16 }, work));
const person = new CountersignClient({ baseUrl: app.url });
const { access_token } = await person.register({ email: `${randomUUID()}@example.org`, password: 'correct horse battery staple' });
for (const path of ['projects', 'hitl', 'events', 'healthz']) {
  const reply = await fetch(`${app.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${access_token}` } });
  if (reply.status >= 500) throw new Error(`${path} answered ${reply.status}`);
  await reply.text();
}
process.send?.({ booted, caught_up, served: await now() } satisfies MemoryFigures, () => process.exit(0));
