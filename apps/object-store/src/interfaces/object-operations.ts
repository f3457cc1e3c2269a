import { ASKS_FOR_FILE, NAMES_FILE } from '@balcao/platform'
import type { Take } from '../application/objects/object-bytes.ts'
import { isUnchanged } from '../domain/conditions.ts'
import { checkKey } from '../domain/names.ts'
import { placeOf, type StoredObject } from '../domain/object.ts'
import { type ByteRange, parseRange } from '../domain/range.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { bodyOf, textOf } from './body.ts'
import { type Answer, type Call, quoted } from './call.ts'
import { readConditions, writeConditions } from './conditional-headers.ts'
import { sourceOf } from './copy-source.ts'
import { checksumHeaders, describedBy, headersOf, unchangedHeaders } from './object-headers.ts'
import { parseDeletion } from './read-xml.ts'
import { s3Error } from './s3-error.ts'
import { isHandedOut } from './withheld-operations.ts'
import { DECLARATION, type Element, resultXml } from './xml.ts'

export async function putObject(store: Store, call: Call): Promise<Answer> {
  const wanted = { bucket: call.bucket, key: call.key, ...describedBy(call) }
  const object = await store.putObject.run(wanted, writeConditions(call.headers), bodyOf(call))
  return { status: 200, headers: { etag: quoted(object.etag), ...checksumHeaders(object.checksums) } }
}

export async function getObject(store: Store, call: Call): Promise<Answer> {
  const { object, bytes } = await store.readObject.open(call.bucket, call.key, isHandedOut(call))
  try {
    if (isUnchanged(readConditions(call.headers), object)) {
      await bytes.close()
      return { status: 304, headers: unchangedHeaders(object, call) }
    }
    const range = rangeOf(call, object)
    const headers = headersOf(object, call, !range)
    const size = range ? range.end - range.start + 1 : object.size
    const { start, end } = range ?? { start: 0, end: object.size - 1 }
    const body = bytes.inMemory(start, end) ?? ((take: Take) => bytes.send(start, end, take))
    const close = () => bytes.close()
    if (!range) return { status: 200, headers: { ...headers, 'content-length': size }, body, close }
    const contentRange = `bytes ${range.start}-${range.end}/${object.size}`
    return { status: 206, headers: { ...headers, 'content-length': size, 'content-range': contentRange }, body, close }
  } catch (error) {
    await bytes.close()
    throw error
  }
}

export async function headObject(store: Store, call: Call): Promise<Answer> {
  const object = await store.readObject.find(call.bucket, call.key, isHandedOut(call))
  if (isUnchanged(readConditions(call.headers), object)) return { status: 304, headers: unchangedHeaders(object, call) }
  const range = rangeOf(call, object)
  const headers = headersOf(object, call, !range)
  if (range) {
    const contentRange = `bytes ${range.start}-${range.end}/${object.size}`
    return {
      status: 206,
      headers: { ...headers, 'content-length': range.end - range.start + 1, 'content-range': contentRange },
    }
  }
  // Only for the owner of the key, never through a URL that was handed out.
  const linking =
    call.header(ASKS_FOR_FILE) === '1' && call.signed.signedHeaders.has(ASKS_FOR_FILE) && !call.signed.presigned
  const file = linking && object.fileId ? { [NAMES_FILE]: placeOf(object.fileId) } : {}
  return { status: 200, headers: { ...headers, ...file, 'content-length': object.size } }
}

/** Objects have no tags, which clients ask for before they copy one. */
export async function getObjectTagging(store: Store, call: Call): Promise<Answer> {
  await store.readObject.find(call.bucket, call.key, isHandedOut(call))
  return { status: 200, body: DECLARATION + resultXml('Tagging', [['TagSet', []]]) }
}

export async function deleteObject(store: Store, call: Call): Promise<Answer> {
  const { ifMatch, ifNothing } = writeConditions(call.headers)
  if (ifNothing) throw refusal('NotImplemented', 'If-None-Match means nothing to a DELETE.')
  const [refused] = await store.deleteObjects.run(call.bucket, [{ key: call.key, ifMatch }])
  if (refused) throw refused
  return { status: 204 }
}

export async function deleteObjects(store: Store, call: Call): Promise<Answer> {
  const { deletions, quiet } = parseDeletion(await textOf(call, 4 * 1024 * 1024))
  for (const { key } of deletions) checkKey(key)
  const refused = await store.deleteObjects.run(call.bucket, deletions)
  const results = deletions.flatMap(({ key }, i): Element[] => {
    const error = refused[i]
    if (!error) return quiet ? [] : [['Deleted', [['Key', key]]]]
    const { code, message } = s3Error(error)
    const told: Element[] = [
      ['Key', key],
      ['Code', code],
      ['Message', message],
    ]
    return [['Error', told]]
  })
  return { status: 200, body: DECLARATION + resultXml('DeleteResult', results) }
}

export async function copyObject(store: Store, call: Call): Promise<Answer> {
  const directive = call.header('x-amz-metadata-directive') ?? 'COPY'
  if (!['COPY', 'REPLACE'].includes(directive)) throw refusal('InvalidArgument', 'Unknown metadata directive.')
  const copy = await store.copyObject.run(
    await sourceOf(store, call),
    { bucket: call.bucket, key: call.key },
    directive === 'REPLACE' ? describedBy(call) : undefined,
    { source: readConditions(call.headers, 'x-amz-copy-source-'), target: writeConditions(call.headers) },
  )
  const body = resultXml('CopyObjectResult', [
    ['LastModified', copy.createdAt.toISOString()],
    ['ETag', quoted(copy.etag)],
  ])
  return { status: 200, body: DECLARATION + body }
}

/** The range that is asked for, where If-Range holds (RFC 9110 §13.1.5): an entity tag, or the very date of the object.
 *  @throws AppError `InvalidRange` */
function rangeOf(call: Call, object: StoredObject): ByteRange | undefined {
  const condition = call.header('if-range')
  const holds = [undefined, quoted(object.etag), object.createdAt.toUTCString()].includes(condition)
  return holds ? parseRange(call.header('range'), object.size) : undefined
}
