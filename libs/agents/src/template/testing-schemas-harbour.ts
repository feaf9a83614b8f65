import type { z } from 'zod';
import type { databaseSchema } from '#contracts';
import { field, need } from './testing-schemas-orders.js';

/** What is compared with, and worked out from, the records that a record links to. */
export const harbour: z.input<typeof databaseSchema> = {
  title: 'Harbour',
  entities: [
    {
      name: 'berth',
      label: 'berth',
      label_plural: 'berths',
      fields: [
        field('name', 'text', { ...need, unique: true }),
        field('length', 'number', need),
        field('crew', 'integer'),
        field('opens', 'time'),
        field('outer', 'reference', { target: 'berth' }),
      ],
      rules: [{ kind: 'compare', name: 'within_the_outer_one', field: 'length', operator: 'below', value: 'outer.length' }],
    },
    {
      name: 'boat',
      label: 'boat',
      label_plural: 'boats',
      fields: [
        field('name', 'text', need),
        field('berth', 'reference', { ...need, target: 'berth' }),
        field('length', 'number', need),
        field('insured_until', 'date'),
        field('sails_at', 'time'),
        field('sailors', 'references', { target: 'worker' }),
      ],
      rules: [
        { kind: 'compare', name: 'fits_its_berth', field: 'length', operator: 'at_most', value: 'berth.length' },
        { kind: 'compare', name: 'while_open', field: 'sails_at', operator: 'at_least', value: 'berth.opens' },
        { kind: 'compare', name: 'not_too_many', field: 'sailors', operator: 'at_most', value: 'berth.crew' },
      ],
    },
    {
      name: 'worker',
      label: 'worker',
      label_plural: 'workers',
      fields: [
        field('name', 'text', need),
        field('rate', 'money', need),
        field('licensed_until', 'date'),
        field('boss', 'reference', { target: 'worker' }),
      ],
      values: [
        { kind: 'formula', name: 'week', label: 'pay of a week', type: 'money', left: 'rate', operator: 'times', right: 40 },
        { kind: 'formula', name: 'gap', label: 'gap to the boss', type: 'money', left: 'boss.rate', operator: 'minus', right: 'rate' },
      ],
    },
    {
      name: 'job',
      label: 'job',
      label_plural: 'jobs',
      fields: [
        field('task', 'text', need),
        field('boat', 'reference', { target: 'boat' }),
        field('worker', 'reference', { target: 'worker' }),
        field('hours', 'number', need),
        field('day', 'date', need),
        field('begun', 'datetime'),
      ],
      rules: [
        { kind: 'compare', name: 'licensed_on_the_day', field: 'day', operator: 'at_most', value: 'worker.licensed_until' },
        { kind: 'compare', name: 'begun_while_insured', field: 'begun', operator: 'at_most', value: 'boat.insured_until' },
        { kind: 'compare', name: 'below_a_week', field: 'cost', operator: 'below', value: 'worker.week' },
      ],
      values: [
        { kind: 'formula', name: 'cost', label: 'cost', type: 'money', left: 'hours', operator: 'times', right: 'worker.rate' },
        { kind: 'formula', name: 'price', label: 'price', type: 'money', left: 'cost', operator: 'plus', right: 'worker.week' },
        { kind: 'between', name: 'days_left', label: 'days left', type: 'integer', unit: 'days', from: 'day', to: 'worker.licensed_until' },
      ],
    },
  ],
  computed: [
    { kind: 'list', name: 'dear', label: 'Dear jobs', entity: 'job', conditions: [{ field: 'cost', operator: 'above', value: '100' }] },
    { kind: 'sum', name: 'cost_per_worker', label: 'Cost per worker', entity: 'job', field: 'cost', by: 'worker' },
  ],
};
