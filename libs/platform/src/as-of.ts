import type { Catalog } from './catalog.js';
import { DomainError } from './domain.js';
import type { EventLog } from './event-log.js';
import { comparePositions, START, type Position } from './event-store.js';
import { FoldedRows } from './folded-rows.js';
import type { DecisionsOf } from './projection-standstill.js';
import { typesOf } from './projection.js';
import type { Reads } from './read-models.js';
import { Slots } from './slots.js';

const PAGE = 500;
/** Histories that are folded at a time; further ones wait. */
const AT_A_TIME = 4;

/** A row of a read table, by its key, and whoever asks for it. */
export interface Asked {
  readonly table: string;
  readonly id: string;
  readonly userId: string;
}

/**
 * The read models as they stood at an earlier position. A read model is a pure fold, so the history of one project, folded up
 * to that position, gives the rows that were there, and the ordinary queries answer from them. Nothing is kept.
 */
export class AsOf {
  private readonly slots = new Slots(AT_A_TIME);

  constructor(
    private readonly live: Reads,
    private readonly log: EventLog,
    private readonly catalog: Catalog,
    private readonly decisionsOf: DecisionsOf,
  ) {}

  /**
   * What queries are to read from. Whether the person may see the row is decided as things stand now.
   * @param position as a client wrote it, digits alone; undefined for the live tables
   * @returns undefined for the live tables
   * @throws DomainError invalid_input beyond the end of the log; not_found where the row is not theirs, or was not there yet
   */
  async reads(asked: Asked, position: string | undefined): Promise<Reads | undefined> {
    if (position === undefined) return undefined;
    const until = await this.known(position, 'at_position');
    const projectId = await this.projectOf(asked);
    const rows = await this.rowsOf(projectId, until);
    if (rows.has(asked.table, asked.id)) return rows;
    const what = rows.has('projects', projectId) ? 'this' : 'the project';
    throw new DomainError(
      'not_found',
      `At position ${until} of the log ${what} was not there yet. GET /api/v1/projects/${projectId}/events shows where it begins.`,
    );
  }

  /**
   * A position as a client wrote it, in the form in which positions are compared.
   * @param text digits alone
   * @throws DomainError invalid_input naming the field, for what lies beyond the end of the log
   */
  async known(text: string, field: string): Promise<Position> {
    const position = BigInt(text).toString();
    if (comparePositions(position, await this.log.store.head()) <= 0) return position;
    throw new DomainError('invalid_input', 'The log has not come as far as this position. Take one that an earlier answer or message carried.', [
      { field, message: 'must not lie beyond the end of the log' },
    ]);
  }

  /** The rows of one project, up to and with a position. Costs as much as the project's history is long, whatever else is in the log. */
  rowsOf(projectId: string, until: Position): Promise<FoldedRows> {
    return this.slots.use(async () => {
      const projections = this.catalog.projections.filter((one) => typesOf([one]).size > 0);
      const decided = await Promise.all(projections.map(({ name }) => this.decisionsOf(name)));
      const rows = new FoldedRows(
        this.live,
        projections.map((projection, index) => ({ projection, skipped: decided[index]!.skipped })),
      );
      const types = typesOf(projections);
      for (let after = START; ;) {
        const entries = await this.log.readProjectPage(projectId, { after, until, limit: PAGE }, { types, sealed: true });
        rows.apply(entries);
        if (entries.length < PAGE) return rows;
        after = entries.at(-1)!.stored.position;
      }
    });
  }

  private async projectOf({ table, id, userId }: Asked): Promise<string> {
    const key = this.catalog.projections.flatMap(({ tables }) => tables).find(({ name }) => name === table)!.key;
    const row = await this.live.row<{ project_id: string }>(`SELECT project_id FROM read_models.${table} WHERE ${key} = $1 AND owner_id = $2`, [
      id,
      userId,
    ]);
    if (!row) throw new DomainError('not_found', 'There is nothing with this id.');
    return row.project_id;
  }
}
