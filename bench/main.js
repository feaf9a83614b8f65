/** `npm run bench -- <name> [--quick] [--json]`: builds where needed, then runs `bench/<name>.bench.ts` beside its peers. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../tools/build.js';
import './loader.js';

const HERE = import.meta.dirname;
const names = readdirSync(HERE).flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? []);
const [name, ...flags] = process.argv.slice(2);
const unknown = flags.filter((flag) => flag !== '--quick' && flag !== '--json');

if (!names.includes(name) || unknown.length > 0) {
  console.error(`npm run bench -- <${names.join(' | ')}> [--quick] [--json]`);
  process.exit(2);
}
if (!existsSync(join(HERE, 'node_modules')))
  console.error('The packages to compare with are not installed and will be skipped; npm ci --prefix bench installs them.');

// A peer that keeps idle connections is told so when its database goes away.
process.on('uncaughtException', (error) => {
  if (error.code === '57P01') return;
  console.error(error);
  process.exit(1);
});

await ensureBuilt();
const { default: bench } = await import(pathToFileURL(join(HERE, `${name}.bench.ts`)).href);
const { Report } = await import(pathToFileURL(join(HERE, 'report.ts')).href);
const report = new Report(name, flags.includes('--json'));
await bench({ quick: flags.includes('--quick'), report });
report.end();
process.exit(0);
