import type { ArtifactProvenance } from './provenance.dto.js';

/*
 * A provenance as SVG: what was said, what was wanted, what was planned, who wrote it, and the files, from left to right;
 * below them who approved it. Scripts are not needed, and everything written by somebody is escaped.
 */

const WIDTH = 1200;
const MARGIN = 24;
const COLUMN = 204;
const GAP = (WIDTH - 2 * MARGIN - 5 * COLUMN) / 4;
const LINE = 16;
const PAD = 12;
const SPACE = 14;
const TOP = 96;
/** Characters that fit into a line, and lines that a text may have. */
const CHARS = 27;
const MOST_LINES = 4;
/** Cards of a column that are drawn. */
const MOST_CARDS = 24;
const MOST_FILES = 6;

const TITLES = ['What was said', 'What was wanted', 'What was planned', 'Who wrote it', 'Files'];

interface Card {
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
  /** Keys of the cards to the left that it goes back to. */
  readonly from: readonly string[];
  readonly faint?: boolean;
}

interface Placed extends Card {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`).replaceAll(/[^\P{C}\n]/gu, ' ');
const short = (id: string): string => id.slice(0, 8);
const time = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
const who = (actor: string): string => (/^[0-9a-f]{8}-/.test(actor) ? `person ${short(actor)}` : actor);
const record = ({ position, at, actor }: { position: string; at: string; actor: string }): string[] => [`${who(actor)}, event ${position}`, time(at)];

/** Breaks a text into lines; what has no room ends in an ellipsis. */
function wrap(text: string, most = MOST_LINES): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).flatMap((one) => one.match(new RegExp(`.{1,${CHARS}}`, 'gu')) ?? [])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < CHARS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]!.slice(0, CHARS - 1)}…`];
}

/** The columns of cards, from left to right. */
function columnsOf(of: ArtifactProvenance): Card[][] {
  const wanted = [...of.requirements, ...of.criteria];
  const served = new Set(of.plan_items.flatMap(({ requirements, criteria }) => [...(requirements ?? []), ...(criteria ?? [])]));
  const shown = wanted.filter(({ id }) => served.has(id));
  const said = of.messages.filter(({ event_id }) => shown.some(({ said_in }) => said_in === event_id));
  const used = of.plan_items.filter(({ id }) => of.files.some(({ plan_item }) => plan_item === id));
  const groups = new Map<string, typeof of.files>();
  const order = used.map(({ id }) => id);
  const inPlan = [...of.files].sort((a, b) => order.indexOf(a.plan_item!) - order.indexOf(b.plan_item!));
  for (const file of inPlan) {
    const key = `${String(file.task_id)} ${String(file.plan_item)}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  const written = (item: string): string[] => [
    ...new Set(of.files.flatMap(({ plan_item, task_id }) => (plan_item === item && task_id !== null ? [task_id] : []))),
  ];
  return [
    said.map((one) => ({
      key: one.event_id,
      title: one.message_id === null ? `Answer ${short(one.request_id!)}` : `Message ${short(one.message_id)}`,
      lines: [...record({ ...one, actor: one.actor === 'orchestrator' ? 'for the person' : one.actor }), `sha256 ${short(one.content_hash)}`],
      from: [],
    })),
    shown.map(({ id, text, source, said_in }) => ({
      key: id,
      title: id,
      lines: [...wrap(text), ...(source === null ? ['(nobody’s words on record)'] : said_in === null ? ['(words not found in the chat)'] : [])],
      from: said_in === null ? [] : [said_in],
      faint: said_in === null,
    })),
    used.map(({ id, title, requirements, criteria }) => ({
      key: id,
      title: id,
      lines: [...wrap(title), ...((requirements ?? criteria) ? [] : ['(the plan says no more)'])],
      from: [...(requirements ?? []), ...(criteria ?? [])],
    })),
    of.tasks.map((task) => ({
      key: task.task_id,
      title: task.purpose === 'write' ? 'Coder: first version' : `Coder: repair, round ${task.round}`,
      lines: [
        `task ${short(task.task_id)}`,
        ...record(task),
        `from ${task.handoff_type.replaceAll('_', ' ')}`,
        `${short(task.handoff_hash)} → ${short(task.content_hash)}`,
      ],
      from: used.filter(({ id }) => written(id).includes(task.task_id)).map(({ id }) => id),
    })),
    [...groups.values()].map((files) => ({
      key: files[0]!.path,
      title: files.length === 1 ? 'File' : `${files.length} files`,
      lines: [
        ...files.slice(0, MOST_FILES).flatMap(({ path }) => wrap(path, 2)),
        ...(files.length > MOST_FILES ? [`and ${files.length - MOST_FILES} more`] : []),
        ...(files.length === 1 ? [`sha256 ${short(files[0]!.sha256)}`] : []),
        files[0]!.plan_item === null
          ? files[0]!.task_id === null
            ? '(added by the delivery)'
            : '(no item of the plan)'
          : `for ${files[0]!.plan_item}`,
      ],
      from: files[0]!.task_id === null ? [] : [files[0]!.task_id],
    })),
  ];
}

/** Puts the cards of a column below each other. */
function place(cards: readonly Card[], column: number): Placed[] {
  const hidden = cards.length - MOST_CARDS;
  const drawn = hidden > 0 ? [...cards.slice(0, MOST_CARDS), { key: '', title: `and ${hidden} more`, lines: [], from: [] }] : cards;
  let y = TOP;
  return drawn.map((card) => {
    const height = 2 * PAD + LINE * (card.lines.length + 1) - 4;
    const placed = { ...card, x: MARGIN + column * (COLUMN + GAP), y, height };
    y += height + SPACE;
    return placed;
  });
}

function drawCard({ x, y, height, title, lines, faint }: Placed, kind = 'card'): string {
  const text = lines.map((one, index) => `<text class="line" x="${x + PAD}" y="${y + PAD + 8 + (index + 1) * LINE}">${escape(one)}</text>`);
  return `<rect class="${kind}${faint ? ' faint' : ''}" x="${x}" y="${y}" width="${COLUMN}" height="${height}" rx="8"/>
<text class="title" x="${x + PAD}" y="${y + PAD + 8}">${escape(title)}</text>
${text.join('\n')}`;
}

function drawLinks(placed: readonly Placed[]): string {
  const at = new Map(placed.map((card) => [card.key, card]));
  return placed
    .flatMap((to) =>
      to.from.flatMap((key) => {
        const from = at.get(key);
        if (!from) return [];
        const [x1, y1, x2, y2] = [from.x + COLUMN, from.y + from.height / 2, to.x, to.y + to.height / 2];
        return `<path class="link" d="M${x1} ${y1} C${x1 + GAP / 2} ${y1} ${x2 - GAP / 2} ${y2} ${x2} ${y2}"/>`;
      }),
    )
    .join('\n');
}

/** Who approved specification, plan and delivery, each below the column that it is about. */
function approvalCards(of: ArtifactProvenance): { column: number; card: Card }[] {
  return [
    { column: 1, gate: 'Specification', accepted: of.specification },
    { column: 2, gate: 'Plan', accepted: of.plan },
    { column: 4, gate: 'Delivery', accepted: of.delivery },
  ].map(({ column, gate, accepted }) => {
    const answer = of.approvals.find(({ request_id }) => request_id === accepted?.request_id);
    const hash = accepted ? [`content ${short(accepted.content_hash)}`] : [];
    const lines = answer ? [...record(answer), ...hash] : ['nobody was asked:', 'autonomy needs no answer', ...hash];
    const past = answer && { approve: 'approved', amend: 'amended', reject: 'rejected' }[answer.action];
    return { column, card: { key: `gate ${gate}`, title: `${gate}${past ? ` ${past}` : ''}`, lines, from: [], faint: !answer } };
  });
}

const STYLE = `
  .ground { fill: #f7f7fb } .card { fill: #fff; stroke: #c9c9de } .stamp { fill: #eef7ee; stroke: #3f8f4f; stroke-width: 1.5 }
  .faint { stroke-dasharray: 4 3 } .link { fill: none; stroke: #8584b8; stroke-width: 1.4; opacity: 0.75 }
  text { fill: #23233b; font: 12px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif } .title { font-weight: 600 }
  .line { fill: #44435c } .head { font-size: 14px; font-weight: 700 } .main { font-size: 18px; font-weight: 700 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #16161f } .card { fill: #22222f; stroke: #4a4a63 } .stamp { fill: #17291b; stroke: #5fb872 }
    .link { stroke: #8d8cc4 } text { fill: #ececf5 } .line { fill: #c3c2d6 }
  }`;

/** The picture of a provenance: 1200 wide, as high as it needs. */
export function provenanceSvg(of: ArtifactProvenance): string {
  const columns = columnsOf(of).map(place);
  const placed = columns.flat();
  const bottom = Math.max(TOP, ...placed.map(({ y, height }) => y + height)) + 44;
  const stamps = approvalCards(of).map(({ column, card }) => ({ ...place([card], column)[0]!, y: bottom }));
  const height = bottom + Math.max(...stamps.map((one) => one.height)) + MARGIN;
  const title = of.files.length === 1 ? of.files[0]!.path : `${of.files.length} files of version ${of.version}`;
  const heads = TITLES.map((text, column) => `<text class="head" x="${MARGIN + column * (COLUMN + GAP)}" y="${TOP - 14}">${text}</text>`);
  const none = columns.flatMap((cards, column) =>
    cards.length > 0 ? [] : [`<text class="line" x="${MARGIN + column * (COLUMN + GAP)}" y="${TOP + 16}">not on record</text>`],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(`Provenance of ${title}`)}">
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}"/>
<text class="main" x="${MARGIN}" y="40">${escape(title.length > 110 ? `${title.slice(0, 109)}…` : title)}</text>
<text class="line" x="${MARGIN}" y="60">artifact ${short(of.artifact_id)}, run ${short(of.run_id)}, tree ${short(of.tree_hash)}</text>
${heads.join('\n')}
${none.join('\n')}
${drawLinks(placed)}
${placed.map((card) => drawCard(card)).join('\n')}
<text class="head" x="${MARGIN}" y="${bottom + 22}">Countersigned</text>
${stamps.map((card) => drawCard(card, card.faint ? 'card' : 'stamp')).join('\n')}
</svg>
`;
}
