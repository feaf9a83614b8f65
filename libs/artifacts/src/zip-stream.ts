import { Readable } from 'node:stream';
import yazl from 'yazl';
import type { ManifestFile } from './artifacts.manifest.js';

/** A fixed time for all entries, so that the same files make the same bytes (the earliest a ZIP can tell). */
const ENTRY_TIME = new Date(1980, 0, 1);

/** A ZIP of the files, made while it is read: one file's chunk at a time is in memory. */
export function zipStream(files: readonly ManifestFile[], read: (sha256: string) => AsyncIterable<Buffer>): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const fail = (error: unknown) => output.destroy(error as Error);
  zip.on('error', fail);
  for (const file of files) {
    zip.addReadStreamLazy(file.path, { mtime: ENTRY_TIME, mode: file.executable ? 0o100755 : 0o100644, size: file.bytes }, (give) => {
      const content = Readable.from(read(file.sha256));
      content.on('error', fail);
      give(null, content);
    });
  }
  zip.end();
  return output;
}
