import { z } from 'zod';
import type { AgentType } from '#contracts';

export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/** What a role asks, and how. */
export const modelChoice = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(256).max(128_000),
  /** null: the model's own. */
  effort: z.enum(EFFORTS).nullable(),
  /** Asked where the model stays overloaded; null: nobody. */
  fallback: z.string().min(1).nullable(),
});
export type ModelChoice = z.infer<typeof modelChoice>;
export type RoleModels = Readonly<Record<AgentType, ModelChoice>>;
