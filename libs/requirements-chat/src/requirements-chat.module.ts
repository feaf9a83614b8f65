import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { CHAT_COMMANDS } from './requirements-chat.commands.js';
import { RequirementsChatController } from './requirements-chat.controller.js';
import { chatDecider } from './requirements-chat.decider.js';
import { chatEvents } from './requirements-chat.events.js';
import { chatProjection } from './requirements-chat.projection.js';
import { CHAT_QUERY_HANDLERS } from './requirements-chat.queries.js';

@Module({ providers: [...handlersFor(chatDecider, CHAT_COMMANDS), ...CHAT_QUERY_HANDLERS] })
export class RequirementsChatModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: chatEvents, projections: [chatProjection] });
  }
}

@Module({ controllers: [RequirementsChatController] })
export class RequirementsChatApiModule {}
