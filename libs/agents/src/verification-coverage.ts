import type { CodeBundle, VerificationReport } from '#contracts';
import { redact } from '#sandbox';
import { SEPARATOR } from './verification-tests.js';

/**
 * Says for each acceptance criterion whether its named test proves it. A criterion's test may be named by itself, with
 * the suites around it (`suite > test`), or be a suite, which stands for all tests within it. `covered` only where at
 * least one test of that name passed and none failed; a criterion with several tests needs all of them.
 *
 * @param passed names as `parseTestResults` gives them
 */
export function coverCriteria(
  bundle: Pick<CodeBundle, 'acceptance_criteria' | 'coverage'>,
  passed: readonly string[],
  failed: readonly string[],
): VerificationReport['criteria'] {
  const ran = passed.map(normalised);
  const broke = failed.map(normalised);
  return bundle.acceptance_criteria.map(({ id, text }) => {
    const tests = bundle.coverage.filter((entry) => entry.criterion_id === id).map((entry) => entry.test);
    const outcomes = tests.map((test) => {
      const wanted = normalised(test);
      if (broke.some((name) => names(name, wanted))) return 'failed';
      return ran.some((name) => names(name, wanted)) ? 'covered' : 'not_run';
    });
    const worst = (['failed', 'not_run', 'covered'] as const).find((outcome) => outcomes.includes(outcome)) ?? 'not_run';
    return { criterion_id: id, text, test: tests[Math.max(outcomes.indexOf(worst), 0)] ?? null, status: worst };
  });
}

/** Names from a log are redacted already; a name that looks like a secret has to meet itself. */
const normalised = (name: string): string => redact(name).replace(/\s+/g, ' ').trim();

/** Whether `wanted` is the test itself or a run of whole parts of its path. */
const names = (path: string, wanted: string): boolean =>
  wanted !== '' && `${SEPARATOR}${path}${SEPARATOR}`.includes(`${SEPARATOR}${wanted}${SEPARATOR}`);
