import type { ArtifactProvenance } from './provenance.dto.js';
import { provenanceSvg } from './provenance-svg.js';

const id = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const place = (n: number) => ({ position: String(n), event_id: id(n), at: '2026-01-02T03:04:05.000Z', actor: id(9) });
const EVIL = '</text><script>alert(1)</script> & "quoted" \u0007 <img src=x onerror=alert(1)>';

const of = (change: Partial<ArtifactProvenance> = {}): ArtifactProvenance => ({
  artifact_id: id(1),
  version: 1,
  project_id: id(2),
  run_id: id(3),
  tree_hash: 'a'.repeat(64),
  specification: { content_hash: 'b'.repeat(64), task_id: id(4), request_id: id(5) },
  plan: null,
  delivery: { content_hash: 'c'.repeat(64), task_id: id(6), request_id: null },
  files: [{ path: 'src/book.js', sha256: 'd'.repeat(64), task_id: id(7), plan_item: 'T-1' }],
  tasks: [
    {
      ...place(40),
      task_id: id(7),
      purpose: 'write',
      round: 0,
      handoff_type: 'implementation_plan',
      handoff_hash: 'e'.repeat(64),
      content_hash: 'f'.repeat(64),
    },
  ],
  plan_items: [{ id: 'T-1', title: 'The books', requirements: ['R-1'], criteria: null }],
  requirements: [{ id: 'R-1', text: 'A book has a title.', source: 'a title', said_in: id(11) }],
  criteria: [],
  messages: [{ ...place(11), message_id: id(8), request_id: null, content_hash: '1'.repeat(64) }],
  approvals: [{ ...place(20), request_id: id(5), gate: 'specification', action: 'approve', content_hash: 'b'.repeat(64), amended_hash: null }],
  ...change,
});

const links = (svg: string): number => svg.match(/class="link"/g)?.length ?? 0;

it('draws the way from the words of a person to the file, and who approved', () => {
  const svg = provenanceSvg(of());
  for (const part of ['Message 00000008', 'R-1', 'The books', 'Coder: first version', 'src/book.js', 'Specification approved', 'event 20'])
    expect(svg).toContain(part);
  expect(links(svg)).toBe(4);
  expect(svg).toContain('prefers-color-scheme: dark');
});

it('escapes everything that somebody wrote', () => {
  const svg = provenanceSvg(
    of({
      files: [{ path: EVIL, sha256: 'd'.repeat(64), task_id: id(7), plan_item: 'T-1' }],
      plan_items: [{ id: 'T-1', title: EVIL, requirements: ['R-1'], criteria: null }],
      requirements: [{ id: 'R-1', text: EVIL, source: EVIL, said_in: null }],
    }),
  );
  expect(svg).not.toMatch(/<script|<img/);
  expect(svg).not.toContain('\u0007');
  expect(svg.match(/<(?!\/?(svg|style|rect|text|path)\b)/g)).toBeNull();
  expect(svg.match(/&(?!#\d+;)/g)).toBeNull();
});

it('says what is not on record, and draws no line to it', () => {
  const svg = provenanceSvg(
    of({
      files: [{ path: 'countersign.json', sha256: 'd'.repeat(64), task_id: null, plan_item: null }],
      tasks: [],
      plan_items: [],
      requirements: [],
    }),
  );
  expect(svg).toContain('added by the delivery');
  expect(svg).toContain('not on record');
  expect(svg).toContain('nobody was asked');
  expect(links(svg)).toBe(0);
});

it('stays a picture that can be looked at, however much there is', () => {
  const many = Array.from({ length: 400 }, (_, n) => n);
  const svg = provenanceSvg(
    of({
      files: many.map((n) => ({ path: `src/${'deep/'.repeat(30)}${n}.js`, sha256: 'd'.repeat(64), task_id: id(7), plan_item: `T-${n % 200}` })),
      plan_items: many.slice(0, 200).map((n) => ({ id: `T-${n}`, title: 'word '.repeat(200), requirements: [`R-${n}`], criteria: null })),
      requirements: many.map((n) => ({ id: `R-${n}`, text: 'unbreakable'.repeat(50), source: null, said_in: null })),
    }),
  );
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
  expect(width).toBe('1200');
  expect(Number(height)).toBeLessThan(5_000);
  expect(svg).toContain('more');
  for (const [, text] of svg.matchAll(/<text class="line"[^>]*>([^<]*)</g)) expect(text!.replaceAll(/&#\d+;/g, 'x').length).toBeLessThan(70);
});
