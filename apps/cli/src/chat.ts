import { randomUUID } from 'node:crypto';
import { ApiProblem, everything, type Message, type Project } from '#client';
import { plain } from './terminal.js';
import { askWhile, type Bell, type Work } from './work.js';

type Question = Message['questions'][number];

/** A person's answers to one message of the analyst. */
export interface Answers {
  /** One a question, empty or "yes" for its proposal; fewer where the person ended the chat in between. */
  readonly given: readonly string[];
  /** The chat is to end with this. */
  readonly end: boolean;
}

const ACCEPT = 'yes';
const LEAVE = 'skip';
const ROUNDS_OF_YES = 3;

/** One message that answers all questions: the proposals that are taken, what the person said, each by its number. */
export function composeAnswer(questions: readonly Question[], { given }: Pick<Answers, 'given'>): string | null {
  if (given.length === 0) return null;
  const said = given.map((answer) => (/^(|y|yes|ok)$/i.test(answer.trim()) ? ACCEPT : answer.trim()));
  if (said.length === questions.length && said.every((one) => one === ACCEPT)) return ACCEPT;
  return questions.length > 1 ? said.map((one, index) => `${index + 1}: ${one}`).join('\n') : said.join('\n');
}

/** What is answered where nobody reads the questions: usual proposals are taken, guesses are left, and nothing but guesses ends the chat. */
export function unattended(questions: readonly Question[]): Answers {
  if (questions.every(({ unsure }) => unsure)) return { given: [], end: true };
  return { given: questions.map(({ unsure }) => (unsure ? LEAVE : ACCEPT)), end: false };
}

/** The requirements chat, as far as a person at this terminal takes part in it. */
export class Chat {
  private readonly shown = new Set<string>();
  private readonly handled = new Set<string>();
  private rounds = 0;
  private ended = false;
  /** Messages that may not be shown yet. */
  private stale = true;
  private wasCollecting = true;
  /** What was answered and has not reached the server yet. */
  private unsent: { readonly content: string | null; readonly end: boolean; readonly key: string } | null = null;
  private unaskedSince: { readonly message: string; readonly at: number } | null = null;

  constructor(
    private readonly work: Work,
    private readonly bell: Bell,
  ) {}

  /** Something was written. */
  changed(): void {
    this.stale = true;
  }

  /** Shows what is new and answers what is asked; true where something was said. */
  async turn(project: Project): Promise<boolean> {
    if (this.unsent) return this.send(project);
    const collecting = project.status === 'collecting';
    if (!this.stale && !collecting && !this.wasCollecting) return false;
    const messages = await this.messages(project);
    this.stale = false;
    this.wasCollecting = collecting;
    this.show(messages);
    const last = messages.at(-1);
    if (!collecting || this.ended || last?.author !== 'analyst' || this.handled.has(last.message_id)) return false;
    if (last.questions.length === 0 && !this.isWaiting(last)) return false;
    const answers = this.work.yes ? this.agreed(last) : await this.ask(project, last);
    if (!answers) return false;
    this.handled.add(last.message_id);
    const content = composeAnswer(last.questions, answers);
    if (this.work.yes && content !== null) this.work.terminal.say(`> ${content}`);
    this.unsent = { content, end: answers.end, key: randomUUID() };
    return this.send(project);
  }

  private async send({ project_id }: Project): Promise<true> {
    const { client, terminal } = this.work;
    const { content, end, key } = this.unsent!;
    if (content !== null) await this.unlessOver(client.postMessage(project_id, content, key));
    if (end) await this.unlessOver(client.finalize(project_id));
    this.unsent = null;
    if (end && !this.ended) terminal.say(terminal.style('dim', 'The chat ends here; the specification is written from what is known.'));
    this.ended ||= end;
    return true;
  }

  private async messages({ project_id, run_id }: Project): Promise<Message[]> {
    const all = await everything((page) => this.work.client.listMessages(project_id, page));
    return all.filter((message) => message.run_id === run_id);
  }

  private show(messages: readonly Message[]): void {
    const { terminal } = this.work;
    for (const message of messages) {
      if (message.author !== 'analyst' || this.shown.has(message.message_id)) continue;
      this.shown.add(message.message_id);
      terminal.say(`\n${terminal.style('bold', 'Analyst')}\n${plain(message.content)}`);
      message.questions.forEach(({ question, proposal }, index) => {
        terminal.say(`\n${terminal.style('bold', `${index + 1}. ${plain(question)}`)}\n   Proposal: ${plain(proposal)}`);
      });
    }
  }

  /** A message without a question may end the chat by itself, which shows a moment later. */
  private isWaiting({ message_id }: Message): boolean {
    if (this.unaskedSince?.message !== message_id) this.unaskedSince = { message: message_id, at: Date.now() };
    const left = this.unaskedSince.at + this.work.timing.graceMs - Date.now();
    if (left > 0) setTimeout(() => this.bell.ring(), left);
    return left <= 0;
  }

  private agreed({ questions }: Message): Answers {
    if (this.rounds >= ROUNDS_OF_YES) return { given: [], end: true };
    this.rounds++;
    return unattended(questions);
  }

  private ask(project: Project, { message_id, questions }: Message): Promise<Answers | undefined> {
    const { client, terminal } = this.work;
    const wanted = async (): Promise<boolean> => {
      const now = await client.getProject(project.project_id);
      if (now.status !== 'collecting' || now.run_id !== project.run_id) return false;
      return (await this.messages(now)).at(-1)?.message_id === message_id;
    };
    terminal.say(
      terminal.style(
        'dim',
        questions.length === 0 ? '\nYour answer ("done" ends the chat):' : '\nYour answers (empty: as proposed; "done" ends the chat):',
      ),
    );
    return askWhile(this.work, this.bell, wanted, async (signal) => {
      const given: string[] = [];
      while (given.length < Math.max(1, questions.length)) {
        const answer = await terminal.ask(questions.length > 1 ? `${given.length + 1}> ` : '> ', signal);
        if (answer === null || /^done[.!]?$/i.test(answer.trim())) return { given, end: true };
        if (answer.trim() !== '' || questions.length > 0) given.push(answer);
      }
      return { given, end: false };
    });
  }

  /** Somebody else may have ended the chat in the same moment. */
  private async unlessOver(said: Promise<unknown>): Promise<void> {
    try {
      await said;
    } catch (error) {
      if (!(error instanceof ApiProblem) || !['not_collecting', 'chat_closed'].includes(error.code)) throw error;
    }
  }
}
