import type { AcceptanceCriterion, CodeBundle, DatabaseSchema } from '#contracts';
import type { Check } from '../requirements/checks.js';
import { checkKey, checkOf } from '../requirements/criteria.js';
import { testFileOf } from './manifest.js';
import { provePermission, proveRoles, proveStepRoles } from './proof/access.js';
import { proveDescription, proveDurability, proveEscaping, provePages, provePassword, proveSignedOut } from './proof/app.js';
import { addFn, quote, valuesFn } from './proof/figures.js';
import { proveExchange, proveFinding } from './proof/finding.js';
import { layOut } from './proof/layout.js';
import { proveFirstState, proveSteps } from './proof/lifecycles.js';
import { proveList, proveOrder, proveTotal } from './proof/listings.js';
import * as records from './proof/records.js';
import { proveRule } from './proof/rules.js';
import { Impossible, Scenario } from './proof/scenario.js';
import { Plain } from './proof/solver.js';
import { proveValue } from './proof/values.js';

interface NamedTest {
  readonly name: string;
  readonly body: readonly string[];
  /** How the app is started; null where the test starts it itself. */
  readonly start: string | null;
}

/** Test files of an app, and which test proves which criterion. */
export interface WrittenTests {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly coverage: CodeBundle['coverage'];
}

/** A test per acceptance criterion that can be tested, in the file of what it is about. */
export function writeTests(schema: DatabaseSchema, criteria: readonly AcceptanceCriterion[]): WrittenTests {
  const plain = new Plain(schema);
  const files = new Map<string, NamedTest[]>();
  const coverage: { criterion_id: string; test: string }[] = [];
  for (const entity of schema.entities) files.set(testFileOf(entity.label_plural), []);
  if (schema.computed.length > 0) files.set('test/lists-and-totals.test.js', []);
  if (schema.auth.sign_in) files.set('test/sign-in.test.js', []);
  files.set('test/app.test.js', []);
  const written = new Map<string, string>();
  for (const criterion of criteria) {
    const check = checkOf(schema, criterion.text);
    if (!check) continue;
    const known = written.get(checkKey(check));
    const test = known ?? addTest(schema, plain, check, criterion, files);
    if (test === null) continue;
    written.set(checkKey(check), test);
    coverage.push({ criterion_id: criterion.id, test });
  }
  return { files: [...files].map(([path, tests]) => ({ path, content: testFile(schema, path, tests) })), coverage };
}

function addTest(schema: DatabaseSchema, plain: Plain, check: Check, criterion: AcceptanceCriterion, files: Map<string, NamedTest[]>): string | null {
  const body = testBody(schema, plain, check);
  if (!body) return null;
  const name = `${criterion.id}: ${criterion.text.replace(/[\\#\s]+/g, ' ').trim()}`.slice(0, 380).trim();
  files.get(fileOf(check))?.push({ name, body, start: startOf(check) });
  return name;
}

function fileOf(check: Check): string {
  if (check.kind === 'permission') return 'test/sign-in.test.js';
  if ('entity' in check) return testFileOf(check.entity.label_plural);
  if (check.kind === 'computed') return 'test/lists-and-totals.test.js';
  return ['signed_out', 'password', 'roles'].includes(check.kind) ? 'test/sign-in.test.js' : 'test/app.test.js';
}

const startOf = (check: Check): string | null => {
  if (check.kind === 'durable') return null;
  return check.kind === 'signed_out' || check.kind === 'password' ? 'await startApp(t, { signedIn: false })' : 'await startApp(t)';
};

/** The lines of the test of a check; null where no records can be found that show it. */
export function testBody(schema: DatabaseSchema, plain: Plain, check: Check): string[] | null {
  const test = new Scenario(schema, plain);
  try {
    prove(test, check);
    return test.body();
  } catch (error) {
    if (error instanceof Impossible) return null;
    throw error;
  }
}

function prove(test: Scenario, check: Check): void {
  switch (check.kind) {
    case 'add':
      return records.proveAdding(test, check.entity);
    case 'change':
      return records.proveChanging(test, check.entity);
    case 'values':
      return records.proveTypes(test, check.entity);
    case 'required':
      return records.proveRequired(test, check.entity, check.field);
    case 'unique':
      return records.proveUniqueField(test, check.entity, check.field);
    case 'in_use':
      return records.proveInUse(test, check.entity, check.field);
    case 'default':
      return records.proveDefault(test, check.entity, check.field);
    case 'found':
      return proveFinding(test, check.entity);
    case 'exchange':
      return proveExchange(test, check.entity);
    case 'order':
      return check.entity.order ? proveOrder(test, check.entity, check.entity.order) : undefined;
    case 'first_state':
      return proveFirstState(test, check.entity);
    case 'steps':
      return proveSteps(test, check.entity, check.state);
    case 'step_roles':
      return proveStepRoles(test, check.entity, check.state, check.to, check.roles);
    case 'rule':
      return proveRule(test, check.entity, check.rule);
    case 'value':
      return proveValue(test, check.entity, check.value);
    case 'permission':
      return provePermission(test, check.entity, check.permission);
    case 'computed':
      return check.computed.kind === 'list' ? proveList(test, check.computed) : proveTotal(test, check.computed);
    case 'roles':
      return proveRoles(test);
    case 'signed_out':
      return test.say(...proveSignedOut(test.schema));
    case 'password':
      return test.say(...provePassword());
    case 'durable':
      return proveDurability(test);
    case 'escaped':
      return proveEscaping(test);
    case 'paged':
      return provePages(test);
    case 'described':
      return proveDescription(test);
  }
}

function testFile(schema: DatabaseSchema, path: string, tests: readonly NamedTest[]): string {
  const up = path.startsWith('test/records/') ? '../..' : '..';
  const code = tests.flatMap((test) => test.body).join('\n');
  const used = (name: string): boolean => new RegExp(`(?<![\\w.'])${name}\\(`).test(code);
  const samples = [...schema.entities.flatMap((entity) => [addFn(entity), valuesFn(entity)]), 'next', 'saved'].filter(used).sort();
  const node = used('mkdtempSync')
    ? ["import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';", "import { tmpdir } from 'node:os';", "import { join } from 'node:path';"]
    : [];
  const support = [...['assertRefused', 'connect', 'day'].filter(used), ...(tests.some((test) => test.start !== null) ? ['startApp'] : [])];
  return [
    ...(tests.length > 0 ? ["import assert from 'node:assert/strict';"] : []),
    ...node,
    ...(tests.length > 0 ? ["import { test } from 'node:test';"] : []),
    ...(support.length > 0 ? [`import { ${support.join(', ')} } from '${up}/test-support/app.js';`] : []),
    ...(used('startProcess') ? [`import { startProcess } from '${up}/test-support/process.js';`] : []),
    ...(samples.length > 0 ? [`import { ${samples.join(', ')} } from '${up}/test-support/samples.js';`] : []),
    ...(tests.length === 0 ? ['// No acceptance criterion is about this yet.'] : []),
    ...tests.map(
      (test) =>
        `\ntest(${quote(test.name)}, async (t) => {\n${[...(test.start === null ? [] : [`const app = ${test.start};`]), ...test.body].flatMap((line) => layOut(`  ${line}`)).join('\n')}\n});`,
    ),
    '',
  ].join('\n');
}
