import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Brains, type Brain, type SourceFile, type WrittenCode } from '#agents';
import { CountersignClient, type Project } from '#client';
import { databaseSchema, isTerminal, type GateKind, type ImplementationPlan, type RunStatus, type SoftwareSpecification } from '#contracts';
import { JobQueueModule, parseEnvironment, PlatformModule, type Config } from '#platform';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { API_OPTIONS, configureApi, listen } from '../../apps/api/src/configure.js';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { TemplateBrain } from '../../libs/agents/src/template/index.js';
import { tokenOf } from './oracle.js';
import { startPostgres, type TestPostgres } from './postgres.js';
import { newPerson, PASSWORD, until } from './server.js';

const CLOSE_MS = 20_000;
const SECRET = 'a-secret-of-the-tests-that-is-long-enough';

export interface AppOptions {
  /** What thinks instead of the template engine, in whole or in part. */
  readonly brain?: Partial<Brain> | ((template: Brain) => Brain);
  readonly env?: Readonly<Record<string, string>>;
  /** Fills the database before anything looks into it. */
  readonly prepare?: (databaseUrl: string) => Promise<void>;
  /** Shared by several applications of one spec, each with a database of its own; one is started where none is given. */
  readonly postgres?: TestPostgres;
}

/** What `npm start` composes, in this process, on a database and in a folder of its own. */
export class TestApp {
  private constructor(
    private readonly nest: NestExpressApplication,
    private readonly brain: ChangingBrain,
    readonly url: string,
    readonly folder: string,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start({ brain = {}, env = {}, postgres, prepare }: AppOptions): Promise<TestApp> {
    const server = postgres ?? (await startPostgres());
    const folder = await mkdtemp(join(tmpdir(), 'countersign-app-'));
    const cleanUp = async () => {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
      if (!postgres) await server.stop();
    };
    try {
      const DATABASE_URL = await server.createDatabase();
      await prepare?.(DATABASE_URL);
      // Every run of every test counts against the same few people.
      const generous = { DAILY_RUNS_PER_USER: '1000', RUNNING_RUNS_PER_USER: '100', RETRY_SECONDS: '0,0,0' };
      const fixed = { PORT: '0', DATABASE_URL, DATA_DIR: join(folder, 'data'), JWT_SECRET: SECRET, MASTER_KEY: SECRET };
      const config = parseEnvironment({ ...generous, ...env, ...fixed }) as Config;
      const changing = new ChangingBrain(brain);
      const testing = await Test.createTestingModule({
        imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), ApiModule, WorkerModule],
      })
        .overrideProvider(Brains)
        .useValue({ of: () => changing })
        .compile();
      const nest = testing.createNestApplication<NestExpressApplication>({ ...API_OPTIONS, logger: ['fatal', 'error'] });
      configureApi(nest);
      return new TestApp(nest, changing, await listen(nest, config), folder, cleanUp);
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  /** From now on this thinks; what it leaves out the template engine does. */
  think(brain: AppOptions['brain'] = {}): void {
    this.brain.change(brain);
  }

  /** A provider of the application. */
  get<T>(token: string | symbol | (new (...args: never[]) => T)): T {
    return this.nest.get<T>(token, { strict: false });
  }

  async newPerson(): Promise<Person> {
    return new Person(this.url, await newPerson(this.url));
  }

  /** Somebody who has an account already. */
  async person(email: string): Promise<Person> {
    const anybody = new CountersignClient({ baseUrl: this.url });
    const { access_token } = await anybody.login({ email, password: PASSWORD });
    return new Person(this.url, anybody.withToken(access_token));
  }

  /** Ends it and removes what it wrote, also where something in it does not end. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the application did not close within ${CLOSE_MS} ms`)), CLOSE_MS);
    });
    try {
      await Promise.race([this.nest.close(), late]);
    } finally {
      clearTimeout(timer);
      await this.cleanUp();
    }
  }
}

export const startApp = (options: AppOptions = {}): Promise<TestApp> => TestApp.start(options);

class ChangingBrain implements Brain {
  readonly name = 'test';
  private readonly template = new TemplateBrain();
  private current: Brain = this.template;

  constructor(brain: NonNullable<AppOptions['brain']>) {
    this.change(brain);
  }

  change(brain: NonNullable<AppOptions['brain']>): void {
    const { template } = this;
    const own = typeof brain === 'function' ? brain(template) : brain;
    this.current = {
      name: 'test',
      converse: (...given) => (own.converse ? own.converse(...given) : template.converse(...given)),
      specify: (...given) => (own.specify ? own.specify(...given) : template.specify(...given)),
      plan: (...given) => (own.plan ? own.plan(...given) : template.plan(...given)),
      write: (...given) => (own.write ? own.write(...given) : template.write(...given)),
      repair: (...given) => (own.repair ? own.repair(...given) : template.repair(...given)),
      suspects: (...given) => (own.suspects ? own.suspects(...given) : template.suspects(given[0], given[1])),
    };
  }

  readonly converse: Brain['converse'] = (...given) => this.current.converse(...given);
  readonly specify: Brain['specify'] = (...given) => this.current.specify(...given);
  readonly plan: Brain['plan'] = (...given) => this.current.plan(...given);
  readonly write: Brain['write'] = (...given) => this.current.write(...given);
  readonly repair: Brain['repair'] = (...given) => this.current.repair(...given);
  readonly suspects: Brain['suspects'] = (...given) => this.current.suspects(...given);
}

export interface Answer {
  readonly status: number;

  readonly body: any;
}

/** Somebody with an account, and what they do over and over. */
export class Person {
  constructor(
    readonly url: string,
    readonly client: CountersignClient,
  ) {}

  get token(): string {
    return tokenOf(this.client);
  }

  /** One request as it is, whatever its answer. */
  async ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const reply = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? null : JSON.parse(text) };
  }

  /** Waits for a status; a run that ends with another one is the end of the wait. */
  async reaches(projectId: string, ...wanted: RunStatus[]): Promise<Project> {
    return until(`${projectId} to be ${wanted.join(' or ')}`, async () => {
      const project = await this.client.getProject(projectId);
      if (wanted.includes(project.status)) return project;
      if (isTerminal(project.status))
        throw new Error(`the run is ${project.status} (${project.reason ?? project.warnings.join('; ')}), and not ${wanted.join(' or ')}`);
      return false;
    });
  }

  /** The gate that waits for an answer, once there is one of that kind. */
  async gate(projectId: string, kind: GateKind) {
    const found = await until(`the ${kind} gate`, async () => {
      const { status, reason, hitl_requests } = await this.client.getProject(projectId);
      if (isTerminal(status)) throw new Error(`the run is ${status} (${reason ?? ''}) before its ${kind} gate`);
      return hitl_requests.find((gate) => gate.gate === kind && gate.status === 'pending');
    });
    return this.client.getHitl(found.request_id);
  }

  async approve(projectId: string, kind: GateKind): Promise<void> {
    const { request_id, content_hash } = await this.gate(projectId, kind);
    await this.client.respond(request_id, { action: 'approve', content_hash });
  }
}

const CRITERION = { id: 'AC-1', text: 'Two and three make five.', source: null };

const SPECIFICATION: SoftwareSpecification = {
  core_idea: 'A calculator.',
  requirements: ['It adds two numbers.'],
  user_stories: [],
  high_level_features: [],
  acceptance_criteria: [CRITERION],
  open_questions: [],
  out_of_scope: [],
};

const PLAN: ImplementationPlan = {
  core_idea: 'A calculator.',
  architecture_diagram_url: 'data:image/svg+xml,<svg/>',
  database_schema: databaseSchema.parse({
    title: 'Calculator',
    entities: [
      {
        name: 'sum',
        label: 'sum',
        label_plural: 'sums',
        fields: [{ name: 'total', label: 'total', type: 'number', required: true, unique: false, choices: [], target: null }],
      },
    ],
    computed: [],
    auth: { sign_in: false },
    not_included: [],
  }),
  tech_stack: ['Node.js'],
  task_breakdown: [{ id: 'T-1', title: 'Add', depends_on: [], files: ['sum.mjs', 'test.mjs', 'app.mjs'] }],
  acceptance_criteria: [CRITERION],
};

const SERVER = `import { createServer } from 'node:http';
const server = createServer((_, answer) => answer.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const TEST = `import assert from 'node:assert';
import { sum } from './sum.mjs';
for (const [a, b, expected] of [[2, 2, 4], [2, 3, 5]]) {
  const found = sum(a, b);
  assert.strictEqual(found, expected, \`sum.mjs: sum(\${a}, \${b}) is \${found}, not \${expected}\`);
}
console.log('TAP version 13\\nok 1 - adds two numbers');
`;

export const operation = (operator: string): string => `export const sum = (a, b) => a ${operator} b;\n`;

/** The code of a calculator that a sandbox is done with in a moment. */
export function calculator(operator = '+', change: { commands?: Partial<WrittenCode['commands']>; files?: readonly SourceFile[] } = {}): WrittenCode {
  return {
    files: [
      { path: 'sum.mjs', content: operation(operator) },
      { path: 'test.mjs', content: TEST },
      { path: 'app.mjs', content: SERVER },
      ...(change.files ?? []),
    ],
    commands: { install: 'true', build: null, lint: null, test: 'node test.mjs', start: 'exec node app.mjs', ...change.commands },
    coverage: [{ criterion_id: 'AC-1', test: 'adds two numbers' }],
    acceptance_criteria: [CRITERION],
  };
}

/** Answers at once, and asks nothing; the calculator works. */
export const plainBrain = (change: Partial<Brain> = {}): Partial<Brain> => ({
  converse: ({ purpose, messages }) =>
    Promise.resolve({
      message: purpose === 'answer' ? `You wrote: ${messages.at(-1)?.content ?? ''}` : 'That is enough.',
      questions: [],
      ready: true,
    }),
  specify: () => Promise.resolve(SPECIFICATION),
  plan: () => Promise.resolve(PLAN),
  write: () => Promise.resolve(calculator()),
  repair: () => Promise.resolve(calculator()),
  ...change,
});
