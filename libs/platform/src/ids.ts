import { createHash, randomUUID } from 'node:crypto';
import { v5 } from 'uuid';

const NAMESPACE = '2f0c6f0e-6d1b-5c5e-9a53-6f0a4d0d9b1e';

/** A UUID that is always the same for the same parts (RFC 9562, version 5). */
export const stableId = (...parts: readonly (string | number)[]): string => v5(parts.join('\u001f'), NAMESPACE);

export const newId = (): string => randomUUID();

export const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** JSON with object keys in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => canonicalJson(one ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
