import type { Cassette } from '#contracts';
import { InvalidConfiguration, type Config } from '#platform';
import type { Sandbox } from '#sandbox';
import { NotOnCassette } from './claude/cassette.js';
import { ClaudeBrain } from './claude/claude-brain.js';
import { modelOptions } from './claude/engine.js';
import { ModelClient } from './claude/model-client.js';
import { replay, type ReplayedTask } from './claude/replay.js';

export interface ReplayRequest {
  readonly tape: Cassette;
  /** Tasks that are replayed with recorded answers alone; those after it ask anew. undefined: all are replayed. */
  readonly recordedTasks: number | undefined;
  /** Asked instead of the configured models; undefined: those. */
  readonly model: string | undefined;
  readonly signal: AbortSignal;
  readonly onTask?: (task: ReplayedTask) => void;
}

/**
 * Replays a cassette: with no network and for nothing, or from a chosen task on with a model, to compare.
 * @throws InvalidConfiguration where a model is to be asked and there is no key
 */
export async function replayCassette(config: Config, sandbox: Sandbox, request: ReplayRequest): Promise<ReplayedTask[]> {
  const { tape, recordedTasks, model, signal, onTask } = request;
  const options = modelOptions(model === undefined ? config : { ...config, ANTHROPIC_MODEL: model, MODELS: undefined }, sandbox);
  const brain = (live: boolean): ClaudeBrain => {
    if (!live) return new ClaudeBrain({ ...options, ask: () => Promise.reject(new NotOnCassette()) });
    const { ANTHROPIC_API_KEY: apiKey } = config;
    if (apiKey === undefined) throw new InvalidConfiguration(['ANTHROPIC_API_KEY is needed to ask a model anew']);
    const client = new ModelClient({ apiKey, baseUrl: config.ANTHROPIC_BASE_URL, idleMs: config.MODEL_IDLE_SECONDS * 1_000 });
    return new ClaudeBrain({ ...options, ask: (asked, hear) => client.ask(asked, hear) });
  };
  const purse = { reserve: () => Promise.resolve(() => Promise.resolve()) };
  return replay(
    tape,
    brain,
    { signal, progress: () => Promise.resolve(), model: { purse, onText: () => undefined, onToolCall: () => undefined, onWait: () => undefined } },
    { recordedTasks, ...(onTask ? { onTask } : {}) },
  );
}
