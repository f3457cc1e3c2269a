import { BODIES, type BodyName, PART } from './bodies.ts'
import { bare, elements, pathOf } from './client.ts'
import {
  asked,
  type Command,
  type Condition,
  inHeaders,
  type Moment,
  type Name,
  type Range,
  refusalOf,
  type Surroundings,
} from './commands.ts'
import { etagOfParts, type Model, md5, nameOf, type Upload } from './model.ts'
import { inBytes } from './object-commands.ts'

/** Of an upload whose beginning nobody was told of. */
export const UNTOLD = 'untold'

/** One of all uploads that ever were, those that are still going on first. */
function chosen({ uploads, past }: Model, which: number): { id: string; upload: Upload } {
  const all = [...uploads, ...past].filter(([id]) => id !== UNTOLD)
  const [id, upload] = all[which % all.length] ?? ['never-begun', nobodys]
  return { id, upload }
}
const nobodys: Upload = {
  bucket: 'balcao-media',
  key: 'nobody',
  note: '',
  partSize: undefined,
  parts: new Map(),
  begun: 0,
  lastSign: 0,
  lastMaybe: 0,
}

/** @param inPlace whether the size of its parts is told, so that they may lie in one file */
export function create(_: Surroundings, wish: { at: Name; note: string; inPlace: boolean }): Command {
  const { at, note } = wish
  const partSize = wish.inPlace ? PART : undefined
  return {
    ask: async (client) => {
      const { code, text } = await client.send('POST', at, {
        query: { uploads: '' },
        headers: { 'x-amz-meta-note': note, 'x-amz-meta-part-size': partSize?.toString() },
      })
      return { code, id: elements(text, 'UploadId')[0] }
    },
    moments: () => [
      ({ uploads, now }, told) => {
        const id = told?.id ?? UNTOLD
        uploads.set(id, { ...at, note, partSize, parts: new Map(), begun: now, lastSign: now, lastMaybe: now })
        return { code: 'ok', id }
      },
    ],
  }
}

/** Whoever writes to a place in an upload's file keeps the upload from a sweep, though the part may never be there. */
function beginPart(id: string): Moment {
  return ({ uploads, now }) => {
    const upload = uploads.get(id)
    if (!upload) return { code: 'NoSuchUpload' }
    upload.lastSign = now
    return undefined
  }
}

function sendPart(id: string, number: number, bytes: Buffer): Moment {
  return ({ uploads, now }) => {
    const upload = uploads.get(id)
    if (!upload) return { code: 'NoSuchUpload' }
    const part = { bytes, etag: md5(bytes) }
    upload.parts.set(number, part)
    upload.lastSign = now
    return { code: 'ok', etag: part.etag }
  }
}

export function part(
  { model }: Surroundings,
  { upload: which, number, body }: { upload: number; number: number; body: BodyName },
): Command {
  const { id, upload } = chosen(model, which)
  const bytes = BODIES[body]
  return {
    ask: async (client) => {
      const query = { uploadId: id, partNumber: String(number) }
      const { code, headers } = await client.send('PUT', upload, { query, body: bytes })
      return code === 'ok' ? { code, etag: bare(headers.etag) } : { code }
    },
    moments: () => [beginPart(id), sendPart(id, number, bytes)],
  }
}

export function copyPart(
  { model }: Surroundings,
  wish: { upload: number; number: number; from: Name; range: Range | undefined },
): Command {
  const { from, range, number } = wish
  const { id, upload } = chosen(model, wish.upload)
  return {
    ask: async (client) => {
      const { code, text } = await client.send('PUT', upload, {
        query: { uploadId: id, partNumber: String(number) },
        headers: {
          'x-amz-copy-source': pathOf(from),
          'x-amz-copy-source-range': range && `bytes=${range[0]}-${range[1]}`,
        },
      })
      return code === 'ok' ? { code, etag: bare(elements(text, 'ETag')[0]) } : { code }
    },
    moments: () => {
      let bytes: Buffer | undefined
      const look: Moment = ({ objects }) => {
        const source = objects.get(nameOf(from))
        if (!source) return { code: 'NoSuchKey' }
        if (range && range[1] >= source.bytes.length) return { code: 'InvalidArgument' }
        bytes = range ? source.bytes.subarray(range[0], range[1] + 1) : source.bytes
        return undefined
      }
      return [look, beginPart(id), (model, told) => sendPart(id, number, bytes!)(model, told)]
    },
  }
}

export const SELECTIONS = ['all', 'the first', 'all but the first', 'in wrong order', 'of other bytes'] as const
/** Which parts a completion names. */
export type Selection = (typeof SELECTIONS)[number]

function select({ parts }: Upload, selection: Selection): { number: number; etag: string }[] {
  const all = [...parts].map(([number, { etag }]) => ({ number, etag })).sort((a, b) => a.number - b.number)
  // None at all is no request.
  const [first = { number: 1, etag: md5() }, ...others] = all
  if (selection === 'the first') return [first]
  if (selection === 'all but the first' && others.length > 0) return others
  if (selection === 'in wrong order') return [first, ...others].reverse()
  if (selection === 'of other bytes') return [first, { number: first.number + 1, etag: md5(Buffer.from('others')) }]
  return [first, ...others]
}

export function complete({ model }: Surroundings, wish: { upload: number; of: Selection; if: Condition }): Command {
  const { id, upload } = chosen(model, wish.upload)
  const { bucket, key } = upload
  const named = select(upload, wish.of)
  const condition = asked(wish.if, model.objects.get(nameOf(upload)))
  const etag = etagOfParts(named.map((part) => part.etag))
  return {
    ask: async (client) => {
      const list = named.map((part) => `<Part><PartNumber>${part.number}</PartNumber><ETag>${part.etag}</ETag></Part>`)
      const { code, text } = await client.send('POST', upload, {
        query: { uploadId: id },
        headers: inHeaders(condition),
        body: `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`,
      })
      return code === 'ok' ? { code, etag: bare(elements(text, 'ETag')[0]) } : { code }
    },
    // One that has to copy is a sign of life, whatever becomes of it.
    mayBegin: ({ uploads, now }) => {
      const begun = uploads.get(id)
      if (begun) begun.lastSign = now
      return undefined
    },
    moments: () => [
      (model) => {
        const there = model.objects.get(nameOf(upload))
        const upload_ = model.uploads.get(id)
        if (!upload_) {
          const again = there?.madeBy === id && there.etag === etag
          return again ? { code: 'ok', etag } : { code: 'NoSuchUpload' }
        }
        upload_.lastMaybe = model.now
        const refused = refusalOf(condition, there) ?? refusalOfParts(upload_, named)
        if (refused) return { code: refused }
        const bytes = Buffer.concat(named.map(({ number }) => upload_.parts.get(number)!.bytes))
        model.objects.set(nameOf(upload), { bucket, key, bytes, etag, note: upload_.note, madeBy: id })
        model.end(id)
        return { code: 'ok', etag }
      },
    ],
  }
}

function refusalOfParts({ parts }: Upload, named: readonly { number: number; etag: string }[]): string | undefined {
  for (const [i, { number, etag }] of named.entries()) {
    if (i > 0 && number <= named[i - 1]!.number) return 'InvalidPartOrder'
    if (parts.get(number)?.etag !== etag) return 'InvalidPart'
  }
  return named.slice(0, -1).some(({ number }) => parts.get(number)!.bytes.length < PART) ? 'EntityTooSmall' : undefined
}

export function abort({ model }: Surroundings, wish: { upload: number }): Command {
  const { id, upload } = chosen(model, wish.upload)
  return {
    ask: async (client) => ({ code: (await client.send('DELETE', upload, { query: { uploadId: id } })).code }),
    moments: () => [
      (model) => {
        if (!model.uploads.has(id)) return { code: 'NoSuchUpload' }
        model.end(id)
        return { code: 'ok' }
      },
    ],
  }
}

/** All pages. */
export function listParts({ model }: Surroundings, wish: { upload: number; limit: number }): Command {
  const { id, upload } = chosen(model, wish.upload)
  return {
    ask: async (client) => {
      const found: string[] = []
      for (let [more, marker] = [true, '0']; more; ) {
        const query = { uploadId: id, 'max-parts': String(wish.limit), 'part-number-marker': marker }
        const { code, text } = await client.send('GET', upload, { query })
        if (code !== 'ok') return { code }
        const [etags, sizes] = [elements(text, 'ETag'), elements(text, 'Size')]
        found.push(...elements(text, 'PartNumber').map((number, i) => `${number} ${bare(etags[i])} ${sizes[i]}`))
        more = elements(text, 'IsTruncated')[0] === 'true'
        marker = elements(text, 'NextPartNumberMarker')[0]!
      }
      return { code: 'ok', found }
    },
    moments: () => [
      ({ uploads }) => {
        const upload = uploads.get(id)
        if (!upload) return { code: 'NoSuchUpload' }
        const parts = [...upload.parts].sort(([a], [b]) => a - b)
        return { code: 'ok', found: parts.map(([number, { etag, bytes }]) => `${number} ${etag} ${bytes.length}`) }
      },
    ],
  }
}

/** All pages. */
export function listUploads(_: Surroundings, wish: { bucket: string; prefix: string; limit: number }): Command {
  return {
    ask: async (client) => {
      const found: string[] = []
      let after: Record<string, string> | undefined = {}
      while (after) {
        const query = { uploads: '', prefix: wish.prefix, 'max-uploads': String(wish.limit), ...after }
        const { code, text } = await client.send('GET', wish.bucket, { query })
        if (code !== 'ok') return { code }
        const ids = elements(text, 'UploadId')
        found.push(...elements(text, 'Key').map((key, i) => `${key} ${ids[i]}`))
        const [key, id] = [elements(text, 'NextKeyMarker')[0], elements(text, 'NextUploadIdMarker')[0]]
        after = key === undefined ? undefined : { 'key-marker': key, 'upload-id-marker': id! }
      }
      return { code: 'ok', found }
    },
    moments: () => [
      ({ uploads }) => {
        const all = [...uploads].filter(([, { bucket, key }]) => bucket === wish.bucket && key.startsWith(wish.prefix))
        return { code: 'ok', found: all.map(([id, { key }]) => `${key} ${id}`).sort(inBytes) }
      },
    ],
  }
}
