import { ERASED, unseal, type DataKeys } from './event-codec.js';

/** As `sealedWords` makes them. Whatever a person writes is sealed itself, so that nobody can write one. */
const FORM = /^\$sealed:([0-9a-f-]{36}):([0-9a-f-]{36}\.\w+):([A-Za-z0-9+/]+=*)$/;

interface Found {
  readonly holder: Record<string, unknown>;
  readonly name: string;
  readonly owner: string;
  readonly context: string;
  readonly sealed: string;
}

/**
 * Opens what people wrote in rows, at whatever depth. Where the key is gone `[erased]` stands in their place.
 * @throws Error where they were changed after they were sealed
 */
export async function openWords<R>(rows: R[], keys: DataKeys): Promise<R[]> {
  const found: Found[] = [];
  for (const row of rows) find(row, found);
  const owners = new Map<string, Buffer | null>();
  for (const { owner } of found) if (!owners.has(owner)) owners.set(owner, await keys.keyOf(owner));
  for (const { holder, name, owner, context, sealed } of found) {
    const key = owners.get(owner)!;
    holder[name] = key ? opened(key, context, sealed) : ERASED;
  }
  return rows;
}

function opened(key: Buffer, context: string, sealed: string): unknown {
  try {
    return JSON.parse(unseal(key, context, sealed)) as unknown;
  } catch {
    throw new Error(
      `${context} was changed after it was sealed, or sealed with another key; GET /api/v1/events/verify says whether the log was changed, and a rebuild makes the rows anew`,
    );
  }
}

function find(value: unknown, found: Found[]): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || value instanceof Date) return;
  const holder = value as Record<string, unknown>;
  for (const name in holder) {
    const inner = holder[name];
    if (typeof inner !== 'string') find(inner, found);
    else if (inner.startsWith('$sealed:')) {
      const [, owner, context, sealed] = FORM.exec(inner) ?? [];
      if (owner !== undefined) found.push({ holder, name, owner, context: context!, sealed: sealed! });
    }
  }
}
