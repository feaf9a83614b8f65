import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { join, resolve } from 'node:path';
import { CONFIG, type Config } from '#platform';
import { LocalSandbox, SANDBOX } from '#sandbox';
import { AnalystProcessor } from './analyst.processor.js';
import { ArchitectProcessor } from './architect.processor.js';
import { AssignmentDesk } from './assignment.js';
import { Brains } from './brains.js';
import { ModelHealth } from './claude/model-health.js';
import { CoderProcessor } from './coder.processor.js';
import { QaProcessor } from './qa.processor.js';
import { RunningTasks } from './running-tasks.js';
import { WorkerPresence } from './worker-presence.js';

/** The four agents, the brains that think for them, and the sandbox that QA uses. */
@Module({
  providers: [
    AssignmentDesk,
    RunningTasks,
    WorkerPresence,
    AnalystProcessor,
    ArchitectProcessor,
    CoderProcessor,
    QaProcessor,
    { provide: ModelHealth, useFactory: (config: Config) => new ModelHealth(config.ANTHROPIC_API_KEY !== undefined), inject: [CONFIG] },
    Brains,
    {
      provide: SANDBOX,
      useFactory: (config: Config) => LocalSandbox.create({ baseDir: join(resolve(config.DATA_DIR), 'sandboxes') }),
      inject: [CONFIG],
    },
  ],
})
export class AgentsModule implements OnApplicationShutdown {
  constructor(@Inject(SANDBOX) private readonly sandbox: LocalSandbox) {}

  async onApplicationShutdown(): Promise<void> {
    await this.sandbox.close();
  }
}
