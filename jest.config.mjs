// Tests are TypeScript modules, run by Jest's ES module support (scripts/test.mjs gives Node the flag) and translated by
// swc. Emitting decorator metadata stays off: it breaks circular types under ES modules.

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/support/environment.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.parkwell/', '<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
          target: 'es2024',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testSequencer: '<rootDir>/test/support/slow-first.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/books-after-each.ts'],
  // For a machine that is slow or busy with something else: a test takes seconds where nothing is in its way.
  testTimeout: 120_000,
  // One more than the two cores of a small machine: a file waits for a third of its time, for servers, processes and deadlines.
  maxWorkers: 3,
  // What a file loads is not all forgotten when it ends.
  workerIdleMemoryLimit: '1GB',
  reporters: ['default', '<rootDir>/scripts/count-reporter.mjs'],
};
