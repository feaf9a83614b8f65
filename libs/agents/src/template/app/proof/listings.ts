import type { Computed, Entity } from '#contracts';
import { addressOf } from '#contracts';
import { FIXED, MINUTES, SLACK, apiPath, entityOf, fieldOf, fixedDay, isFresh, periodKey, quote, targetOf } from './figures.js';
import type { Figure, Sample } from './figures.js';
import { addWithMembers } from './members.js';
import { missEach } from './variants.js';
import { Impossible, idOf } from './scenario.js';
import { countsMonths } from './slack.js';
import type { Scenario } from './scenario.js';
import { inputsOf } from './linked.js';
import { needsOf } from './solver.js';
import type { Demand, Want } from './solver.js';
import { isEmpty } from './world.js';

type List = Extract<Computed, { kind: 'list' }>;
type Total = Exclude<Computed, { kind: 'list' }>;
type Order = NonNullable<Entity['order']>;

/** Proves a computed list: what it shows, what it leaves out by each of its conditions, in which order and how many. */
export function proveList(test: Scenario, list: List): void {
  const entity = entityOf(test.schema, list.entity);
  if (!entity) throw new Impossible(list.name);
  const meets: Want = { meets: list.conditions };
  const wanted = list.limit === null ? 3 : list.limit + 1;
  if (list.order) addInOrder(test, entity, list.order, meets, wanted);
  else for (let count = 0; count < (list.limit === null ? 1 : wanted); count += 1) addWithMembers(test, entity, meets, 'shown');
  let missed = 0;
  for (const miss of missEach(list.conditions)) if (test.attempt(() => void addWithMembers(test, entity, miss, 'hidden'))) missed += 1;
  if (missed < list.conditions.length) throw new Impossible(list.name);
  const shown = test.world.of(entity).filter((one) => test.world.meetsAll(one, list.conditions));
  const expected = (list.order ? sorted(test, shown, list.order) : shown).slice(0, list.limit ?? undefined);
  test.say(`const { items } = (await app.api('GET', ${quote(`/api/lists/${addressOf(list.label)}`)})).json;`);
  const several = !list.order && expected.length > 1 ? '.sort((a, b) => a - b)' : '';
  if (list.order || list.limit === null) test.say(`assert.deepEqual(items.map(({ id }) => id)${several}, ${ids(expected)});`);
  else test.say(`assert.equal(items.length, ${list.limit});`);
  test.say(`assert.equal((await app.page(${quote(`/lists/${addressOf(list.label)}`)})).status, 200);`);
}

/** Proves how the list of a kind of record is sorted at first. */
export function proveOrder(test: Scenario, entity: Entity, order: Order): void {
  addInOrder(test, entity, order, {}, 3);
  test.say(`const { items } = (await app.api('GET', ${quote(apiPath(entity))})).json;`);
  test.say(`assert.deepEqual(items.map(({ id }) => id), ${ids(sorted(test, test.world.of(entity), order))});`);
}

const ids = (samples: readonly Sample[]): string => {
  const expressions = samples.map(idOf);
  if (expressions.some((one) => one.startsWith('unnamed'))) throw new Impossible('a record without a name');
  return `[${expressions.join(', ')}]`;
};

const WORDS = ['Birch', 'Cedar', 'Alder', 'Elm', 'Fir', 'Hazel', 'Larch', 'Maple', 'Oak', 'Pine', 'Rowan', 'Willow'];

/** Records with different values of what they are sorted by, neither the first nor the last of them first. */
function addInOrder(test: Scenario, entity: Entity, { field }: Order, want: Want, count: number): void {
  const type = fieldOf(entity, field)?.type;
  const textual = type === 'text' || type === 'long_text';
  if (type === 'boolean' || type === 'reference' || type === 'references') throw new Impossible(field);
  const used = (): Figure[] => test.world.of(entity).map((one) => test.world.figure(one, field));
  const inputs = inputsOf(test.schema, entity, field);
  const slack = countsMonths(test.schema, entity, field) ? SLACK : 0;
  if (count > WORDS.length) throw new Impossible(field);
  /** Far enough from each other to be in this order on whatever day the test runs. */
  const apart = (one: number, other: number): boolean => Math.abs(one - other) > 2 * slack;
  const place = (wanted: (figure: Figure) => boolean): Sample =>
    test.add(entity, { ...want, demands: [{ fields: inputs, test: (one) => wanted(test.world.figure(one, field)) }] });
  for (let index = 0; index < count; index += 1) {
    if (textual) test.add(entity, { ...want, fixed: { [field]: WORDS[index] ?? '' } });
    else {
      const known = used().filter((one) => typeof one === 'number');
      const [least, most] = [Math.min(...known), Math.max(...known)];
      const fits = (figure: Figure): boolean =>
        !isEmpty(figure) && !isFresh(figure) && !used().includes(figure) && known.every((one) => typeof figure !== 'number' || apart(figure, one));
      const sides: ((figure: Figure) => boolean)[] = [
        (figure) => fits(figure) && (known.length === 0 || (index % 2 === 1 ? (figure as number) > most : (figure as number) < least)),
        fits,
      ];
      test.firstOf(sides, (side) => void place(side));
    }
  }
}

function sorted(test: Scenario, samples: readonly Sample[], { field, descending }: Order): Sample[] {
  const choices = fieldOf(samples[0]?.entity ?? ({ fields: [] } as unknown as Entity), field)?.choices ?? [];
  const rank = (one: Sample): number | string => {
    const figure = test.world.figure(one, field);
    if (typeof figure === 'string') return choices.length > 0 ? choices.indexOf(figure) : figure.toLowerCase();
    return typeof figure === 'number' ? figure : Number.NaN;
  };
  return [...samples].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0) * (descending ? -1 : 1));
}

/** Proves a total: two groups, what does not count, and a group without records. */
export function proveTotal(test: Scenario, total: Total): void {
  const entity = entityOf(test.schema, total.entity);
  if (!entity) throw new Impossible(total.name);
  const number = total.kind === 'count' ? null : total.field;
  const groups = groupsOf(test, entity, total);
  const amount = (wanted: number): Demand[] =>
    number === null || wanted === 0
      ? []
      : [{ fields: inputsOf(test.schema, entity, number), test: (one) => test.world.figure(one, number) === wanted }];
  const add = (fixed: Record<string, Figure>, choice: readonly number[], where: Want): boolean =>
    test.attempt(() => void test.firstOf(choice, (wanted) => void test.add(entity, { ...where, fixed, demands: amount(wanted) })));
  const meets: Want = { meets: total.conditions };
  const [first, second, third] = groups;
  if (!first) throw new Impossible(total.name);
  let missed = 0;
  for (const miss of missEach(total.conditions)) if (add(first.fixed, [8, 6, 1, 0], miss)) missed += 1;
  if (missed < total.conditions.length || !add(first.fixed, [2, 3, 1, 10, 0], meets)) throw new Impossible(total.name);
  add(first.fixed, [4, 5, 2, 20, 0], meets);
  if (second) add(second.fixed, [5, 3, 1, 0], meets);
  test.say(`const { items } = (await app.api('GET', ${quote(`/api/totals/${addressOf(total.label)}`)})).json;`);
  const members = test.world.of(entity).filter((one) => test.world.meetsAll(one, total.conditions));
  if (total.by === null) test.say(`assert.deepEqual(items, [{ key: null, value: ${worth(test, members, total)} }]);`);
  else {
    test.say('const value = (key) => items.find((row) => row.key === key)?.value;');
    for (const group of [first, second, third].filter((one) => one !== undefined)) {
      const inside = members.filter((one) => group.holds(one));
      if (inside.length > 0 || group.always) test.say(`assert.equal(value(${group.key()}), ${worth(test, inside, total)});`);
    }
  }
  test.say(`assert.ok((await app.page('/')).text.includes(${quote(htmlText(total.label))}));`);
}

function worth(test: Scenario, members: readonly Sample[], total: Total): string {
  if (total.kind === 'count') return String(members.length);
  const numbers = members.map((one) => test.world.figure(one, total.field)).filter((one) => typeof one === 'number');
  const sum = Math.round(numbers.reduce((all, one) => all + one, 0) * 1e6) / 1e6;
  if (total.kind === 'sum') return String(sum);
  return numbers.length === 0 ? 'null' : String(Math.round((sum / numbers.length) * 100) / 100);
}

interface Group {
  readonly fixed: Record<string, Figure>;
  /** The key of its row as an expression. */
  key(): string;
  holds(sample: Sample): boolean;
  /** It has a row even without records. */
  readonly always: boolean;
}

function groupsOf(test: Scenario, entity: Entity, total: Total): Group[] {
  const by = total.by === null ? undefined : fieldOf(entity, total.by);
  if (!by) return [{ fixed: {}, key: () => 'null', holds: () => true, always: true }];
  const of = (value: Figure, key: () => string, always: boolean): Group => ({
    fixed: { [by.name]: value },
    key,
    holds: (one) => one.values[by.name] === value,
    always,
  });
  const target = targetOf(test.schema, entity, by.name);
  if (target)
    return ['first_', 'second_', 'unused_'].map((prefix) => {
      const sample = test.add(target, { meets: needsOf(entity, by.name) }, `${prefix}${target.name}`);
      return of(sample, () => idOf(sample), true);
    });
  if (by.type === 'choice') return by.choices.slice(0, 3).map((choice) => of(choice, () => quote(choice), true));
  if (by.type === 'boolean') return [true, false].map((value) => of(value, () => String(value), true));
  if (by.type === 'text') return ['First', 'Second'].map((text) => of(text, () => quote(text), false));
  const period = total.period ?? 'day';
  const days = {
    day: [fixedDay(2095, 3, 31), fixedDay(2095, 4, 1)],
    week: [FIXED + 6, FIXED + 7],
    month: [fixedDay(2095, 3, 31), fixedDay(2095, 4, 1)],
    year: [fixedDay(2095, 12, 31), fixedDay(2096, 1, 1)],
  }[period];
  return days.map((day) => of(by.type === 'datetime' ? day * MINUTES + 600 : day, () => quote(periodKey(day, period)), false));
}

const htmlText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
