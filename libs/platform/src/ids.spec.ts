import { v5 } from 'uuid';
import { stableId } from './ids.js';

it.each([[['task', 7]], [['é👩‍🚀', '\u001f']], [['']]])('an id made of %j is its UUID of version 5', (parts) => {
  expect(stableId(...parts)).toBe(v5(parts.join('\u001f'), '2f0c6f0e-6d1b-5c5e-9a53-6f0a4d0d9b1e'));
});
