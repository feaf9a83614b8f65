import { createHash } from 'node:crypto';
import type { CodeBundle, RequirementsConversation } from '#contracts';
import type { BrainContext, WrittenCode } from '../brain.js';
import { NO_MODEL } from '../claude/testing.js';

/** Ideas of different kinds, as people write them. */
export const IDEAS = {
  bookClub: 'an app for my book club to track books and who borrowed them',
  timeTracking:
    'I need a simple tool for tracking the hours our team works on client projects. Each time entry has a date, hours, a description and belongs to a project. Projects have a name, a client and an hourly rate. Show the total hours per project. Users must sign in.',
  inventory:
    'Inventory for a small shop: products with name, SKU (unique), price, quantity and reorder level. Suppliers. Show products low in stock. Send an email when stock is low. We also need a mobile app.',
  plants:
    'Plant care diary\n\n- Plants: name (required, unique), species, location, date acquired\n- Waterings: plant, date, amount in ml\n- No login needed',
  expenses: 'Expense tracker: expenses with amount, date, category (food, travel, rent, other) and notes. Total per category. No login.',
  toolLibrary:
    'We run a tool library. Members can borrow tools. Each tool has a name, a category (hand tool, power tool, garden) and a serial number that is unique. Members have a name, email and phone. A loan has a due date and a return date. I want to see overdue loans and how many loans each member has.',
  bugs: 'Bug tracker where each ticket has a title, description, status (open, in progress, done), priority: low, normal or high, and an assignee. People have a name and an e-mail. List open tickets. Number of tickets per assignee.',
  courses:
    'Track my students, their courses and grades. A student has many courses and a course has many students. Each grade belongs to a student and a course and has a score and a date. Average score per student.',
  gym: 'Help me manage my gym: members, classes, trainers and bookings.',
  lending:
    'A tool library: tools with a name and a condition, members with a name and an email, and loans of a tool to a member with a due date. Show overdue loans.',
  deals: 'A CRM: companies, contacts at those companies, and deals with an amount and a stage (new, won, lost). Total amount per stage.',
  league:
    'Teams with a name and a coach, players of a team with a name and a position, and matches between teams with a date and a score. Show upcoming matches.',
  todo: 'I want a to-do app',
} as const;

export const conversation = (idea: string, change: Partial<RequirementsConversation> = {}): RequirementsConversation => ({
  purpose: 'converse',
  product_idea: idea,
  generation_spec: null,
  messages: [],
  finalized: false,
  revision: null,
  run_status: null,
  ...change,
});

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** What the processor makes of written code, and a context that reads its files. */
export function bundleOf(code: WrittenCode): { bundle: CodeBundle; context: BrainContext } {
  const files = code.files.map((file) => ({
    path: file.path,
    sha256: sha256(file.content),
    bytes: Buffer.byteLength(file.content),
    executable: file.executable ?? false,
  }));
  const contents = new Map(code.files.map((file) => [sha256(file.content), Buffer.from(file.content)]));
  return {
    bundle: {
      tree_hash: sha256(JSON.stringify(files)),
      files,
      commands: code.commands,
      coverage: [...code.coverage],
      previous_files: null,
      acceptance_criteria: [...code.acceptance_criteria],
    },
    context: contextOf(contents),
  };
}

export const contextOf = (contents: ReadonlyMap<string, Buffer> = new Map()): BrainContext => ({
  signal: new AbortController().signal,
  progress: () => Promise.resolve(),
  readFile: (hash) => {
    const content = contents.get(hash);
    return content ? Promise.resolve(content) : Promise.reject(new Error(`no file ${hash}`));
  },
  model: NO_MODEL,
});
