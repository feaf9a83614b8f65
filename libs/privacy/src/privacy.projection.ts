import { table, type Projection, type Row } from '#platform';
import type { PrivacyEvent } from './privacy.events.js';

export interface ErasureRow extends Row {
  person_id: string;
  requested_at: string;
  erased_at: string | null;
}

const personOf = (event: { data: { person_id: string } }): string => event.data.person_id;

const erasures = table<ErasureRow, PrivacyEvent>('erasures', 'person_id', {
  'person.erasure_requested': {
    id: personOf,
    evolve: (_, { data, metadata }) => ({ person_id: data.person_id, requested_at: metadata.timestamp, erased_at: null }),
  },
  'person.erased': { id: personOf, evolve: (row, { metadata }) => row && { ...row, erased_at: metadata.timestamp } },
});

export const privacyProjection: Projection = { name: 'read:privacy', tables: [erasures] };
