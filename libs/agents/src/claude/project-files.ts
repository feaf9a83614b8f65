import { isArtifactPath } from '#contracts';
import type { SourceFile } from '../brain.js';

/** What a coder may write, in all. */
export const FILE_LIMITS = { files: 1_000, fileBytes: 512 * 1024, allBytes: 32 * 1024 * 1024 } as const;

/** A tool call that cannot be carried out, with what to do instead; the model reads it. */
export class ToolProblem extends Error {}

/** The files that coders work on: kept in memory, paths inside the artifact only, and only so much of them. */
export class ProjectFiles {
  private readonly files = new Map<string, { content: string; executable: boolean }>();

  constructor(begin: readonly SourceFile[] = []) {
    for (const { path, content, executable = false } of begin) this.files.set(path, { content, executable });
  }

  paths(): string[] {
    return [...this.files.keys()].sort();
  }

  /** @throws ToolProblem where there is no such file */
  read(path: string): string {
    const file = this.files.get(path);
    if (!file) throw new ToolProblem(`There is no file ${path}. list_files shows what there is.`);
    return file.content;
  }

  /** @throws ToolProblem where the path is not allowed or a limit is reached */
  write(path: string, content: string): void {
    if (!isArtifactPath(path))
      throw new ToolProblem(`${JSON.stringify(path.slice(0, 200))} is no path inside the project: use one such as src/main.js.`);
    const [known] = [...this.files.keys()].filter((other) => other !== path && other.toLowerCase() === path.toLowerCase());
    if (known !== undefined) throw new ToolProblem(`${known} is there already, and some systems cannot tell it from ${path}: use that name.`);
    if (path.startsWith('.git/')) throw new ToolProblem('The folder .git is not part of the project.');
    const bytes = Buffer.byteLength(content);
    if (bytes > FILE_LIMITS.fileBytes) throw new ToolProblem(`A file may have at most ${FILE_LIMITS.fileBytes} bytes: split ${path}.`);
    if (!this.files.has(path) && this.files.size >= FILE_LIMITS.files)
      throw new ToolProblem(`A project may have at most ${FILE_LIMITS.files} files.`);
    if (this.bytes() + bytes > FILE_LIMITS.allBytes) throw new ToolProblem(`A project may have at most ${FILE_LIMITS.allBytes} bytes in all.`);
    const executable = this.files.get(path)?.executable ?? (path.endsWith('.sh') && content.startsWith('#!'));
    this.files.set(path, { content, executable });
  }

  /** Replaces a passage that is there exactly once. */
  edit(path: string, before: string, after: string): void {
    const content = this.read(path);
    const at = content.indexOf(before);
    if (before === '' || at < 0) throw new ToolProblem(`The passage is not in ${path}: read the file again, and quote it exactly.`);
    if (content.indexOf(before, at + 1) >= 0) throw new ToolProblem(`The passage is in ${path} more than once: quote more of what is around it.`);
    this.write(path, content.slice(0, at) + after + content.slice(at + before.length));
  }

  remove(path: string): void {
    this.read(path);
    this.files.delete(path);
  }

  /** Lines that hold a text, as `path:line: content`, at most `most`. */
  search(text: string, most: number): string[] {
    const found: string[] = [];
    for (const path of this.paths()) {
      for (const [index, line] of this.read(path).split('\n').entries()) {
        if (!line.includes(text)) continue;
        found.push(`${path}:${index + 1}: ${line.slice(0, 300)}`);
        if (found.length >= most) return found;
      }
    }
    return found;
  }

  all(): SourceFile[] {
    return this.paths().map((path) => ({ path, ...this.files.get(path)! }));
  }

  private bytes(): number {
    return [...this.files.values()].reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  }
}
