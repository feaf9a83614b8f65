import type { DeadlineAction, GateKind, HandoffType, HitlAction, HitlStatus } from '#contracts';
import { table, type EventMetadata, type Projection, type Row } from '#platform';
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
  deadline: string | null;
  on_deadline: DeadlineAction | null;
  reminders: number;
  escalated: boolean;
  created_at: string;
  updated_at: string;
}

const STATUS_OF = { approve: 'approved', reject: 'rejected', amend: 'amended' } as const;
const over = (row: GateRow | null, { metadata }: { metadata: EventMetadata }): GateRow | null =>
  row && { ...row, status: 'expired', deadline: null, updated_at: metadata.timestamp };
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
      reminders: 0,
      escalated: false,
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
        deadline: null,
        updated_at: metadata.timestamp,
      },
  },
  'hitl.deadline_set': {
    id: requestOf,
    evolve: (row, { data, metadata }) => row && { ...row, deadline: data.deadline, updated_at: metadata.timestamp },
  },
  'hitl.reminded': {
    id: requestOf,
    evolve: (row, { data, metadata }) =>
      row && { ...row, deadline: data.deadline, reminders: data.reminder, escalated: data.escalated, updated_at: metadata.timestamp },
  },
  'hitl.expired': { id: requestOf, evolve: over },
  'hitl.closed': { id: requestOf, evolve: over },
});

export const hitlProjection: Projection = { name: 'read:hitl', version: 2, tables: [gates] };
