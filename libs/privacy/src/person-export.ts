import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetArtifact, ListArtifacts, type ArtifactSummary } from '#artifacts';
import { GetGate, ListGates } from '#hitl';
import { Accounts, ApiKeys } from '#identity';
import { AccessibleProjects, audited, ContentStore, DomainError, EventLog, PageQuery, START, type Page } from '#platform';
import { GetProject, ListRuns } from '#projects';
import { ListMessages } from '#requirements-chat';
import { GetTask, GetUsage, ListLogs, ListTasks } from '#tasks';
import { Archive } from './archive.js';
import { personStream } from './privacy.commands.js';

/** Rows that are in memory at a time, with the contents that belong to them. */
const ROWS = 10;
const EVENTS = 200;

const README = `This is everything that Countersign has of you.

account.json              your account, and the names of your API keys
events.ndjson             events about you that belong to no project: runs you began, money spent on models
projects/<project id>/
  project.json            the project as it stands, with your idea
  runs.ndjson             its runs, with your instructions
  chat.ndjson             the chat with the analyst
  tasks.ndjson            what agents did, with the handoff each was given and the one it answered with:
                          specifications, plans, code, reports
  gates.ndjson            what you were asked to decide, and what you answered
  artifacts.ndjson        specifications, plans and deliveries, by version
  artifacts/              the documents as JSON, and the files of the deliveries that are kept
  logs.ndjson             what the checks of the built software printed
  usage.json              what models were used for, and what they cost, in millionths of a dollar
  events.ndjson           every event of the project, in order, as it is on record

.ndjson files have one JSON document a line. Times are ISO 8601 UTC.
`;

/** Everything of a person as one ZIP, made while it is read. */
@Injectable()
export class PersonExport {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(ApiKeys) private readonly apiKeys: ApiKeys,
  ) {}

  of(userId: string): Readable {
    const archive = new Archive();
    this.fill(archive, userId).then(
      () => archive.end(),
      (error: unknown) => archive.fail(error),
    );
    return archive.output;
  }

  private async fill(archive: Archive, userId: string): Promise<void> {
    const account = await this.accounts.account(userId);
    await archive.addText('README.txt', README);
    const api_keys = await collect(rows((page) => this.apiKeys.list(userId, page)));
    await archive.addJson('account.json', { ...account, api_keys });
    await archive.addLines('events.ndjson', this.ownEvents(userId));
    for (const projectId of await this.queries.execute(new AccessibleProjects(userId))) await this.addProject(archive, projectId, userId);
  }

  private async addProject(archive: Archive, projectId: string, userId: string): Promise<void> {
    const { queries } = this;
    const folder = `projects/${projectId}`;
    await archive.addJson(`${folder}/project.json`, await queries.execute(new GetProject(projectId, userId)));
    await archive.addLines(
      `${folder}/runs.ndjson`,
      rows((page) => queries.execute(new ListRuns(projectId, userId, page))),
    );
    await archive.addLines(
      `${folder}/chat.ndjson`,
      rows((page) => queries.execute(new ListMessages(projectId, userId, page))),
    );
    const tasks = rows((page) => queries.execute(new ListTasks(projectId, userId, page)));
    await archive.addLines(
      `${folder}/tasks.ndjson`,
      each(tasks, (task) => queries.execute(new GetTask(task.task_id, userId))),
    );
    const gates = rows((page) => queries.execute(new ListGates(userId, { project_id: projectId }, page)));
    await archive.addLines(
      `${folder}/gates.ndjson`,
      each(gates, (gate) => queries.execute(new GetGate(gate.request_id, userId))),
    );
    const artifacts = () => rows((page) => queries.execute(new ListArtifacts(projectId, userId, page)));
    await archive.addLines(`${folder}/artifacts.ndjson`, artifacts());
    for await (const artifact of artifacts()) await this.addArtifact(archive, `${folder}/artifacts`, artifact, userId);
    await archive.addLines(
      `${folder}/logs.ndjson`,
      rows((page) => queries.execute(new ListLogs(projectId, userId, page))),
    );
    await archive.addJson(`${folder}/usage.json`, await queries.execute(new GetUsage({ project_id: projectId }, userId)));
    await archive.addLines(`${folder}/events.ndjson`, this.projectEvents(projectId));
  }

  private async addArtifact(
    archive: Archive,
    folder: string,
    { artifact_id, type, version, pruned }: ArtifactSummary,
    userId: string,
  ): Promise<void> {
    if (pruned) return;
    const name = `${folder}/${type}-v${version}`;
    const { form, content, files } = await this.queries.execute(new GetArtifact(artifact_id, userId));
    if (form === 'document') return archive.addJson(`${name}.json`, content);
    for (const { path, sha256 } of files) await archive.add(`${name}/${path}`, this.contents.stream(userId, sha256));
  }

  private async *projectEvents(projectId: string): AsyncGenerator {
    for (let after = START; ;) {
      const events = await this.log.readProject(projectId, after, EVENTS);
      yield* events.map(audited);
      if (events.length < EVENTS) return;
      after = events.at(-1)!.position;
    }
  }

  private async *ownEvents(userId: string): AsyncGenerator {
    for (const stream of [`allowance-${userId}`, `spending-${userId}`, personStream(userId)]) yield* (await this.log.readStream(stream)).map(audited);
  }
}

/** All rows of a paginated list, a few at a time. */
async function* rows<T>(list: (page: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let cursor: string | undefined; ;) {
    const { items, next_cursor } = await list(Object.assign(new PageQuery(), { limit: ROWS, ...(cursor !== undefined && { cursor }) }));
    yield* items;
    if (next_cursor === null) return;
    cursor = next_cursor;
  }
}

/** More about every row; the row itself where its contents are not kept any more. */
async function* each<T, R>(items: AsyncIterable<T>, look: (item: T) => Promise<R>): AsyncGenerator<T | R> {
  for await (const item of items)
    yield await look(item).catch((error: unknown) => {
      if (error instanceof DomainError && error.code === 'not_found') return item;
      throw error;
    });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
