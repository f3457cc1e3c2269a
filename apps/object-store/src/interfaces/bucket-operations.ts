import { encodePath } from '@balcao/platform/aws'
import type { Listing } from '../application/objects/list-objects.ts'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { type Answer, type Call, quoted } from './call.ts'
import { keyOf, numberOf } from './query.ts'
import { DECLARATION, type Element, resultXml, UNWRITABLE } from './xml.ts'

const MOST_KEYS = 1000
/** There is one access key, and all is its owner's. */
const OWNER: Element = ['Owner', [['ID', 'balcao']]]

export async function listBuckets(store: Store): Promise<Answer> {
  const buckets = await store.buckets.all()
  const body = resultXml('ListAllMyBucketsResult', [
    OWNER,
    [
      'Buckets',
      buckets.map(
        ({ name, createdAt }): Element => [
          'Bucket',
          [
            ['Name', name],
            ['CreationDate', createdAt.toISOString()],
          ],
        ],
      ),
    ],
  ])
  return { status: 200, body: DECLARATION + body }
}

export async function headBucket(_store: Store, call: Call): Promise<Answer> {
  return { status: 200, headers: { 'x-amz-bucket-region': call.signed.region } }
}

/** Every region is ours: the one that the caller signed for. */
export async function getBucketLocation(_store: Store, call: Call): Promise<Answer> {
  return { status: 200, body: DECLARATION + resultXml('LocationConstraint', call.signed.region) }
}

/** There are no versions, which rclone asks about before it empties a bucket. */
export async function getBucketVersioning(): Promise<Answer> {
  return { status: 200, body: DECLARATION + resultXml('VersioningConfiguration', []) }
}

/** Buckets are part of the installation (MEDIA_BUCKET, TEMP_BUCKET): one that is there is already made. */
export async function createBucket(store: Store, call: Call): Promise<Answer> {
  if (await store.buckets.has(call.bucket)) throw refusal('BucketAlreadyOwnedByYou')
  throw refusal('NotImplemented', 'The buckets are those of MEDIA_BUCKET and TEMP_BUCKET; others are not made.')
}

export async function listObjects(store: Store, call: Call): Promise<Answer> {
  const { prefix, delimiter, limit, encoding, encode } = listing(call)
  const token = call.query.get('continuation-token')
  const startAfter = keyOf(call, 'start-after')
  const after = token === undefined ? startAfter : readToken(token)
  const page = await store.listObjects.run({ bucket: call.bucket, prefix, delimiter }, after, limit)
  const body = resultXml('ListBucketResult', [
    ['Name', call.bucket],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['StartAfter', call.query.has('start-after') ? encode(startAfter) : undefined],
    ['MaxKeys', limit],
    ['EncodingType', encoding],
    ['KeyCount', page.objects.length + page.commonPrefixes.length],
    ['IsTruncated', String(page.next !== undefined)],
    ['ContinuationToken', token],
    ['NextContinuationToken', page.next === undefined ? undefined : tokenOf(page.next)],
    ...entries(page, encode, call.query.get('fetch-owner') === 'true'),
  ])
  return { status: 200, body: DECLARATION + body }
}

/** The older form, which pages by keys. */
export async function listObjectsV1(store: Store, call: Call): Promise<Answer> {
  const { prefix, delimiter, limit, encoding, encode } = listing(call)
  const marker = keyOf(call, 'marker')
  const page = await store.listObjects.run({ bucket: call.bucket, prefix, delimiter }, marker, limit)
  const body = resultXml('ListBucketResult', [
    ['Name', call.bucket],
    ['Prefix', encode(prefix)],
    ['Marker', encode(marker)],
    ['NextMarker', page.next === undefined ? undefined : encode(page.next)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['MaxKeys', limit],
    ['EncodingType', encoding],
    ['IsTruncated', String(page.next !== undefined)],
    ...entries(page, encode, true),
  ])
  return { status: 200, body: DECLARATION + body }
}

export async function listUploads(store: Store, call: Call): Promise<Answer> {
  const { prefix, delimiter, encoding, encode } = listing(call)
  const limit = numberOf(call, 'max-uploads', MOST_KEYS)
  const after = { key: keyOf(call, 'key-marker'), id: keyOf(call, 'upload-id-marker') }
  const page = await store.listUploads.run({ bucket: call.bucket, prefix, delimiter }, after, limit)
  const body = resultXml('ListMultipartUploadsResult', [
    ['Bucket', call.bucket],
    ['KeyMarker', encode(after.key)],
    ['UploadIdMarker', after.id],
    ['NextKeyMarker', page.next && encode(page.next.key)],
    ['NextUploadIdMarker', page.next?.id],
    ['Prefix', encode(prefix)],
    ['EncodingType', encoding],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['MaxUploads', limit],
    ['IsTruncated', String(page.next !== undefined)],
    ...page.uploads.map(
      ({ key, id, createdAt, checksum }): Element => [
        'Upload',
        [
          ['Key', encode(key)],
          ['UploadId', id],
          ['StorageClass', 'STANDARD'],
          ['Initiated', createdAt.toISOString()],
          ['ChecksumAlgorithm', checksum?.algorithm],
          ['ChecksumType', checksum?.type],
        ],
      ],
    ),
    ...prefixes(page.commonPrefixes, encode),
  ])
  return { status: 200, body: DECLARATION + body }
}

/** What all listings are asked for. @throws AppError `InvalidArgument` */
function listing(call: Call) {
  const encoding = call.query.get('encoding-type')
  if (encoding !== undefined && encoding !== 'url')
    throw refusal('InvalidArgument', 'Invalid Encoding Method specified in Request')
  return {
    prefix: keyOf(call, 'prefix'),
    delimiter: keyOf(call, 'delimiter'),
    limit: numberOf(call, 'max-keys', MOST_KEYS),
    encoding,
    encode: (text: string) => (encoding === 'url' ? encodePath(text) : inXml(text)),
  }
}

function entries(page: Listing, encode: (text: string) => string, withOwner: boolean): Element[] {
  return [
    ...page.objects.map(
      ({ key, createdAt, etag, size }): Element => [
        'Contents',
        [
          ['Key', encode(key)],
          ['LastModified', createdAt.toISOString()],
          ['ETag', quoted(etag)],
          ['Size', size],
          ...(withOwner ? [OWNER] : []),
          ['StorageClass', 'STANDARD'],
        ],
      ],
    ),
    ...prefixes(page.commonPrefixes, encode),
  ]
}

const prefixes = (common: readonly string[], encode: (text: string) => string) =>
  common.map((prefix): Element => ['CommonPrefixes', [['Prefix', encode(prefix)]]])

const tokenOf = (key: string) => Buffer.from(key).toString('base64url')

/** @throws AppError `InvalidArgument` for what is no token of ours */
function readToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8')
  if (tokenOf(key) !== token || key.includes('\0'))
    throw refusal('InvalidArgument', 'The continuation token provided is incorrect')
  return key
}

/** @throws AppError `InvalidRequest` for a key that no XML 1.0 can hold, so that nobody reads another one */
function inXml(key: string): string {
  if (UNWRITABLE.test(key))
    throw refusal('InvalidRequest', 'A key of this listing cannot be written in XML: ask with encoding-type=url.')
  return key
}
