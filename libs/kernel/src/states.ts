/** Every move that something may make between its states, and no other: a state machine as a table. */
export interface States<State extends string> {
  readonly all: readonly State[]
  readonly moves: Readonly<Record<State, readonly State[]>>
  /** States that something may come from to reach `to`: what an update's `where state = any(…)` holds. */
  before(to: State): State[]
  allows(from: State, to: State): boolean
}

/** The states of a machine: `StateOf<typeof videoStates>`. */
export type StateOf<Machine> = Machine extends States<infer State> ? State : never

/** A state machine of its table of moves: `{ waiting: ['running'], running: ['waiting', 'done'], done: [] }`. */
export function defineStates<const Moves extends Readonly<Record<string, readonly (keyof Moves & string)[]>>>(
  moves: Moves,
): States<keyof Moves & string> {
  type State = keyof Moves & string
  const all = Object.keys(moves) as State[]
  const allows = (from: State, to: State) => moves[from]!.includes(to)
  return { all, moves, before: (to) => all.filter((from) => allows(from, to)), allows }
}
