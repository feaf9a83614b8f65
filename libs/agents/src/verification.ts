import { randomUUID } from 'node:crypto';
import { CHECK_NAMES } from '#contracts';
import type { CheckName, CodeBundle } from '#contracts';
import { redact } from '#sandbox';
import type { RunLimits, RunResult, Sandbox, SandboxFile, Workspace } from '#sandbox';
import { readVerdict, startFailure, startProbeCommand } from './verification-start-probe.js';
import { parseTestResults } from './verification-tests.js';

export { coverCriteria } from './verification-coverage.js';

export interface VerifiedCheck {
  readonly check: CheckName;
  readonly command: string | null;
  readonly status: 'passed' | 'failed' | 'warning' | 'skipped';
  /** null where it did not run, or a signal or a limit ended it. */
  readonly exit_code: number | null;
  /** Why it is not `passed`, in at most 400 characters; empty where it is. */
  readonly reason: string;
  readonly duration_ms: number;
  /** The command's output, redacted. */
  readonly log: string;
}

export interface Verification {
  /** One for each of {@link CHECK_NAMES}, in that order. */
  readonly checks: readonly VerifiedCheck[];
  readonly passedTests: readonly string[];
  readonly failedTests: readonly string[];
  readonly warnings: readonly string[];
}

export interface VerifyOptions {
  readonly bundle: Pick<CodeBundle, 'commands'>;
  readonly files: AsyncIterable<SandboxFile> | Iterable<SandboxFile>;
  readonly sandbox: Sandbox;
  /** For each command. `answerMs`: how long the app may take to answer; `stopMs`: to stop after SIGTERM. */
  readonly limits: RunLimits & { readonly answerMs?: number; readonly stopMs?: number };
  readonly signal?: AbortSignal;
  /** Known values that may appear in no log. */
  readonly secrets?: readonly string[];
  onProgress?(percent: number, stage: string): Promise<void> | void;
  /** Called as soon as a check has ended, in order. */
  onCheck?(check: VerifiedCheck): Promise<void> | void;
}

const STAGES: Record<CheckName, { readonly percent: number; readonly stage: string }> = {
  install: { percent: 5, stage: 'Installing dependencies' },
  build: { percent: 30, stage: 'Building' },
  lint: { percent: 45, stage: 'Linting' },
  test: { percent: 55, stage: 'Running the tests' },
  start: { percent: 80, stage: 'Starting the app' },
};

/**
 * Runs a bundle's commands in a fresh workspace and says what each did. A failing install is a warning, because an app
 * may well work without it; after a failing build nothing else is run; lint, test and start all run, so that whoever
 * repairs it sees every defect at once.
 *
 * @throws the signal's reason when aborted, and Error when the sandbox itself fails
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { bundle, sandbox, signal } = options;
  signal?.throwIfAborted();
  const workspace = await sandbox.open(options.files);
  try {
    const checks: VerifiedCheck[] = [];
    let tests: ReturnType<typeof parseTestResults> = { passed: [], failed: [] };
    for (const check of CHECK_NAMES) {
      signal?.throwIfAborted();
      const command = bundle.commands[check];
      const buildFailed = checks.some((earlier) => earlier.check === 'build' && earlier.status === 'failed');
      let result: VerifiedCheck;
      if (command === null || command.trim() === '') result = skipped(check, null, 'no command is given');
      else if (buildFailed) result = skipped(check, command, 'not run, because the build failed');
      else {
        await options.onProgress?.(STAGES[check].percent, STAGES[check].stage);
        const ran = await (check === 'start' ? runStart(workspace, command, options) : runCommand(workspace, check, command, options));
        const clean = (text: string): string => redact(text, options.secrets);
        if (check === 'test') tests = parseTestResults(ran.log);
        tests = { passed: tests.passed.map(clean), failed: tests.failed.map(clean) };
        result = { ...ran, log: clean(ran.log), reason: clean(ran.reason).slice(0, 400) };
      }
      checks.push(result);
      await options.onCheck?.(result);
    }
    return { checks, passedTests: tests.passed, failedTests: tests.failed, warnings: warningsOf(checks) };
  } finally {
    await workspace.dispose();
  }
}

const skipped = (check: CheckName, command: string | null, reason: string): VerifiedCheck => ({
  check,
  command,
  status: 'skipped',
  exit_code: null,
  reason,
  duration_ms: 0,
  log: '',
});

/** Warnings are on record unsealed: they name checks and ends, and quote nothing. */
function warningsOf(checks: readonly VerifiedCheck[]): string[] {
  return checks
    .filter(({ status }) => status === 'warning')
    .map(
      ({ check, reason }) => `The check "${check}" did not succeed (${reason}). The artifact is delivered all the same; see the log of the check.`,
    );
}

async function runCommand(workspace: Workspace, check: CheckName, command: string, { limits, signal }: VerifyOptions): Promise<VerifiedCheck> {
  const result = await workspace.run(command, { limits, ...withSignal(signal) });
  signal?.throwIfAborted();
  const passed = result.end === 'exited' && result.exitCode === 0;
  return {
    check,
    command,
    status: passed ? 'passed' : check === 'install' ? 'warning' : 'failed',
    exit_code: result.exitCode,
    reason: passed ? '' : reasonOf(result, limits),
    duration_ms: result.durationMs,
    log: result.output,
  };
}

async function runStart(workspace: Workspace, command: string, { limits, signal }: VerifyOptions): Promise<VerifiedCheck> {
  const answerMs = limits.answerMs ?? 30_000;
  const stopMs = limits.stopMs ?? 10_000;
  const nonce = `start-verdict-${randomUUID()}`;
  // The probe keeps both times itself; the limit is for a probe that is held up.
  const timeoutMs = answerMs + stopMs + 10_000;
  const result = await workspace.run(startProbeCommand(nonce, command, answerMs, stopMs), {
    limits: { ...limits, timeoutMs },
    ...withSignal(signal),
  });
  signal?.throwIfAborted();
  const { verdict, log } = readVerdict(result.output, nonce);
  const reason =
    verdict === null ? `the start check did not finish: ${reasonOf(result, { ...limits, timeoutMs })}` : startFailure(verdict, answerMs, stopMs);
  const answered = verdict?.answer ? `GET ${verdict.answer.path} answered ${verdict.answer.status} after ${verdict.answeredMs} ms` : 'no answer';
  return {
    check: 'start',
    command,
    status: reason === '' ? 'passed' : 'failed',
    exit_code: verdict?.diedEarly?.code ?? null,
    reason,
    duration_ms: result.durationMs,
    log: `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}[start check] ${answered}${reason === '' ? `; stopped ${verdict?.stopped?.ms ?? 0} ms after SIGTERM` : `; ${reason}`}\n`,
  };
}

const withSignal = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal === undefined ? {} : { signal });

const MiB = 1024 * 1024;

/** Why a command did not succeed, in words. */
function reasonOf({ end, exitCode, signal }: RunResult, limits: RunLimits): string {
  switch (end) {
    case 'exited':
      return `exit code ${String(exitCode)}`;
    case 'timeout':
      return `ended because it took longer than ${limits.timeoutMs / 1000} s`;
    case 'out_of_memory':
      return `ended because it used more than ${Math.round(limits.memoryBytes / MiB)} MiB of memory`;
    case 'output_limit':
      return `ended because it wrote more than ${limits.outputBytes} bytes of output`;
    case 'disk_limit':
      return `ended because its files took more than ${Math.round(limits.diskBytes / MiB)} MiB`;
    case 'aborted':
      return 'ended because the sandbox was closed';
    case 'signalled':
      return `ended by ${signal ?? 'a signal'}`;
  }
}
