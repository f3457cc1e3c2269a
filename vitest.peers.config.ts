import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The contract suites over servers that are not ours; PEER_* variables tell where they answer (.ci/run). */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      '{apps,libs}/**/*.peer.test.ts',
      // What stands on SQL alone runs again as it is, on the older server.
      'libs/testing/test/{sql,rows,pg-*,postgres-*,define-events,migrate-service,work-machine}.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['libs/testing/src/peer-setup.ts'],
  },
})
