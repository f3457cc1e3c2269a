import { encodePath } from '@balcao/platform/aws'
import { refusal } from '../domain/refusal.ts'
import type { Store } from '../open.ts'
import { type Answer, type Call, quoted } from './call.ts'
import { DECLARATION, type Element, resultXml } from './xml.ts'

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
  const after = token === undefined ? startAfter : Buffer.from(token, 'base64url').toString('utf8')
  const page = await store.listObjects.run({ bucket: call.bucket, prefix, delimiter, after, limit })

  const encode = (text: string) => (encoding === 'url' ? encodePath(text) : text)
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
    ['NextContinuationToken', page.next === undefined ? undefined : Buffer.from(page.next).toString('base64url')],
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

/** A number of the query, at most `most`. @throws AppError `InvalidArgument` */
export function numberOf(call: Call, name: string, most: number, otherwise = most): number {
  const text = call.query.get(name)
  if (text === undefined) return otherwise
  if (!/^\d{1,10}$/.test(text)) throw refusal('InvalidArgument', `${name} must be a number that is not negative.`)
  return Math.min(Number(text), most)
}
