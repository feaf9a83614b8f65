import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Tables of all schemas, those of the database's own statistics too, that hold one of these texts, plain or as hexadecimal digits. */
export async function tablesHolding(url: string, texts: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname <> 'information_schema' AND schemaname NOT LIKE 'pg_%'
       UNION ALL SELECT 'pg_catalog.pg_stats' ORDER BY 1`,
    );
    const patterns = texts.flatMap((text) => [text, Buffer.from(text).toString('hex')]).map((text) => `%${text}%`);
    const found: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await client.query(`SELECT FROM ${name} t WHERE t::text ILIKE ANY($1) LIMIT 1`, [patterns]);
      if (rowCount) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}

/** Files below a folder that hold one of these sequences of bytes. */
export async function filesHolding(folder: string, needles: readonly (string | Buffer)[]): Promise<string[]> {
  const wanted = needles.map((needle) => Buffer.from(needle));
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // What vanishes in between held nothing that stays.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (wanted.some((needle) => bytes.includes(needle))) found.push(path.slice(folder.length + 1));
  }
  return found.sort();
}
