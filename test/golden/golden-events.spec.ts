import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Catalog, EventCodec } from '#platform';
import { event, type EventDefinition } from '#platform/domain';
import { EVENT_DEFINITIONS } from './event-definitions.js';
import { sampleOf } from './sample.js';

interface Sample {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

const LIBS = join(import.meta.dirname, '../../libs');
const FOLDER = join(import.meta.dirname, 'events');
mkdirSync(FOLDER, { recursive: true });
const fileOf = (type: string, version: number): string => `${type}.v${version}.json`;
const read = (file: string): Sample => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Sample;
const versionsOf = ({ version }: EventDefinition): number[] => Array.from({ length: version }, (_, index) => index + 1);
const expectedFiles = (definitions: readonly EventDefinition[]): string[] =>
  definitions.flatMap((definition) => versionsOf(definition).map((version) => fileOf(definition.type, version)));

/** Reads a sample exactly as the application reads a stored event. */
async function decode({ type, version, data }: Sample): Promise<unknown> {
  const catalog = new Catalog();
  catalog.register({ events: EVENT_DEFINITIONS });
  const codec = new EventCodec(catalog, { keyOf: () => Promise.resolve(null) });
  const stored = { event_id: type, position: '1', stream: 'golden', revision: 0, type, version, data: JSON.stringify(data), metadata: '{}' };
  return (await codec.decode({ ...stored, project_id: null, correlation_id: '', causation_id: '', actor: '', timestamp: '' })).data;
}

/**
 * What was once stored must be readable for ever. A sample is never changed: a new version of an event gets a new one,
 * and the old one goes on being read through the upcasts.
 */
describe('golden events', () => {
  const files = readdirSync(FOLDER).sort();
  const expected = expectedFiles(EVENT_DEFINITIONS);

  it('are asked for of every version that there ever was, not of the newest alone', () => {
    expect(expectedFiles([event('a.done', 3, z.strictObject({})), event('b.done', 1, z.strictObject({}))])).toEqual([
      'a.done.v1.json',
      'a.done.v2.json',
      'a.done.v3.json',
      'b.done.v1.json',
    ]);
  });

  it('are asked for of every type that a context defines', () => {
    const defined = readdirSync(LIBS, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.events.ts'))
      .flatMap((path) => [...readFileSync(join(LIBS, path), 'utf8').matchAll(/\bevent\(\s*'([^']+)'/g)].map(([, type]) => type!));
    expect(defined.sort()).toEqual(EVENT_DEFINITIONS.map(({ type }) => type).sort());
  });

  it('are there for every type and version; a new one is written for you to look at and commit', () => {
    const missing = expected.filter((file) => !files.includes(file));
    for (const { type, version, schema } of EVENT_DEFINITIONS) {
      // Of an older version nobody can make one up: it is in the history of the repository.
      if (!missing.includes(fileOf(type, version))) continue;
      const sample: Sample = { type, version, data: sampleOf(schema as z.ZodType) };
      writeFileSync(join(FOLDER, fileOf(type, version)), `${JSON.stringify(sample, null, 2)}\n`);
    }
    expect(missing).toEqual([]);
  });

  it('are of types and versions that exist', () => {
    expect(files.filter((file) => !expected.includes(file))).toEqual([]);
    for (const file of files) expect(fileOf(read(file).type, read(file).version)).toBe(file);
  });

  it('all read', async () => {
    for (const file of files)
      await expect(decode(read(file)).catch((error: unknown) => `${file}: ${String(error)}`)).resolves.toEqual(expect.any(Object));
  });

  it('of the current version read as exactly what was stored', async () => {
    for (const { type, version } of EVENT_DEFINITIONS) {
      const file = fileOf(type, version);
      if (files.includes(file)) expect(await decode(read(file))).toEqual(read(file).data);
    }
  });
});
