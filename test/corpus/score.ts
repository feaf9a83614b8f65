import type { Computed, DatabaseSchema, Entity, Field, Rule } from '#contracts';
import type { CorpusIdea } from './format.js';
import type { Interview } from './interview.js';
import { matchNames, plain, same } from './names.js';
import { FEATURE_WORDS, RULE_KINDS, fits, fitsKind, mentions } from './score-kinds.js';
import type { Found } from './score-kinds.js';
import type { Named } from './names.js';

/** What is counted, in the order in which it is shown. */
export const CATEGORIES = [
  'entities',
  'fields',
  'types',
  'required and unique',
  'relations',
  'states',
  'computed',
  'rules',
  'other rules',
  'roles and sign-in',
  'features',
  'declined',
  'asked',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** How much of what is expected was found, what was not, and what nobody expected. */
export interface Score {
  readonly found: Readonly<Record<Category, number>>;
  readonly expected: Readonly<Record<Category, number>>;
  /** `category: what`, for people. */
  readonly missed: readonly string[];
  readonly extra: readonly string[];
  /** Questions beyond those that had to be asked. */
  readonly questions: number;
}

type Expected = CorpusIdea['expect'];
type ExpectedEntity = Expected['entities'][number];
type ExpectedField = ExpectedEntity['fields'][number];

const zero = (): Record<Category, number> => Object.fromEntries(CATEGORIES.map((one) => [one, 0])) as Record<Category, number>;

/** Scores an interview against the idea's expectation, as test/corpus/README.md describes it. */
export const score = (idea: CorpusIdea, interview: Interview): Score => new Scoring(idea, interview).run();

class Scoring {
  private readonly found = zero();
  private readonly expected = zero();
  private readonly missed: string[] = [];
  private readonly extra: string[] = [];
  private readonly want: Expected;
  private readonly schema: DatabaseSchema;
  private readonly entities: Map<ExpectedEntity, Entity>;
  private readonly usedFields = new Set<unknown>();

  constructor(
    idea: CorpusIdea,
    private readonly interview: Interview,
  ) {
    this.want = idea.expect;
    this.schema = interview.schema;
    this.entities = matchNames(this.want.entities, this.schema.entities.map(namedEntity));
  }

  run(): Score {
    for (const one of this.want.entities) this.scoreEntity(one);
    for (const one of this.want.relations) if (!one.optional_to_find) this.count('relations', this.hasRelation(one), `${one.from} -> ${one.to}`);
    for (const one of this.want.states) if (!one.optional_to_find) this.scoreStates(one);
    for (const one of this.want.computed) this.count('computed', this.hasComputed(one), `${one.kind} ${one.about}`, one.optional_to_find);
    for (const one of this.want.rules) {
      const category = one.kind === 'other' ? 'other rules' : one.kind === 'only_role_may' ? 'roles and sign-in' : 'rules';
      this.count(category, this.hasRule(one), `${one.kind} of ${one.entity}: ${one.about}`, one.optional_to_find);
    }
    this.count('roles and sign-in', this.schema.auth.sign_in === this.want.sign_in, `sign-in ${String(this.want.sign_in)}`);
    for (const role of this.want.roles)
      this.count(
        'roles and sign-in',
        this.schema.auth.roles.some((one) => [role.name, ...role.aliases].some((name) => same(name, one.label) || same(name, one.name))),
        `role ${role.name}`,
        role.optional_to_find,
      );
    const { specification, turns } = this.interview;
    const features = specification.high_level_features.join('\n').toLowerCase();
    for (const one of this.want.features) this.count('features', FEATURE_WORDS[one].test(features), one);
    const declined = specification.out_of_scope.join('\n').toLowerCase();
    for (const one of this.want.out_of_scope) this.count('declined', mentions(declined, one), one.about);
    const questions = turns.flatMap((turn) => turn.questions.map(({ question }) => question.toLowerCase()));
    for (const one of this.want.must_ask)
      this.count(
        'asked',
        questions.some((question) => mentions(question, one)),
        one.about,
      );
    this.noteExtras();
    const { found, expected, missed, extra } = this;
    const needed = questions.filter((question) => this.want.must_ask.some((one) => mentions(question, one))).length;
    return { found, expected, missed, extra, questions: questions.length - needed };
  }

  private count(category: Category, met: boolean, what: string, optional = false): void {
    if (optional) return;
    this.expected[category] += 1;
    if (met) this.found[category] += 1;
    else this.missed.push(`${category}: ${what}`);
  }

  private entity(name: string): Entity | undefined {
    const wanted = this.want.entities.find((one) => one.name === name);
    return wanted && this.entities.get(wanted);
  }

  private alternatives(name: string): ExpectedEntity['or'] {
    return this.want.entities.find((one) => one.name === name)?.or ?? [];
  }

  /** A plain field, of whatever links to it, that stands for an entity. */
  private fieldFor({ name, aliases }: { name: string; aliases: readonly string[] }): Field | undefined {
    return this.schema.entities.flatMap((one) => one.fields).find((field) => [name, ...aliases].some((word) => same(word, field.label)));
  }

  private scoreEntity(want: ExpectedEntity): void {
    const entity = this.entities.get(want);
    const account = want.or.includes('account') && this.schema.auth.sign_in;
    const stand = want.or.includes('field') ? this.fieldFor(want) : undefined;
    this.count('entities', entity !== undefined || account || stand !== undefined, want.name, want.optional_to_find);
    if (stand) this.usedFields.add(stand);
    if (!entity && (account || stand || want.optional_to_find)) return;
    const named = entity ? fieldsOf(entity) : [];
    const matched = matchNames(want.fields, named);
    for (const field of want.fields) {
      const has = matched.get(field) ?? this.elsewhere(field);
      if (has) this.usedFields.add(has);
      if (field.optional_to_find) continue;
      this.count('fields', has !== undefined, `${want.name}.${field.name}`);
      if (!has) continue;
      this.count('types', fits(has, field), `${want.name}.${field.name} is ${field.type}, not ${has.type}`);
      if (!('required' in has)) continue;
      if (field.required !== null)
        this.count('required and unique', has.required === field.required, `${want.name}.${field.name} required ${String(field.required)}`);
      if (field.unique) this.count('required and unique', has.unique, `${want.name}.${field.name} unique`);
    }
  }

  private elsewhere(field: ExpectedField): Found | undefined {
    const entities = field.or_on.flatMap((name) => this.entity(name) ?? []);
    return entities.flatMap((entity) => matchNames([field], fieldsOf(entity)).get(field) ?? [])[0];
  }

  private hasRelation({ from, to, kind, or_kinds, as }: Expected['relations'][number]): boolean {
    const [one, other] = [this.entity(from), this.entity(to)];
    const stands = [...this.alternatives(to), ...this.alternatives(from)];
    if (!one || !other) return stands.includes('account') ? this.schema.auth.sign_in : stands.includes('field');
    const links = (a: Entity, b: Entity): Field[] => a.fields.filter((field) => field.target === b.name);
    const direct = links(one, other);
    for (const field of [...direct, ...links(other, one)]) this.usedFields.add(field);
    if (as !== undefined && direct.length > 1 && !direct.some((field) => plain(field.label).includes(plain(as)))) return false;
    const kinds = [kind, ...or_kinds];
    const between = this.schema.entities.some((middle) => links(middle, one).length > 0 && links(middle, other).length > 0);
    if (kinds.includes('many') && (links(other, one).length > 0 || direct.some((field) => field.type === 'references') || between)) return true;
    return (
      kinds.includes('one') && (direct.some((field) => field.type === 'reference') || links(other, one).some((field) => field.type === 'references'))
    );
  }

  private scoreStates(want: Expected['states'][number]): void {
    const entity = this.entity(want.entity);
    const words = (value: string): string[] => [value, ...(want.value_aliases[value] ?? [])];
    const field = entity?.fields
      .filter((one) => one.type === 'choice')
      .map((one) => ({
        one,
        hits: want.values.filter((value) => one.choices.some((choice) => words(value).some((word) => same(word, choice)))).length,
      }))
      .sort((a, b) => b.hits - a.hits)[0];
    const simple = entity?.fields.find(
      (one) => (one.type === 'boolean' && want.or.includes('boolean')) || (one.type === 'date' && want.or.includes('date')),
    );
    const whole = field !== undefined && field.hits === want.values.length;
    this.count('states', whole || (want.or.length > 0 && simple !== undefined), `${want.entity}: ${want.values.join(', ')}`);
    if (field && field.hits > 0) this.usedFields.add(field.one);
    if (want.transitions.length === 0 || !entity || !field) return;
    const steps = entity.lifecycle?.field === field.one.name ? entity.lifecycle.transitions : [];
    const has = ([from, to]: readonly [string, string]): boolean =>
      steps.some((step) => words(from).some((word) => same(word, step.from)) && words(to).some((word) => same(word, step.to)));
    this.count(
      'states',
      want.transitions.every(has) && steps.length > 0,
      `steps of ${want.entity}: ${want.transitions.map((step) => step.join(' > ')).join(', ')}`,
    );
  }

  private hasComputed({ kind, or_kinds, about, aliases, entity, per }: Expected['computed'][number]): boolean {
    const kinds = [kind, ...or_kinds];
    const of = this.entity(entity);
    const about_ = [about, ...aliases].map(plain);
    const topic = (label: string): boolean => about_.some((word) => plain(label).includes(word) || word.includes(plain(label)));
    const group = per === null ? undefined : this.entity(per);
    const totals = this.schema.computed.filter((one) => kinds.includes(one.kind) && (of === undefined || one.entity === of.name));
    if (totals.some((one) => this.isPer(one, per) && (topic(one.label) || totals.length === 1 || per !== null))) return true;
    const values = [of, group]
      .flatMap((one) => one?.values ?? [])
      .filter((value) => kinds.includes('value') || (value.kind === 'rollup' && (kinds as readonly string[]).includes(value.function)));
    return values.some((value) => topic(value.label) || values.length === 1);
  }

  private isPer(one: Computed, per: string | null): boolean {
    if (one.kind === 'list') return true;
    if (per === null) return one.by === null;
    if (one.period !== null) return one.period === per;
    const field = this.schema.entities.find((entity) => entity.name === one.entity)?.fields.find((each) => each.name === one.by);
    return field !== undefined && (field.target === this.entity(per)?.name || same(field.label, per) || plain(field.label).endsWith(plain(per)));
  }

  private hasRule({ kind, or_kinds, entity, number, roles, about }: Expected['rules'][number]): boolean {
    const of = this.entity(entity);
    if (!of) return false;
    const numberFits = (rule: Rule): boolean =>
      number === undefined ||
      (rule.kind === 'compare' && rule.value === number) ||
      (rule.kind === 'limit' && (rule.maximum === number || typeof rule.maximum === 'string'));
    return [kind, ...or_kinds].some((one) => {
      if (one === 'only_role_may') return this.isReserved(of, roles, about);
      const rules =
        one === 'limit_per' || one === 'no_overlap' || one === 'unique_together' || one === 'other'
          ? this.schema.entities.flatMap((each) => (this.isNear(each, of) ? each.rules : []))
          : of.rules;
      return rules.some((rule) => RULE_KINDS[one].includes(rule.kind) && fitsKind(one, rule) && numberFits(rule));
    });
  }

  /** The entity itself, or one that stands between it and another. */
  private isNear(each: Entity, of: Entity): boolean {
    return each === of || each.fields.some((field) => field.target === of.name) || of.fields.some((field) => field.target === each.name);
  }

  private isReserved(entity: Entity, roles: readonly string[], about: string): boolean {
    const allowed = (names: readonly string[]): boolean =>
      roles.length === 0 || roles.every((role) => names.some((name) => same(name, role) || this.aliasesOf(role).some((alias) => same(alias, name))));
    const own = /\bown\b|assigned/.test(about);
    const permissions = this.schema.auth.permissions.filter((one) => one.entity === entity.name);
    return (
      permissions.some((one) => (own ? one.own : allowed(one.roles))) ||
      (entity.lifecycle?.transitions.some((step) => step.roles.length > 0 && allowed(step.roles)) ?? false)
    );
  }

  private aliasesOf(role: string): readonly string[] {
    return this.want.roles.find((one) => one.name === role)?.aliases ?? [];
  }

  private noteExtras(): void {
    const matched = new Set(this.entities.values());
    const between = (entity: Entity): boolean =>
      this.want.relations.some(
        ({ from, to, kind }) =>
          kind === 'many' && [from, to].every((name) => entity.fields.some((field) => field.target === this.entity(name)?.name)),
      );
    for (const entity of this.schema.entities) {
      if (!matched.has(entity)) {
        if (!between(entity)) this.extra.push(`entity ${entity.label}`);
        continue;
      }
      for (const field of entity.fields)
        if (!this.usedFields.has(field) && !this.isState(entity, field)) this.extra.push(`field ${entity.label}.${field.label}`);
    }
    for (const role of this.schema.auth.roles)
      if (!this.want.roles.some((one) => [one.name, ...one.aliases].some((name) => same(name, role.label)))) this.extra.push(`role ${role.label}`);
    const wanted = this.want.rules.filter((one) => one.kind !== 'only_role_may').length;
    const rules = this.schema.entities.flatMap((entity) => entity.rules.map((rule) => `rule ${entity.label}.${rule.name}`));
    this.extra.push(...rules.slice(wanted));
  }

  private isState({ name }: Entity, field: Field): boolean {
    return this.want.states.some((state) => this.entity(state.entity)?.name === name && same(state.field, field.label));
  }
}

const namedEntity = (entity: Entity): Named<Entity> => ({ item: entity, names: [entity.label, entity.label_plural, entity.name] });
const fieldsOf = (entity: Entity): Named<Found>[] =>
  [...entity.fields, ...entity.values].map((field) => ({ item: field, names: [field.label, field.name] }));
