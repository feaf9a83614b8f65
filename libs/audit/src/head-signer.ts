import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { Chains, CONFIG, DATABASE, EventLog, GENESIS, nextLink, pause, START, type Config, type LinkedEvent, type Position } from '#platform';
import { RecordedHeads } from './recorded-heads.js';
import type { Head } from './signed-head.js';
import { SigningKeys } from './signing-keys.js';

/** How often it is looked whether a head is due, in ms. */
const LOOK_MS = 5_000;
const PAGE = 500;
/** Most events that one round goes over: bounds how long the lease is held. */
const MOST = 20_000;
/** Held by who signs. */
const LEASE = 736_201_978;

interface ChainState {
  link: Buffer;
  events: number;
  position: Position;
}

/**
 * Signs the heads of the log's chain, and of every project's that went on since, after so many events and so much time. Each
 * head is recomputed from the one before it: what does not verify is never signed. Works behind the log, in one process at a
 * time; the heads themselves say how far it has come.
 */
@Injectable()
export class HeadSigner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Audit');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private complaint = '';

  constructor(
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Chains) private readonly chains: Chains,
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(RecordedHeads) private readonly heads: RecordedHeads,
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUDIT_HEAD_EVENTS' | 'AUDIT_HEAD_SECONDS'>,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        while (await this.round()) if (signal.aborted) return;
        this.complaint = '';
      } catch (error) {
        const { message } = error as Error;
        if (!signal.aborted && message !== this.complaint) this.logger.warn(`heads of the chains are not signed: ${message}`);
        this.complaint = message;
      }
      await pause(Math.min(LOOK_MS, this.config.AUDIT_HEAD_SECONDS * 1_000), signal);
    }
  }

  /** Where the read models follow another log, this process is about to be refused, and writes nothing into this one. */
  private async followsAnother(manager: EntityManager, storeId: string): Promise<boolean> {
    const strangers = await manager.query<unknown[]>('SELECT FROM read_models.checkpoints WHERE store_id <> $1 LIMIT 1', [storeId]);
    return strangers.length > 0;
  }

  /**
   * Signs what is due.
   * @returns true where more is left than one round takes
   * @throws Error where the chain does not verify, or nothing can be signed
   */
  async round(now = new Date()): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      // A process that is frozen with the lease loses it soon.
      await manager.query(`SET LOCAL idle_in_transaction_session_timeout = '30s'`);
      const [lease] = await manager.query<{ taken: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS taken', [LEASE]);
      if (!lease!.taken) return false;
      const storeId = await this.log.store.storeId();
      if (await this.followsAnother(manager, storeId)) return false;
      const last = await this.heads.lastOfLog(storeId);
      const from = last?.position ?? START;
      const { AUDIT_HEAD_EVENTS: enough, AUDIT_HEAD_SECONDS: seconds } = this.config;
      const waiting = await this.chains.countBehind(from, enough);
      if (waiting === 0 || (waiting < enough && last && now.getTime() - Date.parse(last.time) < seconds * 1_000)) return false;

      const log = { position: from, link: last ? Buffer.from(last.link, 'hex') : GENESIS, events: last?.events ?? 0 };
      const projects = new Map<string, ChainState>();
      const broken = new Set<string>();
      let read = 0;
      for (let full = true; full && read < MOST && !this.stopping.signal.aborted;) {
        const page = await this.chains.read(null, log.position, PAGE);
        await this.findStates(storeId, page, projects);
        for (const event of page) this.follow(event, log, projects, broken);
        read += page.length;
        full = page.length === PAGE;
      }
      const of = (chain: Head['chain'], project_id: string | null, { position, events, link }: ChainState) => ({
        store_id: storeId,
        chain,
        project_id,
        position,
        events,
        link: link.toString('hex'),
      });
      const sound = [...projects].filter(([id]) => !broken.has(id));
      const due = [of('log', null, log), ...sound.map(([id, state]) => of('project', id, state))];
      await this.heads.add(await this.keys.sign(due), manager);
      for (const id of broken)
        this.logger.error(`the chain of project ${id} does not verify and is not signed; GET /api/v1/events/verify names the place`);
      return read >= MOST;
    });
  }

  /** Where the chains of the projects on a page stood when they were last signed. */
  private async findStates(storeId: string, page: readonly LinkedEvent[], states: Map<string, ChainState>): Promise<void> {
    const ids = new Set(page.flatMap(({ project_id }) => (project_id !== null && !states.has(project_id) ? [project_id] : [])));
    if (ids.size === 0) return;
    for (const id of ids) states.set(id, { position: START, link: GENESIS, events: 0 });
    for (const { project_id, position, link, events } of await this.heads.lastOf(storeId, [...ids]))
      states.set(project_id!, { position, link: Buffer.from(link, 'hex'), events });
  }

  /** @throws Error where the log's chain does not verify */
  private follow(event: LinkedEvent, log: ChainState, projects: ReadonlyMap<string, ChainState>, broken: Set<string>): void {
    const { position, project_id, log_link, project_link } = event;
    const link = nextLink(log.link, event);
    if (!link.equals(log_link))
      throw new Error(`the chain of the log does not verify at position ${position}; GET /api/v1/events/verify says what was changed`);
    Object.assign(log, { position, link, events: log.events + 1 });
    const state = project_id === null ? undefined : projects.get(project_id)!;
    // A head that was signed for an export may be ahead.
    if (!state || BigInt(position) <= BigInt(state.position)) return;
    const next = nextLink(state.link, event);
    if (!project_link || !next.equals(project_link)) broken.add(project_id!);
    Object.assign(state, { position, link: next, events: state.events + 1 });
  }
}
