import { Inject, Module } from '@nestjs/common';
import { Catalog, handlersFor } from '#platform';
import { ARTIFACT_COMMANDS } from './artifacts.commands.js';
import { ArtifactsController } from './artifacts.controller.js';
import { artifactsDecider } from './artifacts.decider.js';
import { artifactEvents } from './artifacts.events.js';
import { artifactsProjection } from './artifacts.projection.js';
import { ARTIFACT_QUERY_HANDLERS } from './artifacts.queries.js';

@Module({ providers: [...handlersFor(artifactsDecider, ARTIFACT_COMMANDS), ...ARTIFACT_QUERY_HANDLERS] })
export class ArtifactsModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: artifactEvents, projections: [artifactsProjection] });
  }
}

@Module({ controllers: [ArtifactsController] })
export class ArtifactsApiModule {}
