import { Inject, Injectable } from '@nestjs/common';
import { fileType, type TreeManifest } from '#artifacts';
import { verificationReport, type CodeBundle } from '#contracts';
import { ContentStore } from '#platform';
import { placeOf, ProvenanceReader } from './provenance.js';
import type { PipelineState } from './pipeline-state.workflow.js';

type Run = NonNullable<PipelineState['run']>;

export interface Tree {
  /** SHA-256 of the manifest. */
  readonly content: string;
  readonly file_count: number;
  readonly bytes: number;
}

/** Turns a verified bundle into the tree that a person gets. */
@Injectable()
export class Delivery {
  constructor(
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(ProvenanceReader) private readonly provenance: ProvenanceReader,
  ) {}

  /** The files as QA has verified them. */
  async verifiedTree(run: Run, reportHash: string): Promise<Tree> {
    return this.storeTree(run, (await this.report(run, reportHash)).bundle.files);
  }

  /** The same with `countersign.json`: which handoffs and approvals, at which places of the log, led to these files. */
  async deliveredTree(run: Run, reportHash: string): Promise<Tree> {
    const { bundle } = await this.report(run, reportHash);
    const record = `${JSON.stringify(await this.originRecord(run, reportHash), null, 2)}\n`;
    const stored = await this.contents.put(run.owner_id, record);
    const files = bundle.files.filter(({ path }) => path !== 'countersign.json');
    return this.storeTree(run, [...files, { path: 'countersign.json', ...stored, executable: false }]);
  }

  private async report(run: Run, hash: string) {
    return verificationReport.parse(await this.contents.getJson(run.owner_id, hash));
  }

  private async storeTree(run: Run, files: CodeBundle['files']): Promise<Tree> {
    const manifest: TreeManifest = {
      files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ plan_task: _, ...file }) => ({ ...file, type: fileType(file.path) })),
    };
    const { sha256 } = await this.contents.putJson(run.owner_id, manifest);
    return { content: sha256, file_count: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) };
  }

  /** Ids, hashes and places alone: no words of the person, and nobody's name. */
  private async originRecord(run: Run, reportHash: string): Promise<Record<string, unknown>> {
    const history = await this.provenance.history(run.project_id);
    const events = history.filter(({ metadata }) => metadata.run_id === run.run_id);
    const agents = new Map(events.flatMap(({ type, data }) => (type === 'task.assigned' ? [[data.task_id, data.agent_type]] : [])));
    const handoffs = events.flatMap((event) => {
      if (event.type !== 'task.completed') return [];
      const { task_id, handoff_out } = event.data;
      return [{ ...placeOf(event), task_id, agent: agents.get(task_id) ?? null, handoff_type: handoff_out.handoff_type, sha256: handoff_out.sha256 }];
    });
    const verified = handoffs.findLast(({ sha256 }) => sha256 === reportHash)!;
    const { project_id, run_id, tree_hash, files, tasks, approvals, ...origin } = await this.provenance.of(run, history, verified.task_id);
    const positions = new Map(tasks.map(({ task_id, position }) => [task_id, position]));
    const bare = ({ id, said_in }: { id: string; said_in: string | null }) => ({ id, said_in });
    return {
      project_id,
      run_id,
      tree_hash,
      handoffs,
      approvals,
      specification: origin.specification,
      plan: origin.plan,
      plan_items: origin.plan_items.map(({ title: _, ...item }) => item),
      requirements: origin.requirements.map(bare),
      criteria: origin.criteria.map(bare),
      messages: origin.messages,
      files: files.map((file) => ({ ...file, position: positions.get(file.task_id!) ?? null })),
    };
  }
}
