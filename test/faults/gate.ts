import pg from 'pg';
import { until } from '../support/server.js';

/** A lock that only the test and its gate know. */
const LOCK = 7_104_119;

export interface GateAt {
  /** Table and kind of statement that is held up. */
  readonly table: 'event_log.events' | 'read_models.checkpoints' | 'jobs.job' | 'identity.users' | 'identity.data_keys' | 'contents.blobs';
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  /** SQL about NEW and OLD: which of the rows. */
  readonly when: string;
}

/** Holds up the statement that comes to a named place, in the middle of its transaction, until it is let through or taken back. */
export class Gate {
  private constructor(
    private readonly client: pg.Client,
    private readonly at: GateAt,
  ) {}

  /** @param url of a superuser: the role of the application may not make triggers */
  static async close(url: string, at: GateAt): Promise<Gate> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(`
      CREATE OR REPLACE FUNCTION public.test_gate() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${LOCK});
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
      END $$`);
    await client.query(
      `CREATE TRIGGER test_gate BEFORE ${at.operation} ON ${at.table} FOR EACH ROW WHEN (${at.when}) EXECUTE FUNCTION public.test_gate()`,
    );
    return new Gate(client, at);
  }

  /** Waits until a statement stands before the gate. */
  async reached(): Promise<void> {
    await until(`a statement to come to ${this.at.operation} ${this.at.table}`, async () => (await this.waiting()).length > 0);
  }

  /** Lets what waits go on, or takes it back; from now on nothing is held up. */
  async open(end: 'carried out' | 'taken back'): Promise<void> {
    const pids = await this.waiting();
    if (end === 'taken back') await this.client.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
    await this.client.query('SELECT pg_advisory_unlock($1)', [LOCK]);
    const left = `SELECT FROM pg_stat_activity WHERE pid = ANY($1) AND xact_start IS NOT NULL`;
    await until('it to have ended', async () => (await this.client.query(left, [pids])).rowCount === 0);
    await this.client.query(`DROP TRIGGER test_gate ON ${this.at.table}`);
    await this.client.end();
  }

  private async waiting(): Promise<number[]> {
    const { rows } = await this.client.query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [LOCK],
    );
    return rows.map(({ pid }) => pid);
  }
}
