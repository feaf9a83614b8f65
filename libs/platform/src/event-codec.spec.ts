import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Catalog } from './catalog.js';
import { event, personal } from './domain.js';
import { EventCodec, sealBytes, UnreadableEvent, unsealBytes } from './event-codec.js';
import type { EventMetadata } from './recorded-event.js';
import { EventLog } from './event-log.js';
import type { EventStore, NewStoredEvent, StoredEvent } from './event-store.js';

const OWNER = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const EVENT_ID = '00000000-0000-4000-8000-00000000000a';
const SECRET = 'canary: what a person wrote, "so" – ünïque';

const metadata = (change: Partial<EventMetadata> = {}): EventMetadata => ({
  timestamp: '2026-01-02T03:04:05.678Z',
  actor: OWNER,
  owner_id: OWNER,
  project_id: null,
  run_id: null,
  correlation_id: EVENT_ID,
  causation_id: EVENT_ID,
  command_id: EVENT_ID,
  request_hash: null,
  ...change,
});

/** Version 1 called the words `text` and had no size; version 2 had a size in words. */
const noted = event(
  'test.noted',
  3,
  z.strictObject({
    words: personal(z.string()),
    answer: personal(z.string().nullable()),
    pages: personal(z.array(z.strictObject({ title: z.string() })).nullable()),
    colour: z.enum(['red', 'blue']),
    size: z.int(),
  }),
  {
    1: (data) => {
      const { text, ...rest } = data as { text: string };
      return { ...rest, words: text, size: 'small' };
    },
    2: (data) => ({ ...(data as object), size: (data as { size: string }).size === 'small' ? 1 : 2 }),
  },
);
const gap = event('test.gap', 2, z.strictObject({}));
const data = { words: SECRET, answer: null, pages: [{ title: SECRET }], colour: 'red', size: 7 } as const;

const keys = new Map<string, Buffer>();
const catalog = new Catalog();
catalog.register({ events: [noted, gap] });
const codec = new EventCodec(catalog, { keyOf: async (owner) => keys.get(owner) ?? null });

beforeEach(() => {
  keys.set(OWNER, randomBytes(32)).set(OTHER, randomBytes(32));
});

const encode = (change: object = {}, eventId = EVENT_ID, meta = metadata()) =>
  codec.encode({ type: noted.type, data: { ...data, ...change } }, eventId, meta);
const stored = (one: NewStoredEvent, change: Partial<StoredEvent> = {}): StoredEvent => ({
  ...one,
  position: '42',
  stream: 's',
  revision: 0,
  ...change,
});
const unreadable = (reason: RegExp) =>
  expect.objectContaining({ name: 'UnreadableEvent', message: expect.stringMatching(new RegExp(`event 42 .*${reason.source}`)) });

describe('what a person wrote', () => {
  it('is nowhere in what is stored; the rest is plain', async () => {
    const one = await encode();
    expect(JSON.stringify(one)).not.toContain('canary');
    expect(JSON.stringify(one)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 16));
    expect(JSON.parse(one.data)).toEqual({
      words: { $sealed: expect.any(String) },
      answer: null,
      pages: { $sealed: expect.any(String) },
      colour: 'red',
      size: 7,
    });
  });

  it('reads as it was written', async () => {
    const one = stored(await encode());
    expect(await codec.decode(one)).toEqual({
      event_id: EVENT_ID,
      position: '42',
      stream: 's',
      revision: 0,
      type: 'test.noted',
      data,
      metadata: metadata(),
    });
  });

  it('has the same bytes when the same event is encoded again, and no likeness anywhere else', async () => {
    const first = await encode();
    expect(await encode()).toEqual(first);
    const sealedWords = async (...change: Parameters<typeof encode>) =>
      (JSON.parse((await encode(...change)).data) as { words: { $sealed: string } }).words.$sealed;
    const all = [
      await sealedWords(),
      await sealedWords({}, OTHER),
      await sealedWords({ words: `${SECRET}!` }),
      await sealedWords({}, EVENT_ID, metadata({ owner_id: OTHER })),
    ];
    expect(new Set(all.map((one) => one.slice(0, 16))).size).toBe(4);
  });

  it('is gone with its key: [erased] for words, null for structures and for nothing, the rest as it was', async () => {
    const one = stored(await encode());
    const answered = stored(await encode({ answer: 'yes', pages: null }));
    keys.delete(OWNER);
    expect((await codec.decode(one)).data).toEqual({ ...data, words: '[erased]', pages: null });
    expect((await codec.decode(answered)).data).toEqual({ ...data, words: '[erased]', answer: '[erased]', pages: null });
    const late = JSON.parse((await encode()).data) as object;
    expect(late).toEqual({ ...data, words: '[erased]', pages: '[erased]' });
    expect((await codec.decode(stored({ ...one, data: JSON.stringify(late) }))).data).toEqual({ ...data, words: '[erased]', pages: null });
  });

  it.each([
    ['changed', (sealed: string) => sealed.replace(/.{6}$/, 'AAAAA=')],
    ['cut', (sealed: string) => sealed.slice(0, 40)],
    ['cut to its nonce and a bit of its tag', (sealed: string) => sealed.slice(0, 24)],
    ['emptied', () => ''],
  ])('is refused where its ciphertext was %s', async (_, change) => {
    const one = await encode();
    const open = JSON.parse(one.data) as { words: { $sealed: string } };
    const tampered = JSON.stringify({ ...open, words: { $sealed: change(open.words.$sealed) } });
    await expect(codec.decode(stored(one, { data: tampered }))).rejects.toEqual(unreadable(/words was changed/));
  });

  it('that was sealed long ago is opened for ever: the form of the sealed bytes does not change', async () => {
    keys.set(OWNER, Buffer.alloc(32, 7));
    const sealed = { $sealed: '54hjX8UosfBVapI5KuxBhx96SsyoHNtOTEBZ0FxpTjkBeVjlmXpmk8p0Ar7EULO42w==' };
    const one = stored({ ...(await encode()), data: JSON.stringify({ ...data, pages: null, words: sealed }) });
    expect((await codec.decode(one)).data).toMatchObject({ words: 'what a person wrote' });
  });

  it('is refused under a shortened tag, which would be guessed sooner', () => {
    const sealed = sealBytes(keys.get(OWNER)!, 'nothing', Buffer.alloc(0));
    expect(unsealBytes(keys.get(OWNER)!, 'nothing', sealed)).toHaveLength(0);
    for (const tag of [4, 8, 12, 15]) expect(() => unsealBytes(keys.get(OWNER)!, 'nothing', sealed.subarray(0, 12 + tag))).toThrow();
  });

  it('is refused in another field, another event and under another key', async () => {
    const one = await encode({ answer: SECRET });
    const { words, answer, ...rest } = JSON.parse(one.data) as Record<string, unknown>;
    await expect(codec.decode(stored(one, { data: JSON.stringify({ ...rest, words: answer, answer: words }) }))).rejects.toThrow(UnreadableEvent);
    await expect(codec.decode(stored(one, { event_id: OTHER }))).rejects.toThrow(UnreadableEvent);
    keys.set(OWNER, randomBytes(32));
    await expect(codec.decode(stored(one))).rejects.toThrow(UnreadableEvent);
  });
});

describe('an event', () => {
  const plain = (version: number, content: unknown) =>
    stored({
      event_id: EVENT_ID,
      type: 'test.noted',
      version,
      data: typeof content === 'string' ? content : JSON.stringify(content),
      metadata: JSON.stringify(metadata()),
      project_id: null,
      correlation_id: '',
      causation_id: '',
      actor: '',
      timestamp: '',
    });
  const v1 = { text: 'hello', answer: null, pages: null, colour: 'blue' };

  it('of any older version reads as one of today', async () => {
    const today = { words: 'hello', answer: null, pages: null, colour: 'blue' };
    expect((await codec.decode(plain(1, v1))).data).toEqual({ ...today, size: 1 });
    expect((await codec.decode(plain(2, { ...today, size: 'large' }))).data).toEqual({ ...today, size: 2 });
    expect((await codec.decode(plain(3, { ...today, size: 3 }))).data).toEqual({ ...today, size: 3 });
  });

  it('of an older version is upcast with its words opened, and with them erased', async () => {
    const sealed = JSON.parse(
      (
        await new EventCodec(oldCatalog(), { keyOf: async () => keys.get(OWNER)! }).encode(
          { type: 'test.noted', data: { ...v1, text: SECRET } },
          EVENT_ID,
          metadata(),
        )
      ).data,
    ) as object;
    expect((await codec.decode(plain(1, sealed))).data).toMatchObject({ words: SECRET, size: 1 });
    keys.delete(OWNER);
    expect((await codec.decode(plain(1, sealed))).data).toMatchObject({ words: '[erased]', size: 1 });
  });

  it('that this program cannot read says which one and why', async () => {
    await expect(codec.decode(stored(plain(3, data), { type: 'test.unheard' }))).rejects.toEqual(unreadable(/does not know the type/));
    await expect(codec.decode(plain(4, data))).rejects.toEqual(unreadable(/versions up to 3/));
    await expect(codec.decode(stored(plain(1, {}), { type: 'test.gap' }))).rejects.toEqual(unreadable(/no upcast from version 1/));
    for (const bad of [{ ...data, size: 'x' }, { ...data, more: 1 }, [], 'null', '{"words":', '7'])
      await expect(codec.decode(plain(3, bad))).rejects.toEqual(unreadable(/(schema|not JSON)/));
    await expect(codec.decode(plain(1, 'null'))).rejects.toThrow(UnreadableEvent);
    await expect(codec.decode(plain(2, '[]'))).rejects.toThrow(UnreadableEvent);
    await expect(codec.decode(stored(plain(3, data), { metadata: '{' }))).rejects.toThrow(UnreadableEvent);
  });

  it('that this program cannot read stops whoever reads: it is not left out of a page', async () => {
    const page = [plain(3, { ...data, words: 'one' }), plain(4, data), plain(3, { ...data, words: 'three' })];
    const store = {
      readAll: async (after: string) => page.slice(Number(after)),
      readStream: async () => page,
      readProject: async () => page,
    };
    const log = new EventLog(store as unknown as EventStore, codec);
    const newer = unreadable(/this program knows versions up to 3; start a newer one/);
    // A follower gets what comes before it, and then nothing but the refusal.
    expect((await log.readAll('0', 10)).map((event) => event.data)).toEqual([expect.objectContaining({ words: 'one' })]);
    await expect(log.readAll('1', 10)).rejects.toEqual(newer);
    await expect(log.readStream('s')).rejects.toEqual(newer);
    await expect(log.readProject('p', '0', 10)).rejects.toEqual(newer);
  });

  it('that a decider made badly is never stored', async () => {
    await expect(encode({ size: 1.5 })).rejects.toThrow();
    await expect(encode({ unknown: true })).rejects.toThrow();
    await expect(codec.encode({ type: 'test.unheard', data: {} }, EVENT_ID, metadata())).rejects.toThrow('not registered');
  });

  it('type is defined once', () => {
    expect(() => catalog.register({ events: [gap] })).toThrow('test.gap is defined twice');
  });

  it('is not mistaken for unreadable when the keys cannot be reached', async () => {
    const one = stored(await encode());
    const cut = new EventCodec(catalog, { keyOf: () => Promise.reject(new Error('connection lost')) });
    await expect(cut.decode(one)).rejects.toThrow('connection lost');
  });
});

/** The program as it was when version 1 was written. */
function oldCatalog(): Catalog {
  const old = new Catalog();
  old.register({
    events: [event('test.noted', 1, z.strictObject({ text: personal(z.string()), answer: z.null(), pages: z.null(), colour: z.string() }))],
  });
  return old;
}
