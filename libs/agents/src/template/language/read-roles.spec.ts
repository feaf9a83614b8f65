import { databaseSchema } from '#contracts';
import { writeBehaviour, writeRequirements } from '../requirements/requirements.js';
import { writeAccess, writePermissions } from '../requirements/written-access.js';
import { settleAccess } from './access.js';
import { findEntity } from './draft.js';
import { noteRoles, readRoles } from './read-roles.js';
import { parseRequirements } from './understand.js';

const BASE = [
  'The app keeps a list of books.',
  'The app keeps a list of members.',
  'The app keeps a list of loans.',
  'The app keeps a list of tickets.',
  'A book has a title (text, required).',
  'A member has a name (text, required).',
  'A member has a phone number (phone number).',
  'A loan has a book (link to a book, required).',
  'A loan has a member (link to a member, required).',
  'A ticket has a title (text, required).',
  'A ticket has a status (one of: new, in progress, approved, closed).',
  'A ticket goes from "new" to "in progress".',
  'A ticket goes from "in progress" to "approved".',
  'A ticket goes from "approved" to "closed".',
  'Nobody needs to sign in.',
];

/** What some sentences say about access, as controlled English. */
function accessOf(...sentences: string[]): string[] {
  const { draft } = parseRequirements(BASE);
  draft.exact = false;
  const topic = findEntity(draft, 'ticket') ?? null;
  for (const sentence of sentences) noteRoles(draft, sentence);
  const rest = sentences.filter((sentence) => !readRoles(draft, sentence, topic, false));
  for (const sentence of rest) readRoles(draft, sentence, topic, draft.schema.auth.roles.length > 0);
  settleAccess(draft);
  expect(databaseSchema.safeParse(draft.schema).error?.issues ?? []).toEqual([]);
  expect(parseRequirements(writeRequirements(draft.schema)).schema).toEqual(draft.schema);
  return [
    ...writeAccess(draft.schema).slice(1),
    ...writePermissions(draft.schema),
    ...writeBehaviour(draft.schema).filter((line) => line.startsWith('Only')),
  ];
}

describe('roles in plain words', () => {
  it.each([
    [['Only a librarian may delete a book'], ['People have one of these roles: librarian, user.', 'Only a librarian may delete books.']],
    [['Books can only be deleted by the librarian'], ['Only a librarian may delete books.']],
    [
      ['Staff can do everything', 'Members can only see books'],
      ['People have one of these roles: staff, member.', 'Only staff may add, change or delete books.'],
    ],
    [
      ['Members see only their own loans', 'the librarians can change everything'],
      ['People have one of these roles: librarian, member.', 'Only a librarian may view loans, and others only their own.'],
    ],
    [
      ['Members can see all the loans but can only change or cancel their own; staff can change anything and are the only ones who add books'],
      ['Only staff may change or delete loans, and others only their own.', 'Only staff may add books.'],
    ],
    [
      ['teachers sign in to report tickets and see their own, technicians see all of them and are the only ones who can change the status'],
      [
        'People have one of these roles: technician, teacher.',
        'Only a technician may view tickets, and others only their own.',
        'Only a technician takes a ticket from "new" to "in progress".',
      ],
    ],
    [['The instructors see all but only manager can delete and can change the books'], ['Only a manager may change or delete books.']],
    [
      ['clerks enter books and members', 'judges log in and enter only loans, and must not see the members', 'superintendents can do everything'],
      [
        'Only a superintendent or a clerk may view or add members.',
        'Only a superintendent or a clerk may add books.',
        'Only a superintendent or a judge may add loans.',
      ],
    ],
    [
      ["Members may sign in and see their own loans, but they mustn't alter anything", 'Librarians do everything'],
      ['Only a librarian may add, change or delete books.', 'Only a librarian may view loans, and others only their own.'],
    ],
    [['Librarians can write loans', "Clerks can add members but can't edit loans afterwards"], ['Only a librarian may change loans.']],
    [['only the manager can approve tickets'], ['Only a manager takes a ticket from "in progress" to "approved".']],
    [
      ['Coordinators manage members', "volunteers must NOT see each other's phone numbers"],
      ['Only a coordinator may view, add, change or delete members.'],
    ],
    [
      ['Curators may consult everything but alter nothing', 'Registrars enter and amend loans'],
      ['Only a registrar may add, change or delete loans.', 'Only a registrar may add, change or delete books.'],
    ],
    [['Nobody but the boatman may delete loans'], ['Only a boatman may delete loans.']],
    [['Deleting loans is reserved for the treasurer'], ['Only a treasurer may delete loans.']],
    [['Weighers make loans, auctioneers add books and the chief does everything else'], ['Only a chief or a weigher may add loans.']],
    [['Only I approve tickets'], ['Only an owner takes a ticket from "in progress" to "approved".']],
    [['Only the fleet manager allocates books'], ['Only a fleet manager may add, change or delete books.']],
    [['The two lads can enter loans, but the books only the office can change them'], ['Only an office may change books.']],
  ])('%j', (said, lines) => {
    expect(accessOf(...said)).toEqual(expect.arrayContaining(lines));
  });

  it.each([
    'Members borrow books',
    'We want to see all loans',
    'I can search by title',
    'A member can have several books',
    'Users must sign in',
    'Parents do not log in',
    'A member cannot enter the same ticket twice',
    'The app should show the books',
  ])('"%s" gives nobody a role', (said) => {
    expect(accessOf(said)).toEqual([]);
  });
});
