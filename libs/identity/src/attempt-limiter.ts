import { DomainError } from '#platform';

const WINDOW_MS = 5 * 60_000;
const MOST_FAILURES = 10;
const MOST_REMEMBERED = 10_000;

/** Slows down guessing: so many failures for one e-mail address from one network address, then a pause. Kept in this process only. */
export class AttemptLimiter {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws DomainError too_many_requests */
  check(who: string): void {
    const known = this.failures.get(who);
    if (!known || known.count < MOST_FAILURES || known.until <= this.now()) return;
    const retry_after = Math.ceil((known.until - this.now()) / 1_000);
    throw new DomainError('too_many_requests', `Too many failed attempts. Try again in ${retry_after} seconds.`, [], { retry_after });
  }

  failed(who: string): void {
    const known = this.failures.get(who);
    if (known && known.until > this.now()) known.count += 1;
    else {
      this.failures.delete(who);
      this.makeRoom();
      this.failures.set(who, { count: 1, until: this.now() + WINDOW_MS });
    }
  }

  succeeded(who: string): void {
    this.failures.delete(who);
  }

  /** Entries stand in the order in which their windows end. */
  private makeRoom(): void {
    for (const [who, { until }] of this.failures) {
      if (until > this.now() && this.failures.size < MOST_REMEMBERED) return;
      this.failures.delete(who);
    }
  }
}
