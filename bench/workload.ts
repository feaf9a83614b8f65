import { performance } from 'node:perf_hooks';

/** What one writer does over and over; gets its own number and how often it was called before. */
export type Step = (writer: number, turn: number) => Promise<void>;

/** Runs writers beside each other, each one step after the other, for a time; answers how many steps a second they did. */
export async function ratePerSecond(writers: number, seconds: number, step: Step): Promise<number> {
  const began = performance.now();
  const until = began + seconds * 1_000;
  let steps = 0;
  const write = async (writer: number) => {
    for (let turn = 0; performance.now() < until; turn += 1) {
      await step(writer, turn);
      steps += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return steps / ((performance.now() - began) / 1_000);
}

/** How long work takes, in ms. */
export async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The candidates one after the other, round after round, so that what else the machine does falls on all of them alike. */
export async function inRounds<K extends string>(
  rounds: number,
  names: readonly K[],
  measure: (name: K) => Promise<number>,
): Promise<Record<K, number[]>> {
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round += 1) for (const name of names) found[name].push(await measure(name));
  return found;
}
