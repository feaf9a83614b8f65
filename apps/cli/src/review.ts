import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, type GateDetail, type Project } from '#client';
import { explain } from './failure.js';
import { deadlineText, gateText } from './gate-text.js';
import { plain } from './terminal.js';
import { askWhile, COMMAND, type Bell, type Work } from './work.js';

type Decision =
  | { readonly action: 'approve' }
  | { readonly action: 'reject'; readonly reason: string }
  | { readonly action: 'amend' }
  | { readonly action: 'later' };

const KEPT = 'Your corrections are kept: amend again to go on with them.';

/** Puts the gates of a run to a person. */
export class Review {
  /** The corrected content of a gate, until the server took it. */
  private draft: { readonly request_id: string; readonly folder: string; readonly file: string } | null = null;

  constructor(
    private readonly work: Work,
    private readonly bell: Bell,
  ) {}

  /** `left` where a decision is open that nobody is here to take. */
  async turn(project: Project): Promise<'none' | 'answered' | 'left'> {
    const { client, terminal } = this.work;
    const { items } = await client.listHitl({ projectId: project.project_id, status: 'pending' });
    const pending = items.find(({ run_id }) => run_id === project.run_id);
    if (!pending) return 'none';
    const gate = await client.getHitl(pending.request_id);
    if (gate.status !== 'pending') return 'answered';
    terminal.say(`\n${terminal.style('bold', `To be reviewed: ${gate.gate}`)}\n${plain(gate.question)}\n\n${gateText(gate)}\n`);
    const deadline = deadlineText(gate, Date.now());
    if (deadline !== '') terminal.say(`${terminal.style('yellow', deadline)}\n`);
    // Saying yes to everything does not spend more than was allowed.
    if (this.work.yes && gate.gate !== 'block') {
      terminal.say(`> approve the ${gate.gate}`);
      await this.send(gate, { action: 'approve' });
      return 'answered';
    }
    if (!terminal.interactive || this.work.yes) {
      this.explainHow(gate);
      return 'left';
    }
    return this.decide(gate);
  }

  /** What a person wrote and nobody took is kept for them. */
  leave(): void {
    if (this.draft) this.work.terminal.say(`Your corrections are kept in ${this.draft.file}`);
    this.draft = null;
  }

  private async forgetDraft(): Promise<void> {
    if (this.draft) await rm(this.draft.folder, { recursive: true, force: true });
    this.draft = null;
  }

  private async decide(gate: GateDetail): Promise<'answered' | 'left'> {
    const wanted = async (): Promise<boolean> => (await this.work.client.getHitl(gate.request_id)).status === 'pending';
    for (;;) {
      const decision = await askWhile(this.work, this.bell, wanted, (signal) => this.ask(gate, signal));
      if (decision === undefined) {
        this.work.terminal.say('This was decided elsewhere.');
        this.leave();
        return 'answered';
      }
      if (decision.action === 'later') {
        this.leave();
        this.explainHow(gate);
        return 'left';
      }
      if (await this.send(gate, decision)) return 'answered';
    }
  }

  private async ask(gate: GateDetail, signal: AbortSignal): Promise<Decision> {
    const { terminal } = this.work;
    const may = (action: 'approve' | 'reject' | 'amend'): boolean => gate.allowed_actions.includes(action);
    const choices = [may('approve') && '[a]pprove', may('reject') && '[r]eject', may('amend') && 'a[m]end', '[j]son', '[l]ater']
      .filter(Boolean)
      .join(', ');
    for (;;) {
      const answer = await terminal.ask(`${choices} > `, signal);
      const choice = answer === null ? 'later' : answer.trim().toLowerCase();
      if (['l', 'later', 'q', 'quit'].includes(choice)) return { action: 'later' };
      if (['a', 'approve', 'y', 'yes'].includes(choice) && may('approve')) return { action: 'approve' };
      if (['m', 'amend'].includes(choice) && may('amend')) return { action: 'amend' };
      if (['j', 'json'].includes(choice)) terminal.say(plain(JSON.stringify(gate.content, null, 2)));
      if (['r', 'reject', 'n', 'no'].includes(choice) && may('reject')) {
        const reason = await terminal.ask('What should be different? (empty: back) > ', signal);
        if (reason !== null && reason.trim() !== '') return { action: 'reject', reason: reason.trim() };
      }
    }
  }

  /** True where the gate needs no more answer. */
  private async send(gate: GateDetail, decision: Exclude<Decision, { action: 'later' }>): Promise<boolean> {
    const { client, terminal } = this.work;
    try {
      const answer =
        decision.action === 'amend'
          ? { response_content: await this.corrected(gate) }
          : decision.action === 'reject'
            ? { response_content: decision.reason }
            : {};
      const { new_status } = await client.respond(gate.request_id, { action: decision.action, content_hash: gate.content_hash, ...answer });
      terminal.say(terminal.style('green', `The ${gate.gate} is ${new_status}.`));
      await this.forgetDraft();
      return true;
    } catch (error) {
      if (error instanceof Unchanged) {
        terminal.say(error.message);
        return false;
      }
      if (!(error instanceof ApiProblem) || ![400, 409, 422].includes(error.status)) throw error;
      terminal.say(terminal.style('yellow', plain(explain(error))));
      if (error.status === 409) {
        this.leave();
        return true;
      }
      if (decision.action === 'amend') terminal.say(KEPT);
      return false;
    }
  }

  /**
   * What a person made of the content in their editor.
   * @throws Unchanged where it is not to be sent
   */
  private async corrected(gate: GateDetail): Promise<unknown> {
    if (this.draft?.request_id !== gate.request_id) {
      this.leave();
      const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
      this.draft = { request_id: gate.request_id, folder, file: join(folder, `${gate.gate}.json`) };
      await writeFile(this.draft.file, `${JSON.stringify(gate.content, null, 2)}\n`, { mode: 0o600 });
    }
    const { file } = this.draft;
    await this.edit(file);
    let content: unknown;
    try {
      content = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      throw new Unchanged(`That is no valid JSON (${(error as Error).message}). ${KEPT}`);
    }
    if (JSON.stringify(content) === JSON.stringify(gate.content)) {
      await this.forgetDraft();
      throw new Unchanged('Nothing was changed.');
    }
    return content;
  }

  private edit(file: string): Promise<void> {
    const editor = this.work.env['VISUAL'] || this.work.env['EDITOR'] || 'vi';
    return new Promise((resolve, reject) => {
      // Through the shell, because the variable may hold options, as in "code --wait".
      const child = spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit', env: this.work.env });
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve();
        else reject(new Unchanged(`The editor (${editor}) ended with ${code ?? 'a signal'}; set EDITOR to the one you use.`));
      });
    });
  }

  private explainHow({ request_id, project_id, gate }: GateDetail): void {
    const { terminal, server } = this.work;
    terminal.say(`The ${gate} waits for a person to decide. Have it approved, and what follows, with:

  ${COMMAND} continue ${project_id} --yes

or leave out --yes on a terminal to review it there. On a running server, with an API key:

  curl -X POST ${server.url}/api/v1/hitl/${request_id}/respond -H "Authorization: Bearer $COUNTERSIGN_API_KEY" \\
    -H 'Content-Type: application/json' -d '{"action":"approve"}'
`);
  }
}

/** There is nothing to send; the message says why. */
class Unchanged extends Error {}
