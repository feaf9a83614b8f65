/**
 * How long a process remembers a person's key, and how long what it opened with one, in ms. Both together are the 5 seconds
 * after which nothing of a person whose key was deleted is left in any process.
 */
export const REMEMBERED_MS = 2_500;

interface Remembered<Value> {
  value: Value;
  size: number;
  readonly timer: NodeJS.Timeout;
}

/** What was used last, for a short time that begins when it was first remembered, and no more than `most` of it. */
export class ShortMemory<Value> {
  private readonly remembered = new Map<string, Remembered<Value>>();
  private size = 0;

  /** @param most of the sizes of all that is remembered, in the unit of `set` */
  constructor(private readonly most: number) {}

  get(name: string): Value | undefined {
    return this.remembered.get(name)?.value;
  }

  /** Remembers a value that was made this moment; where that of too many is remembered, the oldest are forgotten. */
  set(name: string, value: Value, size = 1): void {
    this.forget(name);
    const timer = setTimeout(() => this.forget(name), REMEMBERED_MS).unref();
    this.remembered.set(name, { value, size, timer });
    this.count(size);
  }

  /** Puts in a remembered value's place what was made of it; the time goes on. Nothing where it is forgotten by now. */
  replace(name: string, value: Value, size = 1): void {
    const known = this.remembered.get(name);
    if (!known) return;
    const more = size - known.size;
    Object.assign(known, { value, size });
    this.count(more);
  }

  forget(name: string): void {
    const known = this.remembered.get(name);
    if (!known) return;
    clearTimeout(known.timer);
    this.remembered.delete(name);
    this.size -= known.size;
  }

  private count(more: number): void {
    this.size += more;
    for (const [oldest] of this.remembered) {
      if (this.size <= this.most) break;
      this.forget(oldest);
    }
  }
}
