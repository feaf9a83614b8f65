import type { Entity } from '#contracts';
import type { Draft } from './draft.js';
import { readFrames } from './frames/frames.js';
import { readComparisons, readDelay } from './read-comparisons.js';
import { readLinked, readLocked, readNeeded } from './read-conditions.js';
import { readMaximum, readOneOpen } from './read-maxima.js';
import { plainNorm } from './norms.js';
import { readAgeLimit, readNorms } from './read-norms.js';
import { readOverlap, readUnique } from './read-overlaps.js';

/** Reads the rules that a clause sets for records; answers whether there was one. `topic`: the list that it stands under. */
export function readRules(draft: Draft, clause: string, topic: Entity | null): boolean {
  const text = plainNorm(clause)
    .replace(/^(?:and|but|also|then|so|however|note that|obviously|of course)[, ]+/i, '')
    .replace(/[.!;,\s]+$/, '');
  return (
    readLocked(draft, text, topic) ||
    readNeeded(draft, text, topic) ||
    readUnique(draft, text, topic) ||
    readOverlap(draft, text, topic) ||
    readAgeLimit(draft, text, topic) ||
    readNorms(draft, text, topic) ||
    readOneOpen(draft, text, topic) ||
    readMaximum(draft, text, topic) ||
    readComparisons(draft, text, topic) ||
    readLinked(draft, text, topic) ||
    readDelay(draft, text, topic) ||
    readFrames(draft, text, topic)
  );
}
