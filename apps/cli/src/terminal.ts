import { createInterface, type Interface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';

export interface TerminalOptions {
  readonly input: Readable;
  readonly output: Writable & { readonly columns?: number };
  /** A person sits there: a line that updates itself, and questions with a prompt. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** Ctrl-C while a question is open. */
  readonly onInterrupt?: () => void;
}

export interface Progress {
  readonly stage: string;
  /** 0 to 100; null where there is nothing to measure. */
  readonly percent: number | null;
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
/** Lines of one paste arrive together. */
const PASTE_MS = 30;

/** Everything that is printed and read goes through here. */
export class Terminal {
  readonly interactive: boolean;
  private readonly began = Date.now();
  private progressShown: Progress | null = null;
  private ticker: NodeJS.Timeout | undefined;
  private lines: LineQueue | undefined;

  constructor(private readonly options: TerminalOptions) {
    this.interactive = options.interactive;
  }

  /** One or more lines that stay. */
  say(text = ''): void {
    this.clearLine();
    this.options.output.write(`${text}\n`);
    this.drawLine();
  }

  style(style: keyof typeof STYLES, text: string): string {
    return this.options.colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
  }

  /** How far the work is: one line that updates itself for a person, a line per change otherwise. */
  progress(progress: Progress | null): void {
    const before = this.progressShown;
    if (before?.stage === progress?.stage && before?.percent === progress?.percent) return;
    this.progressShown = progress;
    if (!this.interactive) {
      if (progress) this.options.output.write(`${describe(progress)}\n`);
      return;
    }
    if (progress && !this.ticker) this.ticker = setInterval(() => this.drawLine(), 1_000).unref();
    if (!progress) {
      clearInterval(this.ticker);
      this.ticker = undefined;
      this.clearLine();
    } else this.drawLine();
  }

  /**
   * What a person answers; null at the end of the input.
   * @throws the signal's reason once the answer is no longer wanted
   */
  async ask(prompt: string, signal: AbortSignal): Promise<string | null> {
    signal.throwIfAborted();
    this.progress(null);
    if (this.interactive) return this.prompt(prompt, signal);
    this.lines ??= new LineQueue(this.options.input);
    return this.lines.next(signal);
  }

  /** Like {@link ask}, and shows nothing of what is typed. */
  async askSecret(prompt: string, signal: AbortSignal): Promise<string | null> {
    if (!this.interactive) return this.ask(prompt, signal);
    signal.throwIfAborted();
    this.progress(null);
    this.options.output.write(prompt);
    const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
    const secret = await this.prompt('', signal, nothing);
    this.options.output.write('\n');
    return secret;
  }

  /** Lets go of the input, so that the process can end. */
  close(): void {
    this.progress(null);
    this.lines?.close();
  }

  private prompt(prompt: string, signal: AbortSignal, output: Writable = this.options.output): Promise<string | null> {
    const { input, onInterrupt } = this.options;
    const reader = createInterface({ input, output, terminal: true, historySize: 0 });
    return new Promise<string | null>((resolve, reject) => {
      const given: string[] = [];
      const withdraw = () => {
        output.write('\n');
        reject(signal.reason as Error);
        reader.close();
      };
      signal.addEventListener('abort', withdraw, { once: true });
      reader.on('line', (line) => {
        given.push(line);
        if (given.length === 1) setTimeout(() => reader.close(), PASTE_MS);
      });
      reader.on('SIGINT', () => onInterrupt?.());
      reader.on('close', () => {
        signal.removeEventListener('abort', withdraw);
        resolve(given.length > 0 ? given.join('\n') : null);
      });
      reader.setPrompt(prompt);
      reader.prompt();
    });
  }

  private clearLine(): void {
    if (this.interactive && this.progressShown) this.options.output.write('\r\u001b[K');
  }

  private drawLine(): void {
    if (!this.interactive || !this.progressShown) return;
    const line = `${describe(this.progressShown)}  ${elapsed(Date.now() - this.began)}`;
    // A terminal of unknown width says 0.
    const width = (this.options.output.columns || 80) - 1;
    this.options.output.write(`\r\u001b[K${this.style('cyan', line.slice(0, width))}`);
  }
}

/** Lines of an input, in their order; what is not asked for yet waits. */
class LineQueue {
  private readonly waiting: string[] = [];
  private readonly reader: Interface;
  private ended = false;
  private wake: (() => void) | undefined;

  constructor(private readonly input: Readable) {
    this.reader = createInterface({ input, terminal: false });
    this.reader.on('line', (line) => {
      this.waiting.push(line);
      this.wake?.();
    });
    this.reader.on('close', () => {
      this.ended = true;
      this.wake?.();
    });
  }

  async next(signal: AbortSignal): Promise<string | null> {
    for (;;) {
      signal.throwIfAborted();
      const line = this.waiting.shift();
      if (line !== undefined) return line;
      if (this.ended) return null;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  close(): void {
    this.reader.close();
    this.input.destroy();
  }
}

const describe = ({ stage, percent }: Progress): string => (percent === null ? stage : `${stage}  ${percent} %`);

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Text from elsewhere, without what would steer the terminal or hide what stands there. */
export const plain = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');
