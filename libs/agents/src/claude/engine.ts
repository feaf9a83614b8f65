import { readFileSync } from 'node:fs';
import type { AgentType } from '#contracts';
import { InvalidConfiguration, type Config } from '#platform';
import type { Sandbox } from '#sandbox';
import { ClaudeBrain, type ClaudeOptions } from './claude-brain.js';
import { ModelClient } from './model-client.js';
import type { ModelHealth } from './model-health.js';
import type { ModelChoice, RoleModels } from './models.js';
import { priceTable, type PriceTable } from './prices.js';

/** Dollars for a million tokens, as published on the day; MODEL_PRICES replaces the table. */
const PUBLISHED: PriceTable = {
  as_of: '2026-11-01',
  models: [
    { model: 'claude-opus', input: 5, cache_write: 6.25, cache_read: 0.5, output: 25 },
    { model: 'claude-sonnet', input: 3, cache_write: 3.75, cache_read: 0.3, output: 15 },
    { model: 'claude-haiku', input: 1, cache_write: 1.25, cache_read: 0.1, output: 5 },
  ],
};

/** True where the configuration says that Claude thinks. */
export const usesClaude = (config: Pick<Config, 'AGENT_ENGINE' | 'ANTHROPIC_API_KEY'>): boolean =>
  config.AGENT_ENGINE === 'claude' || (config.AGENT_ENGINE === undefined && config.ANTHROPIC_API_KEY !== undefined);

/**
 * The brain that asks Claude, as the configuration describes it.
 * @throws InvalidConfiguration where there is no key, or the price table cannot be read
 */
export function claudeBrain(config: Config, sandbox: Sandbox, health: ModelHealth): ClaudeBrain {
  const { ANTHROPIC_API_KEY: apiKey } = config;
  if (apiKey === undefined)
    throw new InvalidConfiguration(['ANTHROPIC_API_KEY is needed where AGENT_ENGINE is claude: set it, or set AGENT_ENGINE=template']);
  const client = new ModelClient({ apiKey, baseUrl: config.ANTHROPIC_BASE_URL, idleMs: config.MODEL_IDLE_SECONDS * 1_000 });
  return new ClaudeBrain({ ...modelOptions(config, sandbox), ask: (request, hear) => health.watch(client.ask(request, hear)) });
}

/** Everything that a brain needs but somebody who answers. */
export const modelOptions = (config: Config, sandbox: Sandbox): Omit<ClaudeOptions, 'ask'> => ({
  models: roleModels(config),
  prices: prices(config.MODEL_PRICES),
  sandbox,
  codersAtOnce: config.CODERS_AT_ONCE,
  secrets: [config.JWT_SECRET, config.MASTER_KEY, ...(config.ANTHROPIC_API_KEY === undefined ? [] : [config.ANTHROPIC_API_KEY])],
});

/** Which model each role asks, and how. */
export function roleModels(config: Pick<Config, 'ANTHROPIC_MODEL' | 'MODELS' | 'FALLBACK_MODEL' | 'MODEL_EFFORT' | 'MODEL_MAX_TOKENS'>): RoleModels {
  const named = new Map((config.MODELS ?? '').split(',').map((one) => one.split('=') as [string, string]));
  const choice = (role: AgentType): ModelChoice => ({
    model: named.get(role) ?? config.ANTHROPIC_MODEL,
    max_tokens: config.MODEL_MAX_TOKENS,
    effort: config.MODEL_EFFORT ?? null,
    fallback: config.FALLBACK_MODEL ?? null,
  });
  return { analyst: choice('analyst'), architect: choice('architect'), coder: choice('coder'), qa: choice('qa') };
}

function prices(file: string | undefined): PriceTable {
  if (file === undefined) return PUBLISHED;
  try {
    return priceTable.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new InvalidConfiguration(['MODEL_PRICES must name a readable file with a price table; docs/models.md shows its form']);
  }
}
