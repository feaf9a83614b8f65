import { z } from 'zod';
import { HANDOFF_TYPES, sha256Hex } from './handoffs.js';
import { AGENT_TYPES } from './statuses.js';

const handoff = z.strictObject({ handoff_type: z.enum(HANDOFF_TYPES), sha256: sha256Hex, content: z.json() });

/** One task of a run: what it was given, what its agents heard of models and tools, and what it handed in. */
export const cassetteTask = z.strictObject({
  task_id: z.uuid(),
  agent_type: z.enum(AGENT_TYPES),
  purpose: z.string(),
  round: z.int().min(0),
  handoff_in: handoff,
  /** null where the task did not come to its end. */
  handoff_out: handoff.nullable(),
  entries: z.array(z.looseObject({ kind: z.enum(['turn', 'tool']) })),
});

/** Everything that a run heard from models and tools, so that it can be replayed with no network and for nothing. */
export const cassette = z.strictObject({
  format: z.literal('countersign-cassette/1'),
  project_id: z.uuid(),
  run_id: z.uuid(),
  tasks: z.array(cassetteTask),
});
export type Cassette = z.infer<typeof cassette>;
export type CassetteTask = z.infer<typeof cassetteTask>;

/** What models were used for, and what that cost, by role and model. */
export interface ModelUsage {
  readonly role: string;
  readonly model: string;
  readonly requests: number;
  readonly input_tokens: number;
  readonly cache_write_tokens: number;
  readonly cache_read_tokens: number;
  readonly output_tokens: number;
  /** Millionths of a dollar, by the price table of the day. */
  readonly cost_micro_usd: number;
}
