import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { TASK_COMMANDS } from './tasks.commands.js';
import { TasksController } from './tasks.controller.js';
import { taskDecider } from './tasks.decider.js';
import { taskEvents } from './tasks.events.js';
import { tasksProjection } from './tasks.projection.js';
import { ExportCassetteHandler } from './tasks.cassette.js';
import { TASK_QUERY_HANDLERS } from './tasks.queries.js';

@Module({ providers: [...handlersFor(taskDecider, TASK_COMMANDS), ...TASK_QUERY_HANDLERS, ExportCassetteHandler] })
export class TasksModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: taskEvents, projections: [tasksProjection] });
  }
}

@Module({ controllers: [TasksController] })
export class TasksApiModule {}
