import { Doorbell } from './doorbell.js';
import { pause } from './pause.js';
import { WatchLoop } from './watch-loop.js';

/** Ends what is under way between two promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const doorbell = new Doorbell();
const looks: (() => void)[] = [];
const look = () => new Promise<void>((resolve) => looks.push(resolve));
let loop: WatchLoop;

beforeEach(() => {
  looks.length = 0;
  loop = new WatchLoop(doorbell, 'countersign_events', 20);
});
afterEach(async () => {
  const stopped = loop.stop();
  for (const end of looks) end();
  await stopped;
});

describe('a loop that watches for work', () => {
  it('looks at once, and again, after a rest, for a ring that came while it looked', async () => {
    loop = new WatchLoop(doorbell, 'countersign_events', 60_000);
    loop.start(look, fail);
    doorbell.ring('countersign_events');
    expect(looks).toHaveLength(1);
    looks[0]!();
    await settle();
    expect(looks).toHaveLength(1);
    await pause(150);
    expect(looks).toHaveLength(2);
  });

  it('looks one time after the other, though nobody rings', async () => {
    loop.start(look, fail);
    await pause(150);
    expect(looks).toHaveLength(1);
    looks[0]!();
    await pause(150);
    expect(looks).toHaveLength(2);
  });

  it('tells what a look failed with, and looks again', async () => {
    const told: string[] = [];
    let tries = 0;
    loop.start(
      async () => {
        tries += 1;
        if (tries === 1) throw new Error('the database is away');
        await look();
      },
      ({ message }) => told.push(message),
    );
    await pause(100);
    expect([told, looks.length]).toEqual([['the database is away'], 1]);
  });

  it('ends with the look that is under way, and keeps what it fails with then to itself', async () => {
    let stopped = false;
    loop.start(async () => {
      await look();
      throw new Error('stopped in the middle');
    }, fail);
    const stopping = loop.stop().then(() => (stopped = true));
    await settle();
    expect([loop.signal.aborted, stopped]).toEqual([true, false]);
    looks[0]!();
    await stopping;
    expect(looks).toHaveLength(1);
  });
});

function fail(error: Error): never {
  throw error;
}
