import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

/** Role under which everything but migrations works; it cannot change or remove an event. */
const APP_ROLE = 'countersign_app';

/** Whether an error blames the values: SQLSTATE classes data exception, integrity constraint, program limit. */
export const isUnstorable = (error: unknown): boolean => /^(22|23|54)/.test(String((error as { code?: unknown } | null)?.code));

export const DATABASE = Symbol('Database');

/** The TypeORM data source for read models, contents and identity. Times come back as ISO 8601 text, 64-bit integers as text. */
export const dataSource = (url: string, poolSize = 12): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'countersign',
    extra: { options: `-c role=${APP_ROLE}`, idle_in_transaction_session_timeout: 60_000 },
    poolErrorHandler: () => undefined,
  });

/**
 * Longest that a transaction on the log may take. A process that was frozen, or cut off, between an append and its commit
 * stops the others for no longer; `idle_in_transaction_session_timeout` does not see that state.
 */
const LOG_TRANSACTION_MS = 8_000;

/** For connections of a pool: their loss is told to whoever asks next, and ends no process, also where nobody asks at that moment. */
export const survivesLoss = (client: { on(event: 'error', listener: () => void): unknown }): void => void client.on('error', () => undefined);

/** The pool waits for what it returns, though the pool's type does not say so. */
const prepareLogConnection: (client: pg.ClientBase) => unknown = async (client) => {
  survivesLoss(client);
  // Known since PostgreSQL 17.
  await client.query(`SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'transaction_timeout'`, [String(LOG_TRANSACTION_MS)]);
};

/** A pool of its own for the event log, so that appends never wait for a connection behind reads. */
export function eventLogPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: 6,
    application_name: 'countersign-log',
    // Statements are prepared while the log is still small, and must go on using its indexes when it no longer is.
    options: `-c role=${APP_ROLE} -c enable_seqscan=off -c jit=off -c TimeZone=UTC`,
    idle_in_transaction_session_timeout: 10_000,
    lock_timeout: 10_000,
    onConnect: prepareLogConnection,
  });
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Brings the database to the current schema; safe to run by several processes at once.
 * @param url a role that may create schemas and, the first time, the role countersign_app
 */
export async function migrate(url: string, migrations: (new () => MigrationInterface)[]): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations,
    migrationsTableName: 'countersign_migrations',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock(736201977)');
    await source.runMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock(736201977)').catch(() => undefined);
    await runner.release();
    await source.destroy();
  }
}
