import type { z } from 'zod';
import type { databaseSchema, Field } from '#contracts';

/** A field with what is usual left out. */
export const field = (name: string, type: Field['type'], more: Partial<Field> = {}): Field => ({
  name,
  label: name.replaceAll('_', ' '),
  type,
  required: false,
  unique: false,
  choices: [],
  target: null,
  ...more,
});
export const need = { required: true };

/** States, roles, permissions, money, and rules that depend on a state. */
export const orders: z.input<typeof databaseSchema> = {
  title: 'Orders',
  entities: [
    {
      name: 'customer',
      label: 'customer',
      label_plural: 'customers',
      fields: [field('name', 'text', need), field('email', 'email', { ...need, unique: true }), field('phone', 'phone'), field('site', 'url')],
      values: [
        {
          kind: 'rollup',
          name: 'spent',
          label: 'spent',
          type: 'money',
          of: 'order',
          link: 'customer',
          function: 'sum',
          field: 'total',
          where: [{ field: 'state', operator: 'is', value: 'paid' }],
        },
      ],
    },
    {
      name: 'order',
      label: 'order',
      label_plural: 'orders',
      fields: [
        field('number', 'text', { ...need, unique: true }),
        field('customer', 'reference', { ...need, target: 'customer' }),
        field('amount', 'integer', need),
        field('price', 'money', need),
        field('state', 'choice', { ...need, choices: ['draft', 'approved', 'paid', 'cancelled'] }),
        field('approved_on', 'date'),
        field('due', 'date'),
        field('notes', 'long_text'),
        field('score', 'rating'),
      ],
      lifecycle: {
        field: 'state',
        transitions: [
          { from: 'draft', to: 'approved', roles: ['manager'] },
          { from: 'approved', to: 'paid', roles: [] },
          { from: 'draft', to: 'cancelled', roles: [] },
          { from: 'approved', to: 'cancelled', roles: ['manager', 'clerk'] },
        ],
      },
      rules: [
        { kind: 'locked_when', name: 'paid_is_final', where: [{ field: 'state', operator: 'is', value: 'paid' }], actions: ['change', 'delete'] },
        { kind: 'required_when', name: 'date_of_approval', field: 'approved_on', where: [{ field: 'state', operator: 'is', value: 'approved' }] },
        { kind: 'limit', name: 'two_drafts', by: 'customer', maximum: 2, where: [{ field: 'state', operator: 'is', value: 'draft' }] },
        { kind: 'compare', name: 'not_too_dear', field: 'total', operator: 'at_most', value: 500 },
      ],
      values: [
        { kind: 'formula', name: 'total', label: 'total', type: 'money', left: 'amount', operator: 'times', right: 'price' },
        { kind: 'formula', name: 'with_tax', label: 'with tax', type: 'money', left: 'total', operator: 'times', right: 1.2 },
      ],
      defaults: [
        { field: 'due', value: 'approved_on', days: 14 },
        { field: 'amount', value: '1', days: 0 },
      ],
    },
    {
      name: 'delivery',
      label: 'delivery',
      label_plural: 'deliveries',
      fields: [
        field('order', 'reference', { ...need, target: 'order' }),
        field('on', 'datetime', need),
        field('papers', 'file_link'),
        field('helper', 'reference', { target: 'customer' }),
        field('payer', 'reference', { target: 'customer' }),
      ],
      rules: [{ kind: 'linked_must', name: 'only_approved', link: 'order', where: [{ field: 'state', operator: 'is', value: 'approved' }] }],
    },
  ],
  computed: [
    {
      kind: 'list',
      name: 'late',
      label: 'Late orders',
      entity: 'order',
      conditions: [
        { field: 'due', operator: 'older_than_days', value: '30' },
        { field: 'state', operator: 'is_not', value: 'paid' },
        { field: 'total', operator: 'above', value: '100' },
      ],
    },
    { kind: 'count', name: 'by_state', label: 'Orders by state', entity: 'order', by: 'state' },
    {
      kind: 'sum',
      name: 'worth',
      label: 'Worth per customer',
      entity: 'order',
      field: 'total',
      by: 'customer',
      conditions: [{ field: 'state', operator: 'is_not', value: 'cancelled' }],
    },
  ],
  auth: {
    sign_in: true,
    roles: [
      { name: 'owner', label: 'owner' },
      { name: 'manager', label: 'manager' },
      { name: 'clerk', label: 'clerk' },
    ],
    permissions: [
      { entity: 'customer', action: 'add', roles: ['owner'], own: false },
      { entity: 'customer', action: 'change', roles: ['manager'], own: true },
      { entity: 'order', action: 'delete', roles: ['manager'], own: false },
      { entity: 'order', action: 'change', roles: ['manager'], own: true },
      { entity: 'delivery', action: 'view', roles: ['manager'], own: true },
      { entity: 'delivery', action: 'add', roles: ['manager'], own: false },
    ],
  },
};
