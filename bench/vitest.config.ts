import { defineConfig } from 'vitest/config'
import { sqlPlugin } from '../scripts/sql-plugin.ts'

/** `npm run bench`: one file after another on a quiet machine. They measure and write; they assert nothing. */
export default defineConfig({
  plugins: [sqlPlugin()],
  test: {
    include: ['bench/**/*.bench.ts'],
    globalSetup: ['libs/testing/src/global-setup.ts'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 300_000,
  },
})
