import { EventLog1732000000000 } from './1732000000000-event-log.js';
import { Contents1732000001000 } from './1732000001000-contents.js';
import { ReadModels1732000002000 } from './1732000002000-read-models.js';
import { Workers1732000003000 } from './1732000003000-workers.js';
import { Audit1732000004000 } from './1732000004000-audit.js';
import { Identity1732000005000 } from './1732000005000-identity.js';
import { Timers1732000008000 } from './1732000008000-timers.js';
import { TaskUsage1732000009000 } from './1732000009000-task-usage.js';
import { RunEngine1732000010000 } from './1732000010000-run-engine.js';
import { Forks1732000011000 } from './1732000011000-forks.js';
import { SignedHeads1732000012000 } from './1732000012000-signed-heads.js';
import { AuditIndex1732000013000 } from './1732000013000-audit-index.js';
import { SealedIdentity1732000014000 } from './1732000014000-sealed-identity.js';
import { Erasures1732000015000 } from './1732000015000-erasures.js';
import { AppendOne1732000016000 } from './1732000016000-append-one.js';

/** Every migration, in the order in which they run. */
export const migrations = [
  EventLog1732000000000,
  Contents1732000001000,
  ReadModels1732000002000,
  Workers1732000003000,
  Audit1732000004000,
  Identity1732000005000,
  Timers1732000008000,
  TaskUsage1732000009000,
  RunEngine1732000010000,
  Forks1732000011000,
  SignedHeads1732000012000,
  AuditIndex1732000013000,
  SealedIdentity1732000014000,
  Erasures1732000015000,
  AppendOne1732000016000,
];
