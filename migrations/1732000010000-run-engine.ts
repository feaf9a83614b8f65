import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who thinks for a run. A run from before has none of its own, which is what null says. */
export class RunEngine1732000010000 implements MigrationInterface {
  name = 'RunEngine1732000010000';

  async up(query: QueryRunner): Promise<void> {
    await query.query('ALTER TABLE read_models.runs ADD COLUMN engine text');
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query('ALTER TABLE read_models.runs DROP COLUMN engine');
  }
}
