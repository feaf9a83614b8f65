import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { OPERATIONS_COMMANDS } from './operations.commands.js';
import { OperationsController } from './operations.controller.js';
import { operationsDecider } from './operations.decider.js';
import { operationsEvents } from './operations.events.js';
import { OPERATIONS_QUERY_HANDLERS } from './operations.queries.js';
import { OperatorDecisions } from './operator-decisions.js';

@Module({
  providers: [...handlersFor(operationsDecider, OPERATIONS_COMMANDS), ...OPERATIONS_QUERY_HANDLERS, OperatorDecisions],
  exports: [OperatorDecisions],
})
export class OperationsModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: operationsEvents });
  }
}

@Module({ controllers: [OperationsController] })
export class OperationsApiModule {}
