export { sqlContract } from './sql-contract.ts'
export { testApi } from './test-api.ts'
export { createTestDatabase, freePort, testConfig, testPlatform } from './test-platform.ts'
export { until } from './until.ts'
