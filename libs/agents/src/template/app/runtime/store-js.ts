import { source } from '../source.js';

/** src/store.js: the journal. */
export const storeJs = source`import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/*
 * Records live in memory and in a journal: a text file with one JSON line per change, only ever appended to.
 * A change counts once its line is on disk (fsync), so it survives a crash or a power cut. Opening the journal replays
 * it; a last line that was cut off half-way never counted and is dropped.
 */

const COMPACT_FROM_LINES = 5000;

/** Opens the journal, creating it where there is none. */
export function openStore(file) {
  mkdirSync(dirname(file), { recursive: true });
  const kinds = new Map();
  const lastIds = new Map();
  const records = (kind) => {
    if (!kinds.has(kind)) kinds.set(kind, new Map());
    return kinds.get(kind);
  };

  function apply(change) {
    if (change.op === 'batch') return change.changes.forEach(apply);
    if (change.op === 'put') records(change.kind).set(change.record.id, change.record);
    else if (change.op === 'remove') records(change.kind).delete(change.id);
    const id = change.op === 'put' ? change.record.id : change.id;
    if (Number.isInteger(id) && id > (lastIds.get(change.kind) ?? 0)) lastIds.set(change.kind, id);
  }

  const { lines, goodBytes } = replay(file, apply);
  const live = [...kinds.values()].reduce((sum, map) => sum + map.size, 0);
  const wasteful = lines > COMPACT_FROM_LINES && lines > live * 2;
  if (wasteful) compact(file, kinds, lastIds);

  let journal = openSync(file, 'a');
  let size = wasteful ? statSync(file).size : goodBytes;
  ftruncateSync(journal, size);
  let batch = null;

  /** Writes first, then changes the memory: what could not be saved did not happen. */
  function commit(change) {
    if (batch) {
      batch.undo.unshift(inverse(change));
      batch.changes.push(change);
    } else write(change);
    apply(change);
  }

  function write(change) {
    const bytes = Buffer.from(\`\${JSON.stringify(change)}\n\`);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(journal, bytes, written);
      fsyncSync(journal);
    } catch (error) {
      ftruncateSync(journal, size);
      throw error;
    }
    size += bytes.length;
  }

  function inverse(change) {
    const id = change.op === 'put' ? change.record.id : change.id;
    const before = records(change.kind).get(id);
    return before ? { op: 'put', kind: change.kind, record: before } : { op: 'remove', kind: change.kind, id };
  }

  /** Runs several changes of which all are saved, in one line of the journal, or, where it throws, none. */
  function transaction(run) {
    const ids = new Map(lastIds);
    batch = { changes: [], undo: [] };
    const { changes, undo } = batch;
    try {
      const result = run();
      if (changes.length > 0) write({ op: 'batch', changes });
      return result;
    } catch (error) {
      undo.forEach(apply);
      for (const [kind] of lastIds) lastIds.set(kind, ids.get(kind) ?? 0);
      throw error;
    } finally {
      batch = null;
    }
  }

  return {
    all: (kind) => [...records(kind).values()],
    get: (kind, id) => records(kind).get(id),
    nextId: (kind) => (lastIds.get(kind) ?? 0) + 1,
    put: (kind, record) => commit({ op: 'put', kind, record }),
    remove: (kind, id) => commit({ op: 'remove', kind, id }),
    transaction,
    close() {
      if (journal === null) return;
      closeSync(journal);
      journal = null;
    },
  };
}

function replay(file, apply) {
  if (!existsSync(file)) return { lines: 0, goodBytes: 0 };
  const bytes = readFileSync(file);
  let lines = 0;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) {
    lines += 1;
    try {
      apply(JSON.parse(bytes.toString('utf8', start, end)));
    } catch {
      if (end === bytes.length - 1) return { lines: lines - 1, goodBytes: start };
      throw new Error(\`\${file}: line \${lines} cannot be read. Restore the file from a backup, or remove that line.\`);
    }
  }
  return { lines, goodBytes: start };
}

/** Writes the present state beside the journal and puts it in its place in one step. */
function compact(file, kinds, lastIds) {
  const beside = \`\${file}.new\`;
  const out = openSync(beside, 'w');
  for (const [kind, map] of kinds) {
    for (const record of map.values()) writeSync(out, \`\${JSON.stringify({ op: 'put', kind, record })}\n\`);
  }
  for (const [kind, id] of lastIds) {
    if (!kinds.get(kind)?.has(id)) writeSync(out, \`\${JSON.stringify({ op: 'remove', kind, id })}\n\`);
  }
  fsyncSync(out);
  closeSync(out);
  renameSync(beside, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
`;
