import { Global, Module } from '@nestjs/common';
import { OperationsModule, OperatorDecisions } from '#operations';
import { AsOf, Catalog, EventLog, ReadModels } from '#platform';

/** Reads of earlier positions, for the controllers of all contexts. What operators skipped is skipped there, too. */
@Global()
@Module({
  imports: [OperationsModule],
  providers: [
    {
      provide: AsOf,
      useFactory: (reads: ReadModels, log: EventLog, catalog: Catalog, decisions: OperatorDecisions) =>
        new AsOf(reads, log, catalog, (name) => decisions.of(name)),
      inject: [ReadModels, EventLog, Catalog, OperatorDecisions],
    },
  ],
  exports: [AsOf],
})
export class AsOfModule {}
