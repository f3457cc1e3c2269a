import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The contract suites over servers that are not ours; PEER_* variables tell where they answer (.ci/run). */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['apps/**/*.peer.test.ts', 'libs/**/*.peer.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['libs/testing/src/peer-setup.ts'],
  },
})
