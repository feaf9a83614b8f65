import { Inject, Injectable } from '@nestjs/common';
import { Chains, EventLog, START, type ChainReport } from '#platform';
import { RecordedHeads } from './recorded-heads.js';
import type { SignedHead } from './signed-head.js';
import { SigningKeys } from './signing-keys.js';
import { Trust } from './trust.js';

const PAGE = 500;

/** What a chain's verification found, the heads that were signed of it included. */
export interface VerifiedChain extends ChainReport {
  readonly signed_heads: number;
  /** The newest of them; null where there is none. */
  readonly last_signed: SignedHead | null;
}

/** Recomputes chains from what is stored, and compares them with the heads that were signed of them. */
@Injectable()
export class ChainVerification {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Chains) private readonly chains: Chains,
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(RecordedHeads) private readonly heads: RecordedHeads,
  ) {}

  /** The log's chain, and those of these projects. */
  async verify(projectIds: readonly string[]): Promise<VerifiedChain[]> {
    const trust = new Trust(await this.keys.published());
    const reports = await this.log.store.verify(projectIds);
    const storeId = await this.log.store.storeId();
    const verified: VerifiedChain[] = [];
    for (const report of reports) verified.push(await this.compare(report, storeId, trust));
    return verified;
  }

  private async compare(report: ChainReport, storeId: string, trust: Trust): Promise<VerifiedChain> {
    let [signed_heads, last_signed, mismatch]: [number, SignedHead | null, ChainReport['mismatch']] = [0, null, report.mismatch];
    for (let full = true; full;) {
      const page = await this.heads.after(storeId, report.project_id, last_signed?.position ?? START, PAGE);
      const events = await this.chains.at(page.map(({ position }) => position));
      const links = new Map(events.map(({ position, project_id, log_link, project_link }) => [position, { project_id, log_link, project_link }]));
      for (const head of page) {
        const event = links.get(head.position);
        const link = head.chain === 'log' ? event?.log_link : event?.project_id === head.project_id ? event?.project_link : undefined;
        const reason =
          trust.objection(head) ??
          (link === undefined || link === null
            ? 'names an event that is not there'
            : link.toString('hex') === head.link
              ? null
              : 'has another link: what stands before it was written anew');
        if (reason) mismatch ??= { position: head.position, reason: `the head that was signed here at ${head.time} ${reason}` };
        signed_heads += 1;
        last_signed = head;
      }
      full = page.length === PAGE;
    }
    return { ...report, ok: mismatch === null, mismatch, signed_heads, last_signed };
  }
}
