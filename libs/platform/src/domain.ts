/**
 * The domain kernel: what a decision is. No dependency, no clock, no identifier made here, no I/O.
 */

/** A fact that a decider returns; the executor gives it an id, metadata and a place in the log. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** What the kernel needs of a validation schema; zod's fit. */
export interface Schema<Data> {
  parse(value: unknown): Data;
}

export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type;
  /** Version that is written today. Stored events keep the version they were written in. */
  readonly version: number;
  readonly schema: Schema<Data>;
  /** `upcasts[n]` turns the data of version n into that of version n + 1. */
  readonly upcasts: Readonly<Record<number, (data: unknown) => unknown>>;
}

/**
 * Defines one event type.
 * @param version starts at 1; raise it with an upcast from the version before, and leave the old golden sample in place
 */
export const event = <const Type extends string, Data>(
  type: Type,
  version: number,
  schema: Schema<Data>,
  upcasts: EventDefinition['upcasts'] = {},
): EventDefinition<Type, Data> => ({ type, version, schema, upcasts });

/** The union of the events that a list of definitions describes. */
export type EventOf<Definition> = Definition extends EventDefinition<infer Type, infer Data> ? DomainEvent<Type, Data> : never;

/** Marks a field of an event's schema as written by a person: the codec encrypts it with the owner's key. */
export const personal = <S extends { meta(data: { personal: true }): S }>(schema: S): S => schema.meta({ personal: true });

/** Marks an id in an event's schema that names an account: whatever is copied keeps it. */
export const account = <S extends { meta(data: { account: true }): S }>(schema: S): S => schema.meta({ account: true });

/** Marks a field of an event's schema as a position of the log: what is copied gets the position of the copy. */
export const logPosition = <S extends { meta(data: { log_position: true }): S }>(schema: S): S => schema.meta({ log_position: true });

/** What accompanies every command; deciders take the clock and all identifiers from here or from the command's data. */
export interface CommandMeta {
  /** Deterministic where the caller may repeat itself: a repeat is recognised by it and answers the first result. */
  readonly command_id: string;
  /** Hash of what was asked; a repeat with another one is refused. */
  readonly request_hash: string | null;
  /** ISO 8601 UTC. */
  readonly now: string;
  /** Who acts: a user's id, or `agent:coder`, `orchestrator`. Never a name or an address. */
  readonly actor: string;
  /** Set where a person asks: the stream must belong to them, or it does not exist for them. */
  readonly requester: string | null;
  /** Whose key encrypts what the command brings. */
  readonly owner_id: string;
  readonly project_id: string | null;
  readonly run_id: string | null;
  readonly correlation_id: string;
  readonly causation_id: string;
}

/** A decision over one stream. Both functions are pure. */
export interface Decider<Command, Event extends DomainEvent, State> {
  readonly initial: State;
  /** @throws DomainError when the command is refused */
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** A process manager over one stream of its own: like a decider, but what comes in are facts and what goes out are intents. */
export interface Workflow<Input, Intent, State> {
  readonly initial: State;
  /** What to do about an input; an empty answer means it does not matter here. */
  decide(input: Input, state: State): readonly Intent[];
  evolve(state: State, intent: Intent): State;
}

/** Folds events into a state. */
export const fold = <Event, State>(decider: { initial: State; evolve(state: State, event: Event): State }, events: Iterable<Event>): State => {
  let state = decider.initial;
  for (const one of events) state = decider.evolve(state, one);
  return state;
};

/** Stable error codes of the public surface, each with the HTTP status it is answered with. */
export const ERROR_STATUS = {
  invalid_input: 400,
  invalid_id: 400,
  invalid_cursor: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  refresh_token_reused: 401,
  registration_closed: 403,
  not_found: 404,
  download_link_invalid: 404,
  email_taken: 409,
  conflict: 409,
  project_closed: 409,
  project_archived: 409,
  run_active: 409,
  run_not_active: 409,
  run_not_paused: 409,
  run_not_failed: 409,
  chat_closed: 409,
  not_collecting: 409,
  gate_answered: 409,
  gate_closed: 409,
  content_mismatch: 409,
  task_not_failed: 409,
  task_closed: 409,
  stale_attempt: 409,
  not_delivered: 409,
  artifact_pruned: 410,
  payload_too_large: 413,
  idempotency_key_reused: 422,
  handoff_invalid: 422,
  action_not_allowed: 422,
  fork_failed: 409,
  daily_limit: 429,
  budget_exceeded: 409,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** The one error of the domain: a stable code, and a detail that tells a person what to do. Carries no secret. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly errors: readonly FieldProblem[] = [],
    /** Extra members of the problem document, such as when a limit frees. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'DomainError';
  }
}

/** Refuses unless the condition holds. */
export function ensure(condition: unknown, code: ErrorCode, detail: string): asserts condition {
  if (!condition) throw new DomainError(code, detail);
}
