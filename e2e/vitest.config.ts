import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { sqlPlugin } from '../scripts/sql-plugin.ts'

/** Journeys over the whole product, in processes of its own: one file at a time, each on its own data directory. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [sqlPlugin()],
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000, interval: 50 } },
  },
})
