import { boxesIn, findBox } from '../../iso/boxes-in.ts'

/** The samples of a track of an MP4, by its tables (§8.6, §8.7). */
export function readSamples(file: Buffer, track: number) {
  const traks = [...boxesIn(findBox(file, ['moov'])!)].filter(({ type }) => type === 'trak')
  const stbl = findBox(traks[track]!.content, ['mdia', 'minf', 'stbl'])!
  const table = (type: string) => findBox(stbl, [type])
  const runs = (type: string) => {
    const content = table(type)
    const values: number[] = []
    for (let at = 8; content && at < content.length; at += 8) {
      for (let count = content.readUInt32BE(at); count > 0; count--) values.push(content.readInt32BE(at + 4))
    }
    return values
  }
  const numbers = (content: Buffer, from: number) =>
    Array.from({ length: (content.length - from) / 4 }, (_, index) => content.readUInt32BE(from + 4 * index))
  const sizes = numbers(table('stsz')!, 12)
  const [durations, offsets] = [runs('stts'), runs('ctts')]
  const syncs = table('stss') && new Set(numbers(table('stss')!, 8))
  const places = placesOf(numbers(table('stsc')!, 8), numbers(table('stco')!, 8), sizes)
  let time = 0
  return sizes.map((size, index) => {
    const sample = {
      time,
      offset: offsets[index] ?? 0,
      sync: syncs?.has(index + 1) ?? true,
      bytes: file.toString('hex', places[index]!, places[index]! + size),
    }
    time += durations[index]!
    return sample
  })
}

function placesOf(toChunks: readonly number[], chunks: readonly number[], sizes: readonly number[]): number[] {
  const places: number[] = []
  for (const [chunk, start] of chunks.entries()) {
    let entry = 0
    while (entry + 3 < toChunks.length && toChunks[entry + 3]! <= chunk + 1) entry += 3
    let at = start
    for (let count = toChunks[entry + 1]!; count > 0; count--) {
      at += sizes[places.length]!
      places.push(at - sizes[places.length]!)
    }
  }
  return places
}
