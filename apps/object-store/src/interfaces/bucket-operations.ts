import { encodePath } from '@balcao/platform/aws'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { type Answer, type Call, quoted } from './call.ts'
import { DECLARATION, type Element, resultXml, UNWRITABLE } from './xml.ts'

const MOST_KEYS = 1000

export async function listBuckets(store: Store): Promise<Answer> {
  const buckets = await store.objects.buckets()
  const body = resultXml('ListAllMyBucketsResult', [
    ['Owner', [['ID', 'balcao']]],
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

export async function listObjects(store: Store, call: Call): Promise<Answer> {
  const of = (name: string) => call.query.get(name)
  const token = of('continuation-token')
  const limit = numberOf(call, 'max-keys', MOST_KEYS)
  const encoding = of('encoding-type')
  if (encoding !== undefined && encoding !== 'url')
    throw refusal('InvalidArgument', 'Invalid Encoding Method specified in Request')
  const [prefix, delimiter, startAfter] = [of('prefix') ?? '', of('delimiter') ?? '', of('start-after') ?? '']
  if ([prefix, delimiter, startAfter].some((text) => text.includes('\0'))) throw refusal('InvalidArgument')
  const after = token === undefined ? startAfter : readToken(token)
  const page = await store.listObjects.run({ bucket: call.bucket, prefix, delimiter, after, limit })

  const encode = (text: string) => (encoding === 'url' ? encodePath(text) : inXml(text))
  const body = resultXml('ListBucketResult', [
    ['Name', call.bucket],
    ['Prefix', encode(prefix)],
    ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
    ['StartAfter', of('start-after') === undefined ? undefined : encode(startAfter)],
    ['MaxKeys', limit],
    ['EncodingType', encoding],
    ['KeyCount', page.objects.length + page.commonPrefixes.length],
    ['IsTruncated', String(page.next !== undefined)],
    ['ContinuationToken', token],
    ['NextContinuationToken', page.next === undefined ? undefined : tokenOf(page.next)],
    ...page.objects.map(
      ({ key, createdAt, etag, size }): Element => [
        'Contents',
        [
          ['Key', encode(key)],
          ['LastModified', createdAt.toISOString()],
          ['ETag', quoted(etag)],
          ['Size', size],
          ['StorageClass', 'STANDARD'],
        ],
      ],
    ),
    ...page.commonPrefixes.map((common): Element => ['CommonPrefixes', [['Prefix', encode(common)]]]),
  ])
  return { status: 200, body: DECLARATION + body }
}

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

/** A number of the query, at most `most`. @throws AppError `InvalidArgument` */
export function numberOf(call: Call, name: string, most: number, otherwise = most): number {
  const text = call.query.get(name)
  if (text === undefined) return otherwise
  if (!/^\d{1,10}$/.test(text)) throw refusal('InvalidArgument', `${name} must be a number that is not negative.`)
  return Math.min(Number(text), most)
}
