import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Server } from 'socket.io';
import yazl from 'yazl';
import { parseArguments } from './arguments.js';
import { run, type ProjectCommand } from './run.js';
import { Terminal } from './terminal.js';

const PROJECT = '00000000-0000-4000-8000-000000000001';
const GATE = '00000000-0000-4000-8000-000000000002';
const HASH = 'a'.repeat(64);
const QUESTIONS = [
  { question: 'What is noted about each tool?', proposal: 'A tool has a name.' },
  { question: 'Who may use it?', proposal: 'Nobody needs to sign in.' },
];
const SPECIFICATION = {
  core_idea: 'A tool library.',
  requirements: ['A tool has a name.'],
  user_stories: [],
  high_level_features: [],
  acceptance_criteria: [{ id: 'AC-1', text: 'A tool can be added.', source: null }],
  open_questions: [],
  out_of_scope: [],
};
const REPORT = {
  bundle: {
    tree_hash: HASH,
    files: [{ path: 'README.md', sha256: HASH, bytes: 1, executable: false }],
    commands: { install: 'npm ci', build: null, lint: null, test: 'npm test', start: 'npm start' },
    coverage: [],
    previous_files: null,
    acceptance_criteria: SPECIFICATION.acceptance_criteria,
  },
  sandbox: 'local',
  checks: [{ check: 'test', command: 'npm test', status: 'passed', exit_code: 0, duration_ms: 10, log: null }],
  warnings: [],
  criteria: [{ criterion_id: 'AC-1', text: 'A tool can be added.', test: 'adds', status: 'covered' }],
};

class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: object[] = [],
  ) {
    super(detail);
  }
}

/** A server that stands in for the real one: the routes that the command uses, over one project in memory. */
class StandIn {
  project: Record<string, any> = {};
  messages: Record<string, unknown>[] = [];
  said: string[] = [];
  answers: Record<string, any>[] = [];
  accounts = 0;
  keys = new Set<string>();
  /** How often the analyst asks before it knows enough. */
  rounds = 1;
  outcome: 'completed' | 'failed' = 'completed';
  registration: 'open' | 'closed' = 'open';
  /** Requests that are carried out while their answer is lost. */
  loseAnswerTo = new Set<string>();
  refuseAmendments = 0;
  finalized = false;
  private position = 0;
  private readonly repeats = new Map<string, unknown>();
  private readonly http: HttpServer = createServer((request, reply) => void this.serve(request, reply));
  private readonly sockets: Server | null;

  constructor(withStream: boolean) {
    this.sockets = withStream ? new Server(this.http, { path: '/ws' }) : null;
    this.sockets?.on('connection', (socket) => socket.on('subscribe', (_request, answer) => answer({ ok: true, position: '0' })));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    if (this.sockets) await this.sockets.close();
    else await new Promise<void>((resolve) => this.http.close(() => resolve()));
  }

  private change(status: string, stage: string, more: object = {}): void {
    this.project = { ...this.project, status, stage, ...more };
    const payload = { run_id: 'run', status };
    const told = { event_type: 'status', position: String(++this.position), project_id: PROJECT, timestamp: new Date().toISOString(), payload };
    this.sockets?.emit('message', told);
  }

  private analystSays(content: string, questions: object[]): void {
    this.messages.push({ message_id: `m${this.messages.length}`, run_id: 'run', author: 'analyst', content, questions });
    this.change('collecting', 'requirements chat');
  }

  private enough(): void {
    this.analystSays('That is enough.', []);
    if (this.project['autonomy'] === 'full') setTimeout(() => this.build(), 20);
    else setTimeout(() => this.change('waiting_for_hitl', 'specification to be reviewed'), 20);
  }

  private build(): void {
    const task = { task_id: 't', run_id: 'run', status: 'working', progress: 40, stage: 'Running the tests', created_at: '1', handoff_out: null };
    this.change('running', 'installing, building and testing', { tasks: [task] });
    const done = { ...task, status: 'completed', handoff_out: { handoff_type: 'verification_report', sha256: HASH } };
    const failed = this.outcome === 'failed' ? { reason: 'The fix rounds are used up.' } : {};
    setTimeout(() => this.change(this.outcome, 'done', { tasks: [done], ...failed }), 150);
  }

  private async serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, 'http://x');
    const route = `${request.method!} ${pathname.replace('/api/v1', '').replace(PROJECT, ':id').replace(GATE, ':gate')}`;
    const text = (await buffer(request)).toString();
    const key = request.headers['idempotency-key'];
    let status = 200;
    let body: unknown;
    try {
      if (!/healthz|register|downloads/.test(route) && !this.keys.has(request.headers.authorization?.slice(7) ?? ''))
        throw new Problem(401, 'unauthenticated', 'Send a valid bearer token.');
      body = typeof key === 'string' && this.repeats.has(key) ? this.repeats.get(key) : this.answer(route, text === '' ? {} : JSON.parse(text));
      if (typeof key === 'string') this.repeats.set(key, body);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      status = error.status;
      body = { status, code: error.code, detail: error.detail, errors: error.errors };
    }
    if (this.loseAnswerTo.delete(route)) return void request.socket.destroy();
    if (!reply.destroyed) reply.writeHead(status).end(body instanceof Buffer ? body : JSON.stringify(body));
  }

  private answer(route: string, body: Record<string, any>): unknown {
    const gate = {
      request_id: GATE,
      project_id: PROJECT,
      run_id: 'run',
      gate: 'specification',
      question: 'Is this what is to be built?',
      status: 'pending',
    };
    const review = { ...gate, handoff_type: 'software_specification', content_hash: HASH, allowed_actions: ['approve', 'reject', 'amend'] };
    const page = (items: unknown[]): object => ({ items, next_cursor: null });
    switch (route) {
      case 'GET /healthz':
        return { api_status: 'ok' };
      case 'POST /auth/register':
        if (this.registration === 'closed') throw new Problem(403, 'registration_closed', 'This server takes no new accounts.');
        this.keys.add(`jwt${++this.accounts}`);
        return { access_token: `jwt${this.accounts}` };
      case 'POST /auth/api-keys':
        this.keys.add(`key${this.accounts}`);
        return { api_key: `key${this.accounts}` };
      case 'GET /auth/me':
        return {};
      case 'POST /projects':
        this.project = { project_id: PROJECT, run_id: 'run', autonomy: body['autonomy'] ?? 'plan', tasks: [], warnings: [], reason: null };
        this.project['name'] = body['name'] ?? body['product_idea'];
        this.messages = [{ message_id: 'idea', run_id: 'run', author: 'person', content: body['product_idea'], questions: [] }];
        this.change('collecting', 'requirements chat');
        setTimeout(() => this.analystSays('I understood an app.', QUESTIONS), 20);
        return { project_id: PROJECT, run_id: 'run', status: 'collecting' };
      case 'GET /projects/:id':
        return this.project;
      case 'GET /projects/:id/messages':
        return page(this.messages);
      case 'POST /projects/:id/messages':
        this.said.push(body['content']);
        this.messages.push({ message_id: `m${this.messages.length}`, run_id: 'run', author: 'person', content: body['content'], questions: [] });
        setTimeout(() => (this.said.length < this.rounds ? this.analystSays('And?', QUESTIONS) : this.enough()), 20);
        return { message_id: 'm' };
      case 'POST /projects/:id/requirements/finalize':
        if (this.finalized) throw new Problem(409, 'not_collecting', 'The chat is over.');
        this.finalized = true;
        setTimeout(() => this.enough(), 20);
        return {};
      case 'GET /projects/:id/hitl':
        return page(this.project['status'] === 'waiting_for_hitl' ? [review] : []);
      case 'GET /hitl/:gate':
        return { ...review, status: this.project['status'] === 'waiting_for_hitl' ? 'pending' : 'approved', content: SPECIFICATION };
      case 'POST /hitl/:gate/respond':
        if (body['action'] === 'amend' && this.refuseAmendments-- > 0)
          throw new Problem(422, 'handoff_invalid', 'Not valid.', [{ field: 'response_content.core_idea', message: 'is too short' }]);
        this.answers.push(body);
        if (body['action'] === 'reject') this.change('waiting_for_hitl', 'specification to be reviewed');
        else this.build();
        return { request_id: GATE, new_status: `${body['action']}d` };
      case 'GET /tasks/t':
        return { handoff_out: { handoff_type: 'verification_report', content: REPORT } };
      case 'GET /projects/:id/logs':
        return page([{ run_id: 'run', check: 'test', command: 'npm test', status: 'failed', log: 'line 1\nnot ok 3 - adds a tool\n' }]);
      case 'POST /projects/:id/download':
        return { url: '/api/v1/downloads/signed' };
      case 'GET /downloads/signed':
        return zip;
      default:
        throw new Problem(404, 'not_found', `There is no ${route}.`);
    }
  }
}

let zip: Buffer;
let folder: string;
let standIn: StandIn;
let url: string;
let text: string;

beforeAll(async () => {
  const file = new yazl.ZipFile();
  file.addBuffer(Buffer.from('# Tools'), 'README.md');
  file.addBuffer(Buffer.from('#!/bin/sh'), 'run-app.sh');
  file.end();
  zip = await buffer(file.outputStream);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-'));
  await serveWith(true);
});

afterEach(async () => {
  await standIn.close();
  await rm(folder, { recursive: true });
});

async function serveWith(withStream: boolean): Promise<void> {
  await standIn?.close().catch(() => undefined);
  standIn = new StandIn(withStream);
  url = await standIn.listen();
}

interface Situation {
  /** What stands on standard input; it ends after that. */
  readonly input?: string;
  /** What a person at the terminal answers to each prompt, in order. */
  readonly answers?: string[];
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function countersign(argv: string[], { input, answers, env = {}, signal = new AbortController().signal }: Situation = {}): Promise<number> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  if (answers === undefined) stdin.end(input ?? '');
  const waiting = [...(answers ?? [])];
  text = '';
  stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (chunk.toString().endsWith('> ') && waiting.length > 0) setImmediate(() => stdin.write(`${waiting.shift()!}\n`));
  });
  const terminal = new Terminal({ input: stdin, output: stdout, interactive: answers !== undefined, colour: false });
  const command = parseArguments([...argv, '--url', url]) as ProjectCommand;
  try {
    return await run(command, {
      env: { ...process.env, COUNTERSIGN_URL: '', COUNTERSIGN_API_KEY: '', ...env },
      cwd: folder,
      terminal,
      signal,
      settings: { host: '127.0.0.1', port: 0, dataDir: join(folder, 'data'), entry: 'no entry' },
      timing: { lookMs: 10, pollMs: 50, graceMs: 200, awayMs: 2_000 },
    });
  } finally {
    terminal.close();
  }
}

it('takes the proposals, approves, and writes the ZIP', async () => {
  await writeFile(join(folder, 'tool-library.zip'), 'mine');
  expect(await countersign(['build', 'Tool library', '--yes'])).toBe(0);
  expect(standIn.said).toEqual(['yes']);
  expect(standIn.answers).toEqual([{ action: 'approve', content_hash: HASH }]);
  expect(await readFile(join(folder, 'tool-library-2.zip'))).toEqual(zip);
  expect(await readFile(join(folder, 'tool-library.zip'), 'utf8')).toBe('mine');
  expect((await readdir(folder)).sort()).toEqual(['data', 'tool-library-2.zip', 'tool-library.zip']);
  for (const part of [
    '1. What is noted about each tool?\n   Proposal: A tool has a name.',
    'AC-1  A tool can be added.',
    'installing, building and testing: Running the tests  40 %',
    `Delivered: ${join(folder, 'tool-library-2.zip')}`,
    '1 kB, 2 files',
    'checks passed: test',
    'shown by a passing test: 1 of 1',
    'unzip',
    './run-app.sh',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('\u001b');
});

it('works for one account, whose key nobody else can read', async () => {
  await countersign(['build', 'Tool library', '--yes', '--autonomy', 'full']);
  await countersign(['build', 'Tool library', '--yes', '--autonomy', 'full']);
  expect(standIn.accounts).toBe(1);
  const file = join(folder, 'data', 'cli.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    servers: { [url]: { api_key: 'key1', password: expect.any(String), made_by_cli: true } },
  });
  expect(text).not.toContain('key1');
});

it('makes a new account where its key is no longer accepted, and says so', async () => {
  await countersign(['build', 'Tool library', '--yes', '--autonomy', 'full']);
  standIn.keys.clear();
  expect(await countersign(['build', 'Tool library', '--yes', '--autonomy', 'full'])).toBe(0);
  expect(text).toContain('no longer accepts the key');
  expect(standIn.accounts).toBe(2);
});

it('refuses a given key that is not accepted, without making an account', async () => {
  expect(await countersign(['build', 'Tool library', '--yes', '--api-key', 'wrong'])).toBe(1);
  expect(text).toContain('does not accept the API key');
  expect(standIn.accounts).toBe(0);
});

it('says what to do where no accounts are taken', async () => {
  standIn.registration = 'closed';
  expect(await countersign(['build', 'Tool library', '--yes'])).toBe(1);
  expect(text).toContain('give an API key with --api-key or COUNTERSIGN_API_KEY');
  standIn.keys.add('mine');
  expect(await countersign(['build', 'Tool library', '--yes'], { env: { COUNTERSIGN_API_KEY: 'mine' } })).toBe(0);
});

it('ends a chat that three rounds of proposals do not end', async () => {
  standIn.rounds = 9;
  expect(await countersign(['build', 'Tool library', '--yes', '--autonomy', 'full'])).toBe(0);
  expect(standIn.said).toEqual(['yes', 'yes', 'yes']);
  expect(standIn.finalized).toBe(true);
});

it('reads answers line by line, and leaves a decision to a person', async () => {
  expect(await countersign(['build', 'Tool library'], { input: '\nOnly people who sign in.\n' })).toBe(3);
  expect(standIn.said).toEqual(['1: yes\n2: Only people who sign in.']);
  expect(standIn.answers).toEqual([]);
  expect(text).toContain(`continue ${PROJECT} --yes`);
  expect(text).toContain(`${url}/api/v1/hitl/${GATE}/respond`);
  expect(await countersign(['continue', PROJECT, '--yes', '--out', 'zips'])).toBe(0);
  expect(await readdir(join(folder, 'zips'))).toEqual(['tool-library.zip']);
});

it('ends the chat at the end of the input', async () => {
  expect(await countersign(['build', 'Tool library', '--autonomy', 'full'], { input: '' })).toBe(0);
  expect(standIn.said).toEqual([]);
  expect(standIn.finalized).toBe(true);
});

it('asks a person, who rejects, amends what is refused at first, and gets the ZIP', async () => {
  const editor = join(folder, 'editor.cjs');
  await writeFile(
    editor,
    `const fs = require('fs'), file = process.argv[2]; fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('library', 'library!'))`,
  );
  standIn.refuseAmendments = 1;
  const answers = ['', 'People who sign in.', 'r', 'Tools have owners.', 'm', 'm'];
  expect(await countersign(['build', 'Tool library'], { answers, env: { VISUAL: '', EDITOR: `${process.execPath} "${editor}"` } })).toBe(0);
  expect(standIn.said).toEqual(['1: yes\n2: People who sign in.']);
  expect(standIn.answers).toEqual([
    { action: 'reject', content_hash: HASH, response_content: 'Tools have owners.' },
    { action: 'amend', content_hash: HASH, response_content: { ...SPECIFICATION, core_idea: 'A tool library!!.' } },
  ]);
  expect(text).toContain('response_content.core_idea: is too short');
});

it('withdraws a question that was answered elsewhere', async () => {
  const done = countersign(['build', 'Tool library', '--autonomy', 'full'], { answers: [] });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text).toContain('1> ');
  (standIn as any).enough();
  expect(await done).toBe(0);
});

it('leaves the decision at a terminal to later', async () => {
  expect(await countersign(['build', 'Tool library'], { answers: ['', '', 'l'] })).toBe(3);
});

it('tells why a run failed, over polling alone', async () => {
  await serveWith(false);
  standIn.outcome = 'failed';
  expect(await countersign(['build', 'Tool library', '--yes'])).toBe(1);
  expect(text).toContain('The run failed: The fix rounds are used up.');
  expect(text).toContain('The end of the last log (test, npm test):\n  line 1\n  not ok 3 - adds a tool');
  expect((await readdir(folder)).filter((name) => name.endsWith('.zip'))).toEqual([]);
});

it('says nothing twice where answers are lost', async () => {
  for (const route of ['POST /projects', 'POST /projects/:id/messages', 'POST /hitl/:gate/respond', 'GET /projects/:id', 'GET /downloads/signed'])
    standIn.loseAnswerTo.add(route);
  expect(await countersign(['build', 'Tool library', '--yes'])).toBe(0);
  expect(standIn.said).toEqual(['yes']);
  expect(standIn.answers).toHaveLength(1);
  expect(standIn.loseAnswerTo.size).toBe(0);
});

it('ends when it is interrupted, and says how to go on', async () => {
  const interrupt = new AbortController();
  const done = countersign(['build', 'Tool library'], { answers: [], signal: interrupt.signal });
  await new Promise((resolve) => setTimeout(resolve, 300));
  interrupt.abort();
  expect(await done).toBe(130);
  expect(text).toContain(`continue ${PROJECT}`);
});

it('refuses a folder that it cannot write to', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const out of ['file', 'file/below', '/proc/nowhere'])
    await expect(countersign(['build', 'Tool library', '--out', out])).rejects.toThrow('--out: nothing can be written to');
});

it('says so where no server answers at the address', async () => {
  await standIn.close();
  expect(await countersign(['projects'])).toBe(1);
  expect(text).toContain(`No Countersign server answers at ${url}`);
});
