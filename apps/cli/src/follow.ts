import { isTerminal, type StreamMessage } from '#contracts';
import { ApiProblem, everything, followProject, ServerUnreachable, type CheckLog, type Project, type ProjectStream } from '#client';
import { EXIT, type ExitCode } from './arguments.js';
import { Chat } from './chat.js';
import { deliver } from './delivery.js';
import { Failure } from './failure.js';
import { Review } from './review.js';
import { plain } from './terminal.js';
import { Bell, COMMAND, type Work } from './work.js';

const LOG_LINES = 30;

/**
 * Goes along with the project's current run until it has ended or waits for somebody else. The stream says when to
 * look; what is to be done follows from what the server answers then, so that a silent stream delays and loses nothing.
 */
export class Follower {
  private readonly bell = new Bell();
  private readonly chat: Chat;
  private readonly review: Review;
  private project: Project | undefined;
  private awaySince: number | null = null;

  constructor(
    private readonly work: Work,
    private readonly projectId: string,
  ) {
    this.chat = new Chat(work, this.bell);
    this.review = new Review(work, this.bell);
  }

  async run(): Promise<ExitCode> {
    const { timing, signal } = this.work;
    const stream = this.listen();
    try {
      for (;;) {
        const ended = await this.step().catch((error: unknown) => this.bearAbsence(error));
        if (ended !== null) return ended;
        await this.bell.heard(timing.pollMs, signal);
        await new Bell().heard(timing.lookMs, signal);
      }
    } finally {
      stream.close();
      this.review.leave();
    }
  }

  /** One look, and what follows from it; null while the run goes on. */
  private async step(): Promise<ExitCode | null> {
    const { client, terminal } = this.work;
    const project = await client.getProject(this.projectId);
    if (this.awaySince !== null) terminal.say('The server answers again.');
    this.awaySince = null;
    this.project = project;
    const spoke = await this.chat.turn(project);
    if (isTerminal(project.status)) return this.finish(project);
    if (project.status === 'waiting_for_hitl') {
      terminal.progress(null);
      const outcome = await this.review.turn(project);
      if (outcome === 'left') return EXIT.waits;
      if (outcome === 'answered') this.bell.ring();
    } else if (spoke) this.bell.ring();
    else this.showProgress(project);
    return null;
  }

  private listen(): ProjectStream {
    const { server, token } = this.work;
    return followProject({
      baseUrl: server.url,
      token: () => token,
      projectId: this.projectId,
      onMessage: (message) => this.heard(message),
    });
  }

  private heard({ event_type, payload }: StreamMessage): void {
    if (event_type === 'message_delta') return;
    if (event_type === 'new_message') this.chat.changed();
    const working = this.project?.tasks.find(({ status }) => status === 'working');
    if (event_type === 'task_progress' && working && payload['task_id'] === working.task_id) {
      const { progress, stage } = payload;
      if (typeof progress === 'number' && typeof stage === 'string')
        this.showProgress({ ...this.project!, tasks: [{ ...working, progress, stage }] });
      return;
    }
    this.bell.ring();
  }

  private showProgress({ status, stage, tasks }: Project): void {
    const work = tasks.find((task) => task.status === 'working');
    const parts = [status === 'paused' ? 'paused' : stage, work && work.stage !== stage && work.stage !== 'working' ? work.stage : ''];
    this.work.terminal.progress({ stage: plain(parts.filter(Boolean).join(': ')), percent: work && status !== 'collecting' ? work.progress : null });
  }

  private async finish(project: Project): Promise<ExitCode> {
    const { terminal } = this.work;
    terminal.progress(null);
    if (project.status === 'completed' || project.status === 'completed_with_warnings') {
      await deliver(this.work, project);
      return EXIT.delivered;
    }
    const reason = project.reason === null ? '' : `: ${plain(project.reason)}`;
    terminal.say(
      terminal.style(
        'red',
        `The run ${project.status === 'cancelled' ? 'was cancelled' : project.status === 'expired' ? 'has expired' : 'failed'}${reason}`,
      ),
    );
    if (project.status === 'failed') await this.showLog(project);
    if (project.status !== 'cancelled') terminal.say(`Try it again with: ${COMMAND} continue ${project.project_id}`);
    return EXIT.failed;
  }

  private async showLog({ project_id, run_id }: Project): Promise<void> {
    const { client, terminal } = this.work;
    const logs: CheckLog[] = (await everything((page) => client.logs(project_id, page))).filter((log) => log.run_id === run_id);
    const last = logs.findLast(({ status }) => status === 'failed') ?? logs.at(-1);
    if (!last?.log) return;
    const lines = plain(last.log).trimEnd().split('\n').slice(-LOG_LINES);
    terminal.say(
      `\nThe end of the last log (${last.check}${last.command === null ? '' : `, ${plain(last.command)}`}):\n${lines.map((line) => `  ${line}`).join('\n')}\n`,
    );
  }

  /** A server that is away for a while is waited for. */
  private bearAbsence(error: unknown): null {
    const { server, terminal, timing, signal } = this.work;
    signal.throwIfAborted();
    const passing = error instanceof ServerUnreachable || (error instanceof ApiProblem && error.status >= 500);
    if (!passing) throw error;
    const ended = server.ended();
    const later = `The project is kept; go on with: ${COMMAND} continue ${this.projectId}`;
    if (ended !== null) throw new Failure(`${ended}\n${later}`);
    if (this.awaySince === null) terminal.say(`${plain(error.message)} Waiting for the server.`);
    this.awaySince ??= Date.now();
    if (Date.now() - this.awaySince > timing.awayMs)
      throw new Failure(`The server has not answered for ${Math.round(timing.awayMs / 60_000)} minutes. ${later}`);
    return null;
  }
}
