import { z } from 'zod';
import { event, personal, type EventOf } from '#platform/domain';

export const chatQuestions = z.array(
  z.strictObject({
    question: z.string(),
    proposal: z.string(),
    /** Present where only a person who has read the proposal can agree to it. */
    unsure: z.literal(true).optional(),
  }),
);
export type ChatQuestion = z.infer<typeof chatQuestions>[number];

export const chatEvents = [
  event(
    'chat.message_posted',
    1,
    z.strictObject({
      message_id: z.uuid(),
      run_id: z.uuid(),
      author: z.enum(['person', 'analyst']),
      content: personal(z.string()),
      /** What the analyst asks, each with a proposal; empty for a person's message. */
      questions: personal(chatQuestions.nullable()),
    }),
  ),
  event('chat.finalized', 1, z.strictObject({ run_id: z.uuid() })),
] as const;

export type ChatEvent = EventOf<(typeof chatEvents)[number]>;
