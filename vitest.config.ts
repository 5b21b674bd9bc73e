import { defineConfig } from 'vitest/config'

// unit: no database, no process, no browser. database: PGlite and, where it runs, PostgreSQL. system: whole processes.
/** What becomes true soon becomes so late on a machine that does ten other things. */
const PATIENCE_MS = 15_000

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
