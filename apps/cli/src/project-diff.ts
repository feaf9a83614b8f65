import type { ProjectDiff } from '#client';
import { table } from './gate-text.js';
import { plain, type Terminal } from './terminal.js';

type Style = Terminal['style'];

const OMITTED = {
  binary: 'binary, not shown',
  too_large: 'too large to be shown',
  limit: 'not shown, there is too much before it',
  gone: 'removed since',
} as const;
const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** A difference between two positions, as a person reads it in a terminal. */
export function describeDiff(diff: ProjectDiff, style: Style): string[] {
  const lines = [
    ...(diff.status ? [`Project: ${change(diff.status)}`] : []),
    ...section(
      'Runs',
      diff.runs.map((one) => [one.run_id.slice(0, 8), change(one), plain(one.stage)]),
      style,
    ),
    ...section(
      'Tasks',
      diff.tasks.map((one) => [one.task_id.slice(0, 8), `${one.agent_type} ${one.purpose}`, change(one)]),
      style,
    ),
    ...section(
      'Decisions',
      diff.gates.map((one) => [one.request_id.slice(0, 8), one.gate, change(one)]),
      style,
    ),
    ...(diff.messages.length > 0 ? ['', style('bold', 'Messages')] : []),
    ...diff.messages.map(
      ({ author, position, content }) => `  ${style('dim', `${position} ${author}:`)} ${plain(content).replaceAll('\n', '\n    ')}`,
    ),
    ...text('Specification', diff.specification?.diff, style),
    ...text('Plan', diff.plan?.diff, style),
    ...section(
      'Files',
      diff.files.map(({ path, change: what, omitted }) => [SIGNS[what], plain(path), omitted ? `(${OMITTED[omitted]})` : '']),
      style,
    ),
    ...diff.files.flatMap((file) => (file.diff === null ? [] : ['', ...coloured(file.diff, style)])),
  ];
  const head = style('bold', `From position ${diff.from} to ${diff.to}`);
  return lines.length === 0 ? [head, 'Nothing that can be seen differs.'] : [head, ...lines];
}

const change = ({ before, after }: { before: string | null; after: string }): string => (before === null ? `new: ${after}` : `${before} → ${after}`);

const section = (title: string, rows: readonly (readonly string[])[], style: Style): string[] =>
  rows.length === 0 ? [] : ['', style('bold', title), ...table(rows.map((row) => ['', ...row]))];

const text = (title: string, diff: string | undefined, style: Style): string[] =>
  diff === undefined ? [] : ['', style('bold', title), ...coloured(diff, style)];

function coloured(diff: string, style: Style): string[] {
  return plain(diff)
    .trimEnd()
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+) /.test(line)) return style('bold', line);
      if (line.startsWith('@@')) return style('cyan', line);
      return line.startsWith('+') ? style('green', line) : line.startsWith('-') ? style('red', line) : line;
    });
}
