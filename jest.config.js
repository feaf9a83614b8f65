/**
 * Jest takes `testTimeout` from the whole configuration only, so each tier sets its own in a file that runs first.
 */
const timeout = (ms) => ({ globals: { TEST_TIMEOUT_MS: ms }, setupFilesAfterEnv: ['<rootDir>/test/support/timeout.js'] });

/** Tiers by suffix: .spec.ts pure, .int-spec.ts with PostgreSQL, .e2e-spec.ts over the public interface, .fault-spec.ts kills processes. */
const tier = (name, testRegex, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testRegex,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.countersign/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.countersign/'],
  extensionsToTreatAsEsm: ['.ts'],
  setupFiles: ['reflect-metadata'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#platform/domain$': '<rootDir>/libs/platform/src/domain.ts',
    '^#([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
  ...extra,
});

export default {
  // Modules of a finished test file stay in memory, and collecting them slows down every later one: a worker that has grown is replaced.
  workerIdleMemoryLimit: '768MB',
  projects: [
    tier('unit', '\\.spec\\.ts$', timeout(20_000)),
    tier('integration', '\\.int-spec\\.ts$', timeout(30_000)),
    tier('e2e', '\\.e2e-spec\\.ts$', timeout(60_000)),
    tier('faults', '\\.fault-spec\\.ts$', timeout(150_000)),
  ],
};
