import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '#platform';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether this is the operator token; never where none is configured. How long the answer takes says nothing about the token. */
export function isOperatorToken({ OPERATOR_TOKEN }: Pick<Config, 'OPERATOR_TOKEN'>, token: string | undefined): boolean {
  return OPERATOR_TOKEN !== undefined && token !== undefined && timingSafeEqual(digest(OPERATOR_TOKEN), digest(token));
}
