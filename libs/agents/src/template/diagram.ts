import type { DatabaseSchema, Entity, Field } from '#contracts';
import { describeType } from './requirements/requirements.js';
import { capital } from './language/words.js';

/*
 * The entity diagram of a plan as SVG: one box per kind of record with its fields, what is worked out from them and its
 * states; what is pointed at stands to the left of what points.
 */

const WIDTH = 264;
const GAP_X = 110;
const GAP_Y = 36;
const HEAD = 40;
const ROW = 26;
const CHIP = 24;
const MARGIN = 32;
const TITLE = 52;

interface Box {
  readonly entity: Entity;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
const clip = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** The diagram of a model as a data URL. */
export const diagramUrl = (schema: DatabaseSchema): string =>
  `data:image/svg+xml;base64,${Buffer.from(diagramSvg(schema), 'utf8').toString('base64')}`;

/** The diagram of a model as SVG text. */
export function diagramSvg(schema: DatabaseSchema): string {
  const boxes = layOut(schema);
  const width = Math.max(...boxes.map((box) => box.x + WIDTH)) + MARGIN;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN + 24;
  const links = boxes.flatMap((box) => box.entity.fields.map((field, row) => linkOf(boxes, box, field, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" role="img" aria-label="${escape(`Entity diagram of ${schema.title}`)}">
<rect width="${width}" height="${height}" fill="#f7f7fb"/>
<text x="${MARGIN}" y="36" font-size="20" font-weight="700" fill="#23233b">${escape(clip(schema.title, Math.max(20, Math.floor(width / 13))))}</text>
${links.join('')}${boxes.map((box) => drawBox(schema, box)).join('')}${legend(schema, height)}</svg>
`;
}

/** Explains the signs that this diagram uses. */
function legend({ entities }: DatabaseSchema, height: number): string {
  const signs = [
    ...(entities.some((entity) => entity.fields.some((field) => field.required)) ? ['* required'] : []),
    ...(entities.some((entity) => entity.values.length > 0) ? ['= worked out'] : []),
    ...(entities.some((entity) => entity.lifecycle) ? ['→ next state'] : []),
  ];
  return `<text x="${MARGIN}" y="${height - 18}" font-size="12" fill="#6b6a85">${signs.join(' · ')}</text>\n`;
}

/** Columns by how far a list is from those that point at nothing. */
function layOut(schema: DatabaseSchema): Box[] {
  const level = (entity: Entity, seen: readonly string[]): number => {
    const targets = entity.fields.flatMap((field) =>
      schema.entities.filter((one) => one.name === field.target && one.name !== entity.name && !seen.includes(one.name)),
    );
    return targets.length === 0 ? 0 : 1 + Math.max(...targets.map((target) => level(target, [...seen, entity.name])));
  };
  const alone = schema.entities.every((entity) => entity.fields.every((field) => field.target === null));
  const bottoms: number[] = [];
  return schema.entities.map((entity, index) => {
    const column = alone ? index % 3 : Math.min(level(entity, []), 5);
    const y = bottoms[column] ?? MARGIN + TITLE - 12;
    const states = statesOf(entity).length;
    const height = HEAD + (entity.fields.length + entity.values.length) * ROW + (states > 0 ? states * CHIP + 18 : 0) + 10;
    bottoms[column] = y + height + GAP_Y;
    return { entity, x: MARGIN + column * (WIDTH + GAP_X), y, height };
  });
}

const rowY = (box: Box, row: number): number => box.y + HEAD + row * ROW + ROW / 2 + 4;

function linkOf(boxes: readonly Box[], from: Box, field: Field, row: number): string {
  const to = boxes.find((box) => box.entity.name === field.target);
  if (!to) return '';
  const y = rowY(from, row);
  const targetY = to.y + HEAD / 2;
  const style = `fill="none" stroke="#8584b8" stroke-width="1.8"`;
  const many = field.type === 'references';
  const x2 = to.x + WIDTH;
  if (to.x < from.x) {
    const bend = Math.max(46, (from.x - x2) / 2);
    return `<path d="M${from.x} ${y} C${from.x - bend} ${y} ${x2 + bend} ${targetY} ${x2 + 9} ${targetY}" ${style}/>${arrow(x2, targetY)}${label(from.x - 12, y - 6, many)}`;
  }
  const x1 = from.x + WIDTH;
  const out = Math.max(x1, x2) + 46;
  return `<path d="M${x1} ${y} C${out} ${y} ${out} ${targetY} ${x2 + 9} ${targetY}" ${style}/>${arrow(x2, targetY)}${label(x1 + 12, y - 6, many)}`;
}

const arrow = (x: number, y: number): string => `<path d="M${x + 1} ${y} l10 -5 v10 z" fill="#8584b8"/>`;
const label = (x: number, y: number, many: boolean): string =>
  many ? `<text x="${x}" y="${y}" font-size="12" fill="#5d5c8a" text-anchor="middle">n</text>` : '';

/** A line of a box: words on the left, what kind of thing they name on the right. */
const line = (x: number, y: number, left: string, right: string, color: string): string =>
  `<text x="${x + 16}" y="${y}" font-size="13.5" fill="${color}">${left}</text><text x="${x + WIDTH - 16}" y="${y}" font-size="12" fill="#6b6a85" text-anchor="end">${escape(clip(right, 20))}</text>`;

function drawBox(schema: DatabaseSchema, { entity, x, y, height }: Box): string {
  const fields = entity.fields.map((field, row) => {
    const mark = field.required ? '<tspan fill="#b3261e"> *</tspan>' : '';
    const type = `${typeOf(schema, field)}${field.unique ? ', unique' : ''}`;
    return line(x, y + HEAD + row * ROW + 21, `${escape(clip(field.label, 20))}${mark}`, type, '#2d2d44');
  });
  const values = entity.values.map((value, row) =>
    line(
      x,
      y + HEAD + (entity.fields.length + row) * ROW + 21,
      `= ${escape(clip(value.label, 22))}`,
      value.type === 'money' ? 'amount' : 'number',
      '#45439c',
    ),
  );
  return `<rect x="${x}" y="${y}" width="${WIDTH}" height="${height}" rx="12" fill="#fff" stroke="#d5d5e6"/>
<path d="M${x} ${y + HEAD} v-${HEAD - 12} a12 12 0 0 1 12 -12 h${WIDTH - 24} a12 12 0 0 1 12 12 v${HEAD - 12} z" fill="#45439c"/>
<text x="${x + 16}" y="${y + 26}" font-size="15" font-weight="700" fill="#fff">${escape(clip(capital(entity.label_plural), 26))}</text>
${[...fields, ...values].join('\n')}
${drawStates(entity, x, y + HEAD + (entity.fields.length + entity.values.length) * ROW + 10)}`;
}

function typeOf(schema: DatabaseSchema, field: Field): string {
  if (field.type === 'choice') return 'choice';
  if (field.type === 'reference') return '→ one';
  return field.type === 'references' ? '→ several' : describeType(schema, { ...field, required: false, unique: false });
}

const statesOf = (entity: Entity): readonly string[] => entity.fields.find((field) => field.name === entity.lifecycle?.field)?.choices ?? [];

/** The states of a record, each with those that may follow it. */
function drawStates(entity: Entity, x: number, y: number): string {
  const rows = statesOf(entity).map((state, row) => {
    const next = entity.lifecycle?.transitions.filter((step) => step.from === state).map((step) => step.to) ?? [];
    const name = clip(state, 16);
    const width = 18 + name.length * 6.6;
    const top = y + 10 + row * CHIP;
    const follows = next.length === 0 ? '' : `→ ${clip(next.join(', '), Math.max(4, Math.floor((WIDTH - 52 - width) / 6.2)))}`;
    return `<rect x="${x + 16}" y="${top}" width="${width}" height="19" rx="9.5" fill="#ececf8"/><text x="${x + 16 + width / 2}" y="${top + 13.5}" font-size="12" fill="#33326f" text-anchor="middle">${escape(name)}</text><text x="${x + 24 + width}" y="${top + 13.5}" font-size="12" fill="#6b6a85">${escape(follows)}</text>`;
  });
  return rows.length === 0 ? '' : `<path d="M${x + 16} ${y + 2} h${WIDTH - 32}" stroke="#e4e4f0"/>\n${rows.join('\n')}\n`;
}
