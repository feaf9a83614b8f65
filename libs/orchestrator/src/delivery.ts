import { Inject, Injectable } from '@nestjs/common';
import { fileType, type TreeManifest } from '#artifacts';
import { verificationReport, type CodeBundle } from '#contracts';
import type { HitlEvent } from '#hitl';
import { ContentStore, EventLog, type Position, type RecordedEvent } from '#platform';
import type { TaskEvent } from '#tasks';
import type { PipelineState } from './pipeline-state.workflow.js';

/** Events that tell of the origin. */
type Told = TaskEvent | HitlEvent;
type Run = NonNullable<PipelineState['run']>;

export interface Tree {
  /** SHA-256 of the manifest. */
  readonly content: string;
  readonly file_count: number;
  readonly bytes: number;
}

const PAGE = 500;

/** Turns a verified bundle into the tree that a person gets. */
@Injectable()
export class Delivery {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  /** The files as QA has verified them. */
  async verifiedTree(run: Run, reportHash: string): Promise<Tree> {
    return this.storeTree(run, (await this.report(run, reportHash)).bundle.files);
  }

  /** The same with `countersign.json`: which handoffs and approvals, at which places of the log, led to these files. */
  async deliveredTree(run: Run, reportHash: string): Promise<Tree> {
    const { bundle } = await this.report(run, reportHash);
    const record = `${JSON.stringify(await this.originRecord(run, bundle), null, 2)}\n`;
    const stored = await this.contents.put(run.owner_id, record);
    const files = bundle.files.filter(({ path }) => path !== 'countersign.json');
    return this.storeTree(run, [...files, { path: 'countersign.json', ...stored, executable: false }]);
  }

  private async report(run: Run, hash: string) {
    return verificationReport.parse(await this.contents.getJson(run.owner_id, hash));
  }

  private async storeTree(run: Run, files: CodeBundle['files']): Promise<Tree> {
    const manifest: TreeManifest = {
      files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => ({ ...file, type: fileType(file.path) })),
    };
    const { sha256 } = await this.contents.putJson(run.owner_id, manifest);
    return { content: sha256, file_count: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
  }

  private async originRecord(run: Run, bundle: CodeBundle): Promise<Record<string, unknown>> {
    const events = await this.runEvents(run);
    const place = ({ position, event_id, metadata }: RecordedEvent) => ({ position, event_id, at: metadata.timestamp, actor: metadata.actor });
    const agents = new Map(events.flatMap(({ type, data }) => (type === 'task.assigned' ? [[data.task_id, data.agent_type]] : [])));
    const handoffs = events.flatMap((event) => {
      if (event.type !== 'task.completed') return [];
      const { task_id, handoff_out } = event.data;
      return [{ ...place(event), task_id, agent: agents.get(task_id) ?? null, handoff_type: handoff_out.handoff_type, sha256: handoff_out.sha256 }];
    });
    const written = handoffs.filter(({ handoff_type }) => handoff_type === 'code_bundle').at(-1);
    return {
      project_id: run.project_id,
      run_id: run.run_id,
      tree_hash: bundle.tree_hash,
      handoffs,
      approvals: events.flatMap((event) => {
        if (event.type !== 'hitl.responded') return [];
        const { request_id, action, content_hash, amended_hash } = event.data;
        return [{ ...place(event), request_id, action, content_hash, amended_hash }];
      }),
      files: bundle.files.map(({ path, sha256 }) => ({ path, sha256, task_id: written?.task_id ?? null, position: written?.position ?? null })),
    };
  }

  private async runEvents(run: Run): Promise<RecordedEvent<Told>[]> {
    const events: RecordedEvent<Told>[] = [];
    for (let after: Position = '0'; ;) {
      const page = await this.log.readProject(run.project_id, after, PAGE);
      events.push(...(page as RecordedEvent<Told>[]).filter((event) => event.metadata.run_id === run.run_id));
      if (page.length < PAGE) return events;
      after = page.at(-1)!.position;
    }
  }
}
