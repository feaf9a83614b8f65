import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { HITL_COMMANDS } from './hitl.commands.js';
import { HitlController } from './hitl.controller.js';
import { gateDecider } from './hitl.decider.js';
import { hitlEvents } from './hitl.events.js';
import { hitlProjection } from './hitl.projection.js';
import { HITL_QUERY_HANDLERS } from './hitl.queries.js';

@Module({ providers: [...handlersFor(gateDecider, HITL_COMMANDS), ...HITL_QUERY_HANDLERS] })
export class HitlModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: hitlEvents, projections: [hitlProjection] });
  }
}

@Module({ controllers: [HitlController] })
export class HitlApiModule {}
