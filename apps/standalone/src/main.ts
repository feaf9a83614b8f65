import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AgentJobs, fatal, helpText, migrate, onceStopped, parseEnvironment, ProcessLogger, type Config, type Environment } from '#platform';
import { migrations } from '../../../migrations/index.js';
import { configureApi, listen } from '../../api/src/configure.js';
import { DataFolder } from './data-folder.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { StandaloneModule } from './standalone.module.js';

/** What was begun and has to be ended, in the order in which it was begun. */
type Steps = (() => Promise<void>)[];

/** `npm start`: everything in one process, with a PostgreSQL of its own unless DATABASE_URL names another. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText('npm start'));
    return;
  }
  const environment = parseEnvironment(process.env);
  const begun: Steps = [];
  const endAll = async () => {
    for (const end of begun.splice(0).reverse())
      await end().catch((error: unknown) => new Logger('Countersign').error(`while stopping: ${(error as Error).message}`));
  };
  const started = start(environment, begun);
  let stopping = false;
  onceStopped(async () => {
    stopping = true;
    // What is being begun at this moment could not be ended: it is waited for.
    await started.catch(() => undefined);
    await endAll();
  });
  try {
    await started;
  } catch (error) {
    if (stopping) return;
    await endAll();
    throw error;
  }
}

async function start(environment: Environment, begun: Steps): Promise<void> {
  const data = await DataFolder.take(environment.DATA_DIR);
  begun.push(() => data.release());
  let url = environment.DATABASE_URL;
  if (url === undefined) {
    const postgres = await EmbeddedPostgres.start(data);
    begun.push(() => postgres.stop());
    url = postgres.url;
  }
  const config: Config = {
    ...environment,
    DATABASE_URL: url,
    JWT_SECRET: environment.JWT_SECRET ?? (await data.secret('jwt')),
    MASTER_KEY: environment.MASTER_KEY ?? (await data.secret('master')),
    OPERATOR_TOKEN: environment.OPERATOR_TOKEN ?? (await data.secret('operator')),
  };
  await migrate(url, migrations);
  const app = await NestFactory.create<NestExpressApplication>(StandaloneModule.forRoot(config), {
    logger: new ProcessLogger(config.LOG_LEVEL),
    bodyParser: false,
    abortOnError: false,
  });
  begun.push(() => app.close());
  // Alone with this queue: whoever had a job at work is dead, and nobody has to wait until its lock runs out.
  if (environment.DATABASE_URL === undefined && environment.REDIS_URL === undefined) await app.get(AgentJobs).clear();
  configureApi(app);
  const address = await listen(app, config);
  new Logger('Countersign').log(`ready at ${address} (interface description: ${address}/api/docs)`);
}

main().catch(fatal);
