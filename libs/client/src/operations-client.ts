import { Transport, type ClientOptions } from './transport.js';

/** An event before which a projection stands still. */
export interface Standstill {
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly cause: string;
  readonly reason: string;
  readonly since: string;
  readonly retry_pending: boolean;
}

export interface ProjectionRebuild {
  readonly status: 'requested' | 'running' | 'stopped';
  readonly position: string;
  readonly target: string;
  readonly percent: number;
  readonly events: number;
  readonly events_per_second: number | null;
  readonly seconds_left: number | null;
  readonly stopped: Standstill | null;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly status: 'live' | 'parked';
  readonly position: string;
  readonly head: string;
  readonly version: number;
  readonly defined_version: number;
  readonly parked: Standstill | null;
  readonly rebuild: ProjectionRebuild | null;
}

/**
 * What operators may do, with the operator token of the installation.
 *
 * Every method throws {@link ApiProblem} for what the server refuses and {@link ServerUnreachable} where no answer came.
 */
export class OperationsClient {
  private readonly transport: Transport;

  constructor(options: ClientOptions) {
    this.transport = new Transport(options);
  }

  async listProjections(): Promise<readonly ProjectionStatus[]> {
    return (await this.transport.json<{ items: readonly ProjectionStatus[] }>('/operations/projections')).items;
  }

  projection(name: string): Promise<ProjectionStatus> {
    return this.transport.json(path(name));
  }

  retry(name: string, reason?: string): Promise<ProjectionStatus> {
    return this.transport.json(`${path(name)}/retry`, { method: 'POST', body: { reason } });
  }

  skip(name: string, position: string, reason: string): Promise<ProjectionStatus> {
    return this.transport.json(`${path(name)}/skip`, { method: 'POST', body: { position, reason } });
  }

  /** Has another key sign the heads of the hash chains; answers with all that ever signed, the new one last. */
  rotateAuditKey(reason: string): Promise<{ readonly keys: readonly { readonly kid: string }[] }> {
    return this.transport.json('/operations/audit/rotate-key', { method: 'POST', body: { reason } });
  }

  rebuild(name: string, reason?: string): Promise<ProjectionStatus> {
    return this.transport.json(`${path(name)}/rebuild`, { method: 'POST', body: { reason } });
  }
}

const path = (name: string): string => `/operations/projections/${encodeURIComponent(name)}`;
