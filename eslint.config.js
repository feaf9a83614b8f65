import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const TESTS = ['test/**', '**/*.{spec,int-spec,e2e-spec,fault-spec}.ts'];
const PURE_CORE = ['libs/*/src/**/*.{decider,workflow,events}.ts', 'libs/platform/src/domain.ts'];

/** What a decision may not touch: it takes the clock and all identifiers from its command. */
const impure = (selector, what) => ({ selector, message: `A decision is pure: ${what} comes with the command.` });

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.countersign/', 'apps/console/', '**/*.cjs'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowNullish: false }],
      // Nest: modules are empty classes, and a decorator's metadata needs the class itself.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true, allowConstructorOnly: true }],
      // `noUncheckedIndexedAccess` makes `!` the short way to say "checked just above".
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Whoever implements a port is asynchronous because the port is.
      '@typescript-eslint/require-await': 'off',
      // A flag such as `signal.aborted` may change across an await; the rule believes that it cannot.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Types are structural: a DTO is whatever has its fields.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // `T` on a query or parse call names what the caller expects back.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  { files: ['apps/cli/**', 'bench/**', 'tools/**'], rules: { 'no-console': 'off' } },
  {
    files: PURE_CORE,
    rules: {
      'no-restricted-globals': ['error', ...['process', 'fetch', 'crypto', 'setTimeout', 'setInterval', 'setImmediate', 'performance']],
      'no-restricted-syntax': [
        'error',
        impure("NewExpression[callee.name='Date'][arguments.length=0]", 'the time'),
        impure("CallExpression[callee.object.name='Date'][callee.property.name='now']", 'the time'),
        impure("CallExpression[callee.object.name='Math'][callee.property.name='random']", 'chance'),
        impure('AwaitExpression', 'what has to be waited for'),
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', setTimeout: 'readonly', Buffer: 'readonly' } },
    rules: { eqeqeq: 'error' },
  },
);
