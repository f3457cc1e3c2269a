import { parseEnv } from 'node:util'
import { isOfStore } from './env.ts'

/** The environment as it will be with another store: what is said of that one stands in place of all that is said of the
 *  store now, such as keys, which another must not be told.
 *  @param text lines of NAME=value */
export function envOfOtherStore(
  env: Readonly<Record<string, string | undefined>>,
  text: string,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !isOfStore(name))
  return { ...Object.fromEntries(kept), ...parseEnv(text) }
}
