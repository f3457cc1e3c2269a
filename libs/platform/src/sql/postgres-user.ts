import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AppError } from '@balcao/kernel'

const run = promisify(execFile)

/** Where a system keeps setpriv and unshare; the server is given nothing of our own environment. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** How to start one of PostgreSQL's programs on this machine. */
export interface PostgresUser {
  /** What stands before the program: the programs it refuses to be root for, and that it dies with us. */
  readonly prefix: readonly string[]
  /** Who must own the cluster, where that is not us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

const works = (command: readonly string[]) =>
  run(command[0]!, [...command.slice(1), 'true'], { env: { PATH: SYSTEM_PATH } }).then(
    () => true,
    () => false,
  )

/** PostgreSQL refuses to run as root; containers and CI often are. As root it becomes `nobody` and keeps only
 *  the capability to read below folders that are not its own (a checkout below /root is 0700).
 *  On Linux it also gets the signal for a fast shutdown when our process dies, however that happens.
 *  @throws AppError `postgres/root` where neither setpriv nor unshare can do that */
export async function postgresUser(): Promise<PostgresUser> {
  const dieWithUs = ['setpriv', '--pdeathsig', 'INT']
  if (process.getuid?.() !== 0) {
    return { prefix: (await works(dieWithUs)) ? dieWithUs : [], owner: undefined }
  }
  const owner = { uid: 65534, gid: 65534 }
  const setpriv = [
    'setpriv',
    '--securebits=+no_setuid_fixup',
    '--reuid=65534',
    '--regid=65534',
    '--clear-groups',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
    '--pdeathsig',
    'INT',
  ] // prettier-ignore
  if (await works(setpriv)) return { prefix: setpriv, owner }
  const unshare = ['unshare', '--user', '--map-user=65534', '--map-group=65534']
  if (await works(unshare)) return { prefix: unshare, owner: undefined }
  throw new AppError(
    'unavailable',
    'postgres/root',
    'PostgreSQL does not run as root and this system offers neither setpriv nor unshare to become another user. Start Balcão as an ordinary user, or set DATABASE_URL to a PostgreSQL 15 or newer.',
  )
}
