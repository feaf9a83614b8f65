import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const BENCH = new URL('./', import.meta.url).href;
const ROOT = new URL('../', import.meta.url).href;
const ours = (url) => url?.startsWith(BENCH) && !url.includes('/node_modules/');

/** Within `bench/` `.js` means the `.ts` beside; what lies outside is the built product. */
export async function resolve(specifier, context, next) {
  if (!ours(context.parentURL)) return next(specifier, context);
  if (specifier === '#platform/domain') return next(`${ROOT}dist/libs/platform/src/domain.js`, context);
  if (specifier.startsWith('#')) return next(`${ROOT}dist/libs/${specifier.slice(1)}/src/index.js`, context);
  if (!specifier.startsWith('.')) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  if (!href.startsWith(BENCH)) return next(href.replace(ROOT, `${ROOT}dist/`), context);
  const source = href.replace(/\.js$/, '.ts');
  return next(existsSync(fileURLToPath(source)) ? source : href, context);
}

export async function load(url, context, next) {
  if (!ours(url) || !url.endsWith('.ts')) return next(url, context);
  const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
    filename: fileURLToPath(url),
    configFile: fileURLToPath(new URL('.swcrc', ROOT)),
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
