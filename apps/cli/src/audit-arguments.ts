import { filled, parse, serverUrl, UsageError } from './options.js';

/** What an operator asks for. */
export interface AuditCommand {
  readonly name: 'audit';
  readonly reason: string;
  readonly url: string | undefined;
}

export interface VerifyCommand {
  readonly name: 'verify';
  readonly file: string;
  /** A file with published keys. */
  readonly keys: string | undefined;
  /** Keys or thumbprints. */
  readonly pinned: readonly string[];
  /** Files with heads that were kept. */
  readonly heads: readonly string[];
}

export interface CausesCommand {
  readonly name: 'causes';
  readonly position: string;
  readonly direction: 'causes' | 'effects';
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
}

const HELP = { type: 'boolean', short: 'h' } as const;
const AUDIT = { url: { type: 'string' }, reason: { type: 'string' }, help: HELP } as const;
const VERIFY = {
  keys: { type: 'string' },
  key: { type: 'string', multiple: true },
  head: { type: 'string', multiple: true },
  help: HELP,
} as const;

const CAUSES = { url: { type: 'string' }, 'api-key': { type: 'string' }, effects: { type: 'boolean' }, help: HELP } as const;

/**
 * Reads what follows `countersign causes`.
 * @returns null where help was asked for
 * @throws UsageError
 */
export function parseCauses(argv: readonly string[]): CausesCommand | null {
  const { values, positionals } = parse(argv, CAUSES);
  if (values.help) return null;
  const [position, ...more] = positionals;
  if (position === undefined || more.length > 0 || !/^\d{1,19}$/.test(position))
    throw new UsageError('Name the one event by its position: countersign causes POSITION; GET /projects/<id>/events lists them.');
  const direction = values.effects ? 'effects' : 'causes';
  const url = values.url === undefined ? undefined : serverUrl(values.url, '--url');
  return { name: 'causes', position, direction, url, apiKey: filled(values['api-key'], '--api-key') };
}

/**
 * Reads what follows `countersign audit`.
 * @returns null where help was asked for
 * @throws UsageError
 */
export function parseAudit(argv: readonly string[]): AuditCommand | null {
  const { values, positionals } = parse(argv, AUDIT);
  if (values.help) return null;
  if (positionals.join(' ') !== 'rotate-key') throw new UsageError('Say what to do: countersign audit rotate-key --reason TEXT.');
  const reason = filled(values.reason, '--reason');
  if (reason === undefined) throw new UsageError('--reason says why the key is changed; it stays on record.');
  return { name: 'audit', reason, url: values.url === undefined ? undefined : serverUrl(values.url, '--url') };
}

/**
 * Reads what follows `countersign verify`.
 * @returns null where help was asked for
 * @throws UsageError
 */
export function parseVerify(argv: readonly string[]): VerifyCommand | null {
  const { values, positionals } = parse(argv, VERIFY);
  if (values.help) return null;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name the one export to verify: countersign verify FILE.');
  const pinned = (values.key ?? []).map((key) => filled(key, '--key')!);
  return { name: 'verify', file, keys: filled(values.keys, '--keys'), pinned, heads: (values.head ?? []).map((head) => filled(head, '--head')!) };
}
