import { parseArgs, type ParseArgsConfig } from 'node:util';

/** One sentence on what was asked for the wrong way. */
export class UsageError extends Error {}

/**
 * Address of a server as it is used further on, without a closing slash.
 * @throws UsageError
 */
export function serverUrl(given: string, source: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`${source} takes an address such as http://127.0.0.1:3000, not "${given}".`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** @throws UsageError for an option that was given and says nothing */
export function filled(value: string | undefined, option: string): string | undefined {
  if (value?.trim() === '') throw new UsageError(`${option} must not be empty.`);
  return value;
}

/** @throws UsageError */
export function parse<T extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence!.replace(/[.]$/, '')}; --help lists the options.`);
  }
}
