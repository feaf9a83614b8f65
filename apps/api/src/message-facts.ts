import type { AgentType } from '#contracts';
import { comparePositions, type EventLog, type RecordedEvent } from '#platform';
import { projectStream, type ProjectEvent } from '#projects';
import { taskStream, type TaskEvent } from '#tasks';
import type { MessageFacts } from './stream-messages.js';

const REMEMBERED_TASKS = 10_000;

/** Looks up in the log what a message says beyond its event, as it stood at that event. */
export class FactFinder {
  private readonly agents = new Map<string, AgentType>();

  constructor(private readonly log: EventLog) {}

  async about(event: RecordedEvent): Promise<MessageFacts> {
    return {
      agent_type: event.type.startsWith('task.') ? await this.agentOf(event as RecordedEvent<TaskEvent>) : null,
      standing: ['run.paused', 'run.resumed', 'run.reopened'].includes(event.type)
        ? await this.standingBefore(event as RecordedEvent<ProjectEvent>)
        : null,
    };
  }

  private async agentOf({ type, data }: RecordedEvent<TaskEvent>): Promise<AgentType | null> {
    const { task_id } = data;
    const known = type === 'task.assigned' ? (data as { agent_type: AgentType }).agent_type : this.agents.get(task_id);
    const agent = known ?? (await this.log.readStream<TaskEvent>(taskStream(task_id))).map(agentAssigned).find((one) => one !== null);
    if (!agent) return null;
    if (this.agents.size >= REMEMBERED_TASKS) this.agents.clear();
    this.agents.set(task_id, agent);
    return agent;
  }

  private async standingBefore({ position, data, metadata }: RecordedEvent<ProjectEvent>): Promise<MessageFacts['standing']> {
    const { run_id } = data as { run_id: string };
    let standing: MessageFacts['standing'] = null;
    for (const earlier of await this.log.readStream<ProjectEvent>(projectStream(metadata.project_id!))) {
      if (comparePositions(earlier.position, position) >= 0) break;
      const fact = { type: earlier.type, data: earlier.data } as ProjectEvent;
      if (!('run_id' in fact.data) || fact.data.run_id !== run_id) continue;
      if (fact.type === 'run.requested') standing = { status: 'collecting', stage: 'requirements chat' };
      if (fact.type === 'run.status_changed') standing = { status: fact.data.status, stage: fact.data.stage };
      if (fact.type === 'run.failed') standing = { status: 'failed', stage: fact.data.stage };
      if (fact.type === 'run.reopened') standing = { status: 'queued', stage: standing?.stage ?? '' };
    }
    return standing;
  }
}

const agentAssigned = ({ type, data }: RecordedEvent<TaskEvent>): AgentType | null =>
  type === 'task.assigned' ? (data as { agent_type: AgentType }).agent_type : null;
