import { z } from 'zod';
import { ARTIFACT_TYPES, bundleFile, type ArtifactType } from '#contracts';

/** The files of a tree, as stored beside them. */
export const treeManifest = z.strictObject({ files: z.array(bundleFile.extend({ type: z.enum(ARTIFACT_TYPES) })) });
export type TreeManifest = z.infer<typeof treeManifest>;
export type ManifestFile = TreeManifest['files'][number];

/** What kind of file a path is, for people who look for the tests or the documentation. */
export function fileType(path: string): ArtifactType {
  if (/(^|\/)(tests?|__tests__|spec)\/|\.(test|spec)\.[a-z]+$/.test(path)) return 'test';
  if (/\.(md|txt)$|^LICENSE/i.test(path) || path.startsWith('docs/')) return 'docs';
  if (/^(\.|Dockerfile|run-app\.|countersign\.json)|\.(json|ya?ml|toml|ini)$|\/\.[^/]+$/.test(path)) return 'config';
  return 'code';
}
