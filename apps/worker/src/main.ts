import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  fatal,
  helpText,
  JobQueueModule,
  migrate,
  onceStopped,
  parseEnvironment,
  PlatformModule,
  ProcessLogger,
  sharedConfig,
  type Config,
} from '#platform';
import { migrations } from '../../../migrations/index.js';
import { WorkerModule } from './worker.module.js';

@Module({})
class WorkerProcessModule {
  static forRoot(config: Config): DynamicModule {
    return { module: WorkerProcessModule, imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), WorkerModule] };
  }
}

/** `npm run start:worker`: read models, orchestrator and agents, beside any number of others on the same database. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText('npm run start:worker'));
    return;
  }
  const config = sharedConfig(parseEnvironment(process.env));
  await migrate(config.DATABASE_URL, migrations);
  const app = await NestFactory.createApplicationContext(WorkerProcessModule.forRoot(config), {
    logger: new ProcessLogger(config.LOG_LEVEL),
    abortOnError: false,
  });
  onceStopped(() => app.close());
  new Logger('Countersign').log('worker ready');
}

main().catch(fatal);
