import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { sqlPlugin } from '../scripts/sql-plugin.ts'

/** Journeys over the whole product, in processes of its own: each file on data directories and ports of its own. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [sqlPlugin()],
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: ['e2e/support/build.ts'],
    // One waits while the other works; more would only wait for each other on the two cores of a small machine.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
})
