import { z } from 'zod';
import { databaseSchema } from './database-problems.js';
import { generationSpec } from './generation-spec.js';

/**
 * Handoffs: the only way in which work passes from one agent to another. The orchestrator gives an agent exactly one
 * and takes back exactly one. Each type and version has one zod schema; the same schema, as JSON Schema, is what a
 * model is asked to answer in and what a person's amendment is validated against.
 */

/** SHA-256 of the content's bytes, lower-case hex. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/** Relative POSIX path inside an artifact: no `..`, no leading slash, no backslash, no control characters. */
export const artifactPath = z
  .string()
  .min(1)
  .max(240)
  .refine((path) => isArtifactPath(path), 'must be a relative path inside the artifact');

export function isArtifactPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\:*?"<>|]/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[. ]$/.test(part));
}

const line = z.string().trim().min(1).max(2_000);

const criterionId = z.string().regex(/^AC-\d{1,4}$/, 'must look like AC-1');
/** A requirement by its place in the specification: R-1 is the first. */
const requirementId = z.string().regex(/^R-[1-9]\d{0,3}$/, 'must look like R-1');
const planTaskId = z.string().regex(/^T-\d{1,4}$/, 'must look like T-1');

export const acceptanceCriterion = z.strictObject({
  id: criterionId,
  text: line,
  /** The sentence of the person that it comes from; null where the analyst proposed it. */
  source: z.string().max(2_000).nullable(),
});

export const softwareSpecification = z.strictObject({
  core_idea: z.string().trim().min(1).max(4_000),
  requirements: z.array(line).min(1).max(400),
  /** The sentences of the person that requirements come from, where that is known. */
  requirement_sources: z
    .array(z.strictObject({ requirement: line, source: line }))
    .max(400)
    .optional(),
  user_stories: z.array(line).max(200),
  high_level_features: z.array(line).max(100),
  acceptance_criteria: z.array(acceptanceCriterion).min(1).max(400),
  open_questions: z.array(z.strictObject({ question: line, proposal: line })).max(20),
  /** What was asked for and will not be built, with the reason; never pretended. */
  out_of_scope: z.array(line).max(100),
});

export const planTask = z.strictObject({
  id: planTaskId,
  title: line,
  depends_on: z.array(z.string()).max(50),
  files: z.array(artifactPath).max(200),
  /** Which requirements and which acceptance criteria of the specification it serves; left out where the plan does not say. */
  requirements: z.array(requirementId).max(400).optional(),
  criteria: z.array(criterionId).max(400).optional(),
});

export const implementationPlan = z
  .strictObject({
    core_idea: z.string().trim().min(1).max(4_000),
    /** A `data:image/svg+xml` URL or a link to an artifact. */
    architecture_diagram_url: z.string().min(1).max(500_000),
    database_schema: databaseSchema,
    tech_stack: z.array(line).min(1).max(40),
    task_breakdown: z.array(planTask).min(1).max(200),
    acceptance_criteria: z.array(acceptanceCriterion).min(1).max(400),
  })
  .superRefine((plan, ctx) => {
    const known = new Set<string>();
    for (const [index, task] of plan.task_breakdown.entries()) {
      if (known.has(task.id)) ctx.addIssue({ code: 'custom', path: ['task_breakdown', index, 'id'], message: `task ${task.id} appears twice` });
      for (const dependency of task.depends_on) {
        if (!known.has(dependency))
          ctx.addIssue({
            code: 'custom',
            path: ['task_breakdown', index, 'depends_on'],
            message: `${task.id} depends on ${dependency}, which does not come before it`,
          });
      }
      known.add(task.id);
    }
  });

export const bundleFile = z.strictObject({
  path: artifactPath,
  sha256: sha256Hex,
  bytes: z.int().min(0),
  executable: z.boolean(),
  /** The task of the plan that it was written for; left out where nobody knows. */
  plan_task: planTaskId.optional(),
});

/** Shell commands, run in the root of the bundle. `start` serves HTTP on the port in the environment variable PORT. */
export const bundleCommands = z.strictObject({
  install: z.string().max(400),
  build: z.string().max(400).nullable(),
  lint: z.string().max(400).nullable(),
  test: z.string().max(400),
  start: z.string().max(400),
});

/** Which named test proves which acceptance criterion. */
export const criterionTest = z.strictObject({ criterion_id: z.string(), test: z.string().min(1).max(400) });

export const codeBundle = z.strictObject({
  tree_hash: sha256Hex,
  files: z.array(bundleFile).min(1).max(5_000),
  commands: bundleCommands,
  coverage: z.array(criterionTest).max(1_000),
  /** The files of the round before, so that QA can say what changed; null in the first round. */
  previous_files: z.array(bundleFile).max(5_000).nullable(),
  acceptance_criteria: z.array(acceptanceCriterion).min(1).max(400),
});

export const CHECK_NAMES = ['install', 'build', 'lint', 'test', 'start'] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export const failedCommand = z.strictObject({
  check: z.enum(CHECK_NAMES),
  command: z.string(),
  /** null where a signal or a limit ended it; `reason` says which. */
  exit_code: z.int().nullable(),
  reason: z.string().max(400),
  /** The exact end of its output, as the person and the coder see it. */
  log_tail: z.string().max(64_000),
  files_suspected: z.array(artifactPath).max(50),
});

export const defectReport = z.strictObject({
  round: z.int().min(1),
  /** The failing bundle, so that the coder starts from the very files that failed. */
  bundle: codeBundle,
  failures: z.array(failedCommand).max(20),
  /** Unified diff between the previous round's files and this one's; empty in the first round. */
  last_diff: z.string().max(200_000),
  /** What a person said when rejecting the delivery; null where the sandbox found the defect. */
  feedback: z.string().max(20_000).nullable(),
});

export const checkResult = z.strictObject({
  check: z.enum(CHECK_NAMES),
  command: z.string().nullable(),
  status: z.enum(['passed', 'failed', 'warning', 'skipped']),
  exit_code: z.int().nullable(),
  duration_ms: z.int().min(0),
  /** SHA-256 of the redacted log in the content store. */
  log: sha256Hex.nullable(),
});

export const criterionResult = z.strictObject({
  criterion_id: z.string(),
  text: z.string(),
  test: z.string().nullable(),
  /** `covered` only where the named test ran in the sandbox and passed. */
  status: z.enum(['covered', 'failed', 'not_run']),
});

export const verificationReport = z.strictObject({
  bundle: codeBundle,
  sandbox: z.string(),
  checks: z.array(checkResult),
  warnings: z.array(z.string()),
  criteria: z.array(criterionResult),
});

/** Why an agent cannot go on by itself: money, the model's refusal or settings, an answer that does not fit, no end in sight. */
export const BLOCK_CAUSES = ['budget', 'refusal', 'invalid_answer', 'model', 'out_of_turns'] as const;
export type BlockCause = (typeof BLOCK_CAUSES)[number];

/** What an agent puts to a person when it cannot go on by itself. */
export const blockReport = z.strictObject({
  task_id: z.uuid(),
  cause: z.enum(BLOCK_CAUSES),
  /** What happened, in sentences. */
  reason: z.string().min(1).max(4_000),
  /** The limit that was reached, and what an approval adds to it, in millionths of a dollar; null where it is not about money. */
  budget: z
    .strictObject({
      scope: z.enum(['run', 'project', 'day']),
      id: z.string(),
      allowed_micro_usd: z.int().min(0),
      used_micro_usd: z.int().min(0),
      added_micro_usd: z.int().min(1),
    })
    .nullable(),
});
export type BlockReport = z.infer<typeof blockReport>;

export const chatTurn = z.strictObject({ author: z.enum(['person', 'analyst']), content: z.string() });

/** What the analyst is given: the conversation so far, and what is wanted from it now. */
export const requirementsConversation = z.strictObject({
  /** `converse`: reply or say it is complete. `specify`: write the specification. `answer`: reply during a running build. */
  purpose: z.enum(['converse', 'specify', 'answer']),
  product_idea: z.string(),
  generation_spec: generationSpec.nullable(),
  messages: z.array(chatTurn),
  /** True once the person ended the chat: nothing more may be asked. */
  finalized: z.boolean(),
  /** Present when an earlier specification is to be changed: a person rejected it, or refines what was built. */
  revision: z.strictObject({ previous: softwareSpecification, reason: z.string() }).nullable(),
  /** What the person is told about when asking during a build. */
  run_status: z.string().nullable(),
});

export const analystTurn = z.strictObject({
  message: z.string().min(1).max(20_000),
  questions: z
    .array(
      z.strictObject({
        question: line,
        proposal: line,
        /** Present where the proposal is a guess at what was meant: only a person who has read it can agree to it. */
        unsure: z.literal(true).optional(),
      }),
    )
    .max(3),
  /** True when nothing essential is unclear any more. */
  ready: z.boolean(),
});

/** What the architect is given: the approved specification, and why an earlier plan was rejected. */
export const planningRequest = z.strictObject({
  specification: softwareSpecification,
  revision: z.strictObject({ previous: implementationPlan, reason: z.string() }).nullable(),
});

export const HANDOFFS = {
  requirements_conversation: { version: 1, from: 'orchestrator', to: 'analyst', schema: requirementsConversation },
  analyst_turn: { version: 1, from: 'analyst', to: 'person', schema: analystTurn },
  software_specification: { version: 1, from: 'analyst', to: 'architect', schema: softwareSpecification },
  planning_request: { version: 1, from: 'orchestrator', to: 'architect', schema: planningRequest },
  implementation_plan: { version: 1, from: 'architect', to: 'coder', schema: implementationPlan },
  code_bundle: { version: 1, from: 'coder', to: 'qa', schema: codeBundle },
  defect_report: { version: 1, from: 'qa', to: 'coder', schema: defectReport },
  verification_report: { version: 1, from: 'qa', to: 'person', schema: verificationReport },
  block_report: { version: 1, from: 'agent', to: 'person', schema: blockReport },
} as const;

export type HandoffType = keyof typeof HANDOFFS;
export const HANDOFF_TYPES = Object.keys(HANDOFFS) as [HandoffType, ...HandoffType[]];
export type HandoffContent<T extends HandoffType> = z.infer<(typeof HANDOFFS)[T]['schema']>;

export type AcceptanceCriterion = z.infer<typeof acceptanceCriterion>;
export type SoftwareSpecification = z.infer<typeof softwareSpecification>;
export type ImplementationPlan = z.infer<typeof implementationPlan>;
export type BundleFile = z.infer<typeof bundleFile>;
export type BundleCommands = z.infer<typeof bundleCommands>;
export type CodeBundle = z.infer<typeof codeBundle>;
export type FailedCommand = z.infer<typeof failedCommand>;
export type DefectReport = z.infer<typeof defectReport>;
export type CheckResult = z.infer<typeof checkResult>;
export type VerificationReport = z.infer<typeof verificationReport>;
export type RequirementsConversation = z.infer<typeof requirementsConversation>;
export type AnalystTurn = z.infer<typeof analystTurn>;
export type PlanningRequest = z.infer<typeof planningRequest>;

/** The envelope in which a handoff travels and is stored. */
export const handoffEnvelope = z.strictObject({
  project_id: z.uuid(),
  source_agent: z.string(),
  target_agent: z.string(),
  handoff_type: z.enum(HANDOFF_TYPES),
  version: z.int().min(1),
  content: z.json(),
});
export type HandoffEnvelope = z.infer<typeof handoffEnvelope>;

/** JSON Schema (draft 2020-12) of a handoff's content. */
export const handoffJsonSchema = (type: HandoffType): object => z.toJSONSchema(HANDOFFS[type].schema);
