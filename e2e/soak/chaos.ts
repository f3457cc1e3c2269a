import { execFile } from 'node:child_process'
import { rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Balcao } from '../support/balcao.ts'
import type { Diary } from './diary.ts'
import type { Dice } from './dice.ts'

const run = promisify(execFile)

/** Milliseconds between two mishaps. */
const [SHORTEST, LONGEST] = [1500, 9000]
/** Bytes that are left of a disk: about what the house leaves alone of a small one, or less. */
const [LEAST_LEFT, MOST_LEFT] = [16e6, 70e6]
const LONGEST_FULL = 10_000

const mishaps = { worker: 5, http: 3, 'object-store': 3, disk: 2 }

/** What befalls a machine: parts are killed, its disk is nearly full for a while. */
export class Chaos {
  readonly #ballast: string

  /** @param small whether the data directory lies on a disk of its own, that may be filled */
  constructor(
    private readonly balcao: Balcao,
    private readonly small: boolean,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {
    this.#ballast = join(dirname(balcao.dataDir), 'ballast')
  }

  async rage(going: () => boolean): Promise<void> {
    while (going()) {
      await delay(this.dice.between(SHORTEST, LONGEST))
      const mishap = this.dice.weighted(mishaps)
      if (mishap !== 'disk') await this.#kill(mishap)
      else if (this.small) await this.#fill()
    }
  }

  async #kill(part: string): Promise<void> {
    const pid = await this.balcao.find(part)
    if (pid === undefined) return
    this.diary.note(`kill of ${part}`)
    process.kill(pid, 'SIGKILL')
  }

  async #fill(): Promise<void> {
    const { bavail, bsize } = await statfs(dirname(this.#ballast))
    const left = this.dice.between(LEAST_LEFT, MOST_LEFT)
    const bytes = bavail * bsize - left
    if (bytes <= 0) return
    this.diary.note('disk nearly full', `${(left / 1e6).toFixed(0)} MB left`)
    try {
      await run('fallocate', ['-l', String(bytes), this.#ballast])
      await delay(this.dice.between(1000, LONGEST_FULL))
      // Parts die on a full disk too.
      await this.#kill(this.dice.one(['worker', 'object-store', 'http'])!)
      await delay(this.dice.between(0, LONGEST_FULL))
    } finally {
      await rm(this.#ballast, { force: true })
    }
    this.diary.note('room again')
  }
}
