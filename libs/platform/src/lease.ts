import type { EntityManager } from 'typeorm';

/** A process that shows no sign of life for this long, such as a frozen one, loses its transaction, and the lease with it, to another. */
export const LEASE_MS = 5_000;

/** Keeps a transaction, and with it the lease, for as long as work takes that does not ask the database by way of it. */
export async function holding<T>(manager: EntityManager, work: Promise<T>): Promise<T> {
  let sign: Promise<unknown> = Promise.resolve();
  const signs = setInterval(() => (sign = manager.query('SELECT 1').catch(() => undefined)), LEASE_MS / 5);
  try {
    return await work;
  } finally {
    clearInterval(signs);
    await sign;
  }
}
