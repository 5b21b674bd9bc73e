import { defineConfig } from 'vitest/config'

// unit: no database, no process, no browser. database: PGlite and, where it runs, PostgreSQL. system: whole processes.
/** What becomes true soon becomes so late on a machine that does ten other things. */
const PATIENCE_MS = 15_000

/**
 * The runtime loads the files of the program itself, and once for all test files of a worker: transforming them, and loading
 * the program anew for each file, took two fifths of the time.
 */
const IN_ONE_PROCESS = { isolate: false, experimental: { viteModuleRunner: false } } as const

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Unit tests share nothing that changes, so a worker need not load every module anew for each file.
          isolate: false,
          include: ['{server,console,sdk,cli,notion-emulator}/{src,test}/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.system.test.ts', '**/node_modules/**'],
          // None takes more than two seconds by itself; on a machine that does ten other things some take ten.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'database',
          ...IN_ONE_PROCESS,
          include: ['server/{src,test}/**/*.db.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: PATIENCE_MS } },
          globalSetup: ['server/test/support/database-setup.ts'],
        },
      },
      {
        test: {
          name: 'system',
          ...IN_ONE_PROCESS,
          include: [
            '{server,cli,notion-emulator}/{src,test}/**/*.system.test.ts',
            '{scripts,examples,docs}/**/*.system.test.ts',
          ],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: PATIENCE_MS } },
          globalSetup: ['server/test/support/database-setup.ts'],
        },
      },
    ],
  },
})
