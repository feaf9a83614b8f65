import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ArtifactType } from '#contracts';
import { ContentStore, DomainError, ensure, page, ReadModels, type Page, type PageQuery, type Reads } from '#platform';
import { treeManifest, type ManifestFile } from './artifacts.manifest.js';
import type { ArtifactRow } from './artifacts.projection.js';

export interface ArtifactSummary {
  readonly artifact_id: string;
  readonly project_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly type: ArtifactType;
  readonly form: 'document' | 'tree';
  readonly version: number;
  readonly content_hash: string;
  readonly file_count: number;
  readonly bytes: number;
  readonly delivered_at: string | null;
  readonly pruned: boolean;
  readonly created_at: string;
}

/** One artifact: a document's content, or a tree's files. */
export interface ArtifactView extends ArtifactSummary {
  readonly content: unknown;
  readonly files: readonly ManifestFile[];
}

export interface ArtifactFile {
  readonly owner_id: string;
  readonly file: ManifestFile;
}

/** What a ZIP is made of. */
export interface DeliverySource {
  readonly owner_id: string;
  readonly artifact_id: string;
  readonly version: number;
  readonly files: readonly ManifestFile[];
}

export interface FileDifference {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly before: string | null;
  readonly after: string | null;
}

export class ListArtifacts extends Query<Page<ArtifactSummary>> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly page: PageQuery,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class GetArtifact extends Query<ArtifactView> {
  constructor(
    readonly artifactId: string,
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class GetArtifactFile extends Query<ArtifactFile> {
  constructor(
    readonly artifactId: string,
    readonly userId: string,
    readonly path: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
/** Which files differ between two trees, or the two texts of two documents. */
export class DiffArtifacts extends Query<{ artifact_id: string; against: string; differences: FileDifference[] }> {
  constructor(
    readonly artifactId: string,
    readonly against: string,
    readonly userId: string,
  ) {
    super();
  }
}
/** The newest delivery of a project, or the one with that version. */
export class FindDelivery extends Query<{ artifact_id: string; version: number }> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly version: number | null,
  ) {
    super();
  }
}
/** The files of a delivered artifact; asked after its signed link was verified. */
export class OpenDelivery extends Query<DeliverySource> {
  constructor(readonly artifactId: string) {
    super();
  }
}

const summary = ({ owner_id: _owner, content, ...row }: ArtifactRow): ArtifactSummary => ({ ...row, content_hash: content });

@Injectable()
class ArtifactReader {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  async find(artifactId: string, userId: string, at: Reads = this.reads): Promise<ArtifactRow> {
    const row = await at.row<ArtifactRow>('SELECT * FROM read_models.artifacts WHERE artifact_id = $1 AND owner_id = $2', [artifactId, userId]);
    if (!row) throw new DomainError('not_found', 'There is no such artifact.');
    return row;
  }

  async files(row: ArtifactRow): Promise<ManifestFile[]> {
    ensure(!row.pruned, 'artifact_pruned', 'This delivery is older than those that are kept; its files are gone. Take a newer one.');
    if (row.form === 'document') return [];
    return treeManifest.parse(await this.contents.getJson(row.owner_id, row.content)).files;
  }

  async document(row: ArtifactRow): Promise<unknown> {
    return row.form === 'document' ? this.contents.getJson(row.owner_id, row.content) : null;
  }

  /** What a row of an earlier position names may have been pruned since. */
  async kept<T>(content: Promise<T>, at: Reads | undefined): Promise<T> {
    return content.catch((error: unknown) => {
      if (!at || !(error instanceof DomainError) || error.code !== 'not_found') throw error;
      throw new DomainError(
        'artifact_pruned',
        'What stood here at that position was removed since: only the newest deliveries are kept. Take a later position.',
      );
    });
  }

  size({ owner_id }: ArtifactRow, { sha256 }: ManifestFile): Promise<number> {
    return this.contents.size(owner_id, sha256);
  }

  text(ownerId: string, hash: string | undefined): Promise<string | null> {
    return hash === undefined ? Promise.resolve(null) : this.contents.get(ownerId, hash).then((bytes) => bytes.toString('utf8'));
  }
}

@Injectable()
@QueryHandler(ListArtifacts)
export class ListArtifactsHandler implements IQueryHandler<ListArtifacts> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, page: query, at = this.reads }: ListArtifacts): Promise<Page<ArtifactSummary>> {
    const from = 'FROM read_models.artifacts WHERE project_id = $1 AND owner_id = $2';
    const { items, next_cursor } = await page<ArtifactRow>(at, from, [projectId, userId], query, { id: 'artifact_id', direction: 'ASC' });
    return { items: items.map(summary), next_cursor };
  }
}

@Injectable()
@QueryHandler(GetArtifact)
export class GetArtifactHandler implements IQueryHandler<GetArtifact> {
  constructor(@Inject(ArtifactReader) private readonly reader: ArtifactReader) {}
  async execute({ artifactId, userId, at }: GetArtifact): Promise<ArtifactView> {
    const row = await this.reader.find(artifactId, userId, at);
    const [content, files] = await this.reader.kept(Promise.all([this.reader.document(row), this.reader.files(row)]), at);
    return { ...summary(row), content, files };
  }
}

@Injectable()
@QueryHandler(GetArtifactFile)
export class GetArtifactFileHandler implements IQueryHandler<GetArtifactFile> {
  constructor(@Inject(ArtifactReader) private readonly reader: ArtifactReader) {}
  async execute({ artifactId, userId, path, at }: GetArtifactFile): Promise<ArtifactFile> {
    const row = await this.reader.find(artifactId, userId, at);
    const file = (await this.reader.kept(this.reader.files(row), at)).find((one) => one.path === path);
    ensure(file, 'not_found', 'There is no such file in this artifact.');
    if (at) await this.reader.kept(this.reader.size(row, file), at);
    return { owner_id: row.owner_id, file };
  }
}

@Injectable()
@QueryHandler(DiffArtifacts)
export class DiffArtifactsHandler implements IQueryHandler<DiffArtifacts> {
  constructor(@Inject(ArtifactReader) private readonly reader: ArtifactReader) {}
  async execute({ artifactId, against, userId }: DiffArtifacts): Promise<{ artifact_id: string; against: string; differences: FileDifference[] }> {
    const [row, base] = await Promise.all([this.reader.find(artifactId, userId), this.reader.find(against, userId)]);
    ensure(row.project_id === base.project_id && row.form === base.form, 'invalid_input', 'Compare two artifacts of one project and one form.');
    if (row.form === 'document') {
      const [after, before] = await Promise.all([row, base].map(async (one) => JSON.stringify(await this.reader.document(one), null, 2)));
      const differences: FileDifference[] = before === after ? [] : [{ path: row.type, change: 'changed', before: before!, after: after! }];
      return { artifact_id: artifactId, against, differences };
    }
    const after = new Map((await this.reader.files(row)).map((file) => [file.path, file.sha256]));
    const before = new Map((await this.reader.files(base)).map((file) => [file.path, file.sha256]));
    const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();
    const differences = paths.map(async (path): Promise<FileDifference> => ({
      path,
      change: !before.has(path) ? 'added' : !after.has(path) ? 'removed' : 'changed',
      before: await this.reader.text(row.owner_id, before.get(path)),
      after: await this.reader.text(row.owner_id, after.get(path)),
    }));
    return { artifact_id: artifactId, against, differences: await Promise.all(differences) };
  }
}

@Injectable()
@QueryHandler(FindDelivery)
export class FindDeliveryHandler implements IQueryHandler<FindDelivery> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, version }: FindDelivery): Promise<{ artifact_id: string; version: number }> {
    const row = await this.reads.row<ArtifactRow>(
      `SELECT * FROM read_models.artifacts WHERE project_id = $1 AND owner_id = $2 AND delivered_at IS NOT NULL
          AND ($3::int IS NULL OR version = $3) ORDER BY version DESC LIMIT 1`,
      [projectId, userId, version],
    );
    ensure(
      row,
      'not_delivered',
      version === null ? 'Nothing has been delivered yet. Wait until the run is completed.' : `Version ${version} was not delivered.`,
    );
    ensure(!row.pruned, 'artifact_pruned', 'This delivery is older than those that are kept; its files are gone. Take a newer one.');
    return { artifact_id: row.artifact_id, version: row.version };
  }
}

@Injectable()
@QueryHandler(OpenDelivery)
export class OpenDeliveryHandler implements IQueryHandler<OpenDelivery> {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ArtifactReader) private readonly reader: ArtifactReader,
  ) {}
  async execute({ artifactId }: OpenDelivery): Promise<DeliverySource> {
    const row = await this.reads.row<ArtifactRow>('SELECT * FROM read_models.artifacts WHERE artifact_id = $1 AND delivered_at IS NOT NULL', [
      artifactId,
    ]);
    ensure(row, 'download_link_invalid', 'This link leads to nothing. Ask for a new one.');
    return { owner_id: row.owner_id, artifact_id: row.artifact_id, version: row.version, files: await this.reader.files(row) };
  }
}

export const ARTIFACT_QUERY_HANDLERS = [
  ArtifactReader,
  ListArtifactsHandler,
  GetArtifactHandler,
  GetArtifactFileHandler,
  DiffArtifactsHandler,
  FindDeliveryHandler,
  OpenDeliveryHandler,
];
