import { databaseSchema } from '#contracts';
import { writeBehaviour, writeRequirements } from '../requirements/requirements.js';
import { findEntity } from './draft.js';
import { readRules } from './read-rules.js';
import { parseRequirements } from './understand.js';

/** Lists of several trades, in the controlled English of requirements. */
const TRADES = {
  rooms: [
    'The app keeps a list of rooms.',
    'The app keeps a list of members.',
    'The app keeps a list of bookings.',
    'A room has a name (text, required).',
    'A room has a capacity (whole number).',
    'A member has a name (text, required).',
    'A booking has a room (link to a room, required).',
    'A booking has a member (link to a member, required).',
    'A booking has a start (date and time, required).',
    'A booking has an end (date and time, required).',
    'A booking has a status (one of: provisional, confirmed, cancelled).',
    'A booking has a number of guests (whole number).',
  ],
  library: [
    'The app keeps a list of books.',
    'The app keeps a list of members.',
    'The app keeps a list of loans.',
    'A book has a title (text, required).',
    'A book has a condition (one of: good, damaged).',
    'A member has a name (text, required).',
    'A member has a paid (yes or no).',
    'A loan has a book (link to a book, required).',
    'A loan has a member (link to a member, required).',
    'A loan has a loan date (date).',
    'A loan has a due date (date).',
    'A loan has a return date (date).',
  ],
  school: [
    'The app keeps a list of students.',
    'The app keeps a list of instructors.',
    'The app keeps a list of courses.',
    'A student has a name (text, required).',
    'A student has a medical paper (yes or no).',
    'A student has a birth date (date).',
    'An instructor has a name (text, required).',
    'A course has a name (text, required).',
    'A course has a date of begin (date).',
    'A course has a date of finish (date).',
    'A course has an instructor (link to an instructor).',
    'A course has students (links to several students).',
  ],
  work: [
    'The app keeps a list of projects.',
    'The app keeps a list of people.',
    'The app keeps a list of time entries.',
    'A project has a name (text, required).',
    'A project has a status (one of: active, closed).',
    'A project has a budget (amount of money).',
    'A person has a name (text, required).',
    'A time entry has a person (link to a person, required).',
    'A time entry has a project (link to a project, required).',
    'A time entry has a date (date, required).',
    'A time entry has hours (number, required).',
  ],
  store: [
    'The app keeps a list of products.',
    'The app keeps a list of invoices.',
    'The app keeps a list of reviews.',
    'The app keeps a list of customers.',
    'A product has a name (text, required).',
    'A product has a quantity (whole number).',
    'A product has a minimum stock (whole number).',
    'A product has a maximum stock (whole number).',
    'A product has a shelf (text).',
    'A product has a box (text).',
    'An invoice has a number (text, required).',
    'An invoice has a status (one of: draft, sent, paid, rejected).',
    'An invoice has a reason (long text).',
    'A customer has a name (text, required).',
    'A review has a product (link to a product, required).',
    'A review has a customer (link to a customer, required).',
    'A review has points (whole number).',
  ],
} as const;

/** What the clause adds to the model, as sentences. */
function rulesOf(trade: keyof typeof TRADES, clause: string, topic?: string): string[] {
  const { draft } = parseRequirements(TRADES[trade]);
  readRules(draft, clause, topic === undefined ? null : (findEntity(draft, topic) ?? null));
  expect(databaseSchema.safeParse(draft.schema).error?.issues ?? []).toEqual([]);
  expect(parseRequirements(writeRequirements(draft.schema)).schema).toEqual(draft.schema);
  return writeBehaviour(draft.schema);
}

const ROOM_OVERLAP =
  'Two bookings with the same room must not overlap between the start and the end, counting only those where the status is not "cancelled".';

describe('rules in plain words', () => {
  it.each([
    ['rooms', "A room can't be booked twice at the same time", ROOM_OVERLAP],
    ['rooms', 'no two bookings of a room may overlap', ROOM_OVERLAP],
    ['rooms', 'No double bookings', ROOM_OVERLAP],
    ['rooms', 'the same room must never be booked by two members at the same time', ROOM_OVERLAP],
    [
      'school',
      'Instructor can not have two courses in same time',
      'Two courses with the same instructor must not overlap between the date of begin and the date of finish.',
    ],
    [
      'school',
      "A student can't be on two courses that overlap",
      'Two courses with the same students must not overlap between the date of begin and the date of finish.',
    ],
    ['store', 'one review per customer per product', 'No two reviews have the same customer and product together.'],
    ['library', 'Only good books get borrowed', 'The book of a loan must be one where the condition is "good".'],
    ['rooms', 'The end has to be after the start', 'The end of a booking must be after the start.'],
    ['school', 'The finish must be after the begin of course', 'The date of finish of a course must be after the date of begin.'],
    ['library', 'the due date cannot be earlier than the loan date', 'The due date of a loan must not be before the loan date.'],
    ['school', 'the birth date of a student must not be in the future', 'The birth date of a student must not be after today.'],
    ['store', 'The quantity can never go below zero', 'The quantity of a product must be at least 0.'],
    ['store', 'quantity should never be negative', 'The quantity of a product must be at least 0.'],
    ['store', "maximum stock can't be less than minimum stock", 'The maximum stock of a product must be at least the minimum stock.'],
    ['store', 'Points must be between 1 and 10', 'The points of a review must be at least 1.'],
    ['work', 'The budget must be positive', 'The budget of a project must be more than 0.'],
    ['work', 'Hours must be more than 0 and no more than 24', 'The hours of a time entry must be more than 0.'],
    [
      'work',
      'No one may log more than 24 hours in total on one day',
      'The hours of all time entries may add up to at most 24 per person in each day of the date.',
    ],
    ['library', 'A member may have at most 5 books out at a time', 'There may be at most 5 loans per member where the return date is empty.'],
    ['library', 'Members can borrow at most five books at once', 'There may be at most 5 loans per member where the return date is empty.'],
    ['library', 'only one open loan per book', 'There may be at most 1 loan per book where the return date is empty.'],
    [
      'library',
      'a book that is out cannot be lent to somebody else until it is back',
      'There may be at most 1 loan per book where the return date is empty.',
    ],
    ['library', 'At most 3 loans per member in a calendar month', 'There may be at most 3 loans per member in each month of the loan date.'],
    ['school', 'In one course can be maximum 8 students', 'A course must have at most 8 students.'],
    ['school', 'Minimum two students on any course, max five', 'A course must have at least 2 students.'],
    ['store', 'every customer can review a product only once', 'No two reviews have the same customer and product together.'],
    ['store', 'No two products can be in the same shelf and box', 'No two products have the same shelf and box together.'],
    ['library', 'damaged books cannot be borrowed', 'The book of a loan must be one where the condition is not "damaged".'],
    ['library', 'Only members who have paid can borrow books', 'The member of a loan must be one where the paid is "yes".'],
    ['work', "You can't log time on a closed project", 'The project of a time entry must be one where the status is not "closed".'],
    [
      'school',
      'Without medical paper the student can not enter in course',
      'The students of a course must be ones where the medical paper is "yes".',
    ],
    ['store', 'a reason is required when rejected', 'An invoice needs a reason where the status is "rejected".'],
    ['store', 'Paid invoices cannot be changed or deleted', 'An invoice cannot be changed or deleted where the status is "paid".'],
    ['store', 'Once paid, an invoice cannot be edited', 'An invoice cannot be changed where the status is "paid".'],
    ['rooms', "a booking can't be longer than 4 hours", 'The length in hours of a booking must be at most 4.'],
    ['library', 'a book is due back three weeks after the loan date', 'The due date of a new loan is the loan date plus 21 days.'],
  ] as const)('%s: "%s"', (trade, clause, line) => {
    expect(rulesOf(trade, clause)).toContain(line);
  });

  it.each([
    ['library', 'Each book has a title'],
    ['library', 'Members borrow books'],
    ['rooms', 'I want to see the bookings of today'],
    ['school', 'We have about 12 students in each course'],
    ['store', 'Show products with fewer than 10 in stock'],
  ] as const)('%s: "%s" sets no rule', (trade, clause) => {
    expect(rulesOf(trade, clause)).toEqual([]);
  });
});
