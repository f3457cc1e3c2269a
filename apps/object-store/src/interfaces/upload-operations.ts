import type { ExpectedObject } from '../application/uploads/complete-upload.ts'
import { checksumTypeOf, uploadChecksum } from '../domain/checksums.ts'
import { MOST_PARTS } from '../domain/object.ts'
import type { ByteRange } from '../domain/range.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { bodyOf, checksumInHeaders, textOf } from './body.ts'
import { type Answer, type Call, quoted } from './call.ts'
import { readConditions, writeConditions } from './conditional-headers.ts'
import { sourceOf } from './copy-source.ts'
import { checksumHeaders, describedBy } from './object-headers.ts'
import { numberOf } from './query.ts'
import { parseCompletion } from './read-xml.ts'
import { s3Error } from './s3-error.ts'
import { DECLARATION, type Element, errorXml, resultXml } from './xml.ts'

/** Tells, when an upload is created, how large all its parts but the last will be. */
const PART_SIZE = 'x-amz-meta-part-size'
/** A connection on which nothing happens for longer may be closed by somebody on the way. */
const SIGN_OF_LIFE_MS = 5000

/** @throws AppError `NoSuchUpload` for what cannot be the id of one */
function targetOf(call: Call) {
  const uploadId = call.query.get('uploadId')!
  if (!/^[\w-]{1,100}$/.test(uploadId)) throw refusal('NoSuchUpload')
  return { bucket: call.bucket, key: call.key, uploadId }
}

export async function createUpload(store: Store, call: Call): Promise<Answer> {
  const partSize = call.header(PART_SIZE)
  const wanted = { bucket: call.bucket, key: call.key, ...describedBy(call) }
  const checksum = uploadChecksum(call.header('x-amz-checksum-algorithm'), call.header('x-amz-checksum-type'))
  const upload = await store.createUpload.run(wanted, partSize === undefined ? undefined : Number(partSize), checksum)
  const body = resultXml('InitiateMultipartUploadResult', [
    ['Bucket', call.bucket],
    ['Key', call.key],
    ['UploadId', upload.id],
  ])
  const headers = {
    'x-amz-checksum-algorithm': checksum?.algorithm,
    'x-amz-checksum-type': checksum?.type,
  }
  return { status: 200, headers, body: DECLARATION + body }
}

export async function uploadPart(store: Store, call: Call): Promise<Answer> {
  const part = await store.uploadPart.run({ ...targetOf(call), number: partNumberOf(call) }, bodyOf(call))
  return { status: 200, headers: { etag: quoted(part.etag), ...checksumHeaders(part.checksums) } }
}

/** @throws AppError `NoSuchBucket`, and what `CopyPart` throws */
export async function uploadPartCopy(store: Store, call: Call): Promise<Answer> {
  const target = { ...targetOf(call), number: partNumberOf(call) }
  const range = sourceRange(call.header('x-amz-copy-source-range'))
  const conditions = readConditions(call.headers, 'x-amz-copy-source-')
  const part = await store.copyPart.run(await sourceOf(store, call), conditions, range, target)
  const result = resultXml('CopyPartResult', [
    ['LastModified', part.createdAt.toISOString()],
    ['ETag', quoted(part.etag)],
    ...Object.entries(part.checksums).map(([name, value]): Element => [`Checksum${name}`, value]),
  ])
  return { status: 200, body: DECLARATION + result }
}

/** `bytes=FIRST-LAST`, both there. @throws AppError `InvalidArgument` */
function sourceRange(text: string | undefined): ByteRange | undefined {
  if (text === undefined) return undefined
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text) ?? []
  const [start, end] = [Number(first), Number(last)]
  if (first === undefined || start > end)
    throw refusal('InvalidArgument', 'x-amz-copy-source-range must be bytes=FIRST-LAST.')
  return { start, end }
}

function partNumberOf(call: Call): number {
  const text = call.query.get('partNumber')!
  return /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
}

export async function listParts(store: Store, call: Call): Promise<Answer> {
  const target = targetOf(call)
  const after = numberOf(call, 'part-number-marker', MOST_PARTS, 0)
  const limit = numberOf(call, 'max-parts', 1000)
  const { upload, parts, isTruncated } = await store.listParts.run(target, after, limit)
  const body = resultXml('ListPartsResult', [
    ['Bucket', target.bucket],
    ['Key', target.key],
    ['UploadId', target.uploadId],
    ['StorageClass', 'STANDARD'],
    ['ChecksumAlgorithm', upload.checksum?.algorithm],
    ['ChecksumType', upload.checksum?.type],
    ['PartNumberMarker', after],
    ['NextPartNumberMarker', parts.at(-1)?.number ?? after],
    ['MaxParts', limit],
    ['IsTruncated', String(isTruncated)],
    ...parts.map(
      (part): Element => [
        'Part',
        [
          ['PartNumber', part.number],
          ['LastModified', part.createdAt.toISOString()],
          ['ETag', quoted(part.etag)],
          ['Size', part.size],
          ...Object.entries(part.checksums).map(([name, value]): Element => [`Checksum${name}`, value]),
        ],
      ],
    ),
  ])
  return { status: 200, body: DECLARATION + body }
}

/** Where bytes must be copied, the answer begins at once and gets a space from time to time, as S3 does it: its
 *  status is 200 then, whatever comes, and an error stands in the body. */
export async function completeUpload(store: Store, call: Call): Promise<Answer> {
  const named = parseCompletion(await textOf(call, 8 * 1024 * 1024, 'of_object'))
  const expected = expectedBy(call)
  let signsOfLife: NodeJS.Timeout | undefined
  const onLong = () => {
    call.res.writeHead(200, { 'content-type': 'application/xml' })
    call.res.write(DECLARATION)
    signsOfLife = setInterval(() => call.res.write(' '), SIGN_OF_LIFE_MS)
  }
  try {
    const object = await store.completeUpload.run(targetOf(call), named, expected, onLong)
    const body = resultXml('CompleteMultipartUploadResult', [
      ['Location', `/${call.bucket}/${call.key}`],
      ['Bucket', call.bucket],
      ['Key', call.key],
      ['ETag', quoted(object.etag)],
      ...Object.entries(object.checksums).flatMap(([name, value]): Element[] => [
        [`Checksum${name}`, value],
        ['ChecksumType', checksumTypeOf(value)],
      ]),
    ])
    return { status: 200, body: signsOfLife ? body : DECLARATION + body }
  } catch (error) {
    if (!signsOfLife) throw error
    const { code, message } = s3Error(error)
    return { status: 200, body: errorXml(code, message, `/${call.bucket}/${call.key}`, call.requestId), error }
  } finally {
    clearInterval(signsOfLife)
  }
}

function expectedBy(call: Call): ExpectedObject {
  const checksum = checksumInHeaders(call)
  const size = call.header('x-amz-mp-object-size')
  if (size !== undefined && !/^\d{1,15}$/.test(size))
    throw refusal('InvalidArgument', 'x-amz-mp-object-size must be a number of bytes.')
  return {
    conditions: writeConditions(call.headers),
    checksum: checksum && { algorithm: checksum.algorithm, value: checksum.value() },
    checksumType: call.header('x-amz-checksum-type'),
    size: size === undefined ? undefined : Number(size),
  }
}

export async function abortUpload(store: Store, call: Call): Promise<Answer> {
  await store.abortUpload.run(targetOf(call))
  return { status: 204 }
}
