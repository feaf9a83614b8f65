import { filled, parse, serverUrl, UsageError } from './options.js';

/** What an operator asks for. */
export interface ProjectionsCommand {
  readonly name: 'projections';
  readonly action: 'list' | 'retry' | 'skip' | 'rebuild';
  /** Of the projection; empty for `list`. */
  readonly projection: string;
  /** Of the event to be skipped. */
  readonly position: string | undefined;
  readonly reason: string | undefined;
  readonly url: string | undefined;
}

const OPTIONS = {
  url: { type: 'string' },
  position: { type: 'string' },
  reason: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads what follows `countersign projections`.
 * @returns null where help was asked for
 * @throws UsageError
 */
export function parseProjections(argv: readonly string[]): ProjectionsCommand | null {
  const { values, positionals } = parse(argv, OPTIONS);
  if (values.help) return null;
  const [action = 'list', projection = '', ...more] = positionals;
  if (action !== 'list' && action !== 'retry' && action !== 'skip' && action !== 'rebuild')
    throw new UsageError(`"countersign projections" takes list, retry, skip or rebuild, not "${action}".`);
  if (more.length > 0 || (action === 'list' && projection !== ''))
    throw new UsageError(`"projections ${action}" takes no "${more[0] ?? projection}".`);
  if (action !== 'list' && projection === '') throw new UsageError('Name the one projection; "countersign projections list" lists them.');
  const { position, url } = values;
  if ((position !== undefined) !== (action === 'skip'))
    throw new UsageError(
      action === 'skip' ? '--position says which event is skipped: the one before which it stands.' : '--position goes with skip alone.',
    );
  if (position !== undefined && !/^\d{1,20}$/.test(position)) throw new UsageError(`--position takes a position of the log, not "${position}".`);
  const reason = filled(values.reason, '--reason');
  if (reason === undefined && action === 'skip') throw new UsageError('--reason says why the event is skipped; it stays on record.');
  if (reason !== undefined && action === 'list') throw new UsageError('--reason goes with retry, skip and rebuild.');
  return { name: 'projections', action, projection, position, reason, url: url === undefined ? undefined : serverUrl(url, '--url') };
}
