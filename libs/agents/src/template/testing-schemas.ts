import type { z } from 'zod';
import { databaseSchema } from '#contracts';
import type { DatabaseSchema } from '#contracts';
import { harbour } from './testing-schemas-harbour.js';
import { upkeep } from './testing-schemas-upkeep.js';
import { field, need, orders } from './testing-schemas-orders.js';

/* Models that together use everything a model can say, for the tests of the template engine. */

const rooms: z.input<typeof databaseSchema> = {
  title: 'Rooms and courses',
  entities: [
    {
      name: 'room',
      label: 'room',
      label_plural: 'rooms',
      fields: [
        field('name', 'text', { ...need, unique: true }),
        field('seats', 'integer', need),
        field('open', 'boolean'),
        field('number', 'integer', { unique: true }),
      ],
      rules: [{ kind: 'compare', name: 'at_least_one_seat', field: 'seats', operator: 'at_least', value: 1 }],
      values: [
        {
          kind: 'rollup',
          name: 'bookings',
          label: 'bookings',
          type: 'integer',
          of: 'booking',
          link: 'room',
          function: 'count',
          field: null,
          where: [{ field: 'cancelled', operator: 'is', value: 'no' }],
        },
      ],
      order: { field: 'seats', descending: true },
    },
    {
      name: 'booking',
      label: 'booking',
      label_plural: 'bookings',
      fields: [
        field('room', 'reference', { ...need, target: 'room' }),
        field('day', 'date', need),
        field('starts', 'time', need),
        field('ends', 'time', need),
        field('people', 'integer'),
        field('cancelled', 'boolean'),
        field('purpose', 'text'),
      ],
      rules: [
        {
          kind: 'no_overlap',
          name: 'room_is_free',
          same: ['room'],
          from: 'starts',
          to: 'ends',
          day: 'day',
          where: [{ field: 'cancelled', operator: 'is', value: 'no' }],
        },
        { kind: 'compare', name: 'ends_after_start', field: 'ends', operator: 'above', value: 'starts' },
        { kind: 'compare', name: 'not_in_the_past', field: 'day', operator: 'at_least', value: 'today' },
        { kind: 'compare', name: 'short_enough', field: 'hours', operator: 'at_most', value: 6 },
        { kind: 'linked_must', name: 'room_is_open', link: 'room', where: [{ field: 'open', operator: 'is', value: 'yes' }] },
        {
          kind: 'limit',
          name: 'three_a_day',
          by: 'room',
          maximum: 3,
          day: 'day',
          period: 'day',
          where: [{ field: 'cancelled', operator: 'is', value: 'no' }],
        },
        { kind: 'required_when', name: 'purpose_of_large', field: 'purpose', where: [{ field: 'people', operator: 'above', value: '10' }] },
        { kind: 'locked_when', name: 'cancelled_for_good', where: [{ field: 'cancelled', operator: 'is', value: 'yes' }], actions: ['change'] },
      ],
      values: [{ kind: 'between', name: 'hours', label: 'hours', type: 'number', unit: 'hours', from: 'starts', to: 'ends' }],
      defaults: [{ field: 'day', value: 'today', days: 1 }],
      order: { field: 'day', descending: false },
    },
    {
      name: 'course',
      label: 'course',
      label_plural: 'courses',
      fields: [
        field('title', 'text', need),
        field('capacity', 'integer', need),
        field('begins', 'date', need),
        field('finishes', 'date'),
        field('trainers', 'references', { target: 'trainer' }),
      ],
      rules: [
        { kind: 'compare', name: 'finishes_later', field: 'finishes', operator: 'at_least', value: 'begins' },
        { kind: 'compare', name: 'at_most_two_trainers', field: 'trainers', operator: 'at_most', value: 2 },
        { kind: 'unique_together', name: 'title_and_begin', fields: ['title', 'begins'] },
        { kind: 'linked_must', name: 'trainers_are_active', link: 'trainers', where: [{ field: 'active', operator: 'is', value: 'yes' }] },
      ],
      values: [
        { kind: 'rollup', name: 'taken', label: 'places taken', type: 'integer', of: 'enrolment', link: 'course', function: 'count', field: null },
        { kind: 'formula', name: 'left', label: 'places left', type: 'integer', left: 'capacity', operator: 'minus', right: 'taken' },
        { kind: 'rollup', name: 'income', label: 'income', type: 'money', of: 'enrolment', link: 'course', function: 'sum', field: 'paid' },
        { kind: 'rollup', name: 'mean', label: 'mean payment', type: 'money', of: 'enrolment', link: 'course', function: 'average', field: 'paid' },
        { kind: 'between', name: 'length', label: 'length', type: 'integer', unit: 'days', from: 'begins', to: 'finishes' },
      ],
    },
    {
      name: 'trainer',
      label: 'trainer',
      label_plural: 'trainers',
      fields: [field('name', 'text', need), field('active', 'boolean'), field('born', 'date'), field('mentor', 'reference', { target: 'trainer' })],
      rules: [{ kind: 'compare', name: 'grown_up', field: 'age', operator: 'at_least', value: 18 }],
      values: [{ kind: 'between', name: 'age', label: 'age', type: 'integer', unit: 'years', from: 'born', to: 'today' }],
    },
    {
      name: 'enrolment',
      label: 'enrolment',
      label_plural: 'enrolments',
      fields: [
        field('course', 'reference', { ...need, target: 'course' }),
        field('person', 'text', need),
        field('paid', 'money'),
        field('day', 'date'),
        field('kind', 'choice', { ...need, choices: ['full', 'guest'] }),
      ],
      rules: [
        { kind: 'limit', name: 'capacity', by: 'course', maximum: 'capacity', where: [{ field: 'kind', operator: 'is', value: 'full' }] },
        { kind: 'limit', name: 'budget', by: 'course', field: 'paid', maximum: 100 },
        {
          kind: 'limit',
          name: 'guests_a_week',
          by: null,
          maximum: 2,
          day: 'day',
          period: 'week',
          where: [{ field: 'kind', operator: 'is', value: 'guest' }],
        },
        { kind: 'unique_together', name: 'once_each', fields: ['course', 'person'] },
      ],
      defaults: [{ field: 'kind', value: 'full', days: 0 }],
    },
  ],
  computed: [
    {
      kind: 'list',
      name: 'soon',
      label: 'Soon',
      entity: 'booking',
      conditions: [
        { field: 'day', operator: 'within_days', value: '7' },
        { field: 'cancelled', operator: 'is', value: 'no' },
      ],
    },
    {
      kind: 'list',
      name: 'nearly_full',
      label: 'Nearly full',
      entity: 'course',
      conditions: [{ field: 'left', operator: 'below', value: '3' }],
      order: { field: 'capacity', descending: true },
      limit: 2,
    },
    {
      kind: 'count',
      name: 'per_week',
      label: 'Bookings per week',
      entity: 'booking',
      by: 'day',
      period: 'week',
      conditions: [{ field: 'cancelled', operator: 'is', value: 'no' }],
    },
    { kind: 'sum', name: 'income_per_month', label: 'Income per month', entity: 'enrolment', field: 'paid', by: 'day', period: 'month' },
    { kind: 'average', name: 'mean_hours', label: 'Mean hours', entity: 'booking', field: 'hours', by: 'room' },
    { kind: 'sum', name: 'all_income', label: 'All income', entity: 'enrolment', field: 'paid', by: null },
  ],
};

const odd: z.input<typeof databaseSchema> = {
  title: 'Odds and ends',
  entities: [
    {
      name: 'pair',
      label: 'pair',
      label_plural: 'pairs',
      fields: [field('left', 'reference', { ...need, target: 'mood' }), field('right', 'reference', { ...need, target: 'mood' })],
      rules: [{ kind: 'unique_together', name: 'each_pair_once', fields: ['left', 'right'] }],
    },
    { name: 'mood', label: 'mood', label_plural: 'moods', fields: [field('colour', 'choice', { ...need, choices: ['red', 'green'] })] },
    {
      name: 'class',
      label: 'class',
      label_plural: 'classes',
      fields: [field('parent', 'reference', { target: 'class' }), field('rank', 'rating', need), field('one', 'boolean')],
      rules: [
        { kind: 'limit', name: 'only_one', by: null, maximum: 1, where: [{ field: 'one', operator: 'is', value: 'yes' }] },
        { kind: 'limit', name: 'one_child', by: 'parent', maximum: 1 },
      ],
    },
    {
      name: 'stay',
      label: 'stay',
      label_plural: 'stays',
      fields: [field('from', 'date', need), field('to', 'date'), field('guests', 'references', { target: 'mood' }), field('nights', 'integer')],
      rules: [
        { kind: 'no_overlap', name: 'one_at_a_time', same: [], from: 'from', to: 'to' },
        { kind: 'compare', name: 'to_after_from', field: 'to', operator: 'above', value: 'from' },
        { kind: 'compare', name: 'two_guests', field: 'guests', operator: 'at_least', value: 1 },
      ],
    },
    {
      name: 'meeting',
      label: 'meeting',
      label_plural: 'meetings',
      fields: [field('topic', 'text', need), field('from', 'datetime', need), field('to', 'datetime', need), field('place', 'text')],
      rules: [
        { kind: 'no_overlap', name: 'place_is_free', same: ['place'], from: 'from', to: 'to' },
        { kind: 'compare', name: 'to_after_from', field: 'to', operator: 'above', value: 'from' },
        { kind: 'limit', name: 'one_a_month', by: 'place', maximum: 1, day: 'from', period: 'month' },
      ],
    },
  ],
};

const own: z.input<typeof databaseSchema> = {
  title: 'Diary',
  entities: [
    {
      name: 'entry',
      label: 'entry',
      label_plural: 'entries',
      fields: [field('text', 'long_text', need), field('day', 'date')],
      order: { field: 'day', descending: true },
      defaults: [{ field: 'day', value: 'today' }],
    },
    {
      name: 'secret',
      label: 'secret',
      label_plural: 'secrets',
      fields: [field('text', 'text', need), field('entry', 'reference', { target: 'entry' })],
    },
  ],
  computed: [
    { kind: 'list', name: 'recent', label: 'Recent', entity: 'entry', conditions: [{ field: 'day', operator: 'within_past_days', value: '7' }] },
  ],
  auth: {
    sign_in: true,
    permissions: [
      { entity: 'entry', action: 'change', roles: [], own: true },
      { entity: 'entry', action: 'delete', roles: [], own: true },
      { entity: 'secret', action: 'view', roles: [], own: true },
    ],
  },
};

export const SCHEMAS: Readonly<Record<'rooms' | 'orders' | 'harbour' | 'upkeep' | 'odd' | 'own', DatabaseSchema>> = {
  rooms: databaseSchema.parse(rooms),
  orders: databaseSchema.parse(orders),
  harbour: databaseSchema.parse(harbour),
  upkeep: databaseSchema.parse(upkeep),
  odd: databaseSchema.parse(odd),
  own: databaseSchema.parse(own),
};
