import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { QueryBus } from '@nestjs/cqrs';
import pg from 'pg';
import { AuditModule, ExportProject, ExportVerifier, Trust, verifyExport, VerifyChains } from '#audit';
import { PlatformModule, type EventStore } from '#platform';
import { indexSearch, type EventFilter } from '../libs/audit/src/audit-search.js';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import { benchConfig, openLog, storedEvent } from './product-log.js';
import { median, quotient } from './report.js';
import { elapsedMs } from './workload.js';

/** Proving a history, and finding events in it. */
const audit: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  try {
    await proofs(engines, quick ? 5_000 : 100_000, report);
    await queries(engines, quick ? [10_000, 100_000] : [10_000, 1_000_000, 10_000_000], report);
  } finally {
    await engines.stop();
  }
};
export default audit;

type Report = Parameters<Bench>[0]['report'];

async function proofs(engines: Engines, count: number, report: Report): Promise<void> {
  report.progress('filling the log');
  const url = await engines.database({ migrated: true });
  const log = await openLog(url);
  const project = randomUUID();
  await fill(log.store, project, count);
  await log.close();
  const app = await Test.createTestingModule({ imports: [PlatformModule.forRoot(benchConfig(url)), AuditModule] }).compile();
  app.useLogger(['error']);
  await app.init();
  const ask = app.get(QueryBus);
  const file = join(engines.folder, 'export.ndjson');
  const bytes = () => createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  const [rates, size] = [{ made: [] as number[], checked: [] as number[], served: [] as number[], floor: [] as number[] }, { bytes: 0 }];
  const perSecond = (ms: number) => count / (ms / 1_000);
  for (let round = 0; round < 3; round += 1) {
    report.progress(`export and verification, round ${round + 1}`);
    rates.made.push(
      perSecond(
        await elapsedMs(async () => {
          const handle = await open(file, 'w');
          for await (const piece of await ask.execute(new ExportProject(project))) await handle.write(piece as Buffer);
          size.bytes = (await handle.stat()).size;
          await handle.close();
        }),
      ),
    );
    rates.checked.push(
      perSecond(
        await elapsedMs(async () => {
          const { ok, events, mismatch } = await verifyExport(bytes(), new ExportVerifier(new Trust([])));
          if (!ok || events !== count) throw new Error(`the export does not verify: ${mismatch?.reason ?? `${events} events`}`);
        }),
      ),
    );
    rates.floor.push(
      perSecond(
        await elapsedMs(async () => {
          const hash = createHash('sha256');
          for await (const piece of bytes()) hash.update(piece);
          hash.digest();
        }),
      ),
    );
    rates.served.push(
      // Two chains are recomputed: the log's and the project's.
      2 *
        perSecond(
          await elapsedMs(async () => {
            const chains = await ask.execute(new VerifyChains([project]));
            if (!chains.every(({ ok }) => ok)) throw new Error('the chains do not verify');
          }),
        ),
    );
  }
  await app.close();
  await engines.drop(url);
  report.note(`${count.toLocaleString('en')} events of one project, ${(size.bytes / 1e6).toFixed(0)} MB as a file; medians of 3.`);
  report.table({
    title: 'events a second',
    columns: [{ name: 'events/s' }],
    rows: [
      { name: 'making an export', cells: [rates.made] },
      { name: 'verifying an export, offline', cells: [rates.checked] },
      { name: 'verifying on the server', cells: [rates.served] },
      { name: 'floor: SHA-256 over the file, nothing read in it', cells: [rates.floor] },
    ],
  });
}

async function fill(store: EventStore, project: string, count: number): Promise<void> {
  const each = 100;
  let left = count / each;
  const write = async () => {
    while (left > 0) {
      left -= 1;
      const data = (n: number) => JSON.stringify({ task_id: project, attempt: 1, progress: n, stage: 'step after step after step' });
      await store.append(
        `task-${randomUUID()}`,
        'no_stream',
        Array.from({ length: each }, (_, n) => storedEvent(project, data(n))),
      );
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
}

/** Events on a page. */
const PAGE = 50;

/** One project in ten events is the large one; the others have a thousand events each. */
const PROJECT = `CASE WHEN n % 10 = 0 THEN 0 ELSE 1 + n / 1111 END`;
const uuidOf = (kind: number, number: string): string => `('0000000${kind}-0000-4000-8000-' || lpad((${number})::text, 12, '0'))::uuid`;
const uuid = (kind: number, number: number): string => `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;

async function queries(engines: Engines, sizes: readonly number[], report: Report): Promise<void> {
  const url = await engines.database({ migrated: true });
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`SET maintenance_work_mem = '512MB'; SET synchronous_commit = off`);
  const found = new Map<string, { buffers: number[]; ms: number[] }>();
  for (const size of sizes) {
    report.progress(`${size.toLocaleString('en')} rows: filling`);
    await fillIndex(client, size);
    for (const [name, filter] of filters(size)) {
      report.progress(`${size.toLocaleString('en')} rows: ${name}`);
      const { sql, values } = indexSearch(filter);
      const cost = found.get(name) ?? { buffers: [], ms: [] };
      found.set(name, cost);
      const runs = [];
      for (let run = 0; run < 5; run += 1) runs.push(await explain(client, sql, values));
      cost.buffers.push(median(runs.map(({ buffers }) => buffers)));
      cost.ms.push(median(runs.map(({ ms }) => ms)));
    }
  }
  await client.end();
  const columns = sizes.map((size) => ({ name: size.toLocaleString('en') }));
  const rows = [...found];
  report.note('A page of 50 from the index; the join with the log reads 50 rows by primary key, whatever its size.');
  report.table({
    title: 'pages of 8 kB touched, by rows in the index',
    columns,
    rows: rows.map(([name, { buffers }]) => ({ name, cells: buffers })),
  });
  report.table({
    title: 'ms, by rows in the index',
    columns: columns.map((column) => ({ ...column, digits: 2 })),
    rows: rows.map(([name, { ms }]) => ({ name, cells: ms })),
  });
  report.ratios(
    ...rows.map(([name, { buffers }]) => ({
      name: `${name}: pages, ${columns.at(-1)!.name} / ${columns.at(-2)!.name} rows`,
      // A page of 50 events may touch as many pages of the table, whatever they lie among.
      value: quotient(buffers.at(-1), Math.max(buffers.at(-2)!, PAGE)),
      aim: { at_most: 2 },
    })),
  );
}

async function fillIndex(client: pg.Client, size: number): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
      WHERE schemaname = 'read_models' AND tablename IN ('audit_index', 'audit_hours') AND indexname NOT LIKE '%pkey'`,
  );
  await client.query('TRUNCATE read_models.audit_index, read_models.audit_hours');
  for (const { name } of indexes) await client.query(`DROP INDEX read_models.${name}`);
  await client.query(
    `INSERT INTO read_models.audit_index
     SELECT n, ${uuidOf(9, 'n')}, ${uuidOf(1, PROJECT)}, ${uuidOf(2, `(${PROJECT}) * 100000 + n / 5000`)}, 'task.kind_' || (n * 7) % 40,
            CASE WHEN n % 97 = 0 THEN 'timer' ELSE 'agent:number_' || n % 5 END,
            timestamptz '2026-01-01T00:00:00Z' + n * (interval '300 days' / ${size}), ${uuidOf(3, 'n / 50')}, ${uuidOf(9, 'n - 1')}
       FROM generate_series(1, ${size}) n`,
  );
  await client.query(
    `INSERT INTO read_models.audit_hours
     SELECT project_id || ' ' || date_trunc('hour', recorded_at, 'UTC'), project_id, date_trunc('hour', recorded_at, 'UTC'), min(position), max(position)
       FROM read_models.audit_index GROUP BY project_id, date_trunc('hour', recorded_at, 'UTC')`,
  );
  for (const { definition } of indexes) await client.query(definition);
  await client.query('VACUUM ANALYZE read_models.audit_index');
  await client.query('VACUUM ANALYZE read_models.audit_hours');
}

/** In the middle of the log, of the large project where nothing else is said. */
function filters(size: number): [string, EventFilter][] {
  const middle = Math.floor(size / 2);
  const large = [uuid(1, 0)];
  const ordinary = uuid(1, 1 + Math.floor(middle / 1_111));
  const at = (share: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + share * 300 * 86_400_000).toISOString();
  const page = { project_ids: large, after: String(middle), limit: PAGE };
  const many = Array.from({ length: 100 }, (_, n) => uuid(1, 1 + Math.floor((n * size) / 111_100)));
  return [
    ['the large project', page],
    ['an ordinary project', { ...page, project_ids: [ordinary], after: '0' }],
    ['a hundred projects', { ...page, project_ids: many, after: '0' }],
    ['run', { ...page, run_id: uuid(2, Math.floor(middle / 5_000)), after: '0' }],
    ['type', { ...page, type: 'task.kind_10' }],
    ['actor', { ...page, actor: 'timer' }],
    ['correlation', { ...page, correlation_id: uuid(3, Math.floor(middle / 50)), after: '0' }],
    ['from a time', { ...page, from: at(0.9), after: '0' }],
    ['until a time', { ...page, until: at(0.1), after: '0' }],
    ['between two times', { ...page, from: at(0.5), until: at(0.5001), after: '0' }],
    ['type and actor', { ...page, type: 'task.kind_10', actor: 'timer', after: '0' }],
    ['type and actor that never meet', { ...page, type: 'task.kind_10', actor: 'nobody', after: '0' }],
    ['type from a time', { ...page, type: 'task.kind_10', from: at(0.9), after: '0' }],
  ];
}

async function explain(client: pg.Client, sql: string, values: readonly unknown[]): Promise<{ buffers: number; ms: number }> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Record<string, number>; 'Execution Time': number }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`,
    values as unknown[],
  );
  const [{ Plan, 'Execution Time': ms }] = rows[0]!['QUERY PLAN'];
  return { buffers: Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!, ms };
}
