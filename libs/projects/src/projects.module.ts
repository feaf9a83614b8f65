import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { ALLOWANCE_COMMANDS } from './allowance.commands.js';
import { allowanceDecider } from './allowance.decider.js';
import { allowanceEvents } from './allowance.events.js';
import { FORK_QUERY_HANDLERS } from './forks.queries.js';
import { ForksController } from './forks.controller.js';
import { PROJECT_COMMANDS } from './projects.commands.js';
import { ProjectsController } from './projects.controller.js';
import { projectDecider } from './projects.decider.js';
import { projectEvents } from './projects.events.js';
import { projectsProjection } from './projects.projection.js';
import { PROJECT_QUERY_HANDLERS } from './projects.queries.js';

@Module({
  providers: [
    ...handlersFor(projectDecider, PROJECT_COMMANDS),
    ...handlersFor(allowanceDecider, ALLOWANCE_COMMANDS),
    ...PROJECT_QUERY_HANDLERS,
    ...FORK_QUERY_HANDLERS,
  ],
})
export class ProjectsModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: [...projectEvents, ...allowanceEvents], projections: [projectsProjection] });
  }
}

@Module({ controllers: [ProjectsController, ForksController] })
export class ProjectsApiModule {}
