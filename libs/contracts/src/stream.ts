import { z } from 'zod';

/**
 * Messages of the live stream (Socket.IO at /ws and Server-Sent Events). A message carries the log position of the
 * event it tells of: a client that reconnects with the last position it saw misses nothing and sees nothing twice.
 */
export const STREAM_EVENT_TYPES = [
  'agent_status_update',
  'new_message',
  'message_delta',
  'hitl_request',
  'hitl_response',
  'task_progress',
  'tool_call',
  'tool_result',
  'test',
  'feature',
  'artifact',
  'commit',
  'status',
  'error',
  'complete',
] as const;
export type StreamEventType = (typeof STREAM_EVENT_TYPES)[number];

/** Decimal string: positions are compared, never counted or subtracted. */
export const position = z.string().regex(/^\d{1,19}$/, 'must be a position: a decimal string');

export const streamMessage = z.strictObject({
  event_type: z.enum(STREAM_EVENT_TYPES),
  /** null only for `message_delta`, which is not on record. */
  position: position.nullable(),
  project_id: z.uuid(),
  timestamp: z.iso.datetime(),
  payload: z.record(z.string(), z.json()),
});
export type StreamMessage = z.infer<typeof streamMessage>;

/** What a client may send on the socket. */
export const subscribeRequest = z.strictObject({ project_id: z.uuid(), after_position: position.optional() });
export const unsubscribeRequest = z.strictObject({ project_id: z.uuid() });
export const chatRequest = z.strictObject({ project_id: z.uuid(), content: z.string().trim().min(1).max(20_000) });
