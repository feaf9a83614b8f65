import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetArtifact, ListArtifacts, type ArtifactSummary, type ArtifactView } from '#artifacts';
import { ListGates } from '#hitl';
import { AsOf, ContentStore, DomainError, unifiedDiff, type Position, type Reads } from '#platform';
import { GetProject, ListRuns } from '#projects';
import { ListMessages } from '#requirements-chat';
import { ListTasks } from '#tasks';
import { asText } from './as-text.js';
import { gather } from './gather.js';
import type { ProjectDiff } from './project-diff.dto.js';

/** Characters of all diffs of one answer, and bytes of a file that is compared line by line. */
const MOST_CHARACTERS = 400_000;
const LARGEST_FILE = 256 * 1024;
const MOST_OF_A_TEXT = 100_000;

/** How a project stood at one position. */
interface Standing {
  readonly at: Reads;
  readonly status: string | null;
  readonly runs: readonly { readonly run_id: string; readonly status: string; readonly stage: string }[];
  readonly tasks: readonly {
    readonly task_id: string;
    readonly agent_type: ProjectDiff['tasks'][number]['agent_type'];
    readonly purpose: string;
    readonly status: string;
  }[];
  readonly gates: readonly { readonly request_id: string; readonly gate: string; readonly status: string }[];
  readonly messages: ProjectDiff['messages'];
  readonly newest: (type: string) => ArtifactSummary | undefined;
}

interface Whose {
  readonly project_id: string;
  readonly user_id: string;
}

/** Compares how a project stood at two positions, asked with the ordinary queries. */
@Injectable()
export class ProjectDiffer {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AsOf) private readonly asOf: AsOf,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  async between(whose: Whose, from: Position, to: Position): Promise<ProjectDiff> {
    const before = await this.standing(whose, from);
    const after = await this.standing(whose, to);
    const differing = <K extends string, T extends { readonly status: string } & Record<K, string>>(
      key: K,
      then: readonly T[],
      now: readonly T[],
    ) => {
      const known = new Map(then.map((one) => [one[key], one.status]));
      return now.flatMap((one) => (known.get(one[key]) === one.status ? [] : [{ one, before: known.get(one[key]) ?? null, after: one.status }]));
    };
    const said = new Set(before.messages.map(({ message_id }) => message_id));
    return {
      project_id: whose.project_id,
      from,
      to,
      status: after.status === null || after.status === before.status ? null : { before: before.status, after: after.status },
      runs: differing('run_id', before.runs, after.runs).map(({ one: { run_id, stage }, ...change }) => ({ run_id, ...change, stage })),
      tasks: differing('task_id', before.tasks, after.tasks).map(({ one: { task_id, agent_type, purpose }, ...change }) => ({
        task_id,
        agent_type,
        purpose,
        ...change,
      })),
      gates: differing('request_id', before.gates, after.gates).map(({ one: { request_id, gate }, ...change }) => ({ request_id, gate, ...change })),
      messages: after.messages
        .filter(({ message_id }) => !said.has(message_id))
        .map(({ message_id, author, content, created_at, position }) => ({ message_id, author, content, created_at, position })),
      specification: await this.text('spec', whose, before, after),
      plan: await this.text('plan', whose, before, after),
      files: await this.files(whose, before, after),
    };
  }

  private async standing({ project_id, user_id }: Whose, position: Position): Promise<Standing> {
    const at = await this.asOf.rowsOf(project_id, position);
    const [status, runs, tasks, gates, messages, artifacts] = await Promise.all([
      this.queries.execute(new GetProject(project_id, user_id, at)).then(
        (project) => project.status,
        (error: unknown) => {
          if (error instanceof DomainError && error.code === 'not_found') return null;
          throw error;
        },
      ),
      gather((page) => this.queries.execute(new ListRuns(project_id, user_id, page, at))),
      gather((page) => this.queries.execute(new ListTasks(project_id, user_id, page, at))),
      gather((page) => this.queries.execute(new ListGates(user_id, { project_id }, page, at))),
      gather((page) => this.queries.execute(new ListMessages(project_id, user_id, page, at))),
      gather((page) => this.queries.execute(new ListArtifacts(project_id, user_id, page, at))),
    ]);
    const newest = (type: string) => artifacts.filter((one) => one.type === type).sort((a, b) => b.version - a.version)[0];
    return { at, status, runs, tasks, gates, messages, newest };
  }

  private async text(type: 'spec' | 'plan', whose: Whose, before: Standing, after: Standing): Promise<ProjectDiff['specification']> {
    const [old, now] = [before.newest(type), after.newest(type)];
    if (!now || old?.content_hash === now.content_hash) return null;
    const side = async (artifact: ArtifactSummary | undefined, at: Reads): Promise<Map<string, string>> => {
      if (!artifact) return new Map();
      return new Map([[type, asText((await this.artifact(artifact, whose, at)).content)]]);
    };
    const diff = unifiedDiff(await side(old, before.at), await side(now, after.at), MOST_OF_A_TEXT);
    return { before: old?.content_hash ?? null, after: now.content_hash, diff };
  }

  private async files(whose: Whose, before: Standing, after: Standing): Promise<ProjectDiff['files']> {
    const [old, now] = [before.newest('code'), after.newest('code')];
    if (!now || old?.content_hash === now.content_hash) return [];
    const filesOf = async (artifact: ArtifactSummary | undefined, at: Reads) =>
      new Map((artifact ? (await this.artifact(artifact, whose, at)).files : []).map((file) => [file.path, file]));
    const [then, there] = [await filesOf(old, before.at), await filesOf(now, after.at)];
    const differing = [...new Set([...then.keys(), ...there.keys()])].filter((path) => then.get(path)?.sha256 !== there.get(path)?.sha256).sort();
    const files: ProjectDiff['files'] = [];
    let left = MOST_CHARACTERS;
    for (const path of differing) {
      const [a, b] = [then.get(path), there.get(path)];
      const shown = left <= 0 ? ({ diff: null, omitted: 'limit' } as const) : await this.fileDiff(whose, path, a, b);
      left -= shown.diff?.length ?? 0;
      files.push({ path, change: !a ? 'added' : !b ? 'removed' : 'changed', before: a?.sha256 ?? null, after: b?.sha256 ?? null, ...shown });
    }
    return files;
  }

  private async fileDiff(
    { user_id }: Whose,
    path: string,
    ...sides: (ArtifactView['files'][number] | undefined)[]
  ): Promise<Pick<ProjectDiff['files'][number], 'diff' | 'omitted'>> {
    if (sides.some((side) => side && side.bytes > LARGEST_FILE)) return { diff: null, omitted: 'too_large' };
    const texts: Map<string, string>[] = [];
    for (const side of sides) {
      const bytes = side ? await this.contents.get(user_id, side.sha256).catch(unlessGone) : undefined;
      if (bytes === null) return { diff: null, omitted: 'gone' };
      if (bytes?.includes(0)) return { diff: null, omitted: 'binary' };
      texts.push(new Map(bytes ? [[path, bytes.toString('utf8')]] : []));
    }
    return { diff: unifiedDiff(texts[0]!, texts[1]!, MOST_OF_A_TEXT), omitted: null };
  }

  private artifact({ artifact_id }: ArtifactSummary, { user_id }: Whose, at: Reads): Promise<ArtifactView> {
    return this.queries.execute(new GetArtifact(artifact_id, user_id, at));
  }
}

/** Older deliveries are pruned. */
function unlessGone(error: unknown): null {
  if (error instanceof DomainError && error.code === 'not_found') return null;
  throw error;
}
