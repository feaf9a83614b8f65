import { Module, type DynamicModule } from '@nestjs/common';
import { JobQueueModule, PlatformModule, type Config } from '#platform';
import { ApiModule } from '../../api/src/api.module.js';
import { WorkerModule } from '../../worker/src/worker.module.js';

/** What `npm start` runs in one process. */
@Module({})
export class StandaloneModule {
  static forRoot(config: Config): DynamicModule {
    return { module: StandaloneModule, imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), ApiModule, WorkerModule] };
  }
}
