/** Names of tests, each with the suites around it: `suite > test`. */
export interface TestResults {
  readonly passed: string[];
  readonly failed: string[];
}

interface Entry {
  readonly path: string[];
  readonly outcome: 'passed' | 'failed' | 'uncounted';
}

/**
 * Reads the names of tests out of a test command's output: TAP version 13 as `node --test` writes it, node's spec
 * reporter, and the verbose reporters of Jest and Vitest. Skipped and todo tests are neither passed nor failed, nor is a
 * name that passed in one place and was skipped in another. A suite is not a test; it is listed only where it failed
 * although nothing within it did. A test that passed in one place and failed in another is listed as failed.
 */
export function parseTestResults(output: string): TestResults {
  // eslint-disable-next-line no-control-regex
  const lines = output.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').split(/\r?\n/);
  const entries = lines.some((line) => /^TAP version \d+/.test(line)) ? readTap(lines) : readSpec(lines);
  const suites = new Set<string>();
  const failedWithin = new Set<string>();
  for (const { path, outcome } of entries) {
    for (let depth = 1; depth < path.length; depth += 1) {
      const suite = name(path.slice(0, depth));
      suites.add(suite);
      if (outcome === 'failed') failedWithin.add(suite);
    }
  }
  const passed = new Set<string>();
  const failed = new Set<string>();
  const uncounted = new Set<string>();
  for (const { path, outcome } of entries) {
    const test = name(path);
    if (outcome === 'uncounted') uncounted.add(test);
    if (outcome === 'failed' && !failedWithin.has(test)) failed.add(test);
    // A file without any test is reported as a passed test with the file's path for a name.
    if (outcome === 'passed' && !suites.has(test) && !/^\S+\.[cm]?[jt]sx?$/.test(test)) passed.add(test);
  }
  return { passed: [...passed].filter((test) => !failed.has(test) && !uncounted.has(test)), failed: [...failed] };
}

export const SEPARATOR = ' > ';
const name = (path: readonly string[]): string => path.join(SEPARATOR);

/** Every level is indented by four blanks; `# Subtest: name` comes before what is within, `ok 1 - name` after it. */
function readTap(lines: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  const open: string[] = [];
  /** Line that ends the details of a result; what is within them is a program's text. */
  let detailsEnd: string | null = null;
  /** What stands before it is another program's. */
  const start = lines.findIndex((line) => /^TAP version \d+/.test(line));
  for (const line of lines.slice(start)) {
    if (line.startsWith('TAP version')) open.length = 0;
    const details = /^((?: {4})* {2})---$/.exec(line);
    if (detailsEnd !== null || details !== null) {
      detailsEnd ??= `${details?.[1] ?? ''}...`;
      if (line === detailsEnd || line.startsWith('TAP version')) detailsEnd = null;
      continue;
    }
    const subtest = /^((?: {4})*)# Subtest: (.*)$/.exec(line);
    if (subtest !== null) {
      open.length = Math.min(open.length, depthOf(subtest[1]));
      open[depthOf(subtest[1])] = unescapeTap(subtest[2] ?? '');
      continue;
    }
    const result = /^((?: {4})*)(not )?ok\b(?: \d+)?(?: - | )?(.*)$/.exec(line);
    if (result === null) continue;
    const directive = /^(.*?)(?<!\\)(?:\\\\)* # (SKIP|TODO)\b/i.exec(result[3] ?? '');
    const path = [...open.slice(0, depthOf(result[1])), unescapeTap(directive?.[1] ?? result[3] ?? '')];
    entries.push({ path: path.map((part) => part ?? ''), outcome: directive !== null ? 'uncounted' : result[2] === undefined ? 'passed' : 'failed' });
  }
  return entries;

  function depthOf(indent: string | undefined): number {
    return (indent?.length ?? 0) / 4;
  }
}

const unescapeTap = (text: string): string => text.trim().replace(/\\([\\#])/g, '$1');

const PASSED = '✔✓√';
const FAILED = '✖✕×✗';
const UNCOUNTED = '﹣○✎⚠↓-';
const MARKED = new RegExp(`^(\\s*)([▶${PASSED}${FAILED}${UNCOUNTED}]) (.+?)\\s*$`, 'u');
/** Duration at the end, and after it node's directive: `(1.2ms) # SKIP`, `(3 ms)`. */
const DURATION = /^(.*?) \(\d+(?:\.\d+)? ?m?s\)( # .*)?$/;
/** Vitest has no brackets; its lines alone are indented by an odd number of blanks. */
const VITEST_DURATION = /^(.*?) \d+ms()$/;

/** A mark before each test; node opens a suite with `▶ name`, two blanks a level, and closes it with its own mark. */
function readSpec(lines: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  const open: string[] = [];
  let summary = false;
  /** Node tells how long each test took: a mark without that is a line of the program itself. */
  const byNode = lines.some((line) => /^ℹ tests \d+$/.test(line.trimEnd()));
  for (const line of lines) {
    const marked = MARKED.exec(line);
    if (marked === null) continue;
    const [, indent = '', mark = '', text = ''] = marked;
    if (mark === '✖' && text === 'failing tests:') {
      summary = true;
      continue;
    }
    const timed = (indent.length % 2 === 1 ? VITEST_DURATION : DURATION).exec(text);
    const depth = Math.floor(indent.length / 2);
    const bare = (timed?.[1] ?? text).trim();
    if (mark === '▶') {
      // Before node 20.12 the line that closes a suite looked like the one that opens it, with the duration.
      if (timed === null) open.splice(depth, open.length, bare);
      continue;
    }
    // Vitest sums up each file in a line of the same form.
    if (/\(\d+ tests?\b[^)]*\)$/.test(bare)) continue;
    const outcome = UNCOUNTED.includes(mark) || (timed?.[2] ?? '') !== '' ? 'uncounted' : PASSED.includes(mark) ? 'passed' : 'failed';
    if (byNode && !summary && timed === null) continue;
    if (summary) {
      // The summary repeats every failure without its suites: only what was not seen before is news.
      if (outcome === 'failed' && !entries.some((entry) => entry.outcome === 'failed' && entry.path.at(-1) === bare))
        entries.push({ path: [bare], outcome });
      continue;
    }
    entries.push({ path: [...open.slice(0, depth), bare], outcome });
  }
  return entries;
}
