import { nextLink } from '#platform';
import { PROJECT, someEvent, someExport, STORE } from '../../../test/support/project-export.js';
import { eventLine, headerLine, headLine, textOfLine } from './export-format.js';
import { ExportVerifier, NotAnExport, verifyExport, type Verdict } from './export-verifier.js';
import { signHead, type SignedHead } from './signed-head.js';
import { Trust } from './trust.js';
import { newSigningKey } from './verification-key.js';

const NOBODY = new Trust([]);
const COUNT = 9;
const signing = newSigningKey();
const { lines, heads } = someExport(COUNT, [4, 7], signing);
/** Line of the n-th event, from 1; heads stand behind the fourth and the seventh. */
const lineOf = (n: number): number => n + (n > 4 ? 1 : 0) + (n > 7 ? 1 : 0);

const bytesOf = (text: readonly string[]): Buffer => Buffer.from(text.map((line) => `${line}\n`).join(''));

async function verify(file: Buffer | readonly string[], trust = NOBODY, later: readonly SignedHead[] = [], piece = 1 << 16): Promise<Verdict> {
  const bytes = Buffer.isBuffer(file) ? file : bytesOf(file);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  return verifyExport(pieces(), new ExportVerifier(trust, later));
}

const without = (...numbers: number[]) => lines.filter((_, index) => !numbers.includes(index));
const changed = (index: number, change: (line: string) => string) => lines.with(index, change(lines[index]!));

/** Everything behind an event written anew, heads included as they were: what somebody does who can write but not sign. */
function rewritten(from: number): string[] {
  let link = Buffer.from(JSON.parse(lines[lineOf(from - 1)]!).link as string, 'hex');
  return lines.map((line) => {
    const json = JSON.parse(line) as { kind: string; position: string };
    const n = Number(json.position) / 3;
    if (json.kind !== 'event' || n < from) return line;
    const event = n === from ? { ...someEvent(n), data: '{"n":"something else"}' } : someEvent(n);
    link = Buffer.from(nextLink(link, event));
    return textOfLine(eventLine(event, link.toString('hex')));
  });
}

describe('an export that is as it was made', () => {
  it.each([1, 7, 1 << 16])('verifies, read in pieces of %s bytes', async (piece) => {
    expect(await verify(lines, NOBODY, [], piece)).toEqual({
      ok: true,
      store_id: STORE,
      project_id: PROJECT,
      events: COUNT,
      heads: 3,
      end: headLineWithoutKind(),
      mismatch: null,
    });
  });

  it.each([
    ['the published key', new Trust([{ ...signing.key, valid_from: '2026-01-01T00:00:00.000Z', valid_until: null }])],
    ['the key itself', new Trust([], [signing.key.x])],
    ['its thumbprint', new Trust([], [signing.key.kid])],
  ])('verifies with %s', async (_, trust) => {
    expect(await verify(lines, trust)).toMatchObject({ ok: true, heads: 3 });
  });

  it('verifies against heads that were kept, whether they stand in it or not', async () => {
    expect(await verify(lines, NOBODY, heads)).toMatchObject({ ok: true });
    expect(await verify(someExport(COUNT, [], signing).lines, NOBODY, heads)).toMatchObject({ ok: true });
  });

  function headLineWithoutKind(): unknown {
    return { kind: 'end', ...heads.at(-1) };
  }
});

describe('an export that was tampered with', () => {
  it('is found out by every single byte', async () => {
    const whole = bytesOf(lines);
    for (let at = 0; at < whole.length; at += 1) {
      const file = Buffer.from(whole);
      file[at]! ^= 1;
      const found = await verify(file).catch((error: unknown) => {
        if (!(error instanceof NotAnExport)) throw error;
        return { ok: false };
      });
      if (found.ok) throw new Error(`byte ${at} may be changed: ${file.subarray(at - 20, at + 20).toString()}`);
    }
  });

  it.each<[string, string[], number, string | null, RegExp]>([
    [
      'a changed event',
      changed(lineOf(5), (line) => line.replace('\\"n\\":5', '\\"n\\":6')),
      lineOf(5),
      '15',
      /position 15 .* is not what was signed/,
    ],
    ['a changed link', changed(lineOf(5), (line) => line.replace(/[0-9a-f]{64}/, 'ab'.repeat(32))), lineOf(5), '15', /is not what was signed/],
    ['a removed event', without(lineOf(5)), lineOf(5), '18', /1 of the signed events is missing, the first in front of position 18/],
    ['two removed events', without(lineOf(5), lineOf(6)), lineOf(5), '21', /2 of the signed events are missing/],
    ['the first event removed', without(1), 1, '6', /missing, the first in front of position 6/],
    ['the last event removed', without(lineOf(9)), lineOf(9), '24', /goes on to position 27 with 9 events.* the tail was cut off/],
    [
      'an added event',
      lines.toSpliced(lineOf(6), 0, textOfLine(eventLine({ ...someEvent(5), position: '16' }, 'cd'.repeat(32)))),
      lineOf(6),
      '16',
      /one event more/,
    ],
    ['a doubled event', lines.toSpliced(lineOf(6), 0, lines[lineOf(5)]!), lineOf(6), '15', /doubled/],
    [
      'two events in the wrong order',
      lines.with(lineOf(5), lines[lineOf(6)]!).with(lineOf(6), lines[lineOf(5)]!),
      lineOf(5),
      '18',
      /is not what was signed/,
    ],
    ['an event moved to the front', [lines[0]!, lines[lineOf(6)]!, ...without(0, lineOf(6)).slice(0)], 1, '18', /is not what was signed/],
    ['another spacing', changed(lineOf(5), (line) => line.replace(',', ', ')), lineOf(5), '12', /not written as an export writes it/],
    ['a member more', changed(lineOf(5), (line) => line.replace('{', '{"note":"x",')), lineOf(5), '12', /not written as an export writes it/],
    ['no closing head', without(lines.length - 1), lines.length - 2, '27', /its tail was cut off/],
    ['nothing but the header', lines.slice(0, 1), 0, null, /in front of its first event/],
    ['a tail cut behind a head', lines.slice(0, lineOf(7) + 2), lineOf(7) + 1, '21', /its tail was cut off/],
    ['a line behind the end', [...lines, lines[1]!], lines.length, '27', /behind the head that closes/],
    ['a second header', lines.toSpliced(3, 0, lines[0]!), 3, '6', /second header/],
    ['a head moved', lines.toSpliced(7, 0, lines[lineOf(4) + 1]!), 7, '15', /events were added, or the head was moved/],
    ['all from an event on written anew', rewritten(3), lineOf(4) + 1, '12', /head of .* has another link at position 12/],
    ['all behind the last head written anew', rewritten(8), lines.length - 1, '27', /closing head of .* has another link/],
  ])('says where: %s', async (_, file, index, position, reason) => {
    const { ok, mismatch } = await verify(file);
    expect({ ok, mismatch }).toEqual({ ok: false, mismatch: { line: index + 1, position, reason: expect.stringMatching(reason) } });
  });

  it('says that it was cut off in the middle of a line', async () => {
    const { mismatch } = await verify(bytesOf(lines).subarray(0, -10));
    expect(mismatch).toEqual({ line: lines.length, position: '27', reason: expect.stringContaining('cut off in the middle') });
  });

  it('finds a tail that was cut with a head that was kept elsewhere, and with nothing else', async () => {
    const short = someExport(6, [4], signing).lines;
    expect(await verify(short)).toMatchObject({ ok: true, events: 6 });
    expect(await verify(short, NOBODY, heads)).toMatchObject({
      ok: false,
      mismatch: {
        position: '18',
        reason: expect.stringMatching(/that was given says that the chain goes on to position 21 with 7 events; here it ends at position 18 with 6/),
      },
    });
  });

  it('finds an event that only a head kept elsewhere knows of', async () => {
    const at = { ...heads[0]!, position: '13', events: 5 };
    const head = signHead(at, signing.key.kid, signing.privateKey);
    expect(await verify(lines, NOBODY, [head])).toMatchObject({
      ok: false,
      mismatch: { position: '12', reason: expect.stringContaining('names an event at position 13') },
    });
  });

  it('finds a history that was written anew and signed again, with a head that was kept elsewhere', async () => {
    const forged = rewritten(3);
    const last = JSON.parse(forged[lineOf(9)]!) as { link: string };
    const end = signHead({ ...heads[2]!, link: last.link }, signing.key.kid, signing.privateKey);
    const file = forged.filter((line) => !line.startsWith('{"kind":"head"')).with(-1, textOfLine(headLine('end', end)));
    expect(await verify(file)).toMatchObject({ ok: true });
    expect(await verify(file, NOBODY, [heads[0]!])).toMatchObject({
      ok: false,
      mismatch: { position: '12', reason: expect.stringContaining('another link') },
    });
  });
});

describe('signatures', () => {
  const other = newSigningKey();

  it.each([
    ['of a key that is not trusted', new Trust([other.key]), /not among the trusted ones/],
    ['of a thumbprint that is not trusted', new Trust([], [other.key.kid]), /not among the trusted ones/],
    ['from before its key', new Trust([{ ...signing.key, valid_from: '2026-02-04T00:00:00.000Z' }]), /older than its key/],
    ['from after its key', new Trust([{ ...signing.key, valid_until: '2026-02-02T00:00:00.000Z' }]), /retired at/],
  ])('are refused: %s', async (_, trust, reason) => {
    expect(await verify(lines, trust)).toMatchObject({ ok: false, mismatch: { line: lineOf(4) + 2, reason: expect.stringMatching(reason) } });
  });

  it.each<[string, Partial<SignedHead>]>([
    ['number of events', { events: 8 }],
    ['time', { time: '2026-02-03T04:05:10.000Z' }],
    ['link', { link: 'ef'.repeat(32) }],
    ['position', { position: '28' }],
  ])('do not fit a head with another %s', async (_, change) => {
    const file = lines.with(-1, textOfLine(headLine('end', { ...heads.at(-1)!, ...change })));
    expect(await verify(file)).toMatchObject({ ok: false, mismatch: { reason: expect.stringContaining('does not bear the signature') } });
  });

  it('of another project prove nothing here', async () => {
    const foreign = signHead({ ...heads.at(-1)!, project_id: STORE }, signing.key.kid, signing.privateKey);
    expect(await verify(lines.with(-1, textOfLine(headLine('end', foreign))))).toMatchObject({
      mismatch: { reason: expect.stringContaining('another project') },
    });
    expect(await verify(lines, NOBODY, [foreign])).toMatchObject({ mismatch: { line: 1, reason: expect.stringContaining('not to this project') } });
  });

  it('are missed where the server did not sign', async () => {
    const file = lines.with(-1, textOfLine({ kind: 'unsigned', reason: 'its chain does not verify at position 6.' }));
    expect(await verify(file)).toMatchObject({ ok: false, mismatch: { reason: expect.stringContaining('did not sign this export: its chain') } });
  });

  it('of a key with another name than its own are none', async () => {
    const file = lines.with(0, textOfLine(headerLine(STORE, PROJECT, [{ ...signing.key, kid: other.key.kid }])));
    expect(await verify(file)).toMatchObject({ ok: false, mismatch: { line: 1, reason: expect.stringContaining('has a key') } });
  });
});

describe('what is no export', () => {
  it.each([
    ['nothing', '', /empty/],
    ['something else', 'PK\u0003\u0004\n', /not an export/],
    ['other JSON', '{"items":[]}\n', /not an export/],
    ['one of a newer format', '{"kind":"header","format":"countersign/project-export","version":2}\n', /format 2, and this program knows 1/],
  ])('is refused: %s', async (_, text, reason) => {
    await expect(verify(Buffer.from(text))).rejects.toThrow(reason);
    await expect(verify(Buffer.from(text))).rejects.toThrow(NotAnExport);
  });
});
