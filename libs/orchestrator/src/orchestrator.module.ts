import { Inject, Logger, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Catalog } from '#platform';
import { Delivery } from './delivery.js';
import { HandoffAssembler } from './handoff-assembler.js';
import { IntentDispatcher } from './intent-dispatcher.js';
import { orchestratorEvents } from './pipeline.events.js';
import { ProcessManager } from './process-manager.js';
import { RunRescue } from './run-rescue.js';

const SWEEP_MS = 10_000;

/** The events of the orchestrator, for processes that read the log. */
@Module({})
export class OrchestratorEventsModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: orchestratorEvents });
  }
}

/** The process manager and its sweep, for the process that works. */
@Module({ imports: [OrchestratorEventsModule], providers: [ProcessManager, IntentDispatcher, HandoffAssembler, Delivery, RunRescue] })
export class OrchestratorModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Orchestrator');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ProcessManager) private readonly manager: ProcessManager,
    @Inject(RunRescue) private readonly rescue: RunRescue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.manager.start();
    this.sweeping = this.sweep();
    this.timer = setInterval(() => (this.sweeping = this.sweep()), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    await this.manager.stop();
  }

  private async sweep(): Promise<void> {
    try {
      await this.rescue.requeueLostJobs();
      await this.rescue.expireRuns();
    } catch (error) {
      this.logger.warn(`the sweep will try again: ${(error as Error).message}`);
    }
  }
}
