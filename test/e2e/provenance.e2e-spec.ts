import { mkdirSync, writeFileSync } from 'node:fs';
import type { ArtifactProvenance } from '../../apps/api/src/provenance.dto.js';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';

let app: TestApp;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  app = await startApp();
  [ada, bob] = [await app.newPerson(), await app.newPerson()];
}, POSTGRES_START_MS);

afterAll(() => app?.close(), 30_000);

/** The tree that was delivered last, and how the person sees where it comes from. */
async function deliveredTree(project_id: string): Promise<{ artifact_id: string; of: (path?: string) => Promise<ArtifactProvenance> }> {
  const { artifacts } = await ada.reaches(project_id, 'completed', 'completed_with_warnings');
  const { artifact_id } = artifacts.findLast(({ type }) => type === 'code')!;
  const of = async (path?: string): Promise<ArtifactProvenance> => {
    const { status, body } = await ada.ask(
      'GET',
      `/artifacts/${artifact_id}/provenance${path === undefined ? '' : `?path=${encodeURIComponent(path)}`}`,
    );
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  return { artifact_id, of };
}

const svgOf = async (path: string, accept: string): Promise<{ type: string | null; text: string }> => {
  const reply = await fetch(`${ada.url}/api/v1${path}`, { headers: { authorization: `Bearer ${ada.token}`, accept } });
  return { type: reply.headers.get('content-type'), text: await reply.text() };
};

const IDEA = 'A book club keeps books. A book has a title and an author. Every book needs a "shelf <b>&". Show all books without an author.';

it('of a file leads to its plan item, its requirements, the message and the approvals', async () => {
  app.think();
  const { project_id } = await ada.client.createProject({ product_idea: IDEA, autonomy: 'plan' });
  await ada.client.postMessage(project_id, 'A member has a name. Nobody needs to sign in.');
  await ada.client.finalize(project_id);
  const first = await ada.gate(project_id, 'specification');
  const response_content = 'A book also has a publisher.';
  await ada.client.respond(first.request_id, { action: 'reject', content_hash: first.content_hash, response_content });
  await ada.approve(project_id, 'specification');
  await ada.approve(project_id, 'plan');
  const { artifact_id, of } = await deliveredTree(project_id);
  const events = await auditOf(ada.url, ada.token, project_id);
  const whole = await of();
  const { files } = (await ada.ask('GET', `/artifacts/${artifact_id}`)).body;
  expect(whole.files.map(({ path, sha256 }) => [path, sha256]).sort()).toEqual(files.map((one: any) => [one.path, one.sha256]).sort());
  // All that the template engine writes is in its plan; the record of origin is the delivery's own.
  expect(whole.files.filter(({ plan_item }) => plan_item === null).map(({ path }) => path)).toEqual(['countersign.json']);

  const { path } = whole.files.find((file) => /^src\/.*\bbooks?\.js$/.test(file.path))!;
  const book = await of(path);
  expect(book.files).toHaveLength(1);
  const [item] = book.plan_items;
  expect(item).toMatchObject({ id: book.files[0]!.plan_item, title: expect.stringMatching(/^The books: /) });
  expect(book.requirements.map(({ text }) => text)).toEqual(
    expect.arrayContaining([expect.stringMatching(/author/), expect.stringMatching(/publisher/)]),
  );
  expect(book.requirements.some(({ text }) => text.includes('member'))).toBe(false);
  expect(book.criteria.length).toBeGreaterThan(3);
  const saying = (words: string) => book.requirements.find(({ text }) => text.includes(words))!;
  const event = (id: string | null) =>
    events.find((one) => (one as unknown as { position: string }).position === book.messages.find(({ event_id }) => event_id === id)?.position);
  expect(event(saying('author').said_in)).toMatchObject({ event_type: 'chat.message_posted', payload: { content: IDEA } });
  expect(event(saying('publisher').said_in)).toMatchObject({ event_type: 'hitl.responded', payload: { comment: response_content } });
  expect(book.tasks).toMatchObject([{ task_id: book.files[0]!.task_id, purpose: 'write', round: 0, actor: 'agent:coder' }]);
  expect(book.approvals.map(({ gate, action }) => [gate, action])).toEqual([
    ['specification', 'approve'],
    ['plan', 'approve'],
  ]);
  for (const { request_id, content_hash, position, event_id, actor } of book.approvals) {
    const on = events.find((one) => one.position === position)!;
    expect(on).toMatchObject({ event_type: 'hitl.responded', actor, payload: { request_id, content_hash } });
    expect(event_id).toMatch(/^[0-9a-f-]{36}$/);
  }
  expect(book.delivery.request_id).toBeNull();

  const record = JSON.parse((await svgOf(`/artifacts/${artifact_id}/files/countersign.json`, '*/*')).text);
  expect(record.files.find((one: any) => one.path === path)).toEqual({ ...book.files[0], position: book.tasks[0]!.position });
  expect(record.requirements.find((one: any) => one.id === saying('publisher').id)).toEqual({
    id: saying('publisher').id,
    said_in: saying('publisher').said_in,
  });
  expect(JSON.stringify(record)).not.toMatch(/publisher|book club|shelf <b>/i);

  for (const [asked, accept, name] of [
    [`/artifacts/${artifact_id}/provenance.svg?path=${path}`, '*/*', 'file'],
    [`/artifacts/${artifact_id}/provenance`, 'image/svg+xml', 'whole'],
  ] as const) {
    const { type, text } = await svgOf(asked, accept);
    expect(type).toBe('image/svg+xml; charset=utf-8');
    expect(text).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(text).not.toMatch(/<b>|<script/);
    if (process.env['KEEP_SVG']) {
      mkdirSync(process.env['KEEP_SVG'], { recursive: true });
      writeFileSync(`${process.env['KEEP_SVG']}/${name}.svg`, text);
      writeFileSync(`${process.env['KEEP_SVG']}/${name}.json`, JSON.stringify(name === 'file' ? book : whole, null, 1));
    }
  }
}, 120_000);

it('names the round that wrote a file as it is, and says null where the plan says nothing', async () => {
  app.think(
    plainBrain({
      write: async () => calculator('-', { files: [{ path: 'NOTES.md', content: 'Notes.\n' }] }),
      repair: async () => calculator('+', { files: [{ path: 'NOTES.md', content: 'Notes.\n' }] }),
    }),
  );
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'manual' });
  await ada.approve(project_id, 'specification');
  await ada.approve(project_id, 'plan');
  await ada.approve(project_id, 'delivery');
  const { artifact_id, of } = await deliveredTree(project_id);
  const { files, tasks, plan_items, delivery, approvals } = await of();
  const by = (path: string) => tasks.find(({ task_id }) => task_id === files.find((file) => file.path === path)!.task_id);
  expect(tasks.map(({ purpose }) => purpose)).toEqual(['write', 'repair']);
  expect([by('sum.mjs')!.purpose, by('test.mjs')!.purpose, by('countersign.json')]).toEqual(['repair', 'write', undefined]);
  expect(files.find(({ path }) => path === 'sum.mjs')!.plan_item).toBe('T-1');
  expect(files.find(({ path }) => path === 'NOTES.md')!.plan_item).toBeNull();
  expect(plan_items).toMatchObject([{ id: 'T-1', requirements: null, criteria: null }]);
  expect(approvals.find(({ request_id }) => request_id === delivery.request_id)).toMatchObject({
    gate: 'delivery',
    action: 'approve',
    content_hash: delivery.content_hash,
  });

  const { artifacts } = await ada.client.getProject(project_id);
  const document = artifacts.find(({ type }) => type === 'spec')!;
  expect((await ada.ask('GET', `/artifacts/${document.artifact_id}/provenance`)).status).toBe(400);
  expect((await ada.ask('GET', `/artifacts/${artifact_id}/provenance?path=nothing.js`)).status).toBe(404);
  for (const one of ['provenance', 'provenance.svg', 'provenance?path=sum.mjs'])
    expect([one, (await bob.ask('GET', `/artifacts/${artifact_id}/${one}`)).status]).toEqual([one, 404]);
}, 120_000);
