import { ManualClock } from '@balcao/kernel'
import { until } from '@balcao/testing'
import { look } from '../../apps/object-store/test/model/look.ts'
import { Model } from '../../apps/object-store/test/model/model.ts'
import { settle } from '../../apps/object-store/test/model/settle.ts'
import { commandOf, type Wish } from '../../apps/object-store/test/model/wishes.ts'
import type { StoreProcess } from './store-process.ts'

/** What is left of a process that was killed may be in the way for a while. */
const OF_THE_DEAD = ['SlowDown', 'OperationAborted']

/** Somebody who keeps things below a prefix of a store, one after another, and knows what must be there. */
export class Sender {
  #model = new Model(0)
  /** What was asked when the process was killed. */
  readonly interrupted: Wish['do'][] = []

  constructor(
    private readonly store: StoreProcess,
    private readonly prefix: string,
  ) {}

  /** @throws Error that shows what is not as it was told */
  async send(wish: Wish): Promise<void> {
    const clock = new ManualClock(new Date())
    const command = commandOf(wish, { model: this.#model, clock, announced: '', alone: false })
    const told = await command.ask(this.store.client)
    if (told.code !== 'cut') return this.#settle([{ command, told, mayBe: OF_THE_DEAD }])
    this.interrupted.push(wish.do)
    this.#settle([{ command, told: undefined, mayBe: [] }], await this.#look())
  }

  /** @throws Error that shows what is not there, or not as it was told */
  async check(): Promise<void> {
    this.#settle([], await this.#look())
  }

  #look() {
    const { client, bucket } = this.store
    return until(() => look(client, [bucket], this.prefix), 120)
  }

  #settle(...[calls, seen]: [Parameters<typeof settle>[1], Parameters<typeof settle>[3]?]): void {
    this.#model = settle(this.#model, calls, Date.now(), seen)
  }
}
