import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What a peer's package exports, as far as the caller needs it; null where it is not installed. */
export function peer<T>(name: string): T | null {
  try {
    return require(name) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

export const NOT_INSTALLED = { skipped: 'not installed (npm ci --prefix bench)' } as const;
