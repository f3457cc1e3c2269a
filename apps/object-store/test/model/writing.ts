import type { BodyName } from './bodies.ts'
import type { Wish } from './wishes.ts'

const there = { bucket: 'balcao-media', key: 'a' }
const elsewhere = { bucket: 'video-temp-conversion', key: 'b' }
const put = (body: BodyName): Wish => ({ do: 'put', with: { at: there, body, note: 'one', if: 'always' } })
const begin = (inPlace: boolean): Wish => ({ do: 'create', with: { at: there, note: 'two', inPlace } })
const part = (number: number, body: BodyName, upload = 0): Wish => ({
  do: 'part',
  with: { upload, number, body },
})
const complete = (of: 'all' | 'the first'): Wish => ({ do: 'complete', with: { upload: 0, of, if: 'unchanged' } })

interface Scene {
  readonly name: string
  /** What there must be. */
  readonly before: readonly Wish[]
  readonly wish: Wish
}

/** Every way in which the store changes something, once: those that need room, and those that make it. */
export const TAKING_ROOM: readonly Scene[] = [
  {
    name: 'putting a new object',
    before: [],
    wish: { do: 'put', with: { at: elsewhere, body: 'a byte', note: 'one', if: 'nothing there' } },
  },
  {
    name: 'putting a small object over a file',
    before: [put('a file')],
    wish: { do: 'put', with: { at: there, body: 'nothing', note: 'two', if: 'always' } },
  },
  {
    name: 'putting a file over a small object, and telling others',
    before: [{ do: 'put', with: { at: elsewhere, body: 'a byte', note: 'one', if: 'always' } }],
    wish: { do: 'put', with: { at: elsewhere, body: 'a file', note: 'two', if: 'unchanged' } },
  },
  {
    name: 'putting a large object',
    before: [put('a file')],
    wish: { do: 'put', with: { at: there, body: 'a film', note: 'one', if: 'unchanged' } },
  },
  {
    name: 'copying',
    before: [put('a file')],
    wish: { do: 'copy', with: { from: there, to: elsewhere, note: undefined, if: 'always', ifSource: 'unchanged' } },
  },
  {
    name: 'copying a small object',
    before: [put('a byte')],
    wish: { do: 'copy', with: { from: there, to: elsewhere, note: 'two', if: 'nothing there', ifSource: 'always' } },
  },
  {
    name: 'copying over itself',
    before: [put('a file')],
    wish: { do: 'copy', with: { from: there, to: there, note: 'two', if: 'always', ifSource: 'always' } },
  },
  { name: 'beginning an upload', before: [], wish: begin(true) },
  { name: 'taking a part in its place', before: [begin(true)], wish: part(2, 'other bytes') },
  {
    name: 'taking other bytes for a part in its place',
    before: [begin(true), part(2, 'a byte')],
    wish: part(2, 'other bytes'),
  },
  {
    name: 'taking the same bytes for a part once more',
    before: [begin(true), part(2, 'a byte')],
    wish: part(2, 'a byte'),
  },
  {
    name: 'taking other bytes for a part of its own',
    before: [begin(false), part(2, 'a byte')],
    wish: part(2, 'other bytes'),
  },
  {
    name: 'copying a part',
    before: [put('a file'), begin(true)],
    wish: { do: 'copyPart', with: { upload: 0, number: 2, from: there, range: [3, 60] } },
  },
  {
    name: 'completing what lies in its place',
    before: [put('a file'), begin(true), part(1, 'a byte')],
    wish: complete('all'),
  },
  {
    name: 'completing a part of what lies in its place',
    before: [put('a file'), begin(true), part(1, 'a byte'), part(2, 'a byte')],
    wish: complete('the first'),
  },
  {
    name: 'completing what must be joined',
    before: [put('a file'), begin(false), part(1, 'a file')],
    wish: complete('all'),
  },
]

export const MAKING_ROOM: readonly Scene[] = [
  { name: 'deleting', before: [put('a file')], wish: { do: 'remove', with: { at: there, if: 'unchanged' } } },
  {
    name: 'deleting many',
    before: [
      put('a file'),
      { do: 'put', with: { at: { ...there, key: 'b' }, body: 'a byte', note: 'two', if: 'always' } },
    ],
    wish: {
      do: 'removeMany',
      with: {
        bucket: there.bucket,
        each: [
          ['b', 'unchanged'],
          ['a', 'always'],
        ],
      },
    },
  },
  {
    name: 'aborting',
    before: [begin(true), part(1, 'a byte'), part(1, 'other bytes')],
    wish: { do: 'abort', with: { upload: 0 } },
  },
  {
    name: 'sweeping',
    before: [begin(true), part(1, 'a byte'), begin(false), part(1, 'a byte', 1)],
    wish: { do: 'sweep', with: { days: 8 } },
  },
]
