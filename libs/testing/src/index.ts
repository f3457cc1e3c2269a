export { sqlContract } from './sql-contract.ts'
export { createTestDatabase, freePort, testConfig, testPlatform } from './test-platform.ts'
export { until } from './until.ts'
