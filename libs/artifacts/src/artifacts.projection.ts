import type { ArtifactType } from '#contracts';
import { table, type Projection, type Row } from '#platform';
import type { ArtifactEvent } from './artifacts.events.js';

export interface ArtifactRow extends Row {
  artifact_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  task_id: string;
  type: ArtifactType;
  form: 'document' | 'tree';
  version: number;
  content: string;
  file_count: number;
  bytes: number;
  delivered_at: string | null;
  pruned: boolean;
  created_at: string;
}

const artifactOf = (event: { data: { artifact_id: string } }): string => event.data.artifact_id;

const artifacts = table<ArtifactRow, ArtifactEvent>('artifacts', 'artifact_id', {
  'artifact.published': {
    id: artifactOf,
    evolve: (_, { data, metadata }) => ({
      ...data,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      delivered_at: null,
      pruned: false,
      created_at: metadata.timestamp,
    }),
  },
  'artifact.delivered': {
    id: artifactOf,
    evolve: (row, { data, metadata }) =>
      row && { ...row, content: data.content, file_count: data.file_count, bytes: data.bytes, delivered_at: metadata.timestamp },
  },
  'artifact.pruned': { id: artifactOf, evolve: (row) => row && { ...row, pruned: true } },
});

export const artifactsProjection: Projection = { name: 'read:artifacts', tables: [artifacts] };
