import { databaseSchema } from './database-problems.js';
import type { Rule, RecordValue } from './database-rules.js';

const field = (name: string, type: string, target: string | null = null) => ({
  name,
  label: name,
  type,
  required: false,
  unique: false,
  choices: [],
  target,
});

/** What is wrong with loans of tools that have these rules and values. */
function problems(rules: readonly Rule[], values: readonly RecordValue[], toolValues: readonly RecordValue[] = []): string[] {
  const tools = {
    name: 'tool',
    label: 'tool',
    label_plural: 'tools',
    fields: [field('title', 'text'), field('days', 'integer'), field('bought', 'date')],
    values: toolValues,
  };
  const loans = {
    name: 'loan',
    label: 'loan',
    label_plural: 'loans',
    fields: [field('tool', 'reference', 'tool'), field('tools', 'references', 'tool'), field('day', 'date'), field('fee', 'money')],
    rules,
    values,
  };
  return (databaseSchema.safeParse({ entities: [tools, loans] }).error?.issues ?? []).map(
    ({ path, message }) => `${path.slice(2).join('.')}: ${message}`,
  );
}

const compare = (name: string, value: string): Rule => ({ kind: 'compare', name: 'rule', field: name, operator: 'at_most', value });
const shift = (from: string, amount: number | string): RecordValue => ({
  kind: 'shift',
  name: 'due',
  label: 'due',
  type: 'date',
  from,
  operator: 'plus',
  amount,
  unit: 'days',
});
const times = (name: string, right: string): RecordValue => ({
  kind: 'formula',
  name,
  label: name,
  type: 'money',
  left: 'fee',
  operator: 'times',
  right,
});
const newest = (type: 'date' | 'number', what: string): RecordValue => ({
  kind: 'rollup',
  name: 'newest',
  label: 'newest',
  type,
  of: 'loan',
  link: 'tool',
  function: 'highest',
  field: what,
  where: [],
});

describe('a field of a linked record', () => {
  it('is compared, added up and shifted by', () => {
    expect(problems([compare('day', 'tool.bought')], [times('cost', 'tool.days'), shift('day', 'tool.days')])).toEqual([]);
  });

  it.each([
    ['tool.colour', 'rules.0.value: tool has no field "colour": use one of title, days, bought'],
    ['tools.bought', 'rules.0.value: "tools" of loan is no link to one record: only a reference has fields behind it'],
    ['tool.days', 'rules.0.value: "day" cannot be compared with "tool.days"'],
  ])('has to be there and fit: %s', (value, problem) => {
    expect(problems([compare('day', value)], [])).toEqual([problem]);
  });

  it('holds numbers where it is an amount', () => {
    expect(problems([], [times('cost', 'tool.bought')])).toEqual(['values.0.right: "tool.bought" holds no numbers']);
  });

  it('is not worked out from what is worked out of it', () => {
    const total: RecordValue = { ...newest('number', 'cost'), type: 'money', function: 'sum' } as RecordValue;
    expect(problems([], [times('cost', 'tool.newest')], [total])).toEqual([
      'values.0.right: "tool.newest" is worked out from "cost" itself: choose another field of the linked record',
    ]);
  });
});

describe('worked-out days', () => {
  it.each([
    [shift('fee', 14), 'values.0.from: "fee" is no day'],
    [shift('day', 'fee'), 'values.0.amount: "fee" holds no whole numbers: use one of type integer'],
    [shift('due', 14), 'values.0.from: "due" is worked out after "due": put it before'],
  ])('begin at a day and are shifted by a whole number', (value, problem) => {
    expect(problems([], [value])).toEqual([problem]);
  });

  it('are compared, and shown in lists, as entered ones are', () => {
    expect(problems([compare('day', 'due'), { ...compare('due', 'tool.bought'), name: 'other' }], [shift('day', 14)])).toEqual([]);
  });

  it('are the latest or the earliest of several only as days', () => {
    expect(problems([], [], [newest('date', 'day')])).toEqual([]);
    expect(problems([], [], [newest('number', 'day')])).toEqual(['values.0.type: the latest and the earliest day have the type date']);
    expect(problems([], [], [newest('date', 'fee')])).toEqual(['values.0.type: only a day has the type date']);
  });
});
