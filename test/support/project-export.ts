import { createHash } from 'node:crypto';
import { GENESIS, nextLink, type HashedEvent } from '#platform';
import { eventLine, headerLine, headLine, textOfLine } from '../../libs/audit/src/export-format.js';
import { signHead, type SignedHead } from '../../libs/audit/src/signed-head.js';
import { newSigningKey } from '../../libs/audit/src/verification-key.js';

export const STORE = '6b0f4f0e-5d0c-4f7e-9a55-1f0c6f3b7a10';
export const PROJECT = '0f8fad5b-d9cb-469f-a165-70867728950e';

/** An id that is always the same for the same number. */
const uuid = (n: number): string => {
  const hex = createHash('sha256').update(String(n)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const someEvent = (n: number): HashedEvent => ({
  position: String(n * 3),
  event_id: uuid(n),
  stream: `task-${uuid(1_000 + (n % 2))}`,
  revision: Math.floor(n / 2),
  type: 'test.happened',
  version: 1,
  metadata: JSON.stringify({ timestamp: '2026-01-02T03:04:05.678Z', actor: 'somebody', project_id: PROJECT }),
  data: JSON.stringify({ n, words: 'Grüße \u2028 "quoted" \\ 🐝' }),
});

/** An export as the server makes it, with the heads that it holds; a head is signed behind each of the places given. */
export function someExport(count: number, headsBehind: readonly number[] = [], signing = newSigningKey()): { lines: string[]; heads: SignedHead[] } {
  const lines = [textOfLine(headerLine(STORE, PROJECT, [signing.key]))];
  const heads: SignedHead[] = [];
  let link = GENESIS;
  const sign = (event: HashedEvent, events: number) => {
    const at = { store_id: STORE, chain: 'project' as const, project_id: PROJECT, position: event.position, events, link: link.toString('hex') };
    heads.push(signHead({ ...at, time: `2026-02-03T04:05:${String(events % 60).padStart(2, '0')}.000Z` }, signing.key.kid, signing.privateKey));
    return heads.at(-1)!;
  };
  for (let n = 1; n <= count; n += 1) {
    const event = someEvent(n);
    link = nextLink(link, event);
    lines.push(textOfLine(eventLine(event, link.toString('hex'))));
    if (headsBehind.includes(n)) lines.push(textOfLine(headLine('head', sign(event, n))));
    if (n === count) lines.push(textOfLine(headLine('end', sign(event, n))));
  }
  return { lines, heads };
}
