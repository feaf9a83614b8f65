import type Anthropic from '@anthropic-ai/sdk';
import type { ImplementationPlan, SoftwareSpecification } from '#contracts';
import type { Script, ScriptedTurn } from './messages-api.js';

/**
 * A model that builds one small app, for the local Messages API: it answers by what it is asked and by nothing else, so
 * that a conversation that goes on after a crash, or on a cassette, gets the same answers. Its coder writes a bug first
 * and mends it only when the defect report shows it.
 */

const SPECIFICATION: SoftwareSpecification = {
  core_idea: 'A counter that adds numbers.',
  requirements: ['The app adds two numbers.'],
  user_stories: ['As a visitor, I add two numbers, so that I need not do it myself.'],
  high_level_features: ['Adding.'],
  acceptance_criteria: [
    { id: 'AC-1', text: 'Two and three make five.', source: 'adds numbers' },
    { id: 'AC-2', text: 'The page answers.', source: null },
  ],
  open_questions: [],
  out_of_scope: [],
};

const PLAN: ImplementationPlan = {
  core_idea: SPECIFICATION.core_idea,
  architecture_diagram_url: 'data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E',
  database_schema: {
    title: 'Counter',
    entities: [
      {
        name: 'sum',
        label: 'sum',
        label_plural: 'sums',
        fields: [{ name: 'total', label: 'total', type: 'number', required: true, unique: false, choices: [], target: null }],
        lifecycle: null,
        rules: [],
        values: [],
        defaults: [],
        order: null,
      },
    ],
    computed: [],
    auth: { sign_in: false, roles: [], permissions: [] },
    not_included: [],
  },
  tech_stack: ['Node.js'],
  task_breakdown: [
    { id: 'T-1', title: 'The ground', depends_on: [], files: ['package.json', 'README.md'] },
    { id: 'T-2', title: 'Adding', depends_on: ['T-1'], files: ['src/sum.js', 'test/sum.test.js'] },
    { id: 'T-3', title: 'The page', depends_on: ['T-1'], files: ['src/main.js', 'test/page.test.js'] },
  ],
  acceptance_criteria: SPECIFICATION.acceptance_criteria,
};

const PACKAGE = JSON.stringify({
  name: 'counter',
  version: '1.0.0',
  private: true,
  type: 'module',
  scripts: { start: 'node src/main.js', test: 'node --test' },
});
const SUM = (operator: string): string => `/** The sum of two numbers. */\nexport const sum = (a, b) => a ${operator} b;\n`;
const SUM_TEST = `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { sum } from '../src/sum.js';\n\ntest('AC-1: two and three make five', () => assert.equal(sum(2, 3), 5));\n`;
const MAIN = `import { createServer } from 'node:http';\n\nconst server = createServer((request, response) => response.end('counter'));\nserver.listen(Number(process.env.PORT ?? 8080), '127.0.0.1');\nprocess.on('SIGTERM', () => server.close(() => process.exit(0)));\n`;
const PAGE_TEST = `import assert from 'node:assert/strict';\nimport { readFileSync } from 'node:fs';\nimport { test } from 'node:test';\n\ntest('AC-2: the page answers', () => assert.match(readFileSync(new URL('../src/main.js', import.meta.url), 'utf8'), /createServer/));\n`;

const tool = (name: string, input: unknown): ScriptedTurn => ({ text: `I call ${name}.`, tools: [{ name, input }] });
const write = (path: string, content: string): ScriptedTurn => tool('write_file', { path, content });
const finish = (summary: string): ScriptedTurn => tool('finish', { summary });

const STEPS: Readonly<Record<string, readonly ScriptedTurn[]>> = {
  'T-1': [write('package.json', PACKAGE), write('README.md', '# Counter\n\nRun `npm start`.\n'), finish('The ground is laid.')],
  'T-2': [write('src/sum.js', SUM('-')), write('test/sum.test.js', SUM_TEST), finish('It adds.')],
  'T-3': [
    write('src/main.js', MAIN),
    write('test/page.test.js', PAGE_TEST),
    tool('run_command', { command: 'node --check src/main.js' }),
    finish('The page answers.'),
  ],
};

/** Answers each request of the four roles; `faults` may replace an answer by how it fails. */
export const scriptedModel =
  (faults: (request: Anthropic.MessageCreateParams, number: number) => ScriptedTurn | null = () => null): Script =>
  (request, number) =>
    faults(request, number) ?? answerTo(request);

function answerTo(request: Anthropic.MessageCreateParams): ScriptedTurn {
  const system = JSON.stringify(request.system);
  const first = textIn(request.messages[0]);
  const turn = request.messages.filter((message) => message.role === 'assistant').length;
  if (system.includes('hold the requirements chat')) {
    const asked = first.includes('person:');
    return json({
      message: asked ? 'Good, that is enough.' : 'An app that adds numbers.',
      questions: asked || first.includes('ended the chat') ? [] : [{ question: 'How many numbers?', proposal: 'Two.' }],
      ready: asked || first.includes('ended the chat'),
    });
  }
  if (system.includes('Write the specification')) return json(SPECIFICATION);
  if (system.includes('You are the architect')) return json(PLAN);
  if (system.includes('how it is installed'))
    return json({
      commands: { install: 'npm install --no-audit --no-fund', build: null, lint: null, test: 'npm test', start: 'npm start' },
      coverage: [
        { criterion_id: 'AC-1', test: 'AC-1: two and three make five' },
        { criterion_id: 'AC-2', test: 'AC-2: the page answers' },
      ],
    });
  if (system.includes('A delivery failed its checks')) return repairStep(request, first, turn);
  if (system.includes('quality assurance')) return json({ paths: ['src/sum.js'] });
  const id = /<task>\s*\{\s*"id": "(T-\d+)"/.exec(first)?.[1] ?? '';
  return STEPS[id]?.[turn] ?? finish('There was nothing to do.');
}

/** Mends what the report shows, and writes the same bug again where it shows nothing. */
function repairStep(_request: Anthropic.MessageCreateParams, report: string, turn: number): ScriptedTurn {
  const shown = /AC-1: two and three make five/.test(report) && /src\/sum\.js/.test(report);
  const steps = [
    tool('read_file', { path: 'src/sum.js' }),
    write('src/sum.js', SUM(shown ? '+' : '-')),
    tool('run_command', { command: 'npm test' }),
    finish('It adds now.'),
  ];
  return steps[turn] ?? finish('Nothing is left to do.');
}

const json = (value: unknown): ScriptedTurn => ({ text: JSON.stringify(value) });

function textIn(message: Anthropic.MessageParam | undefined): string {
  if (!message) return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
}
