export { cacheContract } from './cache-contract.ts'
export { eventBusContract } from './event-bus-contract.ts'
export { freePort } from './free-port.ts'
export { jobQueueContract } from './job-queue-contract.ts'
export { mailerContract } from './mailer-contract.ts'
export {
  type ObjectStoreDeviation,
  type OpenedObjectStore,
  objectStoreContract,
  SMALL_LIMITS,
} from './object-store-contract.ts'
export { schedulerContract } from './scheduler-contract.ts'
export { SeaweedFs } from './seaweedfs.ts'
export { secretsContract } from './secrets-contract.ts'
export { sqlContract } from './sql-contract.ts'
export { startService } from './start-service.ts'
export { testApi } from './test-api.ts'
export { createTestDatabase, testConfig, testPlatform } from './test-platform.ts'
export { testSchemas } from './test-schema.ts'
export { until } from './until.ts'
