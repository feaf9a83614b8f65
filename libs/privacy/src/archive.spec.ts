import { randomBytes } from 'node:crypto';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { Archive } from './archive.js';

/** What cannot be made smaller: what is taken is soon more than fits into buffers. */
const PIECE = randomBytes(64 * 1024);

/** Endless content that counts what was taken of it and whether it was ended. */
function endless(): { taken: number; ended: boolean; content: AsyncGenerator<Buffer> } {
  const source = { taken: 0, ended: false, content: undefined as unknown as AsyncGenerator<Buffer> };
  source.content = (async function* () {
    try {
      for (;;) {
        source.taken += 1;
        yield PIECE;
      }
    } finally {
      source.ended = true;
    }
  })();
  return source;
}

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await turn();
};

/** What was taken once nothing more is taken for a while. */
async function settled(source: { readonly taken: number }): Promise<number> {
  for (let before = -1; before !== source.taken;) {
    before = source.taken;
    await pause(100);
  }
  return source.taken;
}

it('takes no more than is read of it', async () => {
  const archive = new Archive();
  const source = endless();
  archive.add('a', source.content).catch(() => undefined);
  const taken = await settled(source);
  expect(taken).toBeLessThan(100);
  await pause(300);
  expect(source.taken).toBe(taken);
  archive.output.destroy();
});

it('ends what it reads from when whoever reads it goes away', async () => {
  const archive = new Archive();
  const source = endless();
  const added = archive.add('a', source.content);
  archive.output.once('data', () => archive.output.destroy());
  await expect(added).rejects.toThrow();
  await turns(10);
  expect(source.ended).toBe(true);
  await expect(archive.addText('b', 'more')).rejects.toThrow();
});

it('breaks off where a content cannot be read', async () => {
  const archive = new Archive();
  const broken = (async function* () {
    yield Buffer.from('a');
    await turn();
    throw new Error('a part of this content is missing');
  })();
  archive.output.resume();
  const failed = new Promise<Error>((resolve) => archive.output.on('error', resolve));
  await archive.add('a', broken).catch((error: unknown) => archive.fail(error));
  expect((await failed).message).toContain('is missing');
});
