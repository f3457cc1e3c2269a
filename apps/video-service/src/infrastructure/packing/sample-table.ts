import { broken } from './broken.ts'
import type { Fragment, Run, Sample } from './fragment.ts'
import { NumberList, RunList } from './number-list.ts'

/** The samples of one track, gathered fragment by fragment into the tables of an MP4 (§8.6, §8.7). Holds numbers only:
 *  some bytes a sample. */
export class SampleTable {
  readonly #durations = new RunList()
  readonly #compositions = new RunList()
  readonly #sizes = new NumberList()
  readonly #syncs = new NumberList()
  readonly #chunkSamples = new NumberList()
  /** Where each chunk begins; these have more than 32 bits. */
  readonly #chunks: number[] = []
  #chunkEnd = -1
  /** Samples in the last chunk, and in those that the last entry of `#chunkSamples` counts. */
  #inChunk = 0
  #told = 0
  #beginTicks = 0
  #ticks = 0
  #lastDuration: number | undefined
  #shown = { begin: Number.POSITIVE_INFINITY, end: 0 }
  #composed = false
  #earlier = false

  /** @param at where the bytes lie from which the runs of the fragment count */
  add({ decodeTime, runs }: Fragment, at: number): void {
    const samples = runs.some((run) => run.samples.length > 0)
    if (!samples) return
    if (this.#lastDuration === undefined) this.#beginTicks = decodeTime ?? 0
    else if (decodeTime !== undefined) this.#lastUntil(decodeTime - this.#beginTicks)
    for (const run of runs) this.#addRun(run, at + run.start)
  }

  /** How many samples. */
  get count(): number {
    return this.#sizes.length
  }

  /** Ticks of the fragments' clock at which the first sample is decoded: zero of this table's clock. */
  get beginTicks(): number {
    return this.#beginTicks
  }

  /** Ticks of this table's clock: when the first sample is shown, and until when the last one is. */
  get shown(): { readonly begin: number; readonly end: number } {
    return this.#shown
  }

  /** Ticks that its samples last together. */
  get ticks(): number {
    return this.#ticks
  }

  /** The contents of the tables, without version and flags; undefined where one is not needed. Nothing comes after. */
  end() {
    if (this.#lastDuration === undefined) throw broken('a track without samples')
    this.#durations.push(this.#lastDuration)
    this.#tellChunk()
    return {
      stts: this.#durations.end(),
      ctts: this.#composed ? this.#compositions.end() : undefined,
      /** Some sample is shown before it is decoded. */
      signed: this.#earlier,
      stss: this.#syncs.length < this.count ? counted(this.#syncs) : undefined,
      stsc: counted(this.#chunkSamples, 3),
      /** Zero: each has a size of its own. */
      stsz: Buffer.concat([Buffer.alloc(4), counted(this.#sizes)]),
      chunks: this.#chunks as readonly number[],
    }
  }

  #addRun({ samples }: Run, start: number): void {
    if (samples.length === 0) return
    if (start !== this.#chunkEnd) {
      this.#tellChunk()
      this.#chunks.push(start)
      this.#chunkEnd = start
    }
    for (const sample of samples) this.#addSample(sample)
  }

  #addSample({ duration, size, compositionOffset, sync }: Sample): void {
    if (this.#lastDuration !== undefined) this.#durations.push(this.#lastDuration)
    this.#lastDuration = duration
    const shown = this.#ticks + compositionOffset
    this.#shown = {
      begin: Math.min(this.#shown.begin, shown),
      end: Math.max(this.#shown.end, shown + duration),
    }
    this.#ticks += duration
    this.#compositions.push(compositionOffset)
    this.#composed ||= compositionOffset !== 0
    this.#earlier ||= compositionOffset < 0
    this.#sizes.push(size)
    if (sync) this.#syncs.push(this.count)
    this.#inChunk++
    this.#chunkEnd += size
  }

  /** A fragment tells when it begins: so long does the sample before it last. */
  #lastUntil(ticks: number): void {
    const missing = ticks - this.#ticks
    if (this.#lastDuration! + missing < 0)
      throw broken('a fragment that begins before the last sample of the one before')
    this.#lastDuration! += missing
    this.#ticks = ticks
  }

  /** Chunks of as many samples as those before them need no word (§8.7.4). */
  #tellChunk(): void {
    if (this.#inChunk === 0) return
    if (this.#inChunk !== this.#told) {
      for (const value of [this.#chunks.length, this.#inChunk, 1]) this.#chunkSamples.push(value)
      this.#told = this.#inChunk
    }
    this.#inChunk = 0
  }
}

/** A list behind how many entries it has. @param each numbers in an entry */
function counted(list: NumberList, each = 1): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(list.length / each)
  return Buffer.concat([count, list.bytes])
}
