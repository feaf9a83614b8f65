import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Brain } from '#agents';
import { corpusIdea, type CorpusIdea } from './format.js';
import { interview, unasked, type Interview, type Reply } from './interview.js';
import { CATEGORIES, score, type Category, type Score } from './score.js';

export interface Scored {
  readonly slug: string;
  readonly idea: CorpusIdea;
  readonly interview: Interview;
  /** After the conversation. */
  readonly score: Score;
  /** From the text alone, before anything was asked. */
  readonly alone: Score;
  /** Milliseconds from idea to plan, all turns of the chat included. */
  readonly milliseconds: number;
}

/** Reads every idea of a folder, sorted by name. */
export const readCorpus = (folder: string): { slug: string; idea: CorpusIdea }[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ slug: name.slice(0, -5), idea: corpusIdea.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))) }));

/** Interviews and scores every idea of a folder, one after the other. */
export async function scoreCorpus(brain: Brain, folder: string, reply: Reply): Promise<Scored[]> {
  const all: Scored[] = [];
  for (const { slug, idea } of readCorpus(folder)) {
    const started = performance.now();
    const held = await interview(brain, idea, reply);
    const milliseconds = performance.now() - started;
    all.push({ slug, idea, interview: held, score: score(idea, held), alone: score(idea, await unasked(brain, idea)), milliseconds });
  }
  return all;
}

/** Scores what is specified from the text of every idea of a folder alone. */
export async function scoreAlone(brain: Brain, folder: string): Promise<Pick<Scored, 'alone'>[]> {
  const all: Pick<Scored, 'alone'>[] = [];
  for (const { idea } of readCorpus(folder)) all.push({ alone: score(idea, await unasked(brain, idea)) });
  return all;
}

/** Share found of what was expected, 0 to 1, per category, after the conversation or from the text `alone`; null where nothing was expected. */
export function shares<When extends 'score' | 'alone' = 'score'>(
  scored: readonly Pick<Scored, When>[],
  when: When = 'score' as When,
): Record<Category, number | null> {
  const share = (category: Category): number | null => {
    const scores = scored.map((one): Score => one[when]);
    const expected = scores.reduce((sum, one) => sum + one.expected[category], 0);
    return expected === 0 ? null : scores.reduce((sum, one) => sum + one.found[category], 0) / expected;
  };
  return Object.fromEntries(CATEGORIES.map((category) => [category, share(category)])) as Record<Category, number | null>;
}
