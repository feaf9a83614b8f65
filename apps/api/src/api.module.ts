import { Module } from '@nestjs/common';
import { ArtifactsApiModule, ArtifactsModule } from '#artifacts';
import { AuditApiModule, AuditModule } from '#audit';
import { HitlApiModule, HitlModule } from '#hitl';
import { IdentityApiModule, IdentityModule } from '#identity';
import { OperationsApiModule, OperationsModule } from '#operations';
import { OrchestratorEventsModule } from '#orchestrator';
import { PrivacyApiModule, PrivacyModule } from '#privacy';
import { ProjectsApiModule, ProjectsModule } from '#projects';
import { RequirementsChatApiModule, RequirementsChatModule } from '#requirements-chat';
import { SpendingModule } from '#spending';
import { TasksApiModule, TasksModule } from '#tasks';
import { AsOfModule } from './as-of.module.js';
import { ConnectionCloser } from './connection-closer.js';
import { EventsController } from './events.controller.js';
import { HealthzController } from './healthz.controller.js';
import { ProjectFeed } from './project-feed.js';
import { ProvenanceController } from './provenance.controller.js';
import { ProjectDiffController } from './project-diff.controller.js';
import { ProjectDiffer } from './project-diff.js';
import { ProjectViewController } from './project-view.controller.js';
import { SseController } from './sse.controller.js';
import { StreamAccess } from './stream-access.js';
import { StreamGateway } from './stream.gateway.js';

/** HTTP and Socket.IO over all contexts. Whoever composes it brings PlatformModule and JobQueueModule, and calls `configureApi`. */
@Module({
  imports: [
    AsOfModule,
    IdentityModule,
    IdentityApiModule,
    ProjectsModule,
    ProjectsApiModule,
    RequirementsChatModule,
    RequirementsChatApiModule,
    TasksModule,
    TasksApiModule,
    HitlModule,
    HitlApiModule,
    ArtifactsModule,
    ArtifactsApiModule,
    SpendingModule,
    AuditModule,
    AuditApiModule,
    OperationsModule,
    OperationsApiModule,
    PrivacyModule,
    PrivacyApiModule,
    OrchestratorEventsModule,
  ],
  controllers: [ProjectViewController, ProjectDiffController, ProvenanceController, EventsController, SseController, HealthzController],
  providers: [ConnectionCloser, ProjectDiffer, ProjectFeed, StreamAccess, StreamGateway],
})
export class ApiModule {}
