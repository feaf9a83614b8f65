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

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Asked once only: neither repeated nor given an `Idempotency-Key`. */
  readonly once?: boolean;
  /** `Idempotency-Key` of a command; one is made where none is given. */
  readonly key?: string | undefined;
}

export interface Reply {
  readonly status: number;
  /** undefined for what is no JSON. */
  readonly body: unknown;
}

const PASSING = [502, 503, 504];

/** Sends requests and repeats what the server did not answer; a command carries an `Idempotency-Key`, so that it happens once. */
export class Transport {
  readonly baseUrl: string;

  constructor(private readonly options: ClientOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
  }

  /** @throws ApiProblem for every answer but a success */
  async json<T>(path: string, request: Request = {}): Promise<T> {
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

  /** One request, whatever its answer. */
  async once(path: string, { method = 'GET', body, query = {} }: Request, key?: string): Promise<Reply> {
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

  /** What stands at an address that needs no token. */
  async stream(url: string): Promise<ReadableStream<Uint8Array>> {
    return this.body(await this.ask(url.startsWith('/') ? this.baseUrl + url : url, { signal: this.options.signal ?? null }));
  }

  /** What stands at a path of the interface and is no JSON, for whoever has the token. */
  async download(path: string): Promise<ReadableStream<Uint8Array>> {
    const { token, signal } = this.options;
    const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    return this.body(await this.ask(`${this.baseUrl}/api/v1${path}`, { headers, signal: signal ?? null }));
  }

  private async body(reply: Response): Promise<ReadableStream<Uint8Array>> {
    if (!reply.ok) throw ApiProblem.of(reply.status, parseJson(await this.answered(() => reply.text())));
    if (!reply.body) throw new ServerUnreachable(this.baseUrl, 'an empty answer');
    return reply.body as ReadableStream<Uint8Array>;
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
