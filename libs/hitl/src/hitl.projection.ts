import type { GateKind, HandoffType, HitlAction, HitlStatus } from '#contracts';
import { table, type Projection, type Row } from '#platform';
import type { HitlEvent } from './hitl.events.js';

export interface GateRow extends Row {
  request_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  task_id: string;
  gate: GateKind;
  question: string;
  handoff_type: HandoffType;
  content_hash: string;
  allowed_actions: HitlAction[];
  status: HitlStatus;
  amended_hash: string | null;
  comment: string | null;
  responded_by: string | null;
  created_at: string;
  updated_at: string;
}

const STATUS_OF = { approve: 'approved', reject: 'rejected', amend: 'amended' } as const;
const requestOf = (event: { data: { request_id: string } }): string => event.data.request_id;

const gates = table<GateRow, HitlEvent>('hitl_requests', 'request_id', {
  'hitl.requested': {
    id: requestOf,
    evolve: (_, { data, metadata }) => ({
      ...data,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      status: 'pending',
      amended_hash: null,
      comment: null,
      responded_by: null,
      created_at: metadata.timestamp,
      updated_at: metadata.timestamp,
    }),
  },
  'hitl.responded': {
    id: requestOf,
    evolve: (row, { data, metadata }) =>
      row && {
        ...row,
        status: STATUS_OF[data.action],
        amended_hash: data.amended_hash,
        comment: data.comment,
        responded_by: metadata.actor,
        updated_at: metadata.timestamp,
      },
  },
  'hitl.closed': { id: requestOf, evolve: (row, { metadata }) => row && { ...row, status: 'expired', updated_at: metadata.timestamp } },
});

export const hitlProjection: Projection = { name: 'read:hitl', tables: [gates] };
