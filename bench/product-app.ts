import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Brains } from '#agents';
import { migrate, type Config } from '#platform';
import { SANDBOX } from '#sandbox';
import { API_OPTIONS, configureApi, listen } from '../apps/api/src/configure.js';
import { StandaloneModule } from '../apps/standalone/src/standalone.module.js';
import { migrations } from '../migrations/index.js';
import { benchConfig } from './product-log.js';
import { StubBrain, stubSandbox } from './stub-agents.js';

export interface ProductApp {
  readonly url: string;
  readonly brain: StubBrain;
  readonly config: Config;
  get<T>(token: string | symbol | (new (...given: never[]) => T)): T;
  close(): Promise<void>;
}

/** What `npm start` composes, in this process and listening, except that the agents' brain and sandbox answer at once. */
export async function startProduct(databaseUrl: string, folder: string, redisUrl: string | null = null): Promise<ProductApp> {
  const limits = { RUNNING_RUNS_PER_USER: '100000', DAILY_RUNS_PER_USER: '100000' };
  const config = benchConfig(databaseUrl, {
    ...limits,
    PORT: '0',
    WORKERS: '64',
    DATA_DIR: join(folder, 'data'),
    ...(redisUrl && { REDIS_URL: redisUrl }),
  });
  await migrate(databaseUrl, migrations);
  const brain = new StubBrain();
  const testing = await Test.createTestingModule({ imports: [StandaloneModule.forRoot(config)] })
    .overrideProvider(Brains)
    .useValue({ of: () => brain })
    .overrideProvider(SANDBOX)
    .useValue(stubSandbox)
    .compile();
  const app = testing.createNestApplication<NestExpressApplication>({ ...API_OPTIONS, logger: ['fatal', 'error', 'warn'] });
  configureApi(app);
  const url = await listen(app, config);
  return { url, brain, config, get: (token) => app.get(token, { strict: false }), close: () => app.close() };
}
