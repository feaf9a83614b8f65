import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WrittenCode } from '#agents';

/** A generated app in a folder of its own. */
export class LaidApp {
  private child: ChildProcess | undefined;

  private constructor(readonly folder: string) {}

  static lay({ files }: Pick<WrittenCode, 'files'>): LaidApp {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
    for (const { path, content, executable = false } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: executable ? 0o755 : 0o644 });
    }
    return new LaidApp(folder);
  }

  /** @returns the exit code and everything it printed */
  run(command: string): Promise<{ code: number | null; output: string }> {
    const child = spawn('sh', ['-c', command], { cwd: this.folder, env: cleanEnvironment() });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
  }

  /** @returns its address */
  async start(): Promise<string> {
    const child = spawn(join(this.folder, 'run-app.sh'), [], { cwd: this.folder, env: { ...cleanEnvironment(), PORT: '0', HOST: '127.0.0.1' } });
    this.child = child;
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const address = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (address !== undefined) return address;
    }
    throw new Error(`the app did not start: ${output}`);
  }

  remove(): void {
    this.child?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A test runner's own settings would reach the app's. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|JEST_)/.test(name)));
}
