import { artifactEvents } from '#artifacts';
import { auditEvents } from '#audit';
import { hitlEvents } from '#hitl';
import { operationsEvents } from '#operations';
import { orchestratorEvents, timerEvents } from '#orchestrator';
import type { EventDefinition } from '#platform/domain';
import { privacyEvents } from '#privacy';
import { allowanceEvents, projectEvents } from '#projects';
import { chatEvents } from '#requirements-chat';
import { spendingEvents } from '#spending';
import { taskEvents } from '#tasks';

/** Every event type of the product, context by context. */
export const EVENT_DEFINITIONS: readonly EventDefinition[] = [
  ...allowanceEvents,
  ...artifactEvents,
  ...auditEvents,
  ...chatEvents,
  ...hitlEvents,
  ...operationsEvents,
  ...orchestratorEvents,
  ...privacyEvents,
  ...projectEvents,
  ...spendingEvents,
  ...taskEvents,
  ...timerEvents,
];
