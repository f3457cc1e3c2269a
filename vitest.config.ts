import { defineConfig } from 'vitest/config'
import { sqlPlugin } from './scripts/sql-plugin.ts'

export default defineConfig({
  plugins: [sqlPlugin()],
  test: {
    include: ['apps/**/*.test.ts', 'libs/**/*.test.ts', 'web/src/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.peer.test.ts'],
    globalSetup: ['libs/testing/src/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two workers: the machine's cores are shared with PostgreSQL and ffmpeg.
    maxWorkers: 2,
  },
})
