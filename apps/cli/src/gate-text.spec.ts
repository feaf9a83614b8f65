import type { ImplementationPlan, SoftwareSpecification, VerificationReport } from '#contracts';
import { databaseSchema } from '#contracts';
import { deadlineText, gateText } from './gate-text.js';
import { plain } from './terminal.js';

const criteria = [{ id: 'AC-1', text: 'A tool can be added.', source: null }];

const specification: SoftwareSpecification = {
  core_idea: 'A tool library.',
  requirements: ['A tool has a name.', 'A loan has a tool.'],
  user_stories: [],
  high_level_features: ['Lists of tools.'],
  acceptance_criteria: criteria,
  open_questions: [],
  out_of_scope: ['Sending e-mail: there is no mail server.'],
};

const field = { required: false, unique: false, choices: [], target: null };
const plan: ImplementationPlan = {
  core_idea: 'A tool library.',
  architecture_diagram_url: 'data:image/svg+xml,',
  database_schema: databaseSchema.parse({
    title: 'Tools',
    entities: [
      {
        name: 'tool',
        label: 'tool',
        label_plural: 'tools',
        fields: [{ ...field, name: 'name', label: 'name', type: 'text', required: true, unique: true }],
      },
      {
        name: 'loan',
        label: 'loan',
        label_plural: 'loans',
        fields: [
          { ...field, name: 'tool', label: 'tool', type: 'reference', target: 'tool' },
          { ...field, name: 'due', label: 'due date', type: 'date' },
        ],
      },
    ],
    computed: [
      { kind: 'list', name: 'overdue', label: 'Overdue', entity: 'loan', conditions: [{ field: 'due', operator: 'before_today', value: null }] },
    ],
    auth: { sign_in: false },
    not_included: ['Reminders.'],
  }),
  tech_stack: ['Node.js'],
  task_breakdown: [
    { id: 'T-1', title: 'Records', depends_on: [], files: [] },
    { id: 'T-2', title: 'Pages', depends_on: ['T-1'], files: [] },
  ],
  acceptance_criteria: criteria,
};

const hash = 'a'.repeat(64);
const report: VerificationReport = {
  bundle: {
    tree_hash: hash,
    files: [{ path: 'README.md', sha256: hash, bytes: 1, executable: false }],
    commands: { install: 'npm ci', build: null, lint: null, test: 'npm test', start: 'npm start' },
    coverage: [],
    previous_files: null,
    acceptance_criteria: criteria,
  },
  sandbox: 'local',
  checks: [
    { check: 'install', command: 'npm ci', status: 'warning', exit_code: 1, duration_ms: 1_234, log: null },
    { check: 'test', command: 'npm test', status: 'passed', exit_code: 0, duration_ms: 10_000, log: null },
  ],
  warnings: ['npm ci did not succeed.'],
  criteria: [
    { criterion_id: 'AC-1', text: 'A tool can be added.', test: 'adds a tool', status: 'not_run' },
    { criterion_id: 'AC-2', text: 'A tool can be deleted.', test: 'AC-2: A tool can be deleted.', status: 'covered' },
    { criterion_id: 'AC-3', text: 'A tool can be lent.', test: null, status: 'not_run' },
  ],
};

it('shows a specification', () => {
  expect(gateText({ handoff_type: 'software_specification', content: specification })).toBe(
    [
      'A tool library.',
      '',
      'Requirements',
      '  1. A tool has a name.',
      '  2. A loan has a tool.',
      '',
      'Features',
      '  - Lists of tools.',
      '',
      'Acceptance criteria',
      '  AC-1  A tool can be added.',
      '',
      'Out of scope',
      '  - Sending e-mail: there is no mail server.',
    ].join('\n'),
  );
});

it('shows a plan', () => {
  expect(gateText({ handoff_type: 'implementation_plan', content: plan })).toBe(
    [
      'A tool library.',
      '',
      'What "Tools" records',
      '  tool',
      '    name  text  required, unique',
      '  loan',
      '    tool      a tool',
      '    due date  date',
      '',
      'What it works out',
      '  - Overdue: every loan where due before today',
      '',
      'Who may use it',
      '  everybody who can open its address',
      '',
      'Technology',
      '  - Node.js',
      '',
      'Tasks',
      '  T-1  Records',
      '  T-2  Pages    after T-1',
      '',
      'Not included',
      '  - Reminders.',
    ].join('\n'),
  );
});

it('shows a delivery', () => {
  expect(gateText({ handoff_type: 'verification_report', content: report })).toBe(
    [
      '1 files, verified in: local',
      '',
      'Checks',
      '  install  warning  1.2 s   npm ci',
      '  test     passed   10.0 s  npm test',
      '',
      'Acceptance criteria',
      '  AC-1  not run  A tool can be added. (test: adds a tool)',
      '  AC-2  passed   A tool can be deleted.',
      '  AC-3  no test  A tool can be lent.',
      '',
      'Warnings',
      '  - npm ci did not succeed.',
    ].join('\n'),
  );
});

it('shows content of another form as it is', () => {
  expect(gateText({ handoff_type: 'software_specification', content: { core_idea: 1 } })).toBe('{\n  "core_idea": 1\n}');
});

it('says until when a gate waits, and what then', () => {
  const deadline = '2026-01-02T03:04:05.000Z';
  const before = (seconds: number) => Date.parse(deadline) - seconds * 1_000;
  expect(deadlineText({ deadline, on_deadline: 'approve', escalated: false }, before(2 * 3_600))).toBe(
    'Without your answer, it is approved unseen in 2 hours (2026-01-02 03:04 UTC).',
  );
  expect(deadlineText({ deadline, on_deadline: 'escalate', escalated: true }, before(90))).toBe(
    'Urgent: this has waited past its deadline. Without your answer, it is marked as urgent in 90 seconds (2026-01-02 03:04 UTC).',
  );
  expect(deadlineText({ deadline, on_deadline: 'expire', escalated: false }, before(-1))).toContain('the run ends now');
  expect(deadlineText({ deadline: null, on_deadline: 'remind', escalated: true }, 0)).toBe('Urgent: this has waited past its deadline.');
  expect(deadlineText({ deadline: null, on_deadline: null, escalated: false }, 0)).toBe('');
});

it('lets no text steer the terminal', () => {
  expect(plain('a\u001b[2Jb\r\nc\td\u202e\u0007 🧰 ü')).toBe('a[2Jb\nc\td 🧰 ü');
});
