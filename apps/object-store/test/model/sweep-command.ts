import type { Command, Surroundings } from './commands.ts'

const DAY = 24 * 3600
const UPLOAD_LIVES_MS = 7 * DAY * 1000
/** After so many days nobody doubts that an upload was quiet for too long. */
const LONG = 8

/** Takes away what nobody needs, some days later: uploads that were quiet for seven days. */
export function sweep({ model, clock, alone }: Surroundings, { days }: { days: number }): Command {
  clock.advance(days * DAY)
  const limit = () => clock.now().getTime() - UPLOAD_LIVES_MS
  const all = [...model.uploads.values()]
  if (all.some(({ lastSign, lastMaybe }) => lastSign < limit() && lastMaybe >= limit())) clock.advance(LONG * DAY)
  const before = limit()
  const oldest = [...model.uploads]
    .sort(([id, a], [otherId, b]) => a.begun - b.begun || (id < otherId ? -1 : 1))
    .map(([id]) => id)
  return {
    ask: async (client) => {
      await client.sweep(alone ? 0 : undefined)
      return { code: 'ok' }
    },
    moments: () => [
      ...oldest.map((id) => (now: Surroundings['model']) => {
        const upload = now.uploads.get(id)
        if (upload && upload.lastSign < before) now.end(id)
        return undefined
      }),
      () => ({ code: 'ok' }),
    ],
  }
}
