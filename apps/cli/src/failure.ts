import type { ApiProblem } from '#client';

/** What ends the command with exit code 1: a sentence on what is wrong and what to do about it. */
export class Failure extends Error {}

/** A problem of the server with the fields it names, each on its line. */
export function explain(problem: ApiProblem): string {
  return [problem.detail, ...problem.errors.map(({ field, message }) => `  ${field}: ${message}`)].join('\n');
}
