/** Longest edit script that is searched for between two files; files that differ more are shown as replaced whole. */
const MAX_EDITS = 1_500;
const CONTEXT = 3;

interface Edit {
  readonly kind: ' ' | '-' | '+';
  readonly line: string;
}

/**
 * Unified diff (as of `diff -u`, three lines of context) between two trees of text files, in the order of their paths.
 * An added or removed file has `/dev/null` on the other side. Equal files are left out, so equal trees give ''.
 *
 * @param limit longest answer in characters; what is over it is cut at a line's end, and a last line says so
 */
export function unifiedDiff(oldFiles: ReadonlyMap<string, string>, newFiles: ReadonlyMap<string, string>, limit = 200_000): string {
  const paths = [...new Set([...oldFiles.keys(), ...newFiles.keys()])].sort();
  const parts: string[] = [];
  let length = 0;
  for (const path of paths) {
    const before = oldFiles.get(path);
    const after = newFiles.get(path);
    if (before === after) continue;
    const part = fileDiff(path, before, after);
    parts.push(part);
    length += part.length;
    if (length > limit) break;
  }
  return cut(parts.join(''), limit);
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const note = '[the diff goes on; it was cut here]\n';
  return text.slice(0, text.lastIndexOf('\n', Math.max(limit - note.length - 1, 0)) + 1) + note;
}

function fileDiff(path: string, before: string | undefined, after: string | undefined): string {
  const header = `--- ${before === undefined ? '/dev/null' : `a/${path}`}\n+++ ${after === undefined ? '/dev/null' : `b/${path}`}\n`;
  if ((before ?? '').includes('\0') || (after ?? '').includes('\0')) return `${header}Binary files differ\n`;
  return header + hunks(edits(lines(before ?? ''), lines(after ?? '')));
}

/** Lines with their line ends, so that a missing one at the end is a difference. */
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function edits(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const keep = (line: string): Edit => ({ kind: ' ', line });
  return [
    ...before.slice(0, start).map(keep),
    ...shortestEdits(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(keep),
  ];
}

/** E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986: the greedy form, with the trace kept. */
function shortestEdits(before: readonly string[], after: readonly string[]): Edit[] {
  const removed = before.map((line): Edit => ({ kind: '-', line }));
  const added = after.map((line): Edit => ({ kind: '+', line }));
  if (before.length === 0 || after.length === 0) return [...removed, ...added];
  const most = Math.min(before.length + after.length, MAX_EDITS);
  const offset = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && furthest[offset + k - 1]! < furthest[offset + k + 1]!);
      let x = down ? furthest[offset + k + 1]! : furthest[offset + k - 1]! + 1;
      let y = x - k;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x += 1;
        y += 1;
      }
      furthest[offset + k] = x;
      if (x >= before.length && y >= after.length) return walkBack(before, after, trace);
    }
  }
  return [...removed, ...added];
}

function walkBack(before: readonly string[], after: readonly string[], trace: readonly Int32Array[]): Edit[] {
  const found: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const at = (k: number): number => trace[d]![k + d + 1]!;
    const k = x - y;
    const previous = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(previous);
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      found.push({ kind: ' ', line: before[x]! });
    }
    if (d === 0) break;
    if (x === fromX) found.push({ kind: '+', line: after[(y -= 1)]! });
    else found.push({ kind: '-', line: before[(x -= 1)]! });
  }
  return found.reverse();
}

function hunks(all: readonly Edit[]): string {
  const near = new Uint8Array(all.length);
  for (const [index, { kind }] of all.entries()) {
    if (kind !== ' ') near.fill(1, Math.max(0, index - CONTEXT), index + CONTEXT + 1);
  }
  let text = '';
  let oldLine = 1;
  let newLine = 1;
  for (let index = 0; index < all.length;) {
    let end = index;
    while (end < all.length && near[end] === near[index]) end += 1;
    const run = all.slice(index, end);
    const oldCount = run.filter(({ kind }) => kind !== '+').length;
    const newCount = run.filter(({ kind }) => kind !== '-').length;
    if (near[index] === 1) {
      text += `@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@\n`;
      for (const { kind, line } of run) text += kind + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`);
    }
    oldLine += oldCount;
    newLine += newCount;
    index = end;
  }
  return text;
}

/** The line before it where the range is empty, as diff(1) has it. */
const range = (start: number, count: number): string => (count === 1 ? String(start) : `${count === 0 ? start - 1 : start},${count}`);
