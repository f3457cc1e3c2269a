const KEY = 'balcao.posicoes'
const MOST = 200
/** Seconds at either end that are not worth coming back to. */
const EDGE = 10

type Positions = [id: string, seconds: number][]

/** Where each video was left, by id alone: nothing here says what was watched. The oldest is dropped first. */
export class PositionBook {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#storage = storage
  }

  /** Seconds from the start; 0 when unknown. */
  of(id: string): number {
    return this.#read().find(([known]) => known === id)?.[1] ?? 0
  }

  /** @param duration seconds; a film that is nearly over begins anew the next time */
  note(id: string, seconds: number, duration: number): void {
    const others = this.#read().filter(([known]) => known !== id)
    const worth = seconds > EDGE && seconds < duration - EDGE
    const all: Positions = worth ? [...others, [id, Math.floor(seconds)]] : others
    this.#storage.setItem(KEY, JSON.stringify(all.slice(-MOST)))
  }

  #read(): Positions {
    try {
      const kept: unknown = JSON.parse(this.#storage.getItem(KEY) ?? '[]')
      return Array.isArray(kept) ? (kept as Positions) : []
    } catch {
      return []
    }
  }
}
