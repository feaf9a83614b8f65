/** `node tools/run.js <entry below dist/> [arguments]`: builds where needed, then runs the entry in this very process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ROOT } from './build.js';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) throw new Error('name the entry to run, such as apps/standalone/src/main.js');
process.setSourceMapsEnabled(true);
try {
  await ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const path = join(ROOT, 'dist', entry);
process.argv = [process.argv[0], path, ...rest];
await import(pathToFileURL(path).href);
