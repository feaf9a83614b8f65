import {
  HANDOFFS,
  type BlockReport,
  type Computed,
  type Condition,
  type Field,
  type ImplementationPlan,
  type SoftwareSpecification,
  type VerificationReport,
} from '#contracts';
import type { GateDetail } from '#client';
import { plain } from './terminal.js';

/** What is to be reviewed at a gate, as text. Content of another form is shown as it is. */
export function gateText(gate: Pick<GateDetail, 'handoff_type' | 'content'>): string {
  return plain(linesOf(gate).join('\n'));
}

const dollars = (micro_usd: number): string => `$${(micro_usd / 1_000_000).toFixed(2)}`;
const WHOSE = { run: 'this run', project: 'this project', day: 'your projects today' } as const;

function block({ reason, budget }: BlockReport): string[] {
  if (!budget) return [reason];
  const { scope, allowed_micro_usd, used_micro_usd, added_micro_usd } = budget;
  return [
    reason,
    '',
    `Spent by ${WHOSE[scope]}: ${dollars(used_micro_usd)} of ${dollars(allowed_micro_usd)}. Approving adds ${dollars(added_micro_usd)}.`,
  ];
}

const OTHERWISE = {
  remind: 'you are reminded',
  escalate: 'it is marked as urgent',
  approve: 'it is approved unseen',
  reject: 'it is rejected unseen',
  expire: 'the run ends',
} as const;

/**
 * Until when a gate waits, and what then; empty where it waits without limit.
 * @param now ms since 1970
 */
export function deadlineText({ deadline, on_deadline, escalated }: Pick<GateDetail, 'deadline' | 'on_deadline' | 'escalated'>, now: number): string {
  const urgent = escalated ? 'Urgent: this has waited past its deadline. ' : '';
  if (!deadline || !on_deadline) return urgent.trim();
  const at = `${deadline.slice(0, 16).replace('T', ' ')} UTC`;
  return `${urgent}Without your answer, ${OTHERWISE[on_deadline]} ${span(Date.parse(deadline) - now)} (${at}).`;
}

function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds <= 0) return 'now';
  const [size, unit] = (
    [
      [86_400, 'day'],
      [3_600, 'hour'],
      [60, 'minute'],
      [1, 'second'],
    ] as const
  ).find(([one]) => seconds >= 2 * one) ?? [1, 'second'];
  const count = Math.round(seconds / size);
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`;
}

function linesOf({ handoff_type, content }: Pick<GateDetail, 'handoff_type' | 'content'>): string[] {
  if (HANDOFFS[handoff_type]?.schema.safeParse(content).success) {
    if (handoff_type === 'software_specification') return specification(HANDOFFS.software_specification.schema.parse(content));
    if (handoff_type === 'implementation_plan') return plan(HANDOFFS.implementation_plan.schema.parse(content));
    if (handoff_type === 'block_report') return block(HANDOFFS.block_report.schema.parse(content));
    if (handoff_type === 'verification_report') return report(HANDOFFS.verification_report.schema.parse(content));
  }
  return JSON.stringify(content, null, 2).split('\n');
}

/** A heading and its entries; nothing where there are none. */
const section = (heading: string, entries: readonly string[]): string[] =>
  entries.length === 0 ? [] : ['', heading, ...entries.map((entry) => `  ${entry}`)];
const dashed = (entries: readonly string[]): string[] => entries.map((entry) => `- ${entry}`);

function specification(content: SoftwareSpecification): string[] {
  return [
    content.core_idea,
    ...section(
      'Requirements',
      content.requirements.map((text, index) => `${index + 1}. ${text}`),
    ),
    ...section('Features', dashed(content.high_level_features)),
    ...section(
      'Acceptance criteria',
      content.acceptance_criteria.map(({ id, text }) => `${id}  ${text}`),
    ),
    ...section('Out of scope', dashed(content.out_of_scope)),
    ...section(
      'Open questions',
      content.open_questions.map(({ question, proposal }) => `- ${question} (proposal: ${proposal})`),
    ),
  ];
}

function plan({ core_idea, database_schema, tech_stack, task_breakdown }: ImplementationPlan): string[] {
  const { title, entities, computed, auth, not_included } = database_schema;
  return [
    core_idea,
    ...section(
      `What "${title}" records`,
      entities.flatMap(({ label, fields }) => [
        label,
        ...table(
          fields.map((field) => [
            '',
            field.label,
            fieldType(field),
            [field.required && 'required', field.unique && 'unique'].filter(Boolean).join(', '),
          ]),
        ),
      ]),
    ),
    ...section(
      'What it works out',
      computed.map((one) => `- ${one.label}: ${computation(one)}`),
    ),
    ...section('Who may use it', [auth.sign_in ? 'people who sign in' : 'everybody who can open its address']),
    ...section('Technology', dashed(tech_stack)),
    ...section(
      'Tasks',
      table(task_breakdown.map(({ id, title, depends_on }) => [id, title, depends_on.length > 0 ? `after ${depends_on.join(', ')}` : ''])),
    ),
    ...section('Not included', dashed(not_included)),
  ];
}

function fieldType({ type, choices, target }: Field): string {
  if (type === 'choice') return `one of ${choices.join(', ')}`;
  if (type === 'reference' || type === 'references') return `${type === 'reference' ? 'a' : 'several'} ${target!.replaceAll('_', ' ')}`;
  return type.replaceAll('_', ' ');
}

function computation(computed: Computed): string {
  const of = computed.entity.replaceAll('_', ' ');
  if (computed.kind === 'list') return `every ${of} where ${computed.conditions.map(condition).join(' and ')}`;
  const by = computed.by === null ? '' : ` for each ${computed.by.replaceAll('_', ' ')}`;
  return computed.kind === 'count' ? `how many of ${of}${by}` : `${computed.kind} of ${computed.field.replaceAll('_', ' ')} over ${of}${by}`;
}

const condition = ({ field, operator, value }: Condition): string => [field, operator, value ?? ''].join(' ').replaceAll('_', ' ').trim();

function report({ checks, criteria, warnings, sandbox, bundle }: VerificationReport): string[] {
  return [
    `${bundle.files.length} files, verified in: ${sandbox}`,
    ...section(
      'Checks',
      table(checks.map(({ check, status, duration_ms, command }) => [check, status, `${(duration_ms / 1_000).toFixed(1)} s`, command ?? ''])),
    ),
    ...section('Acceptance criteria', table(criteria.map(criterionRow))),
    ...section('Warnings', dashed(warnings)),
  ];
}

const RESULTS = { covered: 'passed', failed: 'failed', not_run: 'not run' } as const;

/** A criterion, what became of its test, and the test's name where that is not the criterion itself. */
function criterionRow({ criterion_id, status, text, test }: VerificationReport['criteria'][number]): string[] {
  const same = test === null || test.startsWith(`${criterion_id}: `);
  return [criterion_id, test === null ? 'no test' : RESULTS[status], same ? text : `${text} (test: ${test})`];
}

/** Rows with their columns below each other. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index]!))
      .join('  ')
      .trimEnd(),
  );
}
