import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { SPENDING_COMMANDS } from './spending.commands.js';
import { spendingDecider } from './spending.decider.js';
import { spendingEvents } from './spending.events.js';

@Module({ providers: handlersFor(spendingDecider, SPENDING_COMMANDS) })
export class SpendingModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: spendingEvents });
  }
}
