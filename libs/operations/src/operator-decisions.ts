import { Inject, Injectable } from '@nestjs/common';
import { EventLog, fold, type ProjectionDecisions, type RecordedEvent } from '#platform';
import { projectionStream } from './operations.commands.js';
import { operationsDecider } from './operations.decider.js';
import type { OperationsEvent } from './operations.events.js';

/** What operators decided about a projection, read from the log each time: it also counts where every projection stands still. */
@Injectable()
export class OperatorDecisions {
  constructor(@Inject(EventLog) private readonly log: EventLog) {}

  async of(name: string): Promise<ProjectionDecisions> {
    return fold(operationsDecider, await this.history(name));
  }

  history(name: string): Promise<RecordedEvent<OperationsEvent>[]> {
    return this.log.readStream<OperationsEvent>(projectionStream(name));
  }
}
