import { DomainError, type Position } from '#platform';

/** The database holds positions as signed 64-bit integers. */
const LARGEST = 2n ** 63n - 1n;

/**
 * A position as a client wrote it, in the form in which positions are compared.
 * @throws DomainError invalid_input naming the field
 */
export function parsePosition(text: string, field: string): Position {
  if (/^\d{1,19}$/.test(text) && BigInt(text) <= LARGEST) return BigInt(text).toString();
  throw new DomainError('invalid_input', 'A position is a decimal string that an earlier answer or message carried; 0 is the beginning.', [
    { field, message: 'must be a position: a decimal string' },
  ]);
}
