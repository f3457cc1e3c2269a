/** MD5 (RFC 1321) as a WebAssembly module that hashes four messages at once. Every step of MD5 waits for the one
 *  before, so one message leaves most of a core idle; four in the lanes of a vector take hardly longer than one. */

/** Where things lie in the module's memory, in bytes. `a`, `b`, `c` and `d` of a state are 16 bytes apart, 4 for each
 *  lane; the bytes of lane n begin at `data + n * lane`. */
export const LAYOUT = { constants: 0, state: 256, data: 1024, lane: 64 * 1024, lanes: 4 } as const
const PAGES = Math.ceil((LAYOUT.data + LAYOUT.lanes * LAYOUT.lane) / 65_536)

const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const
const WORD_OF_STEP = [
  (i: number) => i,
  (i: number) => (5 * i + 1) % 16,
  (i: number) => (3 * i + 5) % 16,
  (i: number) => (7 * i) % 16,
] as const

const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...unsigned(value >>> 7)])
const signed = (value: number): number[] =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)]
const sized = (bytes: readonly number[]) => [...unsigned(bytes.length), ...bytes]
const section = (id: number, bytes: readonly number[]) => [id, ...sized(bytes)]
const name = (text: string) => sized([...Buffer.from(text)])

const get = (local: number) => [0x20, ...unsigned(local)]
const set = (local: number) => [0x21, ...unsigned(local)]
const tee = (local: number) => [0x22, ...unsigned(local)]
const number = (value: number) => [0x41, ...signed(value)]
const vector = (operation: number) => [0xfd, ...unsigned(operation)]
const shuffle = (...words: number[]) => [
  ...vector(0x0d),
  ...words.flatMap((word) => [0, 1, 2, 3].map((i) => 4 * word + i)),
]

/** Instructions on one word, or on a word of each lane. */
interface Words {
  readonly type: number
  readonly add: readonly number[]
  readonly and: readonly number[]
  readonly butNot: readonly number[]
  readonly or: readonly number[]
  readonly xor: readonly number[]
  readonly not: readonly number[]
  rotate(by: number, spare: number): number[]
  load(offset: number): number[]
  store(offset: number): number[]
  constant(offset: number): number[]
  /** Sets the sixteen locals from `first` on to the words of a block that begins at the local `at`. */
  block(at: number, first: number, spare: number): number[]
}

const ONE: Words = {
  type: 0x7f,
  add: [0x6a],
  and: [0x71],
  butNot: [...number(-1), 0x73, 0x71],
  or: [0x72],
  xor: [0x73],
  not: [...number(-1), 0x73],
  rotate: (by) => [...number(by), 0x77],
  load: (offset) => [0x28, 2, ...unsigned(offset)],
  store: (offset) => [0x36, 2, ...unsigned(offset)],
  constant: (offset) => [0x28, 2, ...unsigned(offset)],
  block: (at, first) =>
    Array.from({ length: 16 }, (_, i) => [...get(at), 0x28, 2, ...unsigned(4 * i), ...set(first + i)]).flat(),
}

const FOUR: Words = {
  type: 0x7b,
  add: vector(0xae),
  and: vector(0x4e),
  butNot: vector(0x4f),
  or: vector(0x50),
  xor: vector(0x51),
  not: vector(0x4d),
  rotate: (by, spare) => [
    ...[...tee(spare), ...number(by), ...vector(0xab)],
    ...[...get(spare), ...number(32 - by), ...vector(0xad), ...vector(0x50)],
  ],
  load: (offset) => [...vector(0x00), 4, ...unsigned(offset)],
  store: (offset) => [...vector(0x0b), 4, ...unsigned(offset)],
  constant: (offset) => [...vector(0x09), 2, ...unsigned(offset)],
  // Four words of each lane at a time, turned so that each vector holds one word of all lanes.
  block: (at, first, spare) =>
    [0, 1, 2, 3].flatMap((group) => {
      const [low, high] = [shuffle(0, 4, 1, 5), shuffle(2, 6, 3, 7)]
      const row = (lane: number) => [...get(at), ...vector(0x00), 0, ...unsigned(lane * LAYOUT.lane + 16 * group)]
      const pair = (a: number, b: number, half: number[]) => [...get(spare + a), ...get(spare + b), ...half]
      const [w, t] = [first + 4 * group, spare + 4]
      return [
        ...[0, 1, 2, 3].flatMap((lane) => [...row(lane), ...set(spare + lane)]),
        ...[...pair(0, 1, low), ...set(t), ...pair(2, 3, low), ...set(t + 1)],
        ...[...pair(0, 1, high), ...set(t + 2), ...pair(2, 3, high), ...set(t + 3)],
        ...[...pair(4, 5, shuffle(0, 1, 4, 5)), ...set(w), ...pair(4, 5, shuffle(2, 3, 6, 7)), ...set(w + 1)],
        ...[...pair(6, 7, shuffle(0, 1, 4, 5)), ...set(w + 2), ...pair(6, 7, shuffle(2, 3, 6, 7)), ...set(w + 3)],
      ]
    }),
}

/** A function of the number of 64-byte blocks: takes them from `LAYOUT.data` on into the state. */
function hashing(words: Words): number[] {
  const [blocks, at, a, block, spare] = [0, 1, 2, 6, 22]
  const { add, and, butNot, or, xor, not } = words
  // Added to what is on the stack. Each step waits for `b`: it enters as late as it can.
  const mix = [
    (b: number, c: number, d: number) => [...get(d), ...get(b), ...get(c), ...get(d), ...xor, ...and, ...xor],
    (b: number, c: number, d: number) => [...get(c), ...get(d), ...butNot, ...add, ...get(b), ...get(d), ...and],
    (b: number, c: number, d: number) => [...get(b), ...get(c), ...get(d), ...xor, ...xor],
    (b: number, c: number, d: number) => [...get(c), ...get(b), ...get(d), ...not, ...or, ...xor],
  ]
  const step = (i: number) => {
    const round = i >> 4
    const [first, b, c, d] = [0, 1, 2, 3].map((k) => a + ((k - i + 64) % 4)) as [number, number, number, number]
    return [
      ...[...get(block + WORD_OF_STEP[round]!(i)), ...number(0), ...words.constant(LAYOUT.constants + 4 * i), ...add],
      ...[...get(first), ...add, ...mix[round]!(b, c, d), ...add],
      ...[...words.rotate(ROTATIONS[round]![i % 4]!, spare), ...get(b), ...add, ...set(first)],
    ]
  }
  const state = [0, 1, 2, 3].map((k) => LAYOUT.state + 16 * k)
  const body = [
    ...[...number(LAYOUT.data), ...set(at), 0x03, 0x40],
    ...state.flatMap((offset, k) => [...number(0), ...words.load(offset), ...set(a + k)]),
    ...words.block(at, block, spare),
    ...Array.from({ length: 64 }, (_, i) => step(i)).flat(),
    ...state.flatMap((offset, k) =>
      [number(0), number(0), words.load(offset), get(a + k), add, words.store(offset)].flat(),
    ),
    ...[...get(at), ...number(64), 0x6a, ...set(at)],
    ...[...get(blocks), ...number(1), 0x6b, ...tee(blocks), 0x0d, 0, 0x0b],
  ]
  return sized([2, 1, 0x7f, ...unsigned(4 + 16 + 8), words.type, ...body, 0x0b])
}

/** The module: exports `memory`, and `one` and `four`, which take a number of blocks (at least 1) of lane 0 or of
 *  every lane into the state. */
export function md5Module(): WebAssembly.Module {
  const constants = Array.from({ length: 64 }, (_, i) => Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))))
  const table = [...Buffer.from(Uint32Array.from(constants).buffer)]
  return new WebAssembly.Module(
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, [1, 0x60, 1, 0x7f, 0]),
      ...section(3, [2, 0, 0]),
      ...section(5, [1, 0, ...unsigned(PAGES)]),
      ...section(7, [3, ...name('memory'), 2, 0, ...name('one'), 0, 0, ...name('four'), 0, 1]),
      ...section(10, [2, ...hashing(ONE), ...hashing(FOUR)]),
      ...section(11, [1, 0, ...number(LAYOUT.constants), 0x0b, ...sized(table)]),
    ]),
  )
}
