import { z } from 'zod';
import { ARTIFACT_TYPES, sha256Hex } from '#contracts';
import { event, type EventOf } from '#platform/domain';

const artifact_id = z.uuid();
const run_id = z.uuid();
/** SHA-256 of the document, or of the manifest that lists a tree's files. */
const content = sha256Hex;

export const artifactEvents = [
  event(
    'artifact.published',
    1,
    z.strictObject({
      artifact_id,
      run_id,
      task_id: z.uuid(),
      type: z.enum(ARTIFACT_TYPES),
      form: z.enum(['document', 'tree']),
      /** Counts up within a project and type. */
      version: z.int().min(1),
      content,
      file_count: z.int().min(1),
      bytes: z.int().min(0),
    }),
  ),
  event('artifact.delivered', 1, z.strictObject({ artifact_id, run_id, content, file_count: z.int().min(1), bytes: z.int().min(0) })),
  event('artifact.pruned', 1, z.strictObject({ artifact_id, run_id })),
] as const;

export type ArtifactEvent = EventOf<(typeof artifactEvents)[number]>;
