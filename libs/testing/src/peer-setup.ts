import type { TestProject } from 'vitest/node'

/** The peers must be there: one that is missing is a failure, never a skip. */
const required = {
  PEER_POSTGRES_URL: 'a PostgreSQL 15 on which databases may be created',
  PEER_S3_URL: 'the address of an S3 emulator',
  PEER_REDIS_URL: 'a Redis: redis://127.0.0.1:port',
  PEER_REDIS_TLS_URL: 'a Redis over TLS: rediss://:password@localhost:port',
  PEER_REDIS_CA: 'the PEM file of the authority that signed its certificate',
}

export default function setup(project: TestProject): void {
  for (const [name, what] of Object.entries(required)) {
    if (!process.env[name])
      throw new Error(`${name} is not set: it names ${what}. .ci/run installs and starts them all.`)
  }
  project.provide('databaseServerUrl', process.env.PEER_POSTGRES_URL!)
  project.provide('peerS3Url', process.env.PEER_S3_URL!)
  project.provide('peerRedisUrl', process.env.PEER_REDIS_URL!)
  project.provide('peerRedisTlsUrl', process.env.PEER_REDIS_TLS_URL!)
  project.provide('peerRedisCa', process.env.PEER_REDIS_CA!)
}

declare module 'vitest' {
  interface ProvidedContext {
    peerS3Url: string
    peerRedisUrl: string
    peerRedisTlsUrl: string
    peerRedisCa: string
  }
}
