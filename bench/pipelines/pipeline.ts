/** A durable pipeline of one of the candidates, ready to take projects. */
export interface Pipeline {
  /** Brings one project to its end; answers how long the step after the person's answer took to start, in ms. */
  run(id: string): Promise<number>;
  close(): Promise<void>;
}

export interface Engines {
  /** An empty database. */
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  /** A folder of this run's own. */
  readonly folder: string;
}

/** A handoff of 2 KB. */
export const handoff = (id: string): { project: string; text: string } => ({ project: id, text: 'x'.repeat(2_000) });
export const STEPS = 4;
/** After this step a person is asked, and answers at once. */
export const GATE_AFTER = 2;
