import { Readable } from 'node:stream';
import yazl from 'yazl';

/** A ZIP that is written while it is read: one piece of one file is in memory at a time. */
export class Archive {
  readonly output: Readable;
  private readonly zip = new yazl.ZipFile();
  private current: Readable | undefined;

  constructor(private readonly time = new Date()) {
    this.output = this.zip.outputStream as Readable;
    // Who reads has gone away: what is being written for them ends.
    this.output.on('close', () => this.current?.destroy());
    this.zip.on('error', (error: unknown) => this.fail(error));
  }

  /** Adds a file; resolves when it has been read. */
  add(path: string, content: AsyncIterable<Buffer | string>): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.output.destroyed) return reject(new Gone());
      this.zip.addReadStreamLazy(path, { mtime: this.time, mode: 0o100644 }, (give) => {
        const stream = Readable.from(content);
        let ended = false;
        stream.on('end', () => (ended = true));
        stream.on('error', reject);
        stream.on('close', () => (ended ? resolve() : reject(new Gone())));
        this.current = stream;
        give(null, stream);
      });
    });
  }

  addText(path: string, text: string): Promise<void> {
    return this.add(path, [text] as unknown as AsyncIterable<string>);
  }

  addJson(path: string, value: unknown): Promise<void> {
    return this.addText(path, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** One JSON document a line. */
  addLines(path: string, values: AsyncIterable<unknown>): Promise<void> {
    return this.add(path, lines(values));
  }

  end(): void {
    this.zip.end();
  }

  fail(error: unknown): void {
    this.output.destroy(error instanceof Gone ? undefined : (error as Error));
  }
}

/** Whoever read it has gone away. */
class Gone extends Error {}

async function* lines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}
