import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

type Configuration = IFlattenedRuleSet & { options: ICruiseOptions };
type Files = Readonly<Record<string, string>>;

const ROOT = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const CONFIGURATIONS = ['.dependency-cruiser.cjs', '.dependency-cruiser.runtime.cjs'].map((name) => require(join(ROOT, name)) as Configuration);
const RULES = CONFIGURATIONS.flatMap(({ forbidden }) => (forbidden ?? []).map(({ name }) => name!));

/** What every probe stands on: the same path aliases, and packages of each kind. */
const GROUND: Files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      verbatimModuleSyntax: true,
      paths: { '#platform/domain': ['./libs/platform/src/domain.ts'], '#*': ['./libs/*/src/index.ts'] },
    },
  }),
  'package.json': JSON.stringify({ type: 'module', dependencies: { zod: '*', '@nestjs/common': '*' }, devDependencies: { jest: '*' } }),
  ...Object.fromEntries(
    ['zod', '@nestjs/common', 'jest', 'transitive'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
      [`node_modules/${name}/index.js`, 'module.exports = {};'],
    ]),
  ),
};

/** Per rule the smallest tree that breaks it, and nothing else. */
const PROBES: Readonly<Record<string, Files>> = {
  'not-to-unresolvable': {
    'libs/tasks/src/tasks.module.ts': `import './gone.js';`,
  },
  'pure-core': {
    'libs/tasks/src/tasks.decider.ts': `import { helper } from './helper.js'; helper();`,
    'libs/tasks/src/helper.ts': `export const helper = () => 1;`,
  },
  'pure-core-names-types': {
    'libs/tasks/src/tasks.decider.ts': `import { CreateTask } from './tasks.commands.js'; new CreateTask();`,
    'libs/tasks/src/tasks.commands.ts': `export class CreateTask {}`,
  },
  'contexts-are-strangers': {
    'libs/tasks/src/tasks.module.ts': `import type { Gate } from '#hitl'; export type Of = Gate;`,
    'libs/hitl/src/index.ts': `export type Gate = string;`,
  },
  'foundations-know-no-context': {
    'libs/sandbox/src/local.ts': `import '#tasks';`,
    'libs/tasks/src/index.ts': `export {};`,
  },
  'agents-know-tasks-only': {
    'libs/agents/src/coder.ts': `import '#artifacts';`,
    'libs/artifacts/src/index.ts': `export {};`,
  },
  'orchestrator-knows-contexts-only': {
    'libs/orchestrator/src/runner.ts': `import '#agents';`,
    'libs/agents/src/index.ts': `export {};`,
  },
  'privacy-ends-and-reads': {
    'libs/privacy/src/export.ts': `import '#agents';`,
    'libs/agents/src/index.ts': `export {};`,
  },
  'contracts-stand-alone': {
    'libs/contracts/src/index.ts': `import '@nestjs/common';`,
  },
  'index-only': {
    'apps/api/src/main.ts': `import '../../../libs/tasks/src/tasks.module.js';`,
    'libs/tasks/src/tasks.module.ts': `export {};`,
  },
  'reads-never-write': {
    'libs/tasks/src/tasks.projection.ts': `import type { CreateTask } from './tasks.commands.js'; export type Of = CreateTask;`,
    'libs/tasks/src/tasks.commands.ts': `export class CreateTask {}`,
  },
  'edges-use-buses': {
    'libs/tasks/src/tasks.controller.ts': `import { tasksDecider } from './tasks.decider.js'; tasksDecider();`,
    'libs/tasks/src/tasks.decider.ts': `export const tasksDecider = () => 1;`,
  },
  'libs-not-apps': {
    'libs/tasks/src/tasks.module.ts': `import '../../../apps/api/src/main.js';`,
    'apps/api/src/main.ts': `export {};`,
  },
  'console-sees-contracts-only': {
    'apps/console/src/main.ts': `import '#tasks';`,
    'libs/tasks/src/index.ts': `export {};`,
  },
  'production-not-test': {
    'apps/api/src/main.ts': `import '../../../test/support/clock.js';`,
    'test/support/clock.ts': `export {};`,
  },
  'production-dependencies': {
    'apps/api/src/main.ts': `import 'jest';`,
    'apps/worker/src/main.ts': `import 'transitive';`,
  },
  'no-circular': {
    'libs/tasks/src/a.ts': `import { b } from './b.js'; export const a = () => b;`,
    'libs/tasks/src/b.ts': `import { a } from './a.js'; export const b = () => a;`,
  },
  'pure-core-reaches-nothing': {
    'libs/tasks/src/tasks.events.ts': `export { far } from '#contracts';`,
    'libs/contracts/src/index.ts': `export { far } from './far.js';`,
    'libs/contracts/src/far.ts': `import { readFileSync } from 'node:fs'; export const far = readFileSync;`,
  },
};

/** Rules that a probe cannot help breaking beside its own: a way out of the pure core begins with a step that is itself forbidden. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { 'pure-core-reaches-nothing': ['contracts-stand-alone'] };

/** A tree that does everything the rules allow. */
const LAWFUL: Files = {
  'libs/contracts/src/index.ts': `import { z } from 'zod'; export const status = z;`,
  'libs/platform/src/domain.ts': `export const ensure = () => 1;`,
  'libs/platform/src/index.ts': `import '@nestjs/common'; export * from './domain.js'; export class DomainCommand {}`,
  'libs/tasks/src/index.ts': `export { tasksEvents } from './tasks.events.js'; export { CreateTask } from './tasks.commands.js';`,
  'libs/tasks/src/tasks.commands.ts': `import { DomainCommand } from '#platform'; export class CreateTask extends DomainCommand {}`,
  'libs/tasks/src/tasks.events.ts': `import { z } from 'zod'; import { ensure } from '#platform/domain'; import { status } from '#contracts'; export const tasksEvents = [z, ensure, status];`,
  'libs/tasks/src/tasks.decider.ts': `import type { CreateTask } from './tasks.commands.js'; import { tasksEvents } from './tasks.events.js'; export const decide = (_: CreateTask) => tasksEvents;`,
  'libs/tasks/src/tasks.decider.spec.ts': `import 'jest'; import '../../../test/support/clock.js'; import { decide } from './tasks.decider.js'; import './tasks.projection.js'; export { decide };`,
  'libs/tasks/src/tasks.projection.ts': `import type { Rows } from './tasks.table.js'; export type Of = Rows;`,
  'libs/tasks/src/tasks.table.ts': `import type { Of } from './tasks.projection.js'; export type Rows = Of[];`,
  'libs/tasks/src/tasks.controller.ts': `import { CreateTask } from './tasks.commands.js'; new CreateTask();`,
  'libs/agents/src/coder.processor.ts': `import { CreateTask } from '#tasks'; new CreateTask();`,
  'libs/orchestrator/src/pass.workflow.ts': `import type { CreateTask } from '#tasks'; export type Intent = CreateTask;`,
  'test/support/clock.ts': `export {};`,
};

/** Cruises a folder with both sets of rules; answers the names of the rules that are broken. */
async function brokenRules(folder: string, entries: string[]): Promise<string[]> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const tsConfig = join(folder, 'tsconfig.json');
    const broken = new Set<string>();
    for (const { forbidden, options } of CONFIGURATIONS) {
      const settings = { ...options, validate: true, ruleSet: { forbidden: forbidden ?? [] }, tsConfig: { fileName: tsConfig } };
      const { output } = await cruise(entries, settings, undefined, { tsConfig: extractTsConfig(tsConfig) });
      for (const { rule } of (output as ICruiseResult).summary.violations) broken.add(rule.name);
    }
    return [...broken].sort();
  } finally {
    process.chdir(before);
  }
}

describe('the import rules', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'import-rules-')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function probe(files: Files): Promise<string[]> {
    for (const [path, content] of Object.entries({ ...GROUND, ...files })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return brokenRules(folder, [...new Set(Object.keys(files).map((path) => path.split('/')[0]!))]);
  }

  it('each have a probe', () => {
    expect(Object.keys(PROBES).sort()).toEqual([...RULES].sort());
  });

  it.each(Object.entries(PROBES))('%s fires', async (rule, files) => {
    expect(await probe(files)).toEqual([...(BESIDE[rule] ?? []), rule].sort());
  });

  it('leave alone what is allowed', async () => {
    expect(await probe(LAWFUL)).toEqual([]);
  });

  it('hold for the real code', async () => {
    expect(await brokenRules(ROOT, ['apps', 'libs', 'migrations', 'test'])).toEqual([]);
  }, 60_000);
});
