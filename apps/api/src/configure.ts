import type { AddressInfo } from 'node:net';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { dtoPipe, ProblemFilter, type Config } from '#platform';
import { serveOpenApi } from './openapi.js';
import { jsonOnly, nothingThere, requestId, safeInput, securityHeaders } from './request-checks.js';

const LARGEST_BODY = '4mb';

/** Options with which an application that serves the API is created: `configureApi` brings its own body parser. */
export const API_OPTIONS = { bodyParser: false, abortOnError: false } as const satisfies NestApplicationOptions;

/** Everything between the network and the controllers. Call it before `listen`; an app created without `API_OPTIONS` works, too. */
export function configureApi(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.setGlobalPrefix('api/v1');
  app.use(requestId, securityHeaders);
  app.use('/api', jsonOnly);
  app.useBodyParser('json', { limit: LARGEST_BODY });
  app.use('/api', safeInput);
  app.useGlobalPipes(dtoPipe());
  app.useGlobalFilters(new ProblemFilter());
  app.useWebSocketAdapter(new IoAdapter(app));
  serveOpenApi(app);
}

/**
 * Begins to listen where the configuration says.
 * @returns the address under which a person on this machine reaches the server
 */
export async function listen(app: NestExpressApplication, { HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): Promise<string> {
  await app.init();
  app.use(nothingThere);
  await app.listen(PORT, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = ['0.0.0.0', '::', ''].includes(HOST) ? 'localhost' : HOST.includes(':') ? `[${HOST}]` : HOST;
  return `http://${host}:${port}`;
}
