import { Inject, Injectable } from '@nestjs/common';
import { Chains, comparePositions, EventLog, GENESIS, nextLink, START, type Position } from '#platform';
import { eventLine, headerLine, headLine, textOfLine, type ExportLine } from './export-format.js';
import { RecordedHeads } from './recorded-heads.js';
import { CannotSign, SigningKeys } from './signing-keys.js';

const PAGE = 200;

/** The history of a project as a file that proves itself; the format is in docs/audit.md. */
@Injectable()
export class ProjectExport {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Chains) private readonly chains: Chains,
    @Inject(SigningKeys) private readonly keys: SigningKeys,
    @Inject(RecordedHeads) private readonly heads: RecordedHeads,
  ) {}

  /** The file in pieces of some lines each, a page of the history at a time. */
  async *pieces(projectId: string): AsyncGenerator<string> {
    const storeId = await this.log.store.storeId();
    await this.chains.reach();
    const end = await this.chains.end(projectId);
    yield linesOf([headerLine(storeId, projectId, await this.keys.published())]);

    let [position, link, events]: [Position, Buffer, number] = [START, GENESIS, 0];
    let brokenAt: Position | null = null;
    for (let full = true; full;) {
      const page = await this.chains.read(projectId, position, PAGE, end.position);
      full = page.length === PAGE;
      const upTo = page.at(-1)?.position ?? position;
      const signed = await this.heads.after(storeId, projectId, position, PAGE, upTo);
      const lines: ExportLine[] = [];
      for (const event of page) {
        link = nextLink(link, event);
        if (!event.project_link?.equals(link)) brokenAt ??= event.position;
        lines.push(eventLine(event, (event.project_link ?? Buffer.alloc(0)).toString('hex')));
        while (signed[0] && comparePositions(signed[0].position, event.position) <= 0) lines.push(headLine('head', signed.shift()!));
      }
      events += page.length;
      position = upTo;
      yield linesOf(lines);
    }
    const isWhole = brokenAt === null && position === end.position && link.equals(end.link);
    const head = { store_id: storeId, chain: 'project' as const, project_id: projectId, position, events, link: link.toString('hex') };
    yield linesOf([
      isWhole ? await this.closing(head) : unsigned(`its chain does not verify ${brokenAt === null ? 'at its end' : `at position ${brokenAt}`}.`),
    ]);
  }

  /** The head that is signed now. It is kept with those that are signed at intervals. */
  private async closing(head: Parameters<SigningKeys['sign']>[0][number]): Promise<ExportLine> {
    try {
      const [signed] = await this.keys.sign([head]);
      await this.heads.add([signed!]);
      return headLine('end', signed!);
    } catch (error) {
      if (error instanceof CannotSign) return unsigned(error.message);
      throw error;
    }
  }
}

const unsigned = (reason: string): ExportLine => ({ kind: 'unsigned', reason });
const linesOf = (lines: readonly ExportLine[]): string => lines.map((line) => `${textOfLine(line)}\n`).join('');
