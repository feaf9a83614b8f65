import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { io, type Socket } from 'socket.io-client';
import request from 'supertest';
import type { DataSource } from 'typeorm';
import { Catalog, DATABASE, Doorbell, EventLog, JobQueueModule, parseEnvironment, PlatformModule, ProjectionRunner, type Config } from '#platform';
import type { StreamMessage } from '#contracts';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { API_OPTIONS, configureApi, listen } from '../../apps/api/src/configure.js';
import { ACCESS_TOKEN, accessTokenKey } from '../../libs/identity/src/jwt.strategy.js';
import type { TestPostgres } from '../support/postgres.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';

export interface Person {
  readonly user_id: string;
  readonly access_token: string;
}

/** The API as its own process has it, with the projections that a worker would run. */
export class ApiServer {
  private constructor(
    readonly app: NestExpressApplication,
    readonly url: string,
    readonly config: Config,
    private readonly projections: ProjectionRunner,
  ) {}

  /** @param follows whether the read models follow the log */
  static async start(postgres: Pick<TestPostgres, 'createDatabase'>, changes: Partial<Config> = {}, follows = true): Promise<ApiServer> {
    const DATABASE_URL = await postgres.createDatabase();
    const config = {
      ...parseEnvironment({ PORT: '0', DATABASE_URL, JWT_SECRET: SECRET, MASTER_KEY: SECRET }),
      ...changes,
    } as Config;
    const testing = await Test.createTestingModule({
      imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), ApiModule],
    }).compile();
    const app = testing.createNestApplication<NestExpressApplication>({ ...API_OPTIONS, logger: ['fatal', 'error'] });
    configureApi(app);
    const url = await listen(app, config);
    const projections = new ProjectionRunner(app.get<DataSource>(DATABASE), app.get(EventLog), app.get(Doorbell), app.get(Catalog).projections);
    if (follows) await projections.start();
    return new ApiServer(app, url, config, projections);
  }

  async stop(): Promise<void> {
    await this.projections.stop();
    await this.app.close();
  }

  get(path: string, as?: Person): request.Test {
    return authorised(request(this.url).get(`/api/v1${path}`), as);
  }

  post(path: string, body: unknown, as?: Person): request.Test {
    return authorised(request(this.url).post(`/api/v1${path}`), as).send(body as object);
  }

  async register(): Promise<Person> {
    const { body } = await this.post('/auth/register', { email: `ada-${randomUUID()}@example.org`, password: 'a-long-password' }).expect(201);
    return body as Person;
  }

  async createProject(as: Person, product_idea = 'An app for our tool library.'): Promise<{ project_id: string; run_id: string }> {
    const { body } = await this.post('/projects', { product_idea }, as).expect(201);
    return body as { project_id: string; run_id: string };
  }

  /** A token as the server issues them, good for this many seconds. */
  tokenFor({ user_id }: Person, seconds: number): Promise<string> {
    const { algorithm, typ, issuer, audience } = ACCESS_TOKEN;
    const header = { alg: algorithm, typ, kid: accessTokenKey(this.config).kid };
    return this.app
      .get(JwtService, { strict: false })
      .signAsync({}, { algorithm, issuer, audience, subject: user_id, jwtid: randomUUID(), expiresIn: seconds, header });
  }
}

const authorised = (test: request.Test, as?: Person): request.Test => (as ? test.set('Authorization', `Bearer ${as.access_token}`) : test);

/** A client of the live stream that keeps what it was sent. */
export class StreamClient {
  readonly messages: StreamMessage[] = [];
  readonly closings: { project_id?: string; problem: { code: string } }[] = [];

  private constructor(readonly socket: Socket) {
    socket.on('message', (message: StreamMessage) => this.messages.push(message));
    socket.on('closing', (closing) => this.closings.push(closing));
  }

  static async connect(url: string, token: unknown, options: object = {}): Promise<StreamClient> {
    const socket = io(url, { path: '/ws', auth: { token }, reconnection: false, forceNew: true, ...options });
    const client = new StreamClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return client;
  }

  ask(event: string, body: unknown): Promise<any> {
    return this.socket.timeout(10_000).emitWithAck(event, body);
  }

  get positions(): string[] {
    return this.messages.map(({ position }) => position!);
  }
}

/** Waits until the condition holds. */
export async function eventually(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 20))) if (await holds()) return;
  throw new Error(`this did not come true within ${ms} ms: ${holds.toString()}`);
}
