import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { BundleFile, CheckResult, CodeBundle, FailedCommand } from '#contracts';
import { CONFIG, unifiedDiff, type Config } from '#platform';
import { DEFAULT_RUN_LIMITS, SANDBOX, type Sandbox, type SandboxFile } from '#sandbox';
import { AgentProcessor } from './agent.processor.js';
import { AssignmentDesk, type AgentAnswer, type Assignment } from './assignment.js';
import type { Brain, BrainContext } from './brain.js';
import { Brains } from './brains.js';
import { RunningTasks } from './running-tasks.js';
import { coverCriteria, verify, type VerifiedCheck } from './verification.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** The end of a failed command's output that goes into a defect report, in characters. */
const LOG_TAIL = 16_000;

/** An id that is not of this form may be anything that a model wrote, and warnings quote nothing. */
const CRITERION = /^AC-\d{1,4}$/;

/** Installs, builds, tests and starts a bundle in the sandbox, and reports what it saw. */
@Processor('qa', WORKER_OPTIONS)
export class QaProcessor extends AgentProcessor {
  constructor(
    @Inject(AssignmentDesk) desk: AssignmentDesk,
    @Inject(RunningTasks) running: RunningTasks,
    @Inject(Brains) brains: Brains,
    @Inject(SANDBOX) private readonly sandbox: Sandbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(desk, running, brains);
  }

  protected async work(assignment: Assignment, brain: Brain, context: BrainContext): Promise<AgentAnswer> {
    const bundle = await assignment.handoff('code_bundle');
    const checks: CheckResult[] = [];
    /** What was skipped takes no time, and goes on record with what comes next. */
    const skipped: CheckResult[] = [];
    const verification = await verify({
      bundle,
      files: sandboxFiles(bundle.files, context),
      sandbox: this.sandbox,
      limits: DEFAULT_RUN_LIMITS,
      signal: context.signal,
      secrets: [this.config.JWT_SECRET, this.config.MASTER_KEY, this.config.OPERATOR_TOKEN ?? ''],
      onProgress: (percent, stage) => context.progress(percent, stage),
      onCheck: async (verified) => {
        const check = await this.checkResult(assignment, verified);
        checks.push(check);
        if (check.status === 'skipped') skipped.push(check);
        else await assignment.recordChecks([...skipped.splice(0), check]);
      },
    });
    const failures = verification.checks.filter(({ status }) => status === 'failed');
    const criteria = coverCriteria(bundle, verification.passedTests, verification.failedTests);
    if (failures.length > 0) {
      const report = {
        round: assignment.round + 1,
        bundle,
        failures: await Promise.all(failures.map((failure) => this.failedCommand(failure, bundle, brain, context))),
        last_diff: await this.lastDiff(bundle, context),
        feedback: null,
      };
      return { handoff_type: 'defect_report', content: report, checks: skipped };
    }
    const uncovered = criteria
      .filter(({ status }) => status !== 'covered')
      .map(({ criterion_id, status }) => `${CRITERION.test(criterion_id) ? criterion_id : 'A criterion'} is not proven by a test (${status})`);
    const warnings = [...verification.warnings, ...uncovered];
    return {
      handoff_type: 'verification_report',
      content: { bundle, sandbox: this.sandbox.kind, checks, warnings, criteria },
      outcome: { warnings },
      checks: skipped,
    };
  }

  private async checkResult(assignment: Assignment, { check, command, status, exit_code, duration_ms, log }: VerifiedCheck): Promise<CheckResult> {
    const stored = log === '' ? null : await assignment.store(log);
    return { check, command, status, exit_code, duration_ms: Math.round(duration_ms), log: stored?.sha256 ?? null };
  }

  private async failedCommand(check: VerifiedCheck, bundle: CodeBundle, brain: Brain, context: BrainContext): Promise<FailedCommand> {
    const failure = {
      check: check.check,
      command: check.command ?? '',
      exit_code: check.exit_code,
      reason: check.reason,
      log_tail: check.log.slice(-LOG_TAIL),
    };
    const paths = new Set(bundle.files.map(({ path }) => path));
    const suspects = (await brain.suspects(failure, bundle, context)).filter((path) => paths.has(path));
    return { ...failure, files_suspected: [...new Set(suspects)].slice(0, 50) };
  }

  /** What changed since the round before, where there was one. */
  private async lastDiff(bundle: CodeBundle, context: BrainContext): Promise<string> {
    if (!bundle.previous_files) return '';
    const before = new Map(bundle.previous_files.map((file) => [file.path, file.sha256]));
    const after = new Map(bundle.files.map((file) => [file.path, file.sha256]));
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
    const texts = async (hashes: ReadonlyMap<string, string>) =>
      new Map(
        await Promise.all(
          changed
            .filter((path) => hashes.has(path))
            .map(async (path) => [path, (await context.readFile(hashes.get(path)!)).toString('utf8')] as const),
        ),
      );
    return unifiedDiff(await texts(before), await texts(after));
  }
}

async function* sandboxFiles(files: readonly BundleFile[], context: BrainContext): AsyncGenerator<SandboxFile> {
  for (const { path, sha256, executable } of files) yield { path, content: await context.readFile(sha256), executable };
}
