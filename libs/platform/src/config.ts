import { z } from 'zod';
import { eventStoreDbUrlProblem } from './eventstoredb-url.js';

/**
 * Every setting, from the environment, parsed once at boot. `--help`, `.env.example` and the README's table are
 * generated from this schema.
 */

const port = z.coerce.number().int().min(0).max(65_535);
const positive = (fallback: number, most = 1_000_000) => z.coerce.number().int().min(1).max(most).default(fallback);
const optionalUrl = (protocols: readonly string[]) =>
  z
    .string()
    .refine((value) => protocols.some((protocol) => value.startsWith(`${protocol}://`)) && URL.canParse(value), {
      message: `must be a URL beginning with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    })
    .optional();
const eventStoreUrl = z
  .string()
  .superRefine((value, context) => {
    const message = eventStoreDbUrlProblem(value);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .optional();
const secret = z
  .string()
  .refine((value) => Buffer.byteLength(value) >= 32, 'must be at least 32 bytes; make one with: openssl rand -base64 48')
  .optional();

export const configSchema = z.object({
  PORT: port.default(3000).describe('port of the one HTTP server (0: any free port)'),
  HOST: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  DATA_DIR: z.string().min(1).default('.countersign').describe('folder for the embedded database, keys and sandboxes'),
  DATABASE_URL: optionalUrl(['postgres', 'postgresql']).describe('PostgreSQL to use instead of the embedded one'),
  EVENT_STORE_URL: eventStoreUrl.describe('EventStoreDB or KurrentDB (esdb://…) for the event log instead of PostgreSQL'),
  REDIS_URL: optionalUrl(['redis', 'rediss']).describe('Redis for the agents’ jobs instead of PostgreSQL'),
  JWT_SECRET: secret.describe('signs tokens and download links, 32 bytes or more; made and kept in DATA_DIR where none is given'),
  MASTER_KEY: secret.describe(
    'wraps the keys under which what people wrote is sealed, 32 bytes or more; made and kept in DATA_DIR where none is given; without it nobody can read anything',
  ),
  MASTER_KEY_PREVIOUS: secret.describe('the MASTER_KEY until now, given once where it is replaced by another'),
  OPERATOR_TOKEN: secret
    .refine((value) => value === undefined || /^[\x21-\x7e]+$/.test(value), 'must be visible ASCII characters without spaces')
    .describe('bearer token of operators, 32 bytes or more; npm start makes and keeps one in DATA_DIR where none is given'),
  REGISTRATION: z.enum(['open', 'closed']).default('open').describe('whether anyone may register an account'),
  AGENT_ENGINE: z
    .enum(['template', 'claude'])
    .optional()
    .describe('who thinks: rules and templates, or Claude; claude where ANTHROPIC_API_KEY is set, else template'),
  ANTHROPIC_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{8,400}$/, 'must be a key without spaces')
    .optional()
    .describe('key for Claude'),
  ANTHROPIC_BASE_URL: optionalUrl(['http', 'https']).describe('a server that speaks the Messages API, instead of Anthropic’s own'),
  ANTHROPIC_MODEL: z.string().min(1).max(100).default('claude-sonnet-5-5').describe('model of every role that MODELS does not name'),
  MODELS: z
    .string()
    .regex(/^((analyst|architect|coder|qa)=[\w.:-]{1,100}(,|$))+$/, 'must look like coder=claude-opus-5-5,qa=claude-haiku-5-5')
    .optional()
    .describe('models of single roles, such as coder=claude-opus-5-5,qa=claude-haiku-5-5'),
  FALLBACK_MODEL: z.string().min(1).max(100).optional().describe('model that is asked where another stays overloaded'),
  MODEL_EFFORT: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional().describe('how much effort a model puts in; its own where none is given'),
  MODEL_MAX_TOKENS: z.coerce.number().int().min(256).max(128_000).default(16_000).describe('longest answer of a model, in tokens'),
  MODEL_IDLE_SECONDS: positive(90, 3_600).describe('longest silence of a model before the request counts as failed'),
  MODEL_PRICES: z.string().min(1).optional().describe('file with the prices of models, JSON in the form that docs/models.md shows'),
  BUDGET_RUN_USD: z.coerce.number().min(0).max(1_000_000).default(10).describe('most that one run may spend on models before a person is asked'),
  BUDGET_PROJECT_USD: z.coerce
    .number()
    .min(0)
    .max(1_000_000)
    .default(50)
    .describe('most that one project may spend on models before a person is asked'),
  BUDGET_DAY_USD: z.coerce.number().min(0).max(1_000_000).default(50).describe('most that one person’s projects may spend on models in a day (UTC)'),
  CODERS_AT_ONCE: z.coerce.number().int().min(1).max(6).default(4).describe('tasks of one plan that are written at a time'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info').describe('what is logged'),
  RUN_MINUTES: positive(45).describe('longest a run may work, in minutes; queued, paused and waiting time does not count'),
  FIX_ROUNDS: z.coerce.number().int().min(0).max(50).default(4).describe('how often defects go back to the coder'),
  ARTIFACT_MAX_MB: positive(350).describe('largest artifact, in MB'),
  RUNNING_RUNS_PER_USER: positive(2).describe('runs of one person that work at a time; more are queued'),
  DAILY_RUNS_PER_USER: positive(5).describe('runs that one person may start in 24 hours'),
  WORKERS: positive(30, 1_000).describe('agents at work at a time, over all people, per worker process'),
  RETRY_SECONDS: z
    .string()
    .regex(/^\d{1,5}(,\d{1,5}){0,9}$/, 'must be seconds separated by commas, such as 20,60,180')
    .default('20,60,180')
    .describe('pauses before a task that failed in passing is tried again, in seconds'),
  SIGNED_URL_MINUTES: positive(15, 1_440).describe('how long a download link is good, in minutes'),
  AUDIT_HEAD_EVENTS: positive(1_000).describe('events after which the heads of the chains are signed'),
  AUDIT_HEAD_SECONDS: positive(60, 86_400).describe('seconds after which they are signed where there are fewer events'),
  ARTIFACTS_KEPT: positive(5, 1_000).describe('newest delivered artifacts kept for a project'),
});

export type Environment = z.infer<typeof configSchema>;

/** The parsed configuration, with the secrets that are always there once the process has booted. */
export type Config = Readonly<
  Omit<Environment, 'JWT_SECRET' | 'MASTER_KEY' | 'DATABASE_URL'> & {
    JWT_SECRET: string;
    MASTER_KEY: string;
    DATABASE_URL: string;
    REDIS_URL?: string | undefined;
  }
>;
export const CONFIG = Symbol('Config');

export class InvalidConfiguration extends Error {
  constructor(problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'InvalidConfiguration';
  }
}

/**
 * Parses the environment. Empty variables count as absent.
 * @throws InvalidConfiguration naming every bad variable and no value
 */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in configSchema.shape && value !== undefined && value !== ''));
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new InvalidConfiguration(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message.replace(/^Invalid input: /, '')}`));
}

/**
 * The configuration of a process that shares database and secrets with others.
 * @throws InvalidConfiguration where one of them is missing
 */
export function sharedConfig(environment: Environment): Config {
  const { DATABASE_URL, JWT_SECRET, MASTER_KEY } = environment;
  if (DATABASE_URL === undefined)
    throw new InvalidConfiguration(['DATABASE_URL is needed by processes that work together; only npm start brings a database of its own']);
  if (JWT_SECRET === undefined)
    throw new InvalidConfiguration([
      'JWT_SECRET is needed by processes that work together, the same for all; make one with: openssl rand -base64 48',
    ]);
  if (MASTER_KEY === undefined)
    throw new InvalidConfiguration([
      'MASTER_KEY is needed by processes that work together, the same for all; make one with: openssl rand -base64 48, and keep it: without it nothing that people wrote can be read',
    ]);
  return { ...environment, DATABASE_URL, JWT_SECRET, MASTER_KEY };
}

/** Name, default and meaning of every setting, in order. */
export const settings = (): { name: string; fallback: string; meaning: string }[] =>
  Object.entries(configSchema.shape).map(([name, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input' }) as { default?: string | number; description?: string };
    return { name, fallback: json.default === undefined ? '' : String(json.default), meaning: json.description ?? schema.description ?? '' };
  });

export const retryDelaysMs = (config: Pick<Config, 'RETRY_SECONDS'>): number[] =>
  config.RETRY_SECONDS.split(',').map((seconds) => Number(seconds) * 1_000);
