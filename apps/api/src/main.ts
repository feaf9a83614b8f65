import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
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
import { ApiModule } from './api.module.js';
import { API_OPTIONS, configureApi, listen } from './configure.js';

@Module({})
class ApiProcessModule {
  static forRoot(config: Config): DynamicModule {
    return { module: ApiProcessModule, imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), ApiModule] };
  }
}

/** `npm run start:api`: HTTP and sockets only, beside workers and other API processes on the same database. */
async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpText('npm run start:api'));
    return;
  }
  const config = sharedConfig(parseEnvironment(process.env));
  await migrate(config.DATABASE_URL, migrations);
  const app = await NestFactory.create<NestExpressApplication>(ApiProcessModule.forRoot(config), {
    ...API_OPTIONS,
    logger: new ProcessLogger(config.LOG_LEVEL),
  });
  onceStopped(() => app.close());
  configureApi(app);
  const address = await listen(app, config);
  new Logger('Countersign').log(`ready at ${address} (interface description: ${address}/api/docs)`);
}

main().catch(fatal);
