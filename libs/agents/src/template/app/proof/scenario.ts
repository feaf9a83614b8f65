import type { DatabaseSchema, Entity, Field } from '#contracts';
import { Wanted, addFn, apiPath, camel, fieldOf, isFresh, printFigure, quote, targetOf, valuesFn } from './figures.js';
import type { Figure, Link, Sample } from './figures.js';
import { capacityDemands, givenTo, linkedSolution, needsOf, solve } from './solver.js';
import type { Plain, Solution, Want } from './solver.js';
import { World, isEmpty, links } from './world.js';

/** Raised where no record can be found that a test needs: there is no such test then. */
export class Impossible extends Error {}

const TAKEN = new Set(
  'app assert test t day next saved startApp startProcess answer page list items body path values api fetch URL Date Object Array Map Set String Number Math JSON Promise Symbol process console globalThis undefined NaN Infinity await break case catch class const continue debugger default delete do else enum eval arguments export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield async of get set assertRefused join tmpdir mkdtempSync rmSync appendFileSync'.split(
    ' ',
  ),
);

/** How many records may lead from one to the next. */
export const DEEPEST = 8;

interface Line {
  readonly text: string;
  readonly defines: string | null;
}

/** A test in the making: its lines, and what the app holds after each of them. */
export class Scenario {
  readonly world: World;
  private readonly lines: Line[] = [];
  private readonly names = new Set<string>();
  private depth = 0;

  constructor(
    readonly schema: DatabaseSchema,
    readonly plain: Plain,
  ) {
    this.world = new World(schema);
  }

  say(...lines: readonly string[]): void {
    for (const text of lines) this.lines.push({ text, defines: null });
  }

  /** The lines so far; a record that no other line needs gets no name, and the same line several times becomes a loop. */
  body(): string[] {
    const all = this.lines.map(({ text }) => text);
    const written = this.lines.map(({ text, defines }, index) => {
      if (defines === null) return text;
      const used = all.slice(index + 1).some((line) => new RegExp(`(?<![\\w'])${defines}(?=[.,)\\]} ])`).test(line));
      return used ? `const ${defines} = ${text}` : text;
    });
    return written.flatMap((line, index) => {
      if (!line.startsWith('await ') || line === written[index - 1]) return line === written[index - 1] && line.startsWith('await ') ? [] : [line];
      let times = 1;
      while (written[index + times] === line) times += 1;
      return times === 1 ? [line] : [`for (let count = 0; count < ${times}; count += 1) ${line}`];
    });
  }

  /** Does what is possible; leaves no trace of what is not. */
  attempt(part: () => void): boolean {
    const [lines, samples, names, depth] = [this.lines.length, [...this.world.samples], [...this.names], this.depth];
    try {
      part();
      return true;
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      this.lines.length = lines;
      this.world.samples.splice(0, this.world.samples.length, ...samples);
      this.depth = depth;
      this.names.clear();
      for (const name of names) this.names.add(name);
      return false;
    }
  }

  /** The first of several ways that is possible. */
  firstOf<T>(items: readonly T[], part: (item: T) => void): T {
    for (const item of items) if (this.attempt(() => part(item))) return item;
    throw new Impossible('none of several ways');
  }

  nameFor(wish: string): string {
    const begun = camel(wish);
    const safe = TAKEN.has(begun) ? `${begun}Record` : begun;
    let name = safe;
    for (let count = 2; this.names.has(name); count += 1) name = `${safe}${count}`;
    this.names.add(name);
    return name;
  }

  find(entity: Entity, want: Want): Solution {
    const solution = solve(this.world, entity, want);
    if (!solution) throw new Impossible(entity.name);
    return solution;
  }

  /** Adds a record by the samples file; `app`: the account that adds it. */
  add(entity: Entity, want: Want = {}, wish: string = entity.name): Sample {
    if ((this.depth += 1) > DEEPEST) throw new Impossible('records that need each other');
    const { values, steps } = this.find(entity, want);
    const name = this.nameFor(wish);
    const sample: Sample = { entity, values, name };
    this.settleAll(sample, want, steps);
    const text = `await ${addFn(entity)}(${['app', ...this.changesArgument(sample, steps.length > 0), ...steps.map(quote)].join(', ')});`;
    this.lines.push({ text, defines: name });
    this.world.samples.push(sample);
    this.depth -= 1;
    return sample;
  }

  /** Adds what a record links to; where that took what the record itself was to have, it gets something else. */
  private settleAll(sample: Sample, want: Want, steps: readonly string[]): void {
    const { entity } = sample;
    const before = this.world.of(entity).length;
    this.settleLinks(sample);
    if (this.world.of(entity).length === before) return;
    const path = [...pathStart(entity), ...steps];
    if (solve(this.world, entity, { fixed: sample.values, path })) return;
    const settled = entity.fields.filter((field) => field.target !== null).map((field) => [field.name, sample.values[field.name] ?? null] as const);
    Object.assign(sample.values, this.find(entity, { ...want, fixed: { ...want.fixed, ...Object.fromEntries(settled) }, path }).values);
  }

  /** A record that an expression answers. */
  define(sample: Sample, text: string): void {
    this.lines.push({ text, defines: sample.name });
    this.world.samples.push(sample);
  }

  /** `, { field: value }` for `valuesFn`: what differs from the plainest record. */
  changesArgument(sample: Sample, always = false): string[] {
    const changes = this.changesOf(sample);
    if (changes.length === 0) return always ? ['{}'] : [];
    return [`{ ${changes.join(', ')} }`];
  }

  /** An expression for the values of a record. */
  valuesOf(sample: Sample): string {
    return `await ${valuesFn(sample.entity)}(${['app', ...this.changesArgument(sample)].join(', ')})`;
  }

  private changesOf(sample: Sample): string[] {
    const plain = this.plain.of(sample.entity)?.values ?? {};
    return sample.entity.fields
      .filter((field) => field.name !== sample.entity.lifecycle?.field)
      .filter((field) => !this.isPlain(sample, field, plain[field.name] ?? null))
      .map((field) => `${field.name}: ${printFigure(field, sample.values[field.name] ?? null)}`);
  }

  /** Whether the samples file gives the record this value by itself. */
  private isPlain(sample: Sample, field: Field, plain: Figure): boolean {
    const value = sample.values[field.name] ?? null;
    if (isEmpty(value) && isEmpty(plain)) return true;
    if (isFresh(value) && isFresh(plain)) return true;
    if (field.target === null) return value === plain;
    const own = links(value).every((link, index) => !(link instanceof Wanted) && link.implied === expressionOf(sample, field, index));
    return links(value).length === links(plain).length && own;
  }

  /** Puts records in place of links that are still to be added: those of the samples file, or ones added before. */
  settleLinks(sample: Sample): void {
    const plain = this.plain.of(sample.entity)?.values ?? {};
    for (const field of sample.entity.fields.filter((one) => one.target !== null)) {
      const value = sample.values[field.name] ?? null;
      if (!links(value).some((link) => link instanceof Wanted)) continue;
      const usual = links(plain[field.name]);
      const asPlain = links(value).length === usual.length && links(value).every((link, at) => !(link instanceof Wanted) || link.isLike(usual[at]));
      const settled = links(value).map((link, index) => {
        if (!(link instanceof Wanted)) return link;
        return (asPlain ? this.imply(sample, field, expressionOf(sample, field, index)) : null) ?? this.addLinked(sample, field);
      });
      const explicit = settled.some((link) => link.implied === undefined);
      const all = explicit ? settled.map((link) => (link.implied === undefined ? link : this.explicitly(link, sample, field))) : settled;
      sample.values[field.name] = Array.isArray(value) ? all : (all[0] ?? null);
    }
  }

  private explicitly(implied: Sample, sample: Sample, field: Field): Sample {
    this.world.samples.splice(this.world.samples.indexOf(implied), 1);
    return this.addLinked(sample, field);
  }

  /** The record that the samples file adds by itself; null where the app would refuse it now. */
  private imply(sample: Sample, field: Field, expression: string, depth = 0): Sample | null {
    if (depth > DEEPEST) return null;
    const target = targetOf(this.schema, sample.entity, field.name);
    const solution = target && linkedSolution(this.schema, sample, field);
    if (!target || !solution) return null;
    const wanted = solve(this.world, target, { fixed: solution.values, path: [...pathStart(target), ...solution.steps] });
    if (!wanted) return null;
    const implied: Sample = { entity: target, values: { ...solution.values }, name: `{ id: ${expression} }`, implied: expression };
    for (const inner of target.fields.filter((one) => one.target !== null)) {
      const value = implied.values[inner.name] ?? null;
      const found = links(value).map((link) => (link instanceof Wanted ? this.imply(implied, inner, 'unnamed', depth + 1) : link));
      if (found.some((one) => one === null)) return null;
      implied.values[inner.name] = Array.isArray(value) ? (found as Link[]) : (found[0] ?? null);
    }
    this.world.samples.push(implied);
    return implied;
  }

  private addLinked(sample: Sample, field: Field): Sample {
    const target = targetOf(this.schema, sample.entity, field.name);
    if (!target) throw new Impossible(field.name);
    return this.add(target, {
      meets: needsOf(sample.entity, field.name),
      fixed: givenTo(sample.values[field.name]),
      demands: capacityDemands(sample.entity, field.name, sample),
    });
  }

  /** Values that the app refuses when they are added, and the field that it names. */
  refuseAdding(entity: Entity, want: Want, field: string, status = 409): void {
    const solution = solve(this.world, entity, want);
    const { values, steps } = solution ?? this.find(entity, { ...want, loosely: true });
    const refused = (call: string): string =>
      solution ? `assertRefused(${call}, ${status}, ${quote(field)});` : `assert.ok(${quote(field)} in (${call}).json.errors);`;
    const last = steps.at(-1);
    if (last !== undefined) {
      const before = this.add(entity, { fixed: withoutState(entity, values), path: [...pathStart(entity), ...steps.slice(0, -1)] });
      this.say(refused(stepCall(before, last)));
      return;
    }
    const sample: Sample = { entity, values, name: this.nameFor('refused') };
    this.settleLinks(sample);
    this.say(refused(`await app.api('POST', ${quote(apiPath(entity))}, ${this.valuesOf(sample)})`));
  }

  /** Changes a record; only what differs is sent. */
  change(sample: Sample, want: Want, refusedFor: string | null = null, status = 409): void {
    const solution = solve(this.world, sample.entity, { ...want, from: sample });
    const { values } = solution ?? this.find(sample.entity, { ...want, from: sample, loosely: refusedFor !== null });
    const after: Sample = { ...sample, values };
    for (const field of sample.entity.fields.filter((one) => one.target !== null))
      if (links(values[field.name]).some((link) => link instanceof Wanted)) {
        const added = links(values[field.name]).map((link) => (link instanceof Wanted ? this.addLinked(after, field) : link));
        values[field.name] = Array.isArray(values[field.name]) ? added : (added[0] ?? null);
      }
    const changed = sample.entity.fields.filter((field) => values[field.name] !== sample.values[field.name]);
    const body = `{ ${changed.map((field) => `${field.name}: ${printFigure(field, values[field.name] ?? null)}`).join(', ')} }`;
    const call = `await app.api('PATCH', ${pathOf(sample)}, ${body})`;
    if (refusedFor)
      this.say(solution ? `assertRefused(${call}, ${status}, ${quote(refusedFor)});` : `assert.ok(${quote(refusedFor)} in (${call}).json.errors);`);
    else {
      this.say(`assert.equal((${call}).status, 200);`);
      Object.assign(sample.values, values);
    }
  }

  /** Takes a record to its next state. */
  step(sample: Sample, to: string): void {
    this.say(`assert.equal((${stepCall(sample, to)}).status, 200);`);
    sample.values[sample.entity.lifecycle?.field ?? ''] = to;
  }
}

/** A template literal with the record's address in the API. */
export const pathOf = (sample: Sample): string => `\`${apiPath(sample.entity)}/\${${idOf(sample)}}\``;
export const idOf = (sample: Sample): string => sample.implied ?? `${sample.name}.id`;

export const stepCall = (sample: Sample, to: string, as = 'app'): string =>
  `await ${as}.api('PATCH', ${pathOf(sample)}, { ${sample.entity.lifecycle?.field ?? ''}: ${quote(to)} })`;

/** How a test names the record that a link of another one leads to. */
const expressionOf = (sample: Sample, field: Field, index: number): string =>
  `${sample.name}.${field.name}${field.type === 'references' ? `[${index}]` : ''}`;

const pathStart = (entity: Entity): string[] => (entity.lifecycle ? [fieldOf(entity, entity.lifecycle.field)?.choices[0] ?? ''] : []);

const withoutState = (entity: Entity, values: Record<string, Figure>): Record<string, Figure> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== entity.lifecycle?.field));
