import { newId } from '@balcao/kernel'
import type { Config, PlatformOf, Running } from '@balcao/platform'
import { saveCounted } from './counters.ts'

const BEAT_SECONDS = 5
/** Three missed beats and a process counts as gone. */
export const GONE_AFTER_SECONDS = 3 * BEAT_SECONDS

/** Keeps this process's row fresh, adds what it counted with each beat, and takes the row away at the end. @param problem why the process cannot do its work */
export async function beat(
  house: PlatformOf<'sql'>,
  config: Config,
  problem: () => string | undefined,
): Promise<Running> {
  const process = newId()
  const write = () =>
    house.sql.run(
      `insert into heartbeats (process, role, parts, problem) values ($1, $2, $3, $4)
       on conflict (process) do update set problem = excluded.problem, beat_at = now()`,
      [process, config.role, [...config.parts], problem()],
    )
  await write()
  await house.sql.run(`delete from heartbeats where beat_at < now() - interval '1 day'`)
  let last: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    last = write()
      .then(() => saveCounted(house, house.metrics))
      .catch((error) => house.log.warn({ err: error }, 'the heartbeat was not written'))
  }, BEAT_SECONDS * 1000)
  return {
    close: async () => {
      clearInterval(timer)
      // One on its way would bring the row back.
      await last
      await saveCounted(house, house.metrics)
      await house.sql.run('delete from heartbeats where process = $1', [process])
    },
  }
}
