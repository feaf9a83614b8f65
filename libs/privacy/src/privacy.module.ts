import { Inject, Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { Catalog, handlersFor } from '#platform';
import { ErasureRunner } from './erasure-runner.js';
import { PersonExport } from './person-export.js';
import { PRIVACY_COMMANDS } from './privacy.commands.js';
import { PrivacyController } from './privacy.controller.js';
import { privacyDecider } from './privacy.decider.js';
import { privacyEvents } from './privacy.events.js';
import { privacyProjection } from './privacy.projection.js';
import { PRIVACY_QUERY_HANDLERS } from './privacy.queries.js';

@Module({ providers: [...handlersFor(privacyDecider, PRIVACY_COMMANDS), ...PRIVACY_QUERY_HANDLERS] })
export class PrivacyModule {
  constructor(@Inject(Catalog) catalog: Catalog) {
    catalog.register({ events: privacyEvents, projections: [privacyProjection] });
  }
}

@Module({ imports: [IdentityModule], controllers: [PrivacyController], providers: [PersonExport] })
export class PrivacyApiModule {}

/** Carries erasures out, in the process that works. */
@Module({ imports: [IdentityModule, PrivacyModule], providers: [ErasureRunner] })
export class ErasureModule {}
