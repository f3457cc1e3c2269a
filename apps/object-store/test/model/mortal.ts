import { AsyncLocalStorage } from 'node:async_hooks'
import files, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import type { EventBus, Sql } from '@balcao/platform'

/** What a dead process's own code sees; nobody else does. */
class Died extends Error {}

export interface Death {
  /** The how-manieth step from now on, beginning with 1. */
  readonly at: number
  /** Before the step, or once it has happened and before anybody hears of it. */
  readonly side: 'before' | 'after'
}

/** What a step fails with that finds no room: the file system's code, or PostgreSQL's. */
type Lack = 'ENOSPC' | '53100'

/** One process as what is outside of it sees it: steps, each a statement, the begin and end of a transaction, or a call
 *  of the file system. It may be told to die at one of them, and does nothing any more from then on; or to find the disk
 *  full from one of them on. */
export class Mortal {
  dead = false
  steps = 0
  #death: Death | undefined
  #fullFrom = Number.POSITIVE_INFINITY

  constructor(private readonly onDeath: () => void = () => {}) {}

  /** Counts from now on. @param fullFrom the step from which on there is no room */
  expect(death: Death | undefined, fullFrom = Number.POSITIVE_INFINITY): void {
    this.steps = 0
    this.#death = death
    this.#fullFrom = fullFrom
  }

  die(): void {
    if (this.dead) return
    this.dead = true
    this.onDeath()
  }

  /** @param lack of a step that takes room */
  async step<T>(act: () => Promise<T>, lack?: Lack): Promise<T> {
    this.#stopIfDead()
    const dies = ++this.steps === this.#death?.at && this.#death.side
    if (dies === 'before') this.die()
    this.#stopIfDead()
    if (lack && this.steps >= this.#fullFrom) throw Object.assign(new Error('There is no room.'), { code: lack })
    try {
      return await act()
    } finally {
      if (dies === 'after') this.die()
      this.#stopIfDead()
    }
  }

  /** Everything that `work` begins is done by this process. */
  run<T>(work: () => T): T {
    return current.run(this, work)
  }

  #stopIfDead(): void {
    if (this.dead) throw new Died()
  }
}

const current = new AsyncLocalStorage<Mortal>()

/** The database as a process sees it. What it did not commit before it died is rolled back, as PostgreSQL does when a
 *  client is gone. */
export const mortalSql = (sql: Sql, life: Mortal): Sql => ({
  query: (text, values) => life.step(() => sql.query(text, values), lackOf(text)),
  lookUp: (text, values) => life.step(() => sql.lookUp(text, values), lackOf(text)),
  first: (text, values) => life.step(() => sql.first(text, values), lackOf(text)),
  run: (text, values) => life.step(() => sql.run(text, values), lackOf(text)),
  transaction: (work) =>
    // Two steps, so that it dies before the commit too: the second one's end is the commit's.
    life.step(() =>
      sql.transaction(async () => {
        const result = await work()
        await life.step(async () => {})
        return result
      }),
    ),
  inTransaction: () => sql.inTransaction(),
  afterCommit: (work) => sql.afterCommit(work),
  listen: (...all) => sql.listen(...all),
  close: async () => {},
})

const lackOf = (text: string): Lack | undefined =>
  /\b(insert into|update|merge into)\b/i.test(text) ? '53100' : undefined

export const mortalEvents = (events: EventBus, life: Mortal): EventBus => ({
  publish: (...all) => life.step(() => events.publish(...all), '53100'),
  subscribe: (...all) => events.subscribe(...all),
  close: async () => {},
})

const TAKING_ROOM = ['link', 'mkdir', 'rename', 'sync', 'datasync', 'write', 'writev']
const CALLS = ['chmod', 'link', 'mkdir', 'readdir', 'rename', 'stat', 'statfs', 'unlink'] as const
const CALLS_OF_A_HANDLE = ['chmod', 'datasync', 'sync', 'truncate', 'write', 'writev'] as const

type Method = (...all: never[]) => Promise<unknown>

function mortalMethods<Name extends string>(of: Record<Name, unknown>, names: readonly Name[]): void {
  for (const name of names) {
    const method = (of[name] as Method).bind(of)
    const lack = TAKING_ROOM.includes(name) ? 'ENOSPC' : undefined
    of[name] = (...all: never[]) => {
      const life = current.getStore()
      return life ? life.step(() => method(...all), lack) : method(...all)
    }
  }
}

/** From now on every call of the file system by a mortal process is a step of it; other calls stay as they are. */
export function makeFilesMortal(): void {
  const open = files.open
  mortalMethods(files, CALLS)
  files.open = async (...all) => {
    const life = current.getStore()
    if (!life) return open(...all)
    let handle: FileHandle | undefined
    try {
      const lack = String(all[1]).startsWith('w') ? 'ENOSPC' : undefined
      handle = await life.step(async () => (handle = await open(...all)), lack)
    } catch (error) {
      await handle?.close() // as the system does for who is dead
      throw error
    }
    mortalMethods(handle, CALLS_OF_A_HANDLE)
    return handle
  }
  syncBuiltinESMExports()
}
