import type { z } from 'zod';
import type { databaseSchema } from '#contracts';
import { field, need } from './testing-schemas-orders.js';

/** Days that are worked out, and the latest, earliest, highest and lowest of what belongs to a record. */
export const upkeep: z.input<typeof databaseSchema> = {
  title: 'Upkeep',
  entities: [
    {
      name: 'tool',
      label: 'tool',
      label_plural: 'tools',
      fields: [
        field('name', 'text', need),
        field('bought', 'date'),
        field('sold', 'date'),
        field('loan_days', 'integer', need),
        field('limit', 'money'),
      ],
      rules: [
        { kind: 'compare', name: 'sold_under_warranty', field: 'sold', operator: 'at_most', value: 'warranty' },
        { kind: 'compare', name: 'not_too_dear', field: 'dearest', operator: 'at_most', value: 'limit' },
      ],
      values: [
        { kind: 'shift', name: 'warranty', label: 'end of warranty', type: 'date', from: 'bought', operator: 'plus', amount: 2, unit: 'years' },
        {
          kind: 'rollup',
          name: 'last_check',
          label: 'last check',
          type: 'date',
          of: 'check',
          link: 'tool',
          function: 'highest',
          field: 'day',
          where: [{ field: 'result', operator: 'is', value: 'passed' }],
        },
        { kind: 'shift', name: 'next_check', label: 'next check', type: 'date', from: 'last_check', operator: 'plus', amount: 6, unit: 'months' },
        {
          kind: 'rollup',
          name: 'first_failure',
          label: 'first failure',
          type: 'date',
          of: 'check',
          link: 'tool',
          function: 'lowest',
          field: 'begun',
          where: [{ field: 'result', operator: 'is', value: 'failed' }],
        },
        { kind: 'rollup', name: 'dearest', label: 'dearest check', type: 'money', of: 'check', link: 'tool', function: 'highest', field: 'cost' },
        { kind: 'rollup', name: 'cheapest', label: 'cheapest check', type: 'money', of: 'check', link: 'tool', function: 'lowest', field: 'cost' },
        { kind: 'rollup', name: 'last_due', label: 'last due date', type: 'date', of: 'loan', link: 'tool', function: 'highest', field: 'due' },
      ],
    },
    {
      name: 'check',
      label: 'check',
      label_plural: 'checks',
      fields: [
        field('tool', 'reference', { ...need, target: 'tool' }),
        field('day', 'date', need),
        field('begun', 'datetime'),
        field('cost', 'money'),
        field('result', 'choice', { ...need, choices: ['passed', 'failed'] }),
      ],
      values: [{ kind: 'shift', name: 'bill', label: 'day of the bill', type: 'date', from: 'begun', operator: 'plus', amount: 1, unit: 'months' }],
    },
    {
      name: 'loan',
      label: 'loan',
      label_plural: 'loans',
      fields: [
        field('tool', 'reference', { target: 'tool' }),
        field('borrower', 'text', need),
        field('day', 'date', need),
        field('returned', 'date'),
        field('weeks', 'integer'),
      ],
      rules: [
        { kind: 'compare', name: 'not_due_in_the_past', field: 'ends', operator: 'at_least', value: 'today' },
        { kind: 'compare', name: 'due_under_warranty', field: 'due', operator: 'below', value: 'tool.warranty' },
      ],
      values: [
        { kind: 'shift', name: 'due', label: 'due date', type: 'date', from: 'day', operator: 'plus', amount: 14, unit: 'days' },
        { kind: 'shift', name: 'reminder', label: 'reminder', type: 'date', from: 'due', operator: 'minus', amount: 3, unit: 'days' },
        { kind: 'shift', name: 'longest', label: 'longest', type: 'date', from: 'day', operator: 'plus', amount: 'tool.loan_days', unit: 'days' },
        { kind: 'shift', name: 'ends', label: 'end', type: 'date', from: 'returned', operator: 'plus', amount: 'weeks', unit: 'weeks' },
        { kind: 'between', name: 'late', label: 'days late', type: 'integer', unit: 'days', from: 'due', to: 'returned' },
      ],
      order: { field: 'due', descending: false },
    },
  ],
  computed: [
    {
      kind: 'list',
      name: 'overdue',
      label: 'Overdue',
      entity: 'loan',
      conditions: [
        { field: 'due', operator: 'before_today', value: null },
        { field: 'returned', operator: 'is_empty', value: null },
      ],
      order: { field: 'due', descending: true },
    },
    {
      kind: 'list',
      name: 'checks_soon',
      label: 'Checks soon',
      entity: 'tool',
      conditions: [{ field: 'next_check', operator: 'within_days', value: '30' }],
    },
    {
      kind: 'list',
      name: 'unchecked',
      label: 'Not checked',
      entity: 'tool',
      conditions: [{ field: 'last_check', operator: 'is_empty', value: null }],
    },
    { kind: 'count', name: 'loans_per_tool', label: 'Loans per tool', entity: 'loan', by: 'tool' },
  ],
};
