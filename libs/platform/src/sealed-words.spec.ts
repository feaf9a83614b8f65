import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Catalog } from './catalog.js';
import { event, personal } from './domain.js';
import { EventCodec } from './event-codec.js';
import type { EventMetadata, RecordedEvent } from './recorded-event.js';
import type { NewStoredEvent, StoredEvent } from './event-store.js';
import { openWords } from './sealed-words.js';

const OWNER = randomUUID();
const WORDS = 'canary: "what" a person wrote';
const keys = new Map<string, Buffer>();
let asked: string[] = [];
const keyOf = async (owner: string) => {
  asked.push(owner);
  return keys.get(owner) ?? null;
};
const metadata = { owner_id: OWNER, timestamp: '2026-01-02T03:04:05.678Z' } as EventMetadata;

/** Version 1 had its words in the open. */
const noted = event(
  'test.noted',
  2,
  z.strictObject({ words: personal(z.string()), pages: personal(z.array(z.string()).nullable()), size: z.int() }),
  { 1: (data) => ({ ...(data as object), words: (data as { words: string }).words.trim() }) },
);
const codecOf = (...definitions: Parameters<Catalog['register']>[0]['events'][number][]) => {
  const catalog = new Catalog();
  catalog.register({ events: definitions });
  return new EventCodec(catalog, { keyOf });
};
const codec = codecOf(noted);
const stored = (one: NewStoredEvent): StoredEvent => ({ ...one, position: '42', stream: 's', revision: 0 });
const encode = async (data: object, by = codec): Promise<StoredEvent> =>
  stored(await by.encode({ type: 'test.noted', data }, randomUUID(), metadata));
/** As a fold makes a row of it. */
const rowOf = ({ data }: RecordedEvent) => {
  const { words, pages, size } = data as Record<string, unknown>;
  return { words, limits: { deadline: [{ reason: words }] }, pages, size, at: new Date(0), bytes: Buffer.from('$sealed:') };
};
const opened = { words: WORDS, limits: { deadline: [{ reason: WORDS }] }, pages: ['one'], size: 7, at: new Date(0), bytes: Buffer.from('$sealed:') };

beforeEach(() => {
  keys.set(OWNER, randomBytes(32));
  asked = [];
});

describe('a fold', () => {
  it('passes on what a person wrote as it is sealed in the event, at once and without their key', async () => {
    const one = await encode({ words: WORDS, pages: ['one'], size: 7 });
    asked = [];
    const row = rowOf(codec.decodeSealedNow(one)!);
    expect(asked).toEqual([]);
    expect(JSON.stringify(row)).not.toContain('canary');
    expect(row).toEqual(rowOf(await codec.decodeSealed(one)));
    expect(await openWords([row], { keyOf })).toEqual([opened]);
  });

  it('gets the same of an event whose version had it in the open, or has to be brought up to date', async () => {
    const old = codecOf(event('test.noted', 1, z.strictObject({ words: z.string(), pages: z.null(), size: z.int() })));
    const one = await encode({ words: ` ${WORDS} `, pages: null, size: 7 }, old);
    expect(codec.decodeSealedNow(one)).toBeNull();
    const [first, second] = [rowOf(await codec.decodeSealed(one)), rowOf(await codec.decodeSealed(one))];
    expect(first).toEqual(second);
    expect(JSON.stringify(first)).not.toContain('canary');
    expect(await openWords([first], { keyOf })).toEqual([{ ...opened, pages: null }]);
    keys.delete(OWNER);
    expect(JSON.stringify(rowOf(await codec.decodeSealed(one)))).not.toContain('canary');
  });

  it('refuses an event that does not fit its schema in what is open', async () => {
    const one = await encode({ words: WORDS, pages: null, size: 7 });
    const broken = { ...one, data: one.data.replace('"size":7', '"size":"7"') };
    expect(() => codec.decodeSealedNow(broken)).toThrow('does not fit the schema');
  });
});

describe('a row', () => {
  it('shows [erased] once the key is gone', async () => {
    const row = rowOf(codec.decodeSealedNow(await encode({ words: WORDS, pages: ['one'], size: 7 }))!);
    keys.delete(OWNER);
    expect(await openWords([row], { keyOf })).toMatchObject([{ words: '[erased]', limits: { deadline: [{ reason: '[erased]' }] }, size: 7 }]);
  });

  it('that was changed is refused, and says which event it is about', async () => {
    const one = await encode({ words: WORDS, pages: null, size: 7 });
    const row = rowOf(codec.decodeSealedNow(one)!);
    const changed = { words: (row.words as string).replace(/.{6}$/, 'AAAAA=') };
    await expect(openWords([changed], { keyOf })).rejects.toThrow(`${one.event_id}.words was changed`);
  });

  it('is left as it is where a text only looks sealed, and asks once for each key', async () => {
    const words = { a: '$sealed:', b: `$sealed:${OWNER}:x:y`, c: 'plain', d: null, e: 7 };
    expect(await openWords([{ ...words }], { keyOf })).toEqual([words]);
    const one = await encode({ words: WORDS, pages: null, size: 7 });
    const rows = Array.from({ length: 50 }, () => rowOf(codec.decodeSealedNow(one)!));
    asked = [];
    await openWords(rows, { keyOf });
    expect(asked).toEqual([OWNER]);
  });

  it('gives nobody’s words to what a person wrote to look like them', async () => {
    const secret = rowOf(codec.decodeSealedNow(await encode({ words: WORDS, pages: null, size: 7 }))!).words as string;
    const row = rowOf(codec.decodeSealedNow(await encode({ words: secret, pages: null, size: 7 }))!);
    expect(await openWords([{ words: row.words }], { keyOf })).toEqual([{ words: secret }]);
  });
});
