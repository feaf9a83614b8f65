import { source } from './source.js';

/** src/schema.js: what the app records, read from app.schema.json. */
export const schemaJs = source`import { readFileSync } from 'node:fs';

/** What the app records. Change app.schema.json to add a field or a list; pages, forms and API follow it. */
export const schema = JSON.parse(readFileSync(new URL('../app.schema.json', import.meta.url), 'utf8'));

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const slug = (text) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

for (const entity of schema.entities) entity.path = slug(entity.label_plural);
for (const computed of schema.computed) computed.path = slug(computed.label);

export const entities = schema.entities;
export const lists = schema.computed.filter((computed) => computed.kind === 'list');
export const totals = schema.computed.filter((computed) => computed.kind !== 'list');

export const entityNamed = (name) => entities.find((entity) => entity.name === name);
export const entityAt = (path) => entities.find((entity) => entity.path === path);
export const fieldOf = (entity, name) => entity.fields.find((field) => field.name === name);

export const isLink = (field) => field.type === 'reference' || field.type === 'references';

/** Every field, of any entity, that points at this entity. */
export const linksTo = (entity) =>
  entities.flatMap((from) =>
    from.fields.filter((field) => isLink(field) && field.target === entity.name).map((field) => ({ from, field })),
  );
`;
