import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import {
  createBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  listObjects,
  listObjectsV1,
  listUploads,
} from './bucket-operations.ts'
import type { Answer, Call } from './call.ts'
import { hoistedName } from './hoisted-headers.ts'
import { RESPONSE_PARAMETERS } from './object-headers.ts'
import {
  copyObject,
  deleteObject,
  deleteObjects,
  getObject,
  getObjectTagging,
  headObject,
  putObject,
} from './object-operations.ts'
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  uploadPart,
  uploadPartCopy,
} from './upload-operations.ts'
import { giveOutFolder, WITHHELD, withholdFolder } from './withheld-operations.ts'

/** One operation of S3 that we know: how it is told from others, and everything that may come with it. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly on: 'service' | 'bucket' | 'key'
  /** Parameters of the query that make it this operation. */
  readonly marked?: readonly string[]
  /** A header that makes it this operation. */
  readonly markedByHeader?: string
  readonly parameters?: readonly string[]
  /** x-amz- headers beside those that every request may have; `x-amz-meta-*` stands for all of them, and `name=value` for
   *  one that may only say what is so anyway. */
  readonly headers?: readonly string[]
  /** Conditional headers that it honours (RFC 9110 §13.1). */
  readonly conditions?: readonly string[]
  /** Whether the bucket need not be there. */
  readonly anyBucket?: true
  /** @throws AppError by S3's codes: those of the use case, and for what was sent and cannot be read */
  run(store: Store, call: Call): Promise<Answer>
}

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range']
const ofReading = CONDITIONS
const ofWriting = ['if-match', 'if-none-match']
const onSource = CONDITIONS.filter((name) => name !== 'if-range').map((name) => `x-amz-copy-source-${name}`)
const describing = ['x-amz-meta-*', 'x-amz-acl=private', 'x-amz-storage-class=STANDARD']
const sending = ['x-amz-sdk-checksum-algorithm', 'x-amz-trailer', 'x-amz-decoded-content-length', 'x-amz-checksum-*']
const listV1 = ['prefix', 'delimiter', 'max-keys', 'marker', 'encoding-type']
const list = ['prefix', 'delimiter', 'max-keys', 'start-after', 'continuation-token', 'encoding-type', 'fetch-owner']

// Those with marks stand before those without.
const OPERATIONS: readonly Operation[] = [
  { name: 'ListBuckets', method: 'GET', on: 'service', run: listBuckets },

  { name: 'HeadBucket', method: 'HEAD', on: 'bucket', run: headBucket },
  { name: 'GetBucketLocation', method: 'GET', on: 'bucket', marked: ['location'], run: getBucketLocation },
  { name: 'GetBucketVersioning', method: 'GET', on: 'bucket', marked: ['versioning'], run: getBucketVersioning },
  { name: 'ListObjectsV2', method: 'GET', on: 'bucket', marked: ['list-type'], parameters: list, run: listObjects },
  {
    name: 'ListMultipartUploads',
    method: 'GET',
    on: 'bucket',
    marked: ['uploads'],
    parameters: ['prefix', 'delimiter', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    run: listUploads,
  },
  { name: 'ListObjects', method: 'GET', on: 'bucket', parameters: listV1, run: listObjectsV1 },
  { name: 'WithholdFolder', method: 'PUT', on: 'bucket', marked: [WITHHELD], run: withholdFolder },
  { name: 'GiveOutFolder', method: 'DELETE', on: 'bucket', marked: [WITHHELD], run: giveOutFolder },
  {
    name: 'CreateBucket',
    method: 'PUT',
    on: 'bucket',
    headers: ['x-amz-acl=private'],
    anyBucket: true,
    run: createBucket,
  },
  { name: 'DeleteObjects', method: 'POST', on: 'bucket', marked: ['delete'], headers: sending, run: deleteObjects },

  {
    name: 'ListParts',
    method: 'GET',
    on: 'key',
    marked: ['uploadId'],
    parameters: ['max-parts', 'part-number-marker'],
    run: listParts,
  },
  {
    name: 'UploadPartCopy',
    method: 'PUT',
    on: 'key',
    marked: ['uploadId', 'partNumber'],
    markedByHeader: 'x-amz-copy-source',
    headers: ['x-amz-copy-source', 'x-amz-copy-source-range', ...onSource],
    run: uploadPartCopy,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    on: 'key',
    marked: ['uploadId', 'partNumber'],
    headers: sending,
    run: uploadPart,
  },
  { name: 'GetObjectTagging', method: 'GET', on: 'key', marked: ['tagging'], run: getObjectTagging },
  { name: 'AbortMultipartUpload', method: 'DELETE', on: 'key', marked: ['uploadId'], run: abortUpload },
  {
    name: 'CreateMultipartUpload',
    method: 'POST',
    on: 'key',
    marked: ['uploads'],
    headers: [...describing, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
    run: createUpload,
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    on: 'key',
    marked: ['uploadId'],
    headers: ['x-amz-checksum-*', 'x-amz-mp-object-size'],
    conditions: ofWriting,
    run: completeUpload,
  },

  {
    name: 'CopyObject',
    method: 'PUT',
    on: 'key',
    markedByHeader: 'x-amz-copy-source',
    headers: [...describing, 'x-amz-copy-source', 'x-amz-metadata-directive', ...onSource],
    conditions: ofWriting,
    run: copyObject,
  },
  {
    name: 'PutObject',
    method: 'PUT',
    on: 'key',
    headers: [...describing, ...sending],
    conditions: ofWriting,
    run: putObject,
  },
  {
    name: 'GetObject',
    method: 'GET',
    on: 'key',
    parameters: [...RESPONSE_PARAMETERS, WITHHELD],
    headers: ['x-amz-checksum-mode'],
    conditions: ofReading,
    run: getObject,
  },
  {
    name: 'HeadObject',
    method: 'HEAD',
    on: 'key',
    parameters: [...RESPONSE_PARAMETERS, WITHHELD],
    headers: ['x-amz-checksum-mode'],
    conditions: ofReading,
    run: headObject,
  },
  { name: 'DeleteObject', method: 'DELETE', on: 'key', conditions: ['if-match'], run: deleteObject },
]

const EVERYWHERE = ['x-amz-date', 'x-amz-content-sha256', 'x-amz-user-agent']

/** The operation that a request asks for, and nothing beside it: what we do not know is refused, not ignored.
 *  @throws AppError `NotImplemented`, naming what it was */
export function chooseOperation(
  call: Pick<Call, 'method' | 'bucket' | 'key' | 'query' | 'headers' | 'signed'>,
): Operation {
  const on = call.key !== '' ? 'key' : call.bucket !== '' ? 'bucket' : 'service'
  const found = OPERATIONS.find(
    (operation) =>
      operation.method === call.method &&
      operation.on === on &&
      (operation.marked ?? []).every((name) => call.query.has(name)) &&
      (!operation.markedByHeader || call.headers[operation.markedByHeader] !== undefined),
  )
  if (!found) throw refusal('NotImplemented', `${call.method} on a ${on} is not implemented in this form.`)

  const known = [...(found.marked ?? []), ...(found.parameters ?? []), 'x-id']
  const ofSignature = (name: string) => call.signed.presigned && (name.startsWith('X-Amz-') || hoistedName(name))
  const parameter = [...call.query.keys()].find((name) => !known.includes(name) && !ofSignature(name))
  if (parameter !== undefined)
    throw refusal('NotImplemented', `${call.method} on a ${on} with "${parameter}" is not implemented.`)
  if (call.query.has('list-type') && call.query.get('list-type') !== '2') throw refusal('NotImplemented')

  const headers = [...EVERYWHERE, ...(found.headers ?? [])]
  const allowed = (name: string) =>
    headers.some((one) => {
      const [only, value] = one.split('=')
      if (value !== undefined) return only === name && call.headers[name] === value
      return one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name
    })
  const header = Object.keys(call.headers).find((name) => name.startsWith('x-amz-') && !allowed(name))
  if (header !== undefined)
    throw refusal('NotImplemented', `${found.name} with ${header}: ${call.headers[header]} is not implemented.`)
  // A condition that is not looked at would be taken for one that held.
  const condition = CONDITIONS.find((name) => call.headers[name] !== undefined && !found.conditions?.includes(name))
  if (condition !== undefined) throw refusal('NotImplemented', `${found.name} with ${condition} is not implemented.`)
  return found
}
