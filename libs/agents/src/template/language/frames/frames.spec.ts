import type { Computed, Entity } from '#contracts';
import { databaseSchema } from '#contracts';
import { ensureEntity, newDraft, putField } from '../draft.js';
import type { Draft } from '../draft.js';
import { readDocument } from '../document.js';
import { readBehaviour } from '../read-behaviour.js';

/** Vans are hired out: vans, customers, hires with their days, price and payments, and the fuel that they take. */
function model(): Draft {
  const draft = newDraft();
  for (const one of ['van', 'customer', 'hire', 'payment', 'refuelling', 'inspection']) draft.described.add(ensureEntity(draft, one).name);
  const entity = (name: string): Entity => ensureEntity(draft, name);
  for (const [of, label, type] of [
    ['van', 'registration', 'text'],
    ['van', 'size', 'text'],
    ['van', 'insurance expiry', 'date'],
    ['van', 'daily rate', 'money'],
    ['customer', 'name', 'text'],
    ['customer', 'phone', 'phone'],
    ['hire', 'date out', 'date'],
    ['hire', 'due back', 'date'],
    ['hire', 'returned on', 'date'],
    ['hire', 'charge', 'money'],
    ['hire', 'deposit', 'money'],
    ['hire', 'paid', 'boolean'],
    ['payment', 'date', 'date'],
    ['payment', 'amount', 'money'],
    ['refuelling', 'date', 'date'],
    ['refuelling', 'litres', 'number'],
    ['refuelling', 'price per litre', 'money'],
    ['inspection', 'date', 'date'],
  ] as const)
    putField(draft, entity(of), { label, type });
  putField(draft, entity('hire'), { label: 'status', choices: ['booked', 'out', 'home', 'cancelled'] });
  for (const [from, to] of [
    ['hire', 'van'],
    ['hire', 'customer'],
    ['payment', 'hire'],
    ['refuelling', 'van'],
    ['inspection', 'van'],
  ] as const)
    putField(draft, entity(from), { label: to, type: 'reference', target: to });
  draft.exact = false;
  return draft;
}

const where = (one: Computed): string =>
  one.conditions.map(({ field, operator, value }) => [field, operator, value ?? ''].join(' ').trim()).join(', ');
const told = (one: Computed): string =>
  one.kind === 'list'
    ? `list ${one.entity}: ${where(one)}${one.order ? ` by ${one.order.field}` : ''}`
    : `${one.kind} ${one.entity}${one.kind === 'count' ? '' : `.${one.field}`} per ${one.period ?? one.by ?? 'all'}: ${where(one)}`;

/** What a statement adds to the model. */
function read(text: string): string[] {
  const draft = model();
  readBehaviour(draft, readDocument(text));
  const issues = databaseSchema.safeParse(draft.schema).error?.issues ?? [];
  expect(issues).toEqual([]);
  const values = draft.schema.entities.flatMap((one) =>
    one.values.map((value) =>
      value.kind === 'formula'
        ? `${one.name}.${value.name} = ${value.left} ${value.operator} ${value.right}`
        : value.kind === 'between'
          ? `${one.name}.${value.name} = ${value.unit} ${value.from} to ${value.to}`
          : value.kind === 'shift'
            ? `${one.name}.${value.name} = ${value.from} ${value.operator} ${value.amount} ${value.unit}`
            : `${one.name}.${value.name} = ${value.function} ${value.of}`,
    ),
  );
  return [...draft.schema.computed.map(told), ...values];
}

describe('wishes read by what is in them, in any order', () => {
  it.each([
    ['Every Monday I check: litres per van, and hires per customer', ['sum refuelling.litres per van: ', 'count hire per customer: ']],
    ['For each van I need to know how many litres it took', ['sum refuelling.litres per van: ']],
    ['At month end the boss wants the charges month by month', ['sum hire.charge per month: ']],
    ['show me: average charge per customer, # of inspections per van', ['average hire.charge per customer: ', 'count inspection per van: ']],
    ['Show size-wise vans', ['count van per size: ']],
    ['I want to see how often each van was inspected', ['count inspection per van: ']],
  ])('"%s" is a figure', (text, expected) => {
    expect(read(text)).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['Show the vans whose insurance runs out in the next 30 days', 'list van: insurance_expiry within_days 30 by insurance_expiry'],
    ['I need a list of customers without a phone', 'list customer: phone is_empty'],
    ['show which hires are overdue', 'list hire: due_back before_today, returned_on is_empty'],
    ['Front page: hires not paid yet', 'list hire: paid is no'],
    ['Show vans that have never been inspected', 'list van: number_of_inspections below 1'],
    ['Show me the vans not inspected for 6 months', 'list van: inspections_in_the_last_180_days below 1'],
    ['We would like to see customers with more than 3 hires', 'list customer: number_of_hires above 3'],
    ['I want to see the hires booked for this week', 'list hire: date_out within_days 7, status is booked by date_out'],
  ])('"%s" is a list', (text, expected) => {
    expect(read(text)).toContain(expected);
  });

  it.each([
    ['Balance is charge less deposit', ['hire.balance = charge minus deposit']],
    ['Cost of a refuelling = litres x price per litre', ['refuelling.cost = litres times price_per_litre']],
    ['A cleaning fee is 10 percent of the charge', ['hire.cleaning_fee = charge times 0.1']],
    [
      'The total is charge plus 20% VAT less the deposit',
      ['hire.charge_times_1_2 = charge times 1.2', 'hire.total = charge_times_1_2 minus deposit'],
    ],
    ['Show how many days each hire is overdue', ['hire.days_overdue = days due_back to today']],
    ['I want to see the days from date out to returned', ['hire.days_from_date_out_to_returned = days date_out to returned_on']],
  ])('"%s" is worked out', (text, expected) => {
    expect(read(text)).toEqual(expect.arrayContaining(expected));
  });

  it.each(['A van has three keys', 'Only the manager deletes hires', 'One hire per van at a time'])('"%s" asks for nothing', (text) => {
    expect(read(text)).toEqual([]);
  });
});
