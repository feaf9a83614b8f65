import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { parseEnvironment, PlatformModule, type Config, type EventStore, type NewStoredEvent } from '#platform';
import { EVENT_STORE } from '../libs/platform/src/event-store.js';

const SECRET = 'a-secret-of-the-benchmarks-that-is-long-enough';

/** The configuration of `npm start` with its default values. */
export const benchConfig = (databaseUrl: string, env: Readonly<Record<string, string>> = {}): Config =>
  parseEnvironment({ ...env, DATABASE_URL: databaseUrl, JWT_SECRET: SECRET, MASTER_KEY: SECRET, LOG_LEVEL: 'warn' }) as Config;

/** The product's event store, as the platform module makes it. */
export async function openLog(databaseUrl: string): Promise<{ store: EventStore; close: () => Promise<void> }> {
  const app = await NestFactory.createApplicationContext(PlatformModule.forRoot(benchConfig(databaseUrl)), { logger: ['error'] });
  return { store: app.get<EventStore>(EVENT_STORE), close: () => app.close() };
}

/** An event as the codec would hand it to the store. */
export function storedEvent(projectId: string, data: string, type = 'bench.happened'): NewStoredEvent {
  const id = randomUUID();
  const timestamp = new Date().toISOString();
  const ids = { correlation_id: id, causation_id: id, actor: 'bench', timestamp, project_id: projectId };
  const metadata = { ...ids, owner_id: projectId, run_id: null, command_id: id, request_hash: null };
  return { event_id: id, type, version: 1, ...ids, metadata: JSON.stringify(metadata), data };
}
