export { FileSecrets } from './secrets/file-secrets.ts'
export type { SecretKey, Secrets } from './secrets/secrets.ts'
