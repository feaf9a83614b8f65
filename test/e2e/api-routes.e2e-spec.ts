import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { MESSAGE_METADATA } from '@nestjs/websockets/constants.js';
import request from 'supertest';
import { OPERATOR_ROUTE, PUBLIC_ROUTE } from '#platform';
import { StreamGateway } from '../../apps/api/src/stream.gateway.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { ApiServer, type Person } from './api-server.js';

interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly open: boolean;
  /** Takes the operator token, and no other. */
  readonly operator: boolean;
}

/** What needs no token, on purpose. */
const PUBLIC = [
  'get /api/v1/audit/keys',
  'get /api/v1/downloads/{token}',
  'get /api/v1/healthz',
  'post /api/v1/auth/login',
  'post /api/v1/auth/refresh',
  'post /api/v1/auth/register',
];

/** What needs the operator token, and takes no token of a person. */
const OPERATOR = [
  'get /api/v1/operations/projections',
  'get /api/v1/operations/projections/{name}',
  'post /api/v1/operations/audit/rotate-key',
  'post /api/v1/operations/projections/{name}/rebuild',
  'post /api/v1/operations/projections/{name}/retry',
  'post /api/v1/operations/projections/{name}/skip',
];

let postgres: TestPostgres;
let server: ApiServer;
let ada: Person;
let routes: Route[];

beforeAll(async () => {
  postgres = await startPostgres();
  server = await ApiServer.start(postgres);
  ada = await server.register();
  routes = routesOf(server);
}, POSTGRES_START_MS);

afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

/** Every route of every controller, from the metadata by which Nest itself makes them. */
function routesOf({ app }: ApiServer): Route[] {
  const found: Route[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as new () => unknown;
      const base: string = Reflect.getMetadata(PATH_METADATA, controller);
      for (const name of Object.getOwnPropertyNames(controller.prototype)) {
        const handler = (controller.prototype as Record<string, any>)[name];
        const method = Reflect.getMetadata(METHOD_METADATA, handler);
        if (method === undefined) continue;
        const parts = ['api/v1', base, Reflect.getMetadata(PATH_METADATA, handler)].flatMap((part: string) => part.split('/')).filter(Boolean);
        found.push({
          method: RequestMethod[method as number]!.toLowerCase() as Route['method'],
          path: `/${parts.map((part) => part.replace(/^[:*](.*)$/, '{$1}')).join('/')}`,
          open: Reflect.getMetadata(PUBLIC_ROUTE, handler) ?? Reflect.getMetadata(PUBLIC_ROUTE, controller) ?? false,
          operator: Reflect.getMetadata(OPERATOR_ROUTE, handler) ?? Reflect.getMetadata(OPERATOR_ROUTE, controller) ?? false,
        });
      }
    }
  }
  return found;
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const call = ({ method, path }: Route, token?: string): request.Test => {
  const test = request(server.url)[method](path.replaceAll(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000'));
  return token === undefined ? test : test.set('Authorization', `Bearer ${token}`);
};

describe('routes', () => {
  it('are all found', () => {
    expect(routes.length).toBeGreaterThan(35);
  });

  it('are open only where that was meant', () => {
    expect(
      routes
        .filter(({ open }) => open)
        .map(nameOf)
        .sort(),
    ).toEqual(PUBLIC);
  });

  it('answer 401 without a token, with an expired one and with a broken one', async () => {
    const expired = await server.tokenFor(ada, -1);
    for (const route of routes.filter(({ open }) => !open))
      for (const token of [undefined, expired, `${ada.access_token.slice(0, -4)}AAAA`]) {
        const { status, body, headers } = await call(route, token);
        expect([nameOf(route), status, body.code, headers['content-type']]).toEqual([
          nameOf(route),
          401,
          'unauthenticated',
          'application/problem+json; charset=utf-8',
        ]);
      }
  });

  it('of operators are those that were meant, and take no token of a person, even where no operator token is set', async () => {
    const operators = routes.filter(({ operator }) => operator);
    expect(operators.map(nameOf).sort()).toEqual(OPERATOR);
    for (const route of operators)
      for (const token of [ada.access_token, 'undefined', 'a-secret-of-the-tests-that-is-long-enough'])
        expect([nameOf(route), (await call(route, token)).status]).toEqual([nameOf(route), 401]);
  });

  it('answer a stranger to everything with a refusal and never with a failure', async () => {
    for (const route of routes.filter(({ path }) => path.includes('{'))) {
      const { status } = await call(route, ada.access_token);
      expect([nameOf(route), status]).toEqual([nameOf(route), expect.any(Number)]);
      expect([nameOf(route), status >= 400 && status < 500]).toEqual([nameOf(route), true]);
    }
  });
});

describe('socket events', () => {
  it('are those that the stream specification tries without permission', () => {
    const names = Object.getOwnPropertyNames(StreamGateway.prototype);
    const handlers = names.map((name) => (StreamGateway.prototype as unknown as Record<string, unknown>)[name]);
    const events = handlers.filter((one) => typeof one === 'function').map((one) => Reflect.getMetadata(MESSAGE_METADATA, one));
    expect(events.filter((event) => event !== undefined).sort()).toEqual(['chat', 'subscribe', 'unsubscribe']);
  });
});

describe('the interface description', () => {
  it('lists every route, says which need a token and that all may be refused', async () => {
    const { body: document } = await request(server.url).get('/api/docs-json').expect(200);
    const listed = Object.entries<any>(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    expect(listed.sort()).toEqual(routes.map(nameOf).sort());
    for (const route of routes) {
      const operation = document.paths[route.path][route.method];
      expect([nameOf(route), operation.security !== undefined]).toEqual([nameOf(route), !route.open]);
      expect(operation.responses.default.content).toHaveProperty('application/problem+json');
    }
  });

  it('is a page made of files of this server alone', async () => {
    const page = await request(server.url).get('/api/docs').expect(200).expect('Content-Type', /html/);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources)
      await request(server.url)
        .get(new URL(source, `${server.url}/api/docs`).pathname)
        .expect(200);
  });
});
