import type { Report } from './report.js';

/** A benchmark: measures the product beside its peers and reports. */
export type Bench = (run: {
  /** Only shows that everything works; its figures mean nothing. */
  readonly quick: boolean;
  readonly report: Report;
}) => Promise<void>;
