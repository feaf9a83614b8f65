import type { HitlStatus } from '#contracts';
import type {
  Artifact,
  CheckLog,
  Erasure,
  ForkState,
  EventTrace,
  Gate,
  GateAnswer,
  GateDetail,
  Health,
  Message,
  NewApiKey,
  NewProject,
  AtPosition,
  Page,
  PageRequest,
  Project,
  ProjectDiff,
  Provenance,
  ProjectSummary,
  RunState,
  Session,
  Task,
  TaskDetail,
} from './api-types.js';
import { ApiProblem } from './problems.js';
import { Transport, type ClientOptions } from './transport.js';

/**
 * The REST surface, typed. What was not answered is asked again, without anything happening twice.
 *
 * Every method throws {@link ApiProblem} for what the server refuses and {@link ServerUnreachable} where no answer came.
 */
export class CountersignClient {
  private readonly transport: Transport;

  constructor(private readonly options: ClientOptions) {
    this.transport = new Transport(options);
  }

  /** The same server under another token. */
  withToken(token: string): CountersignClient {
    return new CountersignClient({ ...this.options, token });
  }

  register(account: { email: string; password: string; name?: string }): Promise<Session> {
    return this.transport.json('/auth/register', { method: 'POST', body: account, once: true });
  }

  login(credentials: { email: string; password: string }): Promise<Session> {
    return this.transport.json('/auth/login', { method: 'POST', body: credentials, once: true });
  }

  me(): Promise<{ readonly user_id: string; readonly email: string }> {
    return this.transport.json('/auth/me');
  }

  /** Everything of the caller, as a ZIP. */
  exportMe(): Promise<ReadableStream<Uint8Array>> {
    return this.transport.download('/me/export');
  }

  /**
   * Erases the caller's account and all that they wrote, for good.
   * @param confirmation `confirm` is the account's e-mail address
   */
  eraseMe(confirmation: { readonly confirm: string; readonly password: string }): Promise<Erasure> {
    return this.transport.json('/me/erase', { method: 'POST', body: confirmation });
  }

  /** The answer is the only place that ever shows the key. */
  createApiKey(name: string): Promise<NewApiKey> {
    return this.transport.json('/auth/api-keys', { method: 'POST', body: { name }, once: true });
  }

  /** What the service says of itself, also where it cannot do its work. */
  async health(): Promise<Health> {
    const { status, body } = await this.transport.once('/healthz', {});
    if (typeof body !== 'object' || body === null || !('api_status' in body)) throw ApiProblem.of(status, body);
    return { ...body, ready: status === 200 } as Health;
  }

  createProject(project: NewProject): Promise<RunState> {
    return this.transport.json('/projects', { method: 'POST', body: project });
  }

  listProjects(page: PageRequest = {}): Promise<Page<ProjectSummary>> {
    return this.transport.json('/projects', { query: { ...page } });
  }

  getProject(projectId: string, at: AtPosition = {}): Promise<Project> {
    return this.transport.json(`/projects/${projectId}`, { query: { ...at } });
  }

  /** What became of a project between two positions; without `to` up to the end of the log. */
  diff(projectId: string, range: { readonly from: string; readonly to?: string | undefined }): Promise<ProjectDiff> {
    return this.transport.json(`/projects/${projectId}/diff`, { query: { ...range } });
  }

  /** What led to the files of a tree, or to one of them. */
  provenance(artifactId: string, path?: string): Promise<Provenance> {
    return this.transport.json(`/artifacts/${artifactId}/provenance`, { query: { path } });
  }

  /** What led to an event, back to the persons who decided, or what followed from it. */
  trace(position: string, direction: 'causes' | 'effects', bounds: { depth?: number; limit?: number } = {}): Promise<EventTrace> {
    return this.transport.json(`/events/${position}/causes`, { query: { direction, ...bounds } });
  }

  pause(projectId: string): Promise<RunState> {
    return this.transport.json(`/projects/${projectId}/pause`, { method: 'POST' });
  }

  resume(projectId: string): Promise<RunState> {
    return this.transport.json(`/projects/${projectId}/resume`, { method: 'POST' });
  }

  cancel(projectId: string): Promise<RunState> {
    return this.transport.json(`/projects/${projectId}/cancel`, { method: 'POST' });
  }

  retry(projectId: string): Promise<RunState> {
    return this.transport.json(`/projects/${projectId}/retry`, { method: 'POST' });
  }

  /**
   * A new project that begins as this one stood at a position of the log, or as it stands now.
   * @param key says which fork this is, where it may have to be asked for again
   */
  fork(
    projectId: string,
    options: { readonly at_position?: string | undefined; readonly name?: string | undefined } = {},
    key?: string,
  ): Promise<ForkState> {
    return this.transport.json(`/projects/${projectId}/fork`, { method: 'POST', body: options, key });
  }

  /** Oldest first. */
  listMessages(projectId: string, page: PageRequest & AtPosition = {}): Promise<Page<Message>> {
    return this.transport.json(`/projects/${projectId}/messages`, { query: { ...page } });
  }

  /** @param key says which message this is, where it may have to be sent again */
  postMessage(projectId: string, content: string, key?: string): Promise<{ readonly message_id: string }> {
    return this.transport.json(`/projects/${projectId}/messages`, { method: 'POST', body: { content }, key });
  }

  /** Ends the requirements chat. */
  finalize(projectId: string): Promise<{ readonly run_id: string }> {
    return this.transport.json(`/projects/${projectId}/requirements/finalize`, { method: 'POST' });
  }

  listHitl(filter: PageRequest & AtPosition & { readonly projectId?: string; readonly status?: HitlStatus } = {}): Promise<Page<Gate>> {
    const { projectId, ...query } = filter;
    return this.transport.json(projectId === undefined ? '/hitl' : `/projects/${projectId}/hitl`, { query });
  }

  getHitl(requestId: string, at: AtPosition = {}): Promise<GateDetail> {
    return this.transport.json(`/hitl/${requestId}`, { query: { ...at } });
  }

  respond(requestId: string, answer: GateAnswer): Promise<{ readonly request_id: string; readonly new_status: HitlStatus }> {
    return this.transport.json(`/hitl/${requestId}/respond`, { method: 'POST', body: answer });
  }

  listTasks(projectId: string, page: PageRequest & AtPosition = {}): Promise<Page<Task>> {
    return this.transport.json(`/projects/${projectId}/tasks`, { query: { ...page } });
  }

  getTask(taskId: string, at: AtPosition = {}): Promise<TaskDetail> {
    return this.transport.json(`/tasks/${taskId}`, { query: { ...at } });
  }

  logs(projectId: string, page: PageRequest = {}): Promise<Page<CheckLog>> {
    return this.transport.json(`/projects/${projectId}/logs`, { query: { ...page } });
  }

  artifacts(projectId: string, page: PageRequest & AtPosition = {}): Promise<Page<Artifact>> {
    return this.transport.json(`/projects/${projectId}/artifacts`, { query: { ...page } });
  }

  /** The ZIP of a delivery, the newest where no version is given. */
  async download(projectId: string, version?: number): Promise<ReadableStream<Uint8Array>> {
    const { url } = await this.transport.json<{ url: string }>(`/projects/${projectId}/download`, { method: 'POST', body: { version } });
    // The link is signed and public: the token stays at home, wherever it leads.
    return this.transport.stream(url);
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
