import type { DataSource } from 'typeorm';
import { Catalog, DATABASE, EventLog, type Position } from '#platform';
import { applyPage } from '../../libs/platform/src/projection-tables.js';
import type { ApiServer } from '../e2e/api-server.js';

/**
 * Makes the read tables of a server that follows no log anew, event by event.
 * @param look called after every event with its position, while the tables stand there
 */
export async function stepThrough({ app }: ApiServer, look: (position: Position) => Promise<void>): Promise<void> {
  const [database, log, { projections }] = [app.get<DataSource>(DATABASE), app.get(EventLog), app.get(Catalog)];
  for (const { tables } of projections) for (const { name } of tables) await database.query(`DELETE FROM read_models.${name}`);
  for (let position: Position = '0'; ;) {
    const entries = await log.readPage(position, 1);
    if (entries.length === 0) return;
    position = entries[0]!.stored.position;
    await database.transaction(async (manager) => {
      for (const projection of projections) {
        const obstacle = await applyPage(manager, { schema: 'read_models', projection, entries, skipped: new Set() });
        if (obstacle) throw new Error(obstacle.reason);
      }
    });
    await look(position);
  }
}
