import type { DataSource } from 'typeorm';
import type { Doorbell } from './doorbell.js';
import { seal, unseal, type DataKeys } from './event-codec.js';

/** A piece of what an agent is writing this moment. It is on no record: whoever misses it sees the whole answer later. */
export interface LiveText {
  readonly owner_id: string;
  readonly project_id: string;
  readonly task_id: string;
  readonly agent_type: string;
  /** Which of the task's conversations it belongs to. */
  readonly loop: string;
  readonly text: string;
}

/** Pieces of one conversation are put together for this long, in ms. */
const TOGETHER_MS = 100;
/** PostgreSQL takes notifications of less than 8,000 bytes; sealed, a character takes up to 5.4. */
const MOST_CHARACTERS = 1_200;
/** What waits to be sent; more than that is dropped, as nobody could read it any more. */
const MOST_WAITING = 64 * 1024;

/**
 * Carries what agents are writing to the processes that have listeners, through PostgreSQL NOTIFY, sealed under the owner's key:
 * notifications that wait may lie on disk. Best effort: a process that is slow or away misses pieces, and nothing waits for it.
 */
export class LiveTexts {
  private readonly waiting = new Map<string, LiveText>();
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly doorbell: Doorbell,
    private readonly keys: DataKeys,
  ) {}

  say(piece: LiveText): void {
    const key = `${piece.task_id} ${piece.loop}`;
    const before = this.waiting.get(key)?.text ?? '';
    if (before.length < MOST_WAITING) this.waiting.set(key, { ...piece, text: before + piece.text });
    this.timer ??= setTimeout(() => this.flush(), TOGETHER_MS);
  }

  /** Hears the pieces of all processes, this one included. */
  on(listener: (piece: LiveText) => void): () => void {
    let heard: Promise<void> = Promise.resolve();
    return this.doorbell.on('countersign_live_text', (payload) => {
      if (payload === '') return;
      // One after the other, so that pieces stay in order.
      heard = heard.then(() => this.hear(payload, listener)).catch(() => undefined);
    });
  }

  private async hear(payload: string, listener: (piece: LiveText) => void): Promise<void> {
    const piece = JSON.parse(payload) as LiveText;
    const key = await this.keys.keyOf(piece.owner_id);
    if (key) listener({ ...piece, text: unseal(key, contextOf(piece), piece.text) });
  }

  private flush(): void {
    this.timer = undefined;
    // One after the other, so that pieces arrive in order.
    this.sending = (this.sending ?? Promise.resolve()).then(() => this.send()).catch(() => undefined);
  }

  private async send(): Promise<void> {
    const pieces = [...this.waiting.values()];
    this.waiting.clear();
    for (const piece of pieces) {
      const key = await this.keys.keyOf(piece.owner_id);
      if (!key) continue;
      for (const text of chunks(piece.text))
        await this.database.query(`SELECT pg_notify('countersign_live_text', $1)`, [
          JSON.stringify({ ...piece, text: seal(key, contextOf(piece), text) }),
        ]);
    }
  }
}

const contextOf = ({ task_id }: LiveText): string => `live text of ${task_id}`;

/** Cut between characters, never inside of one. */
const chunks = (text: string): string[] => text.match(new RegExp(`[\\s\\S]{1,${MOST_CHARACTERS}}`, 'gu')) ?? [];
