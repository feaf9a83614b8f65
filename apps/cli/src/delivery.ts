import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { HANDOFFS, type VerificationReport } from '#contracts';
import { ServerUnreachable, type Project } from '#client';
import { plain } from './terminal.js';
import type { Work } from './work.js';

const ATTEMPTS = 4;

/** Writes the newest delivery's ZIP and says what it is and how to run it. */
export async function deliver(work: Work, project: Project): Promise<void> {
  const { terminal } = work;
  terminal.say(`Downloading ${plain(project.name)}`);
  const zip = await download(work, project.project_id, slug(project.name));
  const report = await verification(work, project);
  const folder = zip.path.replace(/^.*[\\/]/, '').replace(/\.zip$/, '');
  terminal.say(`\n${terminal.style('green', `Delivered: ${zip.path}`)}`);
  terminal.say(`  ${size(zip.bytes)}, ${zip.files} files`);
  if (report) {
    const passed = report.checks.filter(({ status }) => status === 'passed').map(({ check }) => check);
    const covered = report.criteria.filter(({ status }) => status === 'covered').length;
    terminal.say(`  checks passed: ${passed.length === 0 ? 'none' : passed.join(', ')}`);
    terminal.say(`  acceptance criteria shown by a passing test: ${covered} of ${report.criteria.length}`);
  }
  for (const warning of project.warnings) terminal.say(terminal.style('yellow', `  warning: ${plain(warning)}`));
  terminal.say(`\nRun it:\n  unzip ${quoted(zip.path)} -d ${quoted(folder)} && cd ${quoted(folder)} && ./run-app.sh`);
}

/** A file's name made of a project's. */
export function slug(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return words.replace(/^-+/, '').slice(0, 60).replace(/-+$/, '') || 'app';
}

/**
 * Moves a finished file to the first free name of `base.zip`, `base-2.zip` and so on; what is there already stays.
 * @returns where it is now
 */
export async function moveToFreeName(finished: string, folder: string, base: string): Promise<string> {
  for (let count = 1; ; count++) {
    const path = join(folder, count === 1 ? `${base}.zip` : `${base}-${count}.zip`);
    try {
      await (await open(path, 'wx')).close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    await rename(finished, path);
    return path;
  }
}

async function download({ client, out, signal }: Work, projectId: string, base: string): Promise<{ path: string; bytes: number; files: number }> {
  const draft = join(out, `.${base}.${randomBytes(4).toString('hex')}.part`);
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        const content = await client.download(projectId);
        await pipeline(Readable.fromWeb(content as WebStream), createWriteStream(draft), { signal });
        const { bytes, files } = await measure(draft);
        return { path: await moveToFreeName(draft, out, base), bytes, files };
      } catch (error) {
        signal.throwIfAborted();
        // A connection that broke in the middle of the file is a TypeError of fetch.
        const passing = error instanceof ServerUnreachable || error instanceof TypeError || error instanceof Incomplete;
        if (!passing || attempt === ATTEMPTS) throw error;
        await sleep(1_000 * attempt, undefined, { signal });
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
}

class Incomplete extends Error {}

/** Size and number of entries, as the end of a ZIP tells. */
async function measure(path: string): Promise<{ bytes: number; files: number }> {
  const file = await open(path);
  try {
    const { size: bytes } = await file.stat();
    const end = Buffer.alloc(Math.min(bytes, 65_557));
    await file.read(end, 0, end.length, bytes - end.length);
    const at = end.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (at < 0 || at + 12 > end.length) throw new Incomplete('The download is not a complete ZIP.');
    return { bytes, files: end.readUInt16LE(at + 10) };
  } finally {
    await file.close();
  }
}

/** What the last verification of the run says; null where it cannot be read. */
async function verification({ client }: Work, project: Project): Promise<VerificationReport | null> {
  const verified = project.tasks.filter(
    ({ run_id, handoff_out }) => run_id === project.run_id && handoff_out?.handoff_type === 'verification_report',
  );
  const last = verified.sort((a, b) => a.created_at.localeCompare(b.created_at)).at(-1);
  if (!last) return null;
  const { handoff_out } = await client.getTask(last.task_id);
  return HANDOFFS.verification_report.schema.safeParse(handoff_out?.content).data ?? null;
}

const size = (bytes: number): string => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
