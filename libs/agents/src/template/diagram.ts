import type { DatabaseSchema, Entity, Field } from '#contracts';
import { describeType } from './requirements/requirements.js';
import { capital } from './language/words.js';

/*
 * The entity diagram of a plan as SVG: one box per list of records, what is pointed at to the left of what points.
 */

const WIDTH = 250;
const GAP_X = 110;
const GAP_Y = 36;
const HEAD = 40;
const ROW = 26;
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
  const height = Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN;
  const links = boxes.flatMap((box) => box.entity.fields.map((field, row) => linkOf(boxes, box, field, row)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" role="img" aria-label="${escape(`Entity diagram of ${schema.title}`)}">
<rect width="${width}" height="${height}" fill="#f7f7fb"/>
<text x="${MARGIN}" y="36" font-size="20" font-weight="700" fill="#23233b">${escape(clip(schema.title, Math.max(20, Math.floor(width / 13))))}</text>
${links.join('')}${boxes.map((box) => drawBox(schema, box)).join('')}</svg>
`;
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
    const height = HEAD + entity.fields.length * ROW + 10;
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
  if (to.x < from.x) {
    const [x1, x2] = [from.x, to.x + WIDTH];
    const bend = Math.max(46, (x1 - x2) / 2);
    return `<path d="M${x1} ${y} C${x1 - bend} ${y} ${x2 + bend} ${targetY} ${x2 + 9} ${targetY}" ${style}/>${arrow(x2, targetY, 1)}${label(x1 - 12, y - 6, many)}`;
  }
  const x1 = from.x + WIDTH;
  const x2 = to.x + WIDTH;
  const out = Math.max(x1, x2) + 46;
  return `<path d="M${x1} ${y} C${out} ${y} ${out} ${targetY} ${x2 + 9} ${targetY}" ${style}/>${arrow(x2, targetY, 1)}${label(x1 + 12, y - 6, many)}`;
}

const arrow = (x: number, y: number, side: number): string => `<path d="M${x + side} ${y} l10 -5 v10 z" fill="#8584b8"/>`;
const label = (x: number, y: number, many: boolean): string =>
  many ? `<text x="${x}" y="${y}" font-size="12" fill="#5d5c8a" text-anchor="middle">n</text>` : '';

function drawBox(schema: DatabaseSchema, { entity, x, y, height }: Box): string {
  const rows = entity.fields.map((field, row) => {
    const base = y + HEAD + row * ROW + 21;
    const mark = field.required ? '<tspan fill="#b3261e"> *</tspan>' : '';
    const type =
      field.type === 'choice'
        ? 'choice'
        : field.type === 'reference'
          ? '→ one'
          : field.type === 'references'
            ? '→ several'
            : describeType(schema, { ...field, required: false, unique: false });
    return `<text x="${x + 16}" y="${base}" font-size="13.5" fill="#2d2d44">${escape(clip(field.label, 19))}${mark}</text><text x="${x + WIDTH - 16}" y="${base}" font-size="12" fill="#6b6a85" text-anchor="end">${escape(clip(`${type}${field.unique ? ', unique' : ''}`, 20))}</text>`;
  });
  return `<rect x="${x}" y="${y}" width="${WIDTH}" height="${height}" rx="12" fill="#fff" stroke="#d5d5e6"/>
<path d="M${x} ${y + HEAD} v-${HEAD - 12} a12 12 0 0 1 12 -12 h${WIDTH - 24} a12 12 0 0 1 12 12 v${HEAD - 12} z" fill="#45439c"/>
<text x="${x + 16}" y="${y + 26}" font-size="15" font-weight="700" fill="#fff">${escape(clip(capital(entity.label_plural), 26))}</text>
${rows.join('\n')}
`;
}
