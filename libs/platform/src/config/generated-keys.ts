import { randomInt } from 'node:crypto'
import { join, resolve } from 'node:path'
import { AppError } from '@balcao/kernel'
import { FileSecrets } from '../secrets/file-secrets.ts'
import { kindOfStore } from './store-config.ts'

type Environment = Record<string, string | undefined>

const pick = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789'
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const MIXED = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

// Each in the form that AWS gives it, so that SDKs accept it.
const makers: Record<string, (env: Environment) => string> = {
  COGNITO_USER_POOL_ID: (env) => `${env.AWS_REGION || 'sa-east-1'}_${pick(MIXED, 9)}`,
  COGNITO_CLIENT_ID: () => pick(LOWER, 26),
  COGNITO_CLIENT_SECRET: () => pick(LOWER, 51),
  COGNITO_PUBLIC_CLIENT_ID: () => pick(LOWER, 26),
  USER_POOL_ACCESS_KEY_ID: () => `BKUP${pick(UPPER, 16)}`,
  USER_POOL_SECRET_ACCESS_KEY: () => pick(MIXED, 40),
  OBJECT_STORE_ACCESS_KEY_ID: () => `BKOS${pick(UPPER, 16)}`,
  OBJECT_STORE_SECRET_ACCESS_KEY: () => pick(MIXED, 40),
}

/** The environment with every unset key filled in from the data directory, where it is made at the first start.
 *  @throws AppError `config/keys` for a process on a shared database that has neither keys nor a data directory:
 *  it would make keys that no other process knows */
export async function withGeneratedKeys(env: Environment): Promise<Environment> {
  // Keys of somebody else's store are given, never made.
  const ours = (name: string) => kindOfStore(env) === 'embedded' || !name.startsWith('OBJECT_STORE_')
  const missing = Object.keys(makers).filter((name) => !env[name] && ours(name))
  if (missing.length === 0) return env
  if (env.DATABASE_URL && (env.SERVICES || env.ROLE) && !env.DATA_DIR) {
    throw new AppError(
      'invalid',
      'config/keys',
      `Several processes share DATABASE_URL, so they must share their keys too: set DATA_DIR to a directory they all see, or set ${missing.join(', ')}.`,
    )
  }
  const secrets = new FileSecrets(join(resolve(env.DATA_DIR || 'data'), 'secrets'))
  const filled: Environment = { ...env }
  for (const name of missing) {
    filled[name] = await secrets.text(name.toLowerCase().replaceAll('_', '-'), () => makers[name]!(env))
  }
  return filled
}
