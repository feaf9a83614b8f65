import { given } from '../../../test/support/given.js';
import { MakeAuditKey, RotateAuditKey } from './audit.commands.js';
import { auditDecider } from './audit.decider.js';

const store_id = '00000000-0000-4000-8000-00000000000a';
const key = (letter: string) => ({ key_id: letter.repeat(43), public_key: letter.toLowerCase().repeat(43) });
const made = { type: 'audit.key_made' as const, data: key('A') };
const rotated = { type: 'audit.key_rotated' as const, data: { ...key('B'), retired_key_id: 'A'.repeat(43), reason: 'a new year' } };
const decider = given.decider(auditDecider);

describe('the signing key', () => {
  it('is made once, however many processes start', () => {
    decider.when([], { type: MakeAuditKey, data: { store_id, ...key('A') } }).then([made]);
    decider.when([made], { type: MakeAuditKey, data: { store_id, ...key('B') } }).then([]);
  });

  it('is changed with a reason, and names the one it replaces', () => {
    const rotate = (reason: string) => ({ type: RotateAuditKey, data: { store_id, ...key('B'), reason } });
    decider.when([made], rotate('a new year')).then([rotated]);
    decider.when([made], rotate(' ')).thenRefused('invalid_input');
  });

  it('retires the newest one at the next change', () => {
    const data = { store_id, ...key('C'), reason: 'again' };
    decider
      .when([made, rotated], { type: RotateAuditKey, data })
      .then([{ type: 'audit.key_rotated', data: { ...key('C'), retired_key_id: 'B'.repeat(43), reason: 'again' } }]);
  });

  it('is the first one where none was made before it was changed', () => {
    decider.when([], { type: RotateAuditKey, data: { store_id, ...key('A'), reason: 'to begin with' } }).then([made]);
  });
});
