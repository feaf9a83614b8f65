import { setImmediate as turn } from 'node:timers/promises';
import { Archive } from './archive.js';

const PIECE = Buffer.alloc(64 * 1024, 'x');

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

it('takes no more than is read of it', async () => {
  const archive = new Archive();
  const source = endless();
  archive.add('a', source.content).catch(() => undefined);
  await turns(200);
  const taken = source.taken;
  expect(taken).toBeLessThan(100);
  await turns(200);
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
