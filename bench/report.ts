import { cpus, totalmem } from 'node:os';

/** A figure, several for its runs (their median counts), or why there is none. */
export type Cell = number | readonly number[] | { readonly skipped: string };

export interface Column {
  readonly name: string;
  /** Figures after the decimal point. */
  readonly digits?: number;
}

/** Lines of figures that belong together, and what the product's are compared with. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly (Cell | null)[] }[];
}

/** An aim: the product's figure against another one of the same run. */
export interface Ratio {
  readonly name: string;
  readonly value: number | null;
  /** `at least` for rates, `at most` for times. */
  readonly aim: { readonly at_least: number } | { readonly at_most: number };
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** The median of a cell's runs; null where it has no figure. */
export const figure = (cell: Cell | null | undefined): number | null => {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number') return cell;
  return 'skipped' in cell ? null : median(cell);
};

export const quotient = (a: Cell | null | undefined, b: Cell | null | undefined): number | null => {
  const [above, below] = [figure(a), figure(b)];
  return above === null || below === null || below === 0 ? null : above / below;
};

/** Collects what a benchmark found; prints it as it comes, or as one JSON document at the end. */
export class Report {
  private readonly found: { tables: Table[]; ratios: Ratio[]; notes: string[] } = { tables: [], ratios: [], notes: [] };

  constructor(
    private readonly name: string,
    private readonly json: boolean,
  ) {
    if (!json) console.log(`${name}: ${machine()}`);
  }

  /** What is being measured at this moment; not part of the result. */
  progress(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  }

  table(table: Table): void {
    this.found.tables.push(table);
    this.progress('');
    if (!this.json) console.log(`\n${textOf(table)}`);
  }

  ratios(...ratios: Ratio[]): void {
    this.found.ratios.push(...ratios);
    if (this.json) return;
    const wide = Math.max(...ratios.map(({ name }) => name.length));
    console.log('');
    for (const { name, value, aim } of ratios) {
      const [word, limit, met] =
        'at_least' in aim
          ? (['at least', aim.at_least, (v: number) => v >= aim.at_least] as const)
          : (['at most', aim.at_most, (v: number) => v <= aim.at_most] as const);
      const verdict = value === null ? 'not measured' : met(value) ? 'reached' : 'missed';
      console.log(`${name.padEnd(wide)}  ${value === null ? '-'.padStart(6) : value.toFixed(2).padStart(6)}   aim: ${word} ${limit}: ${verdict}`);
    }
  }

  note(text: string): void {
    this.found.notes.push(text);
    if (!this.json) console.log(text);
  }

  end(): void {
    this.progress('');
    if (this.json) console.log(JSON.stringify({ bench: this.name, machine: machine(), ...this.found }, null, 2));
  }
}

const machine = (): string => `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;

function textOf({ title, columns, rows }: Table): string {
  const skips: string[] = [];
  const texts = rows.map(({ name, cells }) => [
    name,
    ...columns.map(({ digits = 0 }, index) => {
      const cell = cells[index];
      if (cell !== null && typeof cell === 'object' && 'skipped' in cell) {
        const why = `${name}: skipped, ${cell.skipped}`;
        if (!skips.includes(why)) skips.push(why);
        return 'skipped';
      }
      const value = figure(cell);
      return value === null ? '-' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    }),
  ]);
  const header = [title, ...columns.map(({ name }) => name)];
  const widths = header.map((text, index) => Math.max(text.length, ...texts.map((row) => row[index]!.length)));
  const line = (row: readonly string[]) =>
    row.map((text, index) => (index === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[index]!))).join('  ');
  return [line(header), line(widths.map((wide) => '-'.repeat(wide))), ...texts.map(line), ...skips].join('\n');
}
