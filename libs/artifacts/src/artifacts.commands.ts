import type { ArtifactType } from '#contracts';
import { DomainCommand } from '#platform';

abstract class ArtifactCommand<Data extends { project_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return `artifacts-${this.data.project_id}`;
  }
}

interface Content {
  readonly content: string;
  readonly file_count: number;
  readonly bytes: number;
}

export class PublishArtifact extends ArtifactCommand<
  Content & { project_id: string; artifact_id: string; run_id: string; task_id: string; artifact_type: ArtifactType; form: 'document' | 'tree' }
> {
  readonly type = 'publish_artifact';
}

/** Hands a tree over to the person, with its record of origin; older deliveries beyond `keep` are pruned. */
export class DeliverArtifact extends ArtifactCommand<Content & { project_id: string; artifact_id: string; run_id: string; keep: number }> {
  readonly type = 'deliver_artifact';
}

export const ARTIFACT_COMMANDS = [PublishArtifact, DeliverArtifact] as const;
export type ArtifactCommandUnion = InstanceType<(typeof ARTIFACT_COMMANDS)[number]>;
