import fc from 'fast-check'
import { BODIES, type BodyName } from './bodies.ts'
import { CONDITIONS, type Command, type Surroundings } from './commands.ts'
import { copy, get, list, put, remove, removeMany } from './object-commands.ts'
import { sweep } from './sweep-command.ts'
import { abort, complete, copyPart, create, listParts, listUploads, part, SELECTIONS } from './upload-commands.ts'

const WRITING = { put, remove, removeMany, copy, create, part, copyPart, complete, abort, sweep }
const READING = { get, list, listParts, listUploads }
const COMMANDS = { ...WRITING, ...READING }
type Commands = typeof COMMANDS

/** What somebody is about to ask for, whatever there is then. */
export type Wish = {
  [N in keyof Commands]: { readonly do: N; readonly with: Parameters<Commands[N]>[1] }
}[keyof Commands]

export const commandOf = (wish: Wish, around: Surroundings): Command =>
  (COMMANDS[wish.do] as (around: Surroundings, wish: unknown) => Command)(around, wish.with)

const KEYS = ['a', 'a/ç', 'b']

/** Wishes of any kind, in these buckets; those that take long, and those that end much, are few. */
export function wishes(
  buckets: readonly string[],
  keys: readonly string[] = KEYS,
): { any: fc.Arbitrary<Wish>; writing: fc.Arbitrary<Wish> } {
  const small: BodyName[] = ['nothing', 'a few bytes', 'other bytes', 'a file', 'another file']
  const body = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...small) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(BODIES) as BodyName[])) },
  )
  const bucket = fc.constantFrom(...buckets)
  const key = fc.constantFrom(...keys)
  const at = fc.record({ bucket, key })
  const note = fc.constantFrom('one', 'two', 'three')
  const condition = fc.oneof(
    { weight: 3, arbitrary: fc.constant('always' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...CONDITIONS) },
  )
  const upload = fc.nat(3)
  const number = fc.integer({ min: 1, max: 3 })
  const range = fc.option(
    fc.tuple(fc.nat(900), fc.nat(900)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    { nil: undefined },
  )
  const limit = fc.integer({ min: 1, max: 3 })
  const prefix = fc.constantFrom('', 'a', 'a/', 'c')
  const wish = <N extends Wish['do']>(
    name: N,
    given: { [P in keyof Parameters<Commands[N]>[1]]: fc.Arbitrary<Parameters<Commands[N]>[1][P]> },
  ) => fc.record({ do: fc.constant(name), with: fc.record(given) }) as unknown as fc.Arbitrary<Wish>
  const many = fc.uniqueArray(fc.tuple(key, condition), { minLength: 1, selector: ([one]) => one })

  const frequent = [
    wish('put', { at, body, note, if: condition }),
    wish('create', { at, note, inPlace: fc.boolean() }),
    wish('part', { upload, number, body }),
    wish('part', { upload, number, body }),
    wish('complete', { upload, of: fc.constantFrom(...SELECTIONS), if: condition }),
    wish('complete', { upload, of: fc.constant('all'), if: fc.constant('always') }),
  ]
  const rare = [
    wish('remove', { at, if: condition }),
    wish('removeMany', { bucket, each: many }),
    wish('copy', { from: at, to: at, note: fc.option(note, { nil: undefined }), if: condition, ifSource: condition }),
    wish('copyPart', { upload, number, from: at, range }),
    wish('abort', { upload }),
    wish('sweep', { days: fc.constantFrom(0, 4, 8) }),
  ]
  const reading = [
    wish('get', { at, range }),
    wish('list', { bucket, prefix, delimiter: fc.constantFrom('', '/'), limit }),
    wish('listParts', { upload, limit }),
    wish('listUploads', { bucket, prefix, limit }),
  ]
  const writing = fc.oneof({ weight: 2, arbitrary: fc.oneof(...frequent) }, { weight: 1, arbitrary: fc.oneof(...rare) })
  return { writing, any: fc.oneof({ weight: 3, arbitrary: writing }, { weight: 1, arbitrary: fc.oneof(...reading) }) }
}
