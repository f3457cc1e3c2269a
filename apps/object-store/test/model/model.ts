import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** What everybody who uses the store believes is in it, in plain maps. Nothing here knows of files, rows or requests. */
export class Model {
  readonly objects: Map<string, Thing>
  readonly uploads: Map<string, Upload>
  /** Uploads that are none any more, completed or aborted: somebody may still speak of them. */
  readonly past: Map<string, Upload>
  /** New objects that others were told of. */
  readonly told: string[]

  /** Milliseconds since 1970. @param like what is believed until now */
  constructor(
    readonly now: number,
    like?: Model,
  ) {
    this.objects = new Map(like?.objects)
    this.uploads = new Map(
      [...(like?.uploads ?? [])].map(([id, upload]) => [id, { ...upload, parts: new Map(upload.parts) }]),
    )
    this.past = new Map(like?.past)
    this.told = [...(like?.told ?? [])]
  }

  end(id: string): void {
    this.past.set(id, this.uploads.get(id)!)
    this.uploads.delete(id)
  }
}

/** Where an object is: its bucket and key. */
export interface Name {
  readonly bucket: string
  readonly key: string
}
export const nameOf = ({ bucket, key }: Name) => `${bucket}/${key}`

export interface Thing extends Name {
  readonly bytes: Buffer
  readonly etag: string
  /** What its sender wrote on it. */
  readonly note: string
  readonly madeBy?: string | undefined
}

export interface Part {
  readonly bytes: Buffer
  readonly etag: string
}

export interface Upload extends Name {
  readonly note: string
  readonly partSize: number | undefined
  readonly parts: Map<number, Part>
  /** Milliseconds since 1970, like the two others. */
  readonly begun: number
  /** Of the last thing that was done to it for certain, and of the last that may have been. */
  lastSign: number
  lastMaybe: number
}

export const md5 = (...bytes: readonly Buffer[]): string => {
  const hash = createHash('md5')
  for (const each of bytes) hash.update(each)
  return hash.digest('hex')
}

export const etagOfParts = (etags: readonly string[]): string =>
  `${md5(...etags.map((etag) => Buffer.from(etag, 'hex')))}-${etags.length}`

/** Bytes, short enough to be shown. */
export const printOf = (bytes: Buffer): string => `${bytes.length}:${crc32(bytes).toString(16)}`
