import type { CommandMeta } from '#platform';

/** Meta of a command that the orchestrator sends for a run; without causes named, the command is its own. */
export const orchestratorMeta = (
  run: { readonly project_id: string; readonly run_id: string; readonly owner_id: string },
  command_id: string,
  causes: Pick<CommandMeta, 'correlation_id' | 'causation_id'> = { correlation_id: command_id, causation_id: command_id },
): CommandMeta => ({
  command_id,
  request_hash: null,
  now: new Date().toISOString(),
  actor: 'orchestrator',
  requester: null,
  owner_id: run.owner_id,
  project_id: run.project_id,
  run_id: run.run_id,
  ...causes,
});
