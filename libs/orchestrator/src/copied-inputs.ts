import { START, type EventLog, type Position, type RecordedEvent } from '#platform';
import { toPipelineInput } from './input-mapping.js';
import type { PipelineInput } from './pipeline-inputs.events.js';

const PAGE = 500;

/** What the runs of a fork have heard in the project that they were copied from, by run, in order: read once for all of them. */
export class CopiedInputs {
  private readonly read = new Map<string, Promise<Map<string, { event: RecordedEvent; input: PipelineInput }[]>>>();

  constructor(private readonly log: Pick<EventLog, 'readProject'>) {}

  /** @param until position of the event that ends the copy */
  async of(projectId: string, runId: string, until: Position): Promise<readonly { event: RecordedEvent; input: PipelineInput }[]> {
    let inputs = this.read.get(projectId);
    if (!inputs) this.read.set(projectId, (inputs = this.collect(projectId, until)));
    return (await inputs).get(runId) ?? [];
  }

  private async collect(projectId: string, until: Position) {
    const byRun = new Map<string, { event: RecordedEvent; input: PipelineInput }[]>();
    for (let after: Position = START; ;) {
      const page = await this.log.readProject(projectId, after, PAGE, until);
      for (const event of page) {
        const input = event.metadata.forked_from ? toPipelineInput(event) : null;
        if (input) byRun.set(input.run_id, [...(byRun.get(input.run_id) ?? []), { event, input }]);
      }
      if (page.length < PAGE) return byRun;
      after = page.at(-1)!.position;
    }
  }
}
