import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who asked to be erased, and who was: ids and times alone. */
export class Erasures1732000015000 implements MigrationInterface {
  name = 'Erasures1732000015000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.erasures (person_id uuid PRIMARY KEY, requested_at timestamptz NOT NULL, erased_at timestamptz)`);
    await query.query(`CREATE INDEX erasures_pending ON read_models.erasures (requested_at) WHERE erased_at IS NULL`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.erasures TO countersign_app`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query(`DROP TABLE read_models.erasures`);
  }
}
