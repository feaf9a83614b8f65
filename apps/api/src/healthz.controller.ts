import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { COMPONENT_STATUSES, type ComponentStatus } from '#contracts';
import { AgentJobs, EventLog, Public, ReadModels, type Standstill, type WorkerView } from '#platform';

const PROBE_MS = 2_000;
/** Answers from the last look within this time: many who ask cost no more than one. */
const FRESH_MS = 1_000;

export class HealthView {
  @ApiProperty({ enum: COMPONENT_STATUSES }) api_status: ComponentStatus;
  @ApiProperty({ enum: COMPONENT_STATUSES }) db_status: ComponentStatus;
  @ApiProperty({ enum: COMPONENT_STATUSES }) queue_status: ComponentStatus;
  @ApiProperty({ enum: COMPONENT_STATUSES }) event_store_status: ComponentStatus;
  @ApiProperty({ enum: COMPONENT_STATUSES, description: 'not_configured: templates and rules do the agents’ work' }) llm_status: ComponentStatus;
  @ApiProperty({ type: [String], description: 'what does not work, or not as well as it could, in sentences' }) details: string[];
}

interface StatusReply {
  status(code: number): unknown;
}

@ApiTags('health')
@Controller('healthz')
export class HealthzController {
  private readonly pending = new Set<string>();
  private last: { readonly at: number; readonly view: Promise<HealthView> } | null = null;

  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(AgentJobs) private readonly jobs: AgentJobs,
  ) {}

  @Public()
  @Get()
  @ApiOkResponse({ type: HealthView })
  @ApiServiceUnavailableResponse({ type: HealthView, description: 'database, event store or queue is down' })
  async health(@Res({ passthrough: true }) reply: StatusReply): Promise<HealthView> {
    if (!this.last || Date.now() - this.last.at > FRESH_MS) this.last = { at: Date.now(), view: this.look() };
    const view = await this.last.view;
    if ([view.db_status, view.event_store_status, view.queue_status].includes('down')) reply.status(503);
    return view;
  }

  private async look(): Promise<HealthView> {
    const details: string[] = [];
    let standing: { name: string; rebuild: boolean; stands: Standstill }[] = [];
    let workers: WorkerView[] = [];
    const probe = async (name: string, sentence: string, work: () => Promise<unknown>): Promise<ComponentStatus> => {
      if (await this.answers(name, work)) return 'ok';
      details.push(sentence);
      return 'down';
    };
    const [db_status, event_store_status, queue_status] = await Promise.all([
      probe('database', 'The database does not answer.', async () => {
        [standing, workers] = await Promise.all([this.reads.standstills(), this.reads.workers()]);
      }),
      probe('event store', 'The event store does not answer.', () => this.log.store.head()),
      probe('queue', 'The queue of the agents’ jobs does not answer.', () => this.jobs.ping()),
    ]);
    return {
      api_status: 'ok',
      db_status: db_status === 'ok' && standing.length > 0 ? 'degraded' : db_status,
      queue_status: queue_status === 'ok' && workers.length === 0 ? 'degraded' : queue_status,
      event_store_status,
      llm_status: modelStatus(workers),
      details: [
        ...details,
        ...standing.map(
          ({ name, rebuild, stands: { since, position, type } }) =>
            `${rebuild ? `The rebuild of ${name}` : name} stands still since ${since} before event ${position} (${type}).`,
        ),
        ...(workers.length === 0 && details.length === 0 ? ['No worker is running: nothing is worked on until one is started.'] : []),
        ...new Set(workers.flatMap(({ model }) => (model.reason === '' ? [] : [model.reason]))),
        ...new Set(workers.flatMap(({ sandbox, gaps }) => gaps.map((gap) => `Sandbox ${sandbox}: ${gap}`))),
      ],
    };
  }

  /** A probe that still hangs is not started a second time. */
  private async answers(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.pending.has(name)) return false;
    this.pending.add(name);
    const answered = work().then(
      () => true,
      () => false,
    );
    void answered.finally(() => this.pending.delete(name));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), PROBE_MS)));
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }
}

/** How the worst off of those that ask a model fares; what they know comes from real requests. */
const modelStatus = (workers: readonly WorkerView[]): ComponentStatus =>
  (['down', 'degraded', 'ok'] as const).find((status) => workers.some(({ model }) => model.status === status)) ?? 'not_configured';
