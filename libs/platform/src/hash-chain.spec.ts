import { createHash } from 'node:crypto';
import { newEvent } from '../../../test/support/event-store-conformance.js';
import type { StoredEvent } from './event-store.js';
import { eventDigest, GENESIS, nextLink } from './hash-chain.js';

const event: StoredEvent = {
  ...newEvent({ event_id: '00000000-0000-4000-8000-000000000001', type: 'test.happened', version: 3, data: '{"é":"👩‍🚀"}' }),
  metadata: '{"actor":"somebody"}',
  position: '10',
  stream: 'stream-ü',
  revision: 4,
};

/** What an auditor computes from the documented rule, with nothing of this program. */
const sha256 = (...parts: (string | Buffer)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const bytes = '10\n00000000-0000-4000-8000-000000000001\nstream-ü\n4\ntest.happened\n3\n{"actor":"somebody"}\n{"é":"👩‍🚀"}';

it('a link is SHA-256 of the link before it and of the digest of the event’s bytes', () => {
  expect(eventDigest(event)).toEqual(sha256(bytes));
  const first = nextLink(GENESIS, event);
  expect(first).toEqual(sha256(Buffer.alloc(32), sha256(bytes)));
  expect(nextLink(first, event)).toEqual(sha256(first, sha256(bytes)));
});

it.each<Partial<StoredEvent>>([
  { position: '11' },
  { event_id: '00000000-0000-4000-8000-000000000002' },
  { stream: 'stream-u' },
  { revision: 5 },
  { type: 'test.happened2' },
  { version: 4 },
  { metadata: '{"actor": "somebody"}' },
  { data: '{"é":"👩🚀"}' },
  { position: '1', event_id: '0\n00000000-0000-4000-8000-000000000001' },
])('the digest changes with %j', (change) => {
  expect(eventDigest({ ...event, ...change })).not.toEqual(eventDigest(event));
});
