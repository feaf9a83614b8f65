/**
 * Writes everything that follows from the sources: `.env.example`, the README's table of settings, ARCHITECTURE's
 * diagram of libs and apps, and the JSON Schemas of the handoffs. With `--check` it writes nothing and fails where a
 * file is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { ensureBuilt, ROOT } from './build.js';

const { options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const USED_BY_ALL = ['libs/platform', 'libs/contracts'];

/** Every setting, commented out, as its default stands. */
const envExample = (settings) =>
  ['# Every setting is optional. Generated from the configuration schema: npm run generate', '']
    .concat(settings.map(({ name, fallback, meaning }) => `# ${meaning}\n# ${name}=${fallback}\n`))
    .join('\n');

/** The settings as a Markdown table. */
function settingsTable(settings) {
  const cell = (text) => text.replaceAll('|', '\\|');
  const rows = settings.map(
    ({ name, fallback, meaning }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${cell(fallback)}\``} | ${cell(meaning)} |`,
  );
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Which lib and app imports which, as a Mermaid graph; dotted where by type only. */
async function importGraph() {
  const withoutTests = { ...options, exclude: { path: '[.](spec|int-spec|e2e-spec|fault-spec)[.]ts$' } };
  const { output } = await cruise(['apps', 'libs'], withoutTests, undefined, { tsConfig: extractTsConfig(join(ROOT, 'tsconfig.json')) });
  const unitOf = (path) => /^(?:apps|libs)\/[^/]+/.exec(path)?.[0];
  const units = new Set();
  const arrows = new Map();
  for (const { source, dependencies } of output.modules) {
    const from = unitOf(source);
    if (from) units.add(from);
    for (const { resolved, typeOnly } of dependencies) {
      const to = unitOf(resolved);
      if (!from || !to || from === to || USED_BY_ALL.includes(to)) continue;
      const arrow = `${from} ${to}`;
      arrows.set(arrow, (arrows.get(arrow) ?? true) && typeOnly === true);
    }
  }
  const id = (unit) => unit.replaceAll(/[^a-z]/g, '_');
  const node = (unit) => `    ${id(unit)}["${unit.split('/')[1]}"]`;
  const group = (name) => [
    `  subgraph ${name}`,
    ...[...units]
      .filter((unit) => unit.startsWith(`${name}/`))
      .sort()
      .map(node),
    '  end',
  ];
  const lines = [...arrows].sort().map(([arrow, typesOnly]) => {
    const [from, to] = arrow.split(' ');
    return `  ${id(from)} ${typesOnly ? '-.->' : '-->'} ${id(to)}`;
  });
  return ['```mermaid', 'graph TD', ...group('apps'), ...group('libs'), ...lines, '```'].join('\n');
}

/** The file's text with what stands between the markers replaced; undefined where there is no such file or marker. */
function between(path, marker, content) {
  const text = read(path);
  const [begin, end] = [`<!-- ${marker}:begin -->`, `<!-- ${marker}:end -->`];
  const [from, to] = [text?.indexOf(begin) ?? -1, text?.indexOf(end) ?? -1];
  return from < 0 || to < from ? undefined : `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}

/** A file's text; undefined where there is none. */
function read(path) {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

process.chdir(ROOT);
await ensureBuilt();
const { settings } = await import('#platform');
const { HANDOFFS, handoffJsonSchema } = await import('#contracts');

const wanted = {
  '.env.example': envExample(settings()),
  'README.md': between('README.md', 'settings', settingsTable(settings())),
  'ARCHITECTURE.md': between('ARCHITECTURE.md', 'imports', await importGraph()),
};
for (const [type, { version }] of Object.entries(HANDOFFS)) {
  wanted[`docs/handoffs/${type}.v${version}.schema.json`] =
    `${JSON.stringify({ title: `${type} v${version}`, ...handoffJsonSchema(type) }, null, 2)}\n`;
}

const stale = Object.keys(wanted).filter((path) => wanted[path] !== undefined && wanted[path] !== read(path));
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`stale, run npm run generate:\n${stale.map((path) => `  ${path}`).join('\n')}`);
    process.exitCode = 1;
  }
} else {
  for (const path of stale) {
    mkdirSync(join(ROOT, dirname(path)), { recursive: true });
    writeFileSync(join(ROOT, path), wanted[path]);
    console.log(`wrote ${path}`);
  }
}
