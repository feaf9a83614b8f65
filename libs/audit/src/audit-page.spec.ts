import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GENESIS, nextLink } from '#platform';
import { someExport } from '../../../test/support/project-export.js';
import { eventDigest } from '../../platform/src/hash-chain.js';
import { readLine, type EventLine, type HeadLine } from './export-format.js';
import { ExportVerifier, verifyExport } from './export-verifier.js';
import { signedBytes } from './signed-head.js';
import { Trust } from './trust.js';
import { newSigningKey, verificationKey } from './verification-key.js';

/** Of RFC 8037, A.2 and A.3. */
const KEY = { x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' };

const page = readFileSync(join(import.meta.dirname, '../../../docs/audit.md'), 'utf8');
const block = (name: string): string => new RegExp(`\`\`\`\\w+ ${name}\n([^]*?)\n\`\`\``).exec(page)![1]!;
const example = block('example').split('\n');
const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const verify = (text: string) =>
  verifyExport(
    (async function* () {
      yield Buffer.from(text);
    })(),
    new ExportVerifier(new Trust([], [KEY.kid])),
  );

describe('the page about the audit', () => {
  it('shows an export that verifies, with a key whose thumbprint is that of the RFC', async () => {
    expect(verificationKey(KEY.x)!.kid).toBe(KEY.kid);
    expect(await verify(`${example.join('\n')}\n`)).toMatchObject({ ok: true, events: 2, heads: 1 });
  });

  it('names the digests, links and signed bytes that come out', () => {
    let link = GENESIS;
    for (const line of example.slice(1, 3)) {
      const event = readLine(line) as EventLine;
      link = nextLink(link, event);
      expect(page).toContain(`| digest at position ${event.position} | \`${eventDigest(event).toString('hex')}\` |`);
      expect(page).toContain(`| link at position ${event.position} | \`${link.toString('hex')}\` |`);
    }
    const bytes = signedBytes(readLine(example[3]!) as HeadLine);
    expect(block('signed')).toBe(bytes.toString());
    expect(page).toContain(`| SHA-256 of the signed bytes | \`${hex(bytes)}\` |`);
    expect(page).toContain(`The signed bytes, ${bytes.length} of them:`);
  });

  describe('has a verifier, which knows nothing but the page,', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'countersign-page-'));
      writeFileSync(join(folder, 'verifier.mjs'), block('verifier'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const run = (lines: readonly string[], key: string): string => {
      writeFileSync(join(folder, 'export.ndjson'), lines.map((line) => `${line}\n`).join(''));
      return execFileSync(process.execPath, [join(folder, 'verifier.mjs'), join(folder, 'export.ndjson'), key], { encoding: 'utf8', stdio: 'pipe' });
    };

    it('that accepts what is whole', () => {
      expect(run(example, KEY.x)).toBe('2 events verify, up to position 9\n');
      const signing = newSigningKey();
      expect(run(someExport(9, [4, 7], signing).lines, signing.key.x)).toBe('9 events verify, up to position 27\n');
    });

    it('that finds what is not', () => {
      expect(() => run(example.with(1, example[1]!.replace('bm90', 'bm91')), KEY.x)).toThrow('the chain breaks at position 4');
      expect(() => run(example.toSpliced(2, 1), KEY.x)).toThrow('does not fit');
      expect(() => run(example.slice(0, 3), KEY.x)).toThrow('the tail is cut off');
      expect(() => run(example, newSigningKey().key.x)).toThrow('is not signed by this key');
    });
  });
});
