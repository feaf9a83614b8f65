import { databaseSchema } from '#contracts';
import type { DatabaseSchema } from '#contracts';
import { converse, specify } from '../analyst.js';
import { writeRequirements } from '../requirements/requirements.js';
import { conversation } from '../testing.js';
import { parseRequirements, understand } from './understand.js';

/** An idea; the fields that each of its lists has at least, as `label`, `label: type` or `label -> target`; and what is worked out. */
type Case = readonly [idea: string, lists: Readonly<Record<string, readonly string[]>>, computed?: readonly string[]];

const CASES: readonly Case[] = [
  [
    'A tool library: tools with a name and a condition, members with a name and an email, and loans of a tool to a member with a due date. Show overdue loans.',
    {
      tool: ['name', 'condition'],
      member: ['name', 'email: email'],
      loan: ['tool -> tool', 'member -> member', 'due date: date', 'return date: date'],
    },
    ['Overdue loans'],
  ],
  [
    'Rooms with a name and a capacity, and bookings of rooms by guests with a start and an end date.',
    {
      room: ['name', 'capacity: integer'],
      guest: ['name'],
      booking: ['room -> room', 'guest -> guest', 'start: date', 'end date: date'],
    },
  ],
  ['A list of books.', { book: ['title', 'author'] }],
  ['A list of plants and their owners.', { plant: ['name', 'owner -> owner'], owner: ['name'] }],
  [
    'an app for my book club to track books and who borrowed them',
    { book: ['title'], member: ['name'], loan: ['book -> book', 'member -> member'] },
    ['On loan', 'Overdue loans'],
  ],
  ['I want to keep track of my plants and when I last watered them', { plant: ['name', 'last watered on: date'] }],
  ['Recipes with ingredients and a rating', { recipe: ['ingredients: long_text', 'rating: rating'] }],
  [
    'A CRM: companies, contacts at those companies, and deals with an amount and a stage (new, won, lost)',
    { company: ['name'], contact: ['name', 'company -> company'], deal: ['amount: money', 'stage: choice'] },
  ],
  [
    'Track employees, the departments they work in and their salaries',
    { employee: ['name', 'department -> department', 'salary: money'], department: ['name'] },
  ],
  [
    'We run a small gym: members, classes, trainers. Members book classes. Each class has a trainer, a date and a time.',
    {
      member: ['name'],
      class: ['trainer -> trainer', 'date: date', 'time: time'],
      trainer: ['name'],
      booking: ['class -> class', 'member -> member'],
    },
  ],
  [
    'Invoices with a number, a customer, a date and an amount; show the total per customer',
    { invoice: ['number', 'customer -> customer', 'date: date', 'amount: money'], customer: ['name'] },
    ['Total amount per customer'],
  ],
  ['inventory of spare parts: part number (unique), name, quantity, shelf', { spare_part: ['part number', 'name', 'quantity: integer', 'shelf'] }],
  [
    '- Customers: name, phone\n- Orders: customer, date, total',
    { customer: ['name', 'phone: phone'], order: ['customer -> customer', 'date: date', 'total: money'] },
  ],
  [
    'Students have a name and email. They enrol in courses. A course has a title and a teacher.',
    { student: ['name', 'email: email'], course: ['title', 'teacher'], enrolment: ['course -> course', 'student -> student'] },
  ],
  ['expense tracker with categories, amount and date', { expense: ['category', 'amount: money', 'date: date'] }],
  [
    'Volunteers log hours on projects; show total hours per project',
    { volunteer: ['name'], project: ['name'], time_entry: ['volunteer -> volunteer', 'project -> project', 'hours: number'] },
    ['Total hours per project'],
  ],
  ['custmers with a name and adress', { customer: ['name', 'address: long_text'] }],
  [
    'A veterinary practice: record each visit of a patient to a doctor with a date, a reason and a cost. Patients have a name and a species.',
    {
      patient: ['name', 'species'],
      doctor: ['name'],
      visit: ['patient -> patient', 'doctor -> doctor', 'date: date', 'reason: long_text', 'cost: money'],
    },
  ],
  [
    'Invoices with a number and an amount, and payments of an invoice with a date and an amount.',
    { invoice: ['number', 'amount: money'], payment: ['invoice -> invoice', 'date: date', 'amount: money'] },
  ],
  ['A catalogue of minerals with name, colour and hardness', { mineral: ['name', 'colour', 'hardness: number'] }],
  [
    'We organize concerts. Musicians play in bands. Each concert has a date, a venue and a band.',
    { concert: ['date: date', 'venue', 'band -> band'], musician: ['name', 'band -> band'], band: ['name'] },
  ],
  [
    "I'd like to manage apartments, their tenants and the rent payments of each tenant with a date and an amount. Show total amount per tenant.",
    { apartment: ['name'], tenant: ['name'], rent_payment: ['tenant -> tenant', 'date: date', 'amount: money'] },
    ['Total amount per tenant'],
  ],
  [
    'Keep a record of repairs of bicycles by mechanics, each with a date, a price and whether it is paid. Show unpaid repairs.',
    { bicycle: ['name'], mechanic: ['name'], repair: ['bicycle -> bicycle', 'mechanic -> mechanic', 'date: date', 'price: money', 'paid: boolean'] },
    ['Unpaid repairs'],
  ],
  [
    'A simple database of wines with vintage year, region, price and a rating, and tastings of a wine with a date and notes',
    { wine: ['vintage year: integer', 'region', 'price: money', 'rating: rating'], tasting: ['wine -> wine', 'date: date', 'notes: long_text'] },
  ],
  [
    'Meetings with a date and a topic, and action items of a meeting with an owner and a deadline',
    { meeting: ['date: date', 'topic'], action_item: ['meeting -> meeting', 'owner', 'deadline: date'] },
  ],
  [
    'Our library lends board games to neighbors. Games have a title and a number of players.',
    { game: ['title', 'number of players: integer'], neighbor: ['name'], loan: ['game -> game', 'neighbor -> neighbor'] },
    ['On loan', 'Overdue loans'],
  ],
  [
    'Log of donations: donor, amount, date. Total amount per donor.',
    { donation: ['donor -> donor', 'amount: money', 'date: date'], donor: ['name'] },
    ['Total amount per donor'],
  ],
  [
    'Teams with a name and a coach, players of a team with a name and a position, and matches between teams with a date and a score',
    { team: ['name', 'coach'], player: ['team -> team', 'name', 'position'], match: ['date: date', 'score: number'] },
  ],
  [
    'We need a system for our kennel to manage dogs (name, breed, birthday), owners (name, phone) and stays of a dog with an arrival date and a departure date',
    {
      dog: ['name', 'breed', 'birthday: date'],
      owner: ['name', 'phone: phone'],
      stay: ['dog -> dog', 'arrival date: date', 'departure date: date'],
    },
  ],
  [
    'A directory of suppliers and the products they deliver, with a price for each product',
    { supplier: ['name'], product: ['supplier -> supplier', 'price: money'] },
  ],
  [
    'Patients book appointments with doctors. Appointments have a date, a time and a status (planned, done, cancelled). Show upcoming appointments.',
    {
      patient: ['name'],
      doctor: ['name'],
      appointment: ['patient -> patient', 'doctor -> doctor', 'date: date', 'time: time', 'status: choice'],
    },
    ['Upcoming appointments'],
  ],
  [
    'Help me organise my reading: books I have read, with author, date finished and rating',
    { book: ['author', 'date finished: date', 'rating: rating'] },
  ],
];

/** The model in the words of the table. */
const listsOf = ({ entities }: DatabaseSchema): Record<string, string[]> =>
  Object.fromEntries(
    entities.map((entity) => [
      entity.name,
      entity.fields.map((field) =>
        field.target ? `${field.label} -> ${field.target}` : field.type === 'text' ? field.label : `${field.label}: ${field.type}`,
      ),
    ]),
  );

/** Ideas on which the rules were first tried after they had been written. */
const LATER: readonly Case[] = [
  [
    'App to record which volunteer walked which dog and when',
    { dog: ['name'], volunteer: ['name'], walk: ['dog -> dog', 'volunteer -> volunteer', 'date: date'] },
  ],
  [
    'Our church lends chairs and tables to families. I want to see what is overdue.',
    { chair: ['name'], table: ['name'], family: ['name'], loan: ['chair -> chair', 'table -> table', 'family -> family', 'due date: date'] },
    ['Overdue loans'],
  ],
  [
    'Manage a small hotel. Guests reserve rooms. Rooms have a number and a nightly rate. A reservation has an arrival date and a number of guests.',
    {
      room: ['number', 'nightly rate: money'],
      guest: ['name'],
      reservation: ['room -> room', 'guest -> guest', 'arrival date: date', 'number of guests: integer'],
    },
  ],
  [
    'Clinic with doctors, patients and prescriptions of a medication for a patient by a doctor',
    {
      doctor: ['name'],
      patient: ['name'],
      medication: ['name'],
      prescription: ['medication -> medication', 'patient -> patient', 'doctor -> doctor', 'date: date'],
    },
  ],
  [
    'Track job applications with company, position, salary, applied on and status: applied, interview, offer or rejected. Count applications per status.',
    { job_application: ['company', 'position', 'salary: money', 'applied on: date', 'status: choice'] },
    ['Job applications per status'],
  ],
  [
    'I collect stamps and want to note country, year, value and condition of each stamp',
    { stamp: ['country', 'year: integer', 'value: money', 'condition'] },
  ],
  [
    'Babysitter agency. Families request sitters. A request has a date and a start time. Sitters have a name, phone and hourly rate.',
    {
      sitter: ['name', 'phone: phone', 'hourly rate: money'],
      family: ['name'],
      request: ['sitter -> sitter', 'family -> family', 'date: date', 'start time: time'],
    },
  ],
  [
    'Tasks with a title, a due date and an assignee; people with a name. Show overdue tasks and count tasks per assignee.',
    { task: ['title', 'due date: date', 'assignee -> person'], person: ['name'] },
    ['Overdue tasks', 'Tasks per assignee'],
  ],
];

/** Every case with what it is to work out. */
const TABLE = [...CASES, ...LATER].map(([idea, lists, computed = []]) => ({ idea, lists, computed }));

describe('ideas of many trades', () => {
  it.each(TABLE)('$idea', ({ idea, lists, computed }) => {
    const { schema, unclear } = understand(idea);
    const found = listsOf(schema);
    expect(Object.keys(found).sort()).toEqual(Object.keys(lists).sort());
    for (const [name, fields] of Object.entries(lists)) expect({ [name]: found[name] }).toEqual({ [name]: expect.arrayContaining([...fields]) });
    expect(schema.computed.map((one) => one.label).sort()).toEqual([...computed].sort());
    expect(unclear).toEqual([]);
  });

  it.each(TABLE)('gives valid data that reads back as it was written: $idea', ({ idea }) => {
    const { schema } = understand(idea);
    expect(databaseSchema.parse(schema)).toEqual(schema);
    expect(parseRequirements(writeRequirements(schema))).toMatchObject({ schema, notUnderstood: [] });
    expect(understand(idea).schema).toEqual(schema);
  });

  it.each(TABLE)('asks at most three questions, each with a proposal, and ends on "yes": $idea', ({ idea }) => {
    const turn = converse(conversation(idea));
    expect(turn.questions.length).toBeLessThanOrEqual(3);
    for (const question of turn.questions)
      expect([question.question, question.proposal]).toEqual([expect.stringMatching(/\?$/), expect.stringMatching(/\.$/)]);
    expect(turn.message).not.toMatch(/did not understand|undefined|null/);
    const messages = [
      { author: 'analyst' as const, content: turn.message },
      { author: 'person' as const, content: 'yes' },
    ];
    expect(converse(conversation(idea, { messages }))).toMatchObject({ questions: [], ready: true });
    const said = [messages[0], { author: 'person' as const, content: turn.questions.map((one) => one.proposal).join('\n') }].filter(
      (one) => one !== undefined,
    );
    const linesOf = (answers: typeof said): string[] =>
      [...specify(conversation(idea, { purpose: 'specify', messages: answers })).requirements].sort();
    expect(linesOf(said)).toEqual(linesOf(messages));
  });
});
