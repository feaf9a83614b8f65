import { Module } from '@nestjs/common';
import { AgentsModule } from '#agents';
import { ArtifactsModule } from '#artifacts';
import { AuditModule, AuditWorkerModule } from '#audit';
import { HitlModule } from '#hitl';
import { OperationsModule } from '#operations';
import { OrchestratorModule } from '#orchestrator';
import { ErasureModule, PrivacyModule } from '#privacy';
import { ProjectsModule } from '#projects';
import { RequirementsChatModule } from '#requirements-chat';
import { SpendingModule } from '#spending';
import { TasksModule } from '#tasks';
import { ProjectionsHost } from './projections.host.js';

/** What works without being asked: read models, orchestrator, agents. */
@Module({
  imports: [
    ProjectsModule,
    RequirementsChatModule,
    TasksModule,
    HitlModule,
    ArtifactsModule,
    SpendingModule,
    AuditModule,
    AuditWorkerModule,
    OperationsModule,
    OrchestratorModule,
    AgentsModule,
    PrivacyModule,
    ErasureModule,
  ],
  providers: [ProjectionsHost],
})
export class WorkerModule {}
