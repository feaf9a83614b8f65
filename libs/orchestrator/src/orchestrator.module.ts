import { Inject, Logger, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { Delivery } from './delivery.js';
import { ForkCopier } from './fork-copier.js';
import { ForkLoop } from './fork-loop.js';
import { HandoffAssembler } from './handoff-assembler.js';
import { IntentDispatcher } from './intent-dispatcher.js';
import { orchestratorEvents } from './pipeline.events.js';
import { ProcessManager } from './process-manager.js';
import { ProvenanceReader } from './provenance.js';
import { RunRescue } from './run-rescue.js';
import { TIMER_COMMANDS } from './timer.commands.js';
import { timerDecider } from './timer.decider.js';
import { timerEvents } from './timer.events.js';
import { TimerLoop } from './timer-loop.js';
import { timersProjection } from './timer.projection.js';
import { TIMER_QUERY_HANDLERS } from './timer.queries.js';

const SWEEP_MS = 10_000;

/** The events of the orchestrator, and what they tell of files, for processes that read the log. */
@Module({ providers: [ProvenanceReader], exports: [ProvenanceReader] })
export class OrchestratorEventsModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: [...orchestratorEvents, ...timerEvents], projections: [timersProjection] });
  }
}

/** The process manager, its timers, its sweep and the making of forks, for the process that works. */
@Module({
  imports: [OrchestratorEventsModule],
  providers: [
    ...handlersFor(timerDecider, TIMER_COMMANDS),
    ...TIMER_QUERY_HANDLERS,
    ProcessManager,
    TimerLoop,
    ForkLoop,
    ForkCopier,
    IntentDispatcher,
    HandoffAssembler,
    Delivery,
    RunRescue,
  ],
})
export class OrchestratorModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Orchestrator');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ProcessManager) private readonly manager: ProcessManager,
    @Inject(TimerLoop) private readonly timers: TimerLoop,
    @Inject(ForkLoop) private readonly forks: ForkLoop,
    @Inject(RunRescue) private readonly rescue: RunRescue,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.manager.start();
    this.timers.start();
    this.forks.start();
    this.sweeping = this.sweep();
    this.timer = setInterval(() => (this.sweeping = this.sweep()), SWEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    await Promise.all([this.manager.stop(), this.timers.stop(), this.forks.stop()]);
  }

  private async sweep(): Promise<void> {
    try {
      await this.rescue.requeueLostJobs();
      await this.rescue.wakeUntimedRuns();
    } catch (error) {
      this.logger.warn(`the sweep will try again: ${(error as Error).message}`);
    }
  }
}
