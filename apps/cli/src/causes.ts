import type { CountersignClient, EventTrace } from '#client';
import { EXIT, type ExitCode } from './arguments.js';
import type { CausesCommand } from './audit-arguments.js';
import { plain, type Terminal } from './terminal.js';

type TracedEvent = EventTrace['items'][number];

const MOST = { depth: 500, limit: 1_000 };
/** Deeper steps are not indented further. */
const DEEPEST = 20;

/** Shows what led to an event, or what followed from it, as a tree. */
export async function showCauses({ position, direction }: CausesCommand, client: CountersignClient, terminal: Terminal): Promise<ExitCode> {
  const { items, complete } = await client.trace(position, direction, MOST);
  for (const line of treeLines(items)) terminal.say(line);
  if (!complete) terminal.say(terminal.style('dim', `It goes on; these are ${items.length} events.`));
  return EXIT.delivered;
}

/** A line an event, indented where it branches: a chain of single steps stays in its column. */
export function treeLines(items: readonly TracedEvent[]): string[] {
  const next = new Map<string | null, TracedEvent[]>();
  for (const item of items) next.set(item.of, [...(next.get(item.of) ?? []), item]);
  const lines: string[] = [];
  const open: { readonly item: TracedEvent; readonly column: number }[] = (next.get(null) ?? []).map((item) => ({ item, column: 0 }));
  for (let top = open.pop(); top; top = open.pop()) {
    const { item, column } = top;
    const { position, event_type, actor, timestamp, relation } = item;
    const sign = relation === null ? '' : relation === 'caused' ? '- ' : '~ ';
    lines.push(plain(`${'  '.repeat(Math.min(column, DEEPEST))}${sign}${event_type}  by ${actor}  at ${position}, ${timestamp}`));
    const steps = next.get(position) ?? [];
    for (const step of [...steps].reverse()) open.push({ item: step, column: column + (steps.length > 1 || column === 0 ? 1 : 0) });
  }
  return lines;
}
