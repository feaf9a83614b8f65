import type { BundleFile } from '#contracts';
import { sha256 } from '#platform';
import type { WrittenCode } from './brain.js';

/** The files of a bundle, in order of path. */
export const bundleFiles = ({ files }: Pick<WrittenCode, 'files'>): BundleFile[] =>
  files
    .map(({ path, content, executable = false }) => ({ path, sha256: sha256(content), bytes: Buffer.byteLength(content), executable }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));

/** SHA-256 over `path NUL sha256 NUL mode LF` of every file, in order of path. */
export const treeHash = (files: readonly BundleFile[]): string =>
  sha256(files.map(({ path, sha256: hash, executable }) => `${path}\0${hash}\0${executable ? 'x' : '-'}\n`).join(''));
