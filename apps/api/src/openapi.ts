import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

const DESCRIPTION = `From a product idea to tested software: every handoff typed, every decision countersigned by a person, every event on record.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Unknown fields are refused. Lists answer \`{items, next_cursor}\` and take \`?limit=&cursor=\`. Somebody else's object is 404. A GET right after a POST sees what it did. With an \`Idempotency-Key\` a repeated command answers the first result; the same key with another body is 422.

**Socket.IO at \`/ws\`**: \`io(url, {path: '/ws', auth: {token}})\`. Emit \`subscribe {project_id, after_position?}\`, \`unsubscribe {project_id}\` or \`chat {project_id, content}\`, each acknowledged with \`{ok: true, ...}\` or \`{ok: false, problem}\`. Stream messages \`{event_type, position, project_id, timestamp, payload}\` arrive as the event \`message\`: what was missed first, then live, each once and in order. \`closing {project_id?, problem}\` comes before the server ends a subscription or the connection.`;

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'stable; what a program branches on' },
    detail: { type: 'string', description: 'what a person can do about it' },
    errors: {
      type: 'array',
      items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
} as const;

const REFUSAL = { description: 'refused', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'makes the command repeatable: 1 to 255 visible ASCII characters',
  schema: { type: 'string', maxLength: 255 },
} as const;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The OpenAPI document of the application's routes. */
export function buildOpenApi(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Countersign')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth()
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'the operator token of the installation' }, 'operator')
    .build();
  const document = SwaggerModule.createDocument(app, config);
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: structuredClone(PROBLEM) as never } };
  for (const item of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      operation.responses = { ...operation.responses, default: REFUSAL };
      if (operation.security && method !== 'get') operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
    }
  }
  return document;
}

/** The document as a page at /api/docs and as JSON at /api/docs-json, made when it is first asked for. */
export function serveOpenApi(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'api/docs-json',
    raw: ['json'],
    customSiteTitle: 'Countersign API',
    swaggerOptions: { validatorUrl: null },
  });
}
