import { Model } from './model.ts'
import type { Death } from './mortal.ts'
import { type Call, type Sight, settle } from './settle.ts'
import { commandOf, type Wish } from './wishes.ts'
import type { Process, World } from './world.ts'

/** What others do at the same moment may make a command be refused so. */
const MEANWHILE = ['OperationAborted', 'SlowDown']

/** What happens next. */
export interface Turn {
  /** All in one moment, each of another process. */
  readonly wishes: readonly Wish[]
  /** Of the first process. */
  readonly death?: Death | undefined
  /** The step of the first process from which on there is no room on the disk, until the turn ends. */
  readonly fullFrom?: number
  /** Whether the first process is stopped afterwards, and another one started. */
  readonly restarts?: boolean
}

/** What some processes are asked, turn by turn, and what there must be after each: what was told is so; what nobody was
 *  told of has happened or not. */
export class Story {
  readonly #processes: Process[] = []
  #model = new Model(0)

  private constructor(private readonly world: World) {}

  /** @param before what was asked when nobody died yet */
  static async begin(world: World, processes: number, before: readonly Wish[] = []): Promise<Story> {
    const story = new Story(world)
    for (let i = 0; i < processes; i++) story.#processes.push(await world.start())
    for (const wish of before) await story.turn({ wishes: [wish] })
    return story
  }

  /** @returns how many steps the first process took  @throws Error that shows what is not as it was told */
  async turn({ wishes, death, fullFrom, restarts }: Turn): Promise<number> {
    const { world } = this
    world.clock.advance(1)
    const commands = wishes.map((wish) => commandOf(wish, this.#around(wishes.length === 1)))
    const [{ life }] = this.#processes as [Process]
    life.expect(death, fullFrom)
    const mayBe = [...(wishes.length > 1 ? MEANWHILE : []), ...(fullFrom ? ['InsufficientStorage'] : [])]
    const calls = await Promise.all(
      commands.map((command, i) => ask(command, this.#processes[i % this.#processes.length]!, mayBe)),
    )
    const { steps, dead } = life
    life.expect(undefined)
    if (dead || restarts) await this.#replaceFirst()
    const unsure = dead || fullFrom || calls.length > 1 || calls.some(({ told }) => !told)
    this.#settle(calls, unsure ? await this.look() : undefined)
    return steps
  }

  /** Everything is as it is believed and nothing is there besides; and once all uploads are given up, no trace of them.
   *  @throws Error that shows what is */
  async end(): Promise<void> {
    await this.#sweep(0)
    this.#settle([], await this.look())
    await this.#sweep(8)
  }

  async #sweep(days: number): Promise<void> {
    // Files that somebody discarded are left to whoever did for a minute.
    this.world.clock.advance(120)
    const command = commandOf({ do: 'sweep', with: { days } }, this.#around(true))
    this.#settle([await ask(command, this.#processes[0]!, [])], undefined)
    const leaks = await this.world.leaks()
    if (leaks.length > 0) throw new Error(`After a sweep there is\n  ${leaks.join('\n  ')}`)
  }

  look() {
    return this.world.look(this.#processes[0]!)
  }

  #around(alone: boolean) {
    const { clock, buckets } = this.world
    return { model: this.#model, clock, announced: buckets[0], alone }
  }

  #settle(calls: readonly Call[], seen: Sight | undefined): void {
    this.#model = settle(this.#model, calls, this.world.clock.now().getTime(), seen)
  }

  async #replaceFirst(): Promise<void> {
    await this.#processes[0]!.stop()
    this.#processes[0] = await this.world.start()
  }
}

async function ask(command: Call['command'], { life, client }: Process, mayBe: readonly string[]): Promise<Call> {
  const told = await command.ask(client).catch((error) => {
    if (life.dead) return undefined
    throw error
  })
  // A dead process tells nothing: that it failed is told by what goes on of it in ours.
  const heard = told?.code !== 'cut' && !(life.dead && told?.code === 'InternalError')
  return { command, told: heard ? told : undefined, mayBe }
}
