import { isDeepStrictEqual } from 'node:util'
import type { Answer, Command, Moment } from './commands.ts'
import { Model, nameOf, printOf } from './model.ts'
import { UNTOLD } from './upload-commands.ts'

/** A command, and what was answered; nothing where its process died, or its connection ended, before that. */
export interface Call {
  readonly command: Command
  readonly told: Answer | undefined
  /** Codes of refusals that are none of the model's business and that have no effect. */
  readonly mayBe: readonly string[]
}

/** What anybody can see of the store: a line for each thing there is. */
export type Sight = readonly string[]

export function sightOf({ objects, uploads, told }: Model): Sight {
  const parts = [...uploads].flatMap(([id, upload]) => [
    `upload ${id} of ${nameOf(upload)}`,
    ...[...upload.parts].map(([number, { etag, bytes }]) => `part ${id} ${number} ${etag} ${bytes.length}`),
  ])
  const things = [...objects.values()].map(
    (thing) => `object ${nameOf(thing)} ${thing.etag} ${printOf(thing.bytes)} ${thing.note}`,
  )
  return [...things, ...parts, ...told.map((event) => `told ${event}`)].sort()
}

/** @param now milliseconds since 1970  @param seen what there is now, where somebody looked
 *  @returns what is believed from now on: what was told has happened, as it was told; what was not told has happened or
 *  not; all of that in some order  @throws Error that shows what is there and what should be */
export function settle(model: Model, calls: readonly Call[], now: number, seen?: Sight): Model {
  const tries: string[] = []
  for (const order of ordersOf(calls.map(waysOf))) {
    const after = new Model(now, model)
    const wrong = play(after, order, calls)
    if (wrong) tries.push(wrong)
    else if (seen && !matches(after, seen)) tries.push(`would be\n  ${sightOf(after).join('\n  ')}`)
    else return calls.some(({ told }) => told === undefined) ? doubting(after) : after
  }
  const told = calls.map((call) => JSON.stringify(call.told ?? 'not told')).join('\n  ')
  throw new Error(
    `The store is not as it was told.\n  ${told}\nthere is\n  ${seen?.join('\n  ')}\n${[...new Set(tries)].join('\n')}`,
  )
}

type Step = { readonly call: number; readonly moment: Moment }

/** Of how many of its moments a call may consist. */
function waysOf({ command, told, mayBe }: Call, call: number): Step[][] {
  const plain = command.moments().map((moment) => ({ call, moment }))
  const begun = command.mayBegin && { call, moment: command.mayBegin }
  // What is more likely goes first: where both fit, nobody can tell.
  const whole = begun ? [plain, [begun, ...plain]] : [plain]
  if (told === undefined) return whole.flatMap((all) => [...all.keys(), all.length].map((count) => all.slice(0, count)))
  return mayBe.includes(told.code) ? [[], ...(begun ? [[begun]] : [])] : whole
}

function* ordersOf([ways, ...others]: readonly Step[][][]): Generator<Step[]> {
  if (!ways) return yield []
  for (const way of ways) for (const rest of ordersOf(others)) yield* merged(way, rest)
}

function* merged(one: Step[], other: Step[]): Generator<Step[]> {
  if (one.length === 0 || other.length === 0) return yield [...one, ...other]
  for (const rest of merged(one.slice(1), other)) yield [one[0]!, ...rest]
  for (const rest of merged(one, other.slice(1))) yield [other[0]!, ...rest]
}

/** @returns what was told otherwise */
function play(model: Model, order: readonly Step[], calls: readonly Call[]): string | undefined {
  const ended = new Set<number>()
  for (const { call, moment } of order) {
    if (ended.has(call)) continue
    const { told } = calls[call]!
    const answer = moment(model, told)
    if (!answer) continue
    ended.add(call)
    const [expected, got] = [plain(answer), plain(told)]
    if (told && !isDeepStrictEqual(expected, got)) return `would be told ${JSON.stringify(expected)}`
  }
  return undefined
}

const plain = (answer: Answer | undefined) => JSON.parse(JSON.stringify(answer ?? null))

/** An upload that nobody was told of is known by what there is. */
function matches(model: Model, seen: Sight): boolean {
  const untold = model.uploads.get(UNTOLD)
  if (untold) {
    const ids = seen.flatMap((line) => /^upload (\S+) /.exec(line)?.[1] ?? [])
    const stranger = ids.find((id) => !model.uploads.has(id))
    if (!stranger) return false
    model.uploads.delete(UNTOLD)
    model.uploads.set(stranger, untold)
  }
  return isDeepStrictEqual(sightOf(model), seen)
}

/** Something that nobody was told of may have been a sign of life. */
function doubting(model: Model): Model {
  for (const upload of model.uploads.values()) upload.lastMaybe = model.now
  return model
}
