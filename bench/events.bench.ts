import { randomUUID } from 'node:crypto';
import { START, type EventStore } from '#platform';
import type { Bench } from './bench.js';
import { Engines } from './engines.js';
import { NOT_INSTALLED } from './peer.js';
import { castore } from './peers/castore.js';
import { emmett } from './peers/emmett.js';
import { fillPlainLog, keysetPages, sharedCommits, transactionAnEvent, type Appender } from './peers/log-floors.js';
import { openLog, storedEvent } from './product-log.js';
import { quotient, type Cell } from './report.js';
import { elapsedMs, inRounds, ratePerSecond } from './workload.js';

const WRITERS = [1, 16, 64];
/** About 1 KB an event with its envelope. */
const DATA = JSON.stringify({ text: 'x'.repeat(1_000) });
const PAGE = 500;

const ONE_EACH = 'plain pg, one transaction an event, 10 connections';
const ONE_EACH_WIDE = 'the same with a connection a writer';
const SHARED = 'plain pg, shared commits';
const CANDIDATES = ['Countersign', ONE_EACH, ONE_EACH_WIDE, SHARED, 'castore', 'emmett'] as const;
type Candidate = (typeof CANDIDATES)[number];

/** Appends with optimistic concurrency; reading in order; following live. */
const events: Bench = async ({ quick, report }) => {
  const engines = await Engines.start();
  try {
    const rounds = quick ? 1 : 3;
    const appended = new Map<number, Record<Candidate, number[]>>();
    const missing = new Set<Candidate>();
    for (const writers of WRITERS) {
      const found = await inRounds(rounds, CANDIDATES, async (name) => {
        report.progress(`append, ${writers} writers: ${name}`);
        const rate = await appendRate(engines, name, writers, quick ? 0.3 : 1.5);
        if (rate === null) missing.add(name);
        return rate ?? NaN;
      });
      appended.set(writers, found);
    }
    const cell = (name: Candidate, writers: number): Cell => (missing.has(name) ? NOT_INSTALLED : appended.get(writers)![name]);
    report.note(
      `PostgreSQL ${await engines.version()} as npm start brings it: fsync and synchronous_commit on, a fresh database a line and run; medians of ${rounds}.`,
    );
    report.note(
      'Each writer appends 1 KB events one by one to a stream of its own, each with the revision it expects, and waits until it is durable.',
    );
    report.note(
      'Countersign also keeps: positions in commit order, event ids that make repeats harmless, SHA-256 chains of log and project, five indexes.',
    );
    report.table({
      title: 'events appended a second',
      columns: WRITERS.map((writers) => ({ name: `${writers} writer${writers === 1 ? '' : 's'}` })),
      rows: CANDIDATES.map((name) => ({ name, cells: WRITERS.map((writers) => cell(name, writers)) })),
    });
    const against = (name: Candidate, writers: number) => quotient(cell('Countersign', writers), cell(name, writers));
    report.ratios(
      { name: '64 writers / one transaction an event', value: against(ONE_EACH, 64), aim: { at_least: 3 } },
      { name: '64 writers / castore', value: against('castore', 64), aim: { at_least: 3 } },
      { name: '64 writers / shared commits', value: against(SHARED, 64), aim: { at_least: 0.7 } },
      { name: '1 writer / castore', value: against('castore', 1), aim: { at_least: 1 } },
    );
    await reading(engines, { quick, report }, quick ? 5_000 : 100_000, rounds);
    await following(engines, { quick, report }, quick ? 2_000 : 20_000);
  } finally {
    await engines.stop();
  }
};
export default events;

async function appendRate(engines: Engines, name: Candidate, writers: number, seconds: number): Promise<number | null> {
  const url = await engines.database({ migrated: name === 'Countersign' });
  const appender = await open(name, url, writers);
  if (!appender) return null;
  const streams = Array.from({ length: writers }, () => randomUUID());
  const step = (turns: number) => (writer: number, turn: number) => appender.append(streams[writer]!, turns + turn, DATA);
  try {
    // The first events open connections and compile; they do not count.
    for (let warm = 0; warm < 10; warm += 1) await Promise.all(streams.map((stream) => appender.append(stream, warm, DATA)));
    return await ratePerSecond(writers, seconds, step(10));
  } finally {
    await appender.close();
    await engines.drop(url);
  }
}

function open(name: Candidate, url: string, writers: number): Promise<Appender | null> {
  switch (name) {
    case 'Countersign':
      return product(url);
    case ONE_EACH:
      return transactionAnEvent(url, 10);
    case ONE_EACH_WIDE:
      return transactionAnEvent(url, writers);
    case SHARED:
      return sharedCommits(url);
    case 'castore':
      return castore(url);
    case 'emmett':
      return emmett(url);
  }
}

async function product(url: string): Promise<Appender> {
  const { store, close } = await openLog(url);
  return {
    async append(stream, revision, data) {
      await store.append(`bench-${stream}`, revision === 0 ? 'no_stream' : revision - 1, [storedEvent(stream, data)]);
    },
    close,
  };
}

/** The whole log in order, on a log of the same size. */
async function reading(engines: Engines, { report }: Parameters<Bench>[0], count: number, rounds: number): Promise<void> {
  report.progress('reading: filling both logs');
  const plain = await fillPlainLog(await engines.database({ migrated: false }), count, 1_000, 950);
  const url = await engines.database({ migrated: true });
  const writing = await openLog(url);
  await fill(writing.store, count);
  await writing.close();
  // Opened anew: what a process has written itself it has in its memory.
  const { store, close } = await openLog(url);
  const names = ['Countersign, subscribe', 'plain pg, keyset pages'] as const;
  const found = await inRounds(rounds, names, async (name) => {
    report.progress(`reading: ${name}`);
    const ms = await elapsedMs(() => (name === 'plain pg, keyset pages' ? keysetPages(plain, PAGE, () => Promise.resolve()) : readAll(store, count)));
    return count / (ms / 1_000);
  });
  await plain.end();
  await close();
  report.table({
    title: `events read a second, in order, pages of ${PAGE}`,
    columns: [{ name: `${count.toLocaleString('en')} events` }],
    rows: names.map((name) => ({ name, cells: [found[name]] })),
  });
  report.ratios({ name: 'ordered read / keyset pages', value: quotient(found[names[0]], found[names[1]]), aim: { at_least: 0.8 } });
}

async function fill(store: EventStore, count: number): Promise<void> {
  const [writers, each] = [64, 50];
  let left = count;
  const write = async () => {
    while (left > 0) {
      const size = Math.min(each, left);
      left -= size;
      const project = randomUUID();
      await store.append(
        `bench-${project}`,
        'no_stream',
        Array.from({ length: size }, () => storedEvent(project, DATA)),
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

async function readAll(store: EventStore, count: number): Promise<void> {
  const done = new AbortController();
  let seen = 0;
  await store.subscribe(START, done.signal, (page) => {
    seen += page.length;
    if (seen >= count) done.abort();
    return Promise.resolve();
  });
}

/** A follower beside 16 writers: what it missed, saw twice or out of order. Not a figure of speed. */
async function following(engines: Engines, { report }: Parameters<Bench>[0], count: number): Promise<void> {
  report.progress('following 16 writers');
  const { store, close } = await openLog(await engines.database({ migrated: true }));
  const done = new AbortController();
  const ids: string[] = [];
  const revisions = new Map<string, number>();
  let disordered = 0;
  const followed = store.subscribe(START, done.signal, (page) => {
    for (const { event_id, stream, revision } of page) {
      ids.push(event_id);
      if (revision !== (revisions.get(stream) ?? -1) + 1) disordered += 1;
      revisions.set(stream, revision);
    }
    if (ids.length >= count) done.abort();
    return Promise.resolve();
  });
  const written = new Set<string>();
  const write = async () => {
    const project = randomUUID();
    for (let revision = 0; revision < count / 16; revision += 1) {
      const event = storedEvent(project, DATA);
      await store.append(`bench-${project}`, revision === 0 ? 'no_stream' : revision - 1, [event]);
      written.add(event.event_id);
    }
  };
  await Promise.all(Array.from({ length: 16 }, write));
  const late = setTimeout(() => done.abort(), 10_000);
  await followed;
  clearTimeout(late);
  await close();
  const seen = new Set(ids);
  const missed = [...written].filter((id) => !seen.has(id)).length;
  report.note(
    `\nfollowing live while 16 writers append ${written.size} events: ${missed} missed, ${ids.length - seen.size} twice, ${disordered} out of order`,
  );
}
