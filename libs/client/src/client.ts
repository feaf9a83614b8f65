import type { HitlStatus } from '#contracts';
import type {
  Artifact,
  CheckLog,
  Gate,
  GateAnswer,
  GateDetail,
  Health,
  Message,
  NewApiKey,
  NewProject,
  Page,
  PageRequest,
  Project,
  ProjectSummary,
  RunState,
  Session,
  Task,
  TaskDetail,
} from './api-types.js';
import { ApiProblem, ServerUnreachable } from './problems.js';

export interface ClientOptions {
  /** Where the server is, without `/api/v1`. */
  readonly baseUrl: string;
  /** JWT or API key; without one only what is public can be asked. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Ends every request of this client. */
  readonly signal?: AbortSignal | undefined;
  /** How long a request may take before it counts as unanswered. */
  readonly timeoutMs?: number | undefined;
  /** Pauses before what the server did not answer is asked again. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

interface Request {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Asked once only: neither repeated nor given an `Idempotency-Key`. */
  readonly once?: boolean;
  /** `Idempotency-Key` of a command; one is made where none is given. */
  readonly key?: string | undefined;
}

interface Reply {
  readonly status: number;
  /** undefined for what is no JSON. */
  readonly body: unknown;
}

const PASSING = [502, 503, 504];

/**
 * The REST surface, typed. A command carries an `Idempotency-Key`, so that asking again after a lost answer does
 * nothing twice.
 *
 * Every method throws {@link ApiProblem} for what the server refuses and {@link ServerUnreachable} where no answer came.
 */
export class CountersignClient {
  private readonly baseUrl: string;

  constructor(private readonly options: ClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  /** The same server under another token. */
  withToken(token: string): CountersignClient {
    return new CountersignClient({ ...this.options, token });
  }

  register(account: { email: string; password: string; name?: string }): Promise<Session> {
    return this.json('/auth/register', { method: 'POST', body: account, once: true });
  }

  login(credentials: { email: string; password: string }): Promise<Session> {
    return this.json('/auth/login', { method: 'POST', body: credentials, once: true });
  }

  me(): Promise<{ readonly user_id: string; readonly email: string }> {
    return this.json('/auth/me');
  }

  /** The answer is the only place that ever shows the key. */
  createApiKey(name: string): Promise<NewApiKey> {
    return this.json('/auth/api-keys', { method: 'POST', body: { name }, once: true });
  }

  /** What the service says of itself, also where it cannot do its work. */
  async health(): Promise<Health> {
    const { status, body } = await this.once('/healthz', {});
    if (typeof body !== 'object' || body === null || !('api_status' in body)) throw ApiProblem.of(status, body);
    return { ...body, ready: status === 200 } as Health;
  }

  createProject(project: NewProject): Promise<RunState> {
    return this.json('/projects', { method: 'POST', body: project });
  }

  listProjects(page: PageRequest = {}): Promise<Page<ProjectSummary>> {
    return this.json('/projects', { query: { ...page } });
  }

  getProject(projectId: string): Promise<Project> {
    return this.json(`/projects/${projectId}`);
  }

  pause(projectId: string): Promise<RunState> {
    return this.json(`/projects/${projectId}/pause`, { method: 'POST' });
  }

  resume(projectId: string): Promise<RunState> {
    return this.json(`/projects/${projectId}/resume`, { method: 'POST' });
  }

  cancel(projectId: string): Promise<RunState> {
    return this.json(`/projects/${projectId}/cancel`, { method: 'POST' });
  }

  retry(projectId: string): Promise<RunState> {
    return this.json(`/projects/${projectId}/retry`, { method: 'POST' });
  }

  /** Oldest first. */
  listMessages(projectId: string, page: PageRequest = {}): Promise<Page<Message>> {
    return this.json(`/projects/${projectId}/messages`, { query: { ...page } });
  }

  /** @param key says which message this is, where it may have to be sent again */
  postMessage(projectId: string, content: string, key?: string): Promise<{ readonly message_id: string }> {
    return this.json(`/projects/${projectId}/messages`, { method: 'POST', body: { content }, key });
  }

  /** Ends the requirements chat. */
  finalize(projectId: string): Promise<{ readonly run_id: string }> {
    return this.json(`/projects/${projectId}/requirements/finalize`, { method: 'POST' });
  }

  listHitl(filter: PageRequest & { readonly projectId?: string; readonly status?: HitlStatus } = {}): Promise<Page<Gate>> {
    const { projectId, ...query } = filter;
    return this.json(projectId === undefined ? '/hitl' : `/projects/${projectId}/hitl`, { query });
  }

  getHitl(requestId: string): Promise<GateDetail> {
    return this.json(`/hitl/${requestId}`);
  }

  respond(requestId: string, answer: GateAnswer): Promise<{ readonly request_id: string; readonly new_status: HitlStatus }> {
    return this.json(`/hitl/${requestId}/respond`, { method: 'POST', body: answer });
  }

  listTasks(projectId: string, page: PageRequest = {}): Promise<Page<Task>> {
    return this.json(`/projects/${projectId}/tasks`, { query: { ...page } });
  }

  getTask(taskId: string): Promise<TaskDetail> {
    return this.json(`/tasks/${taskId}`);
  }

  logs(projectId: string, page: PageRequest = {}): Promise<Page<CheckLog>> {
    return this.json(`/projects/${projectId}/logs`, { query: { ...page } });
  }

  artifacts(projectId: string, page: PageRequest = {}): Promise<Page<Artifact>> {
    return this.json(`/projects/${projectId}/artifacts`, { query: { ...page } });
  }

  /** The ZIP of a delivery, the newest where no version is given. */
  async download(projectId: string, version?: number): Promise<ReadableStream<Uint8Array>> {
    const link = await this.json<{ url: string }>(`/projects/${projectId}/download`, { method: 'POST', body: { version } });
    // The link is signed and public: the token stays at home, wherever the link leads.
    const reply = await this.ask(link.url.startsWith('/') ? this.baseUrl + link.url : link.url, { headers: {}, signal: this.options.signal ?? null });
    if (!reply.ok) throw ApiProblem.of(reply.status, parseJson(await this.answered(() => reply.text())));
    if (!reply.body) throw new ServerUnreachable(this.baseUrl, 'an empty answer');
    return reply.body as ReadableStream<Uint8Array>;
  }

  private async json<T>(path: string, request: Request = {}): Promise<T> {
    const key = request.method === 'POST' && !request.once ? (request.key ?? crypto.randomUUID()) : undefined;
    const delays = request.once ? [] : (this.options.retryDelaysMs ?? [500, 1_500, 4_000]);
    for (let attempt = 0; ; attempt++) {
      const delay = delays[attempt];
      try {
        const { status, body } = await this.once(path, request, key);
        if (status >= 200 && status < 300 && (body !== undefined || status === 204)) return body as T;
        if (delay === undefined || !PASSING.includes(status)) throw ApiProblem.of(status, body);
      } catch (error) {
        if (delay === undefined || !(error instanceof ServerUnreachable)) throw error;
      }
      await pause(delay, this.options.signal);
    }
  }

  private async once(path: string, { method = 'GET', body, query = {} }: Request, key?: string): Promise<Reply> {
    const { token, signal, timeoutMs = 30_000 } = this.options;
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
    const limit = AbortSignal.timeout(timeoutMs);
    const reply = await this.ask(`${this.baseUrl}/api/v1${path}${search && `?${search}`}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(method === 'POST' && { 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return { status: reply.status, body: parseJson(await this.answered(() => reply.text())) };
  }

  private ask(url: string, init: RequestInit): Promise<Response> {
    return this.answered(() => (this.options.fetch ?? fetch)(url, init));
  }

  private async answered<T>(exchange: () => Promise<T>): Promise<T> {
    try {
      return await exchange();
    } catch (error) {
      this.options.signal?.throwIfAborted();
      throw new ServerUnreachable(this.baseUrl, error);
    }
  }
}

/** Every item of a paginated list, in its order. */
export async function everything<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 200, cursor });
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
