import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { Platform, Running } from '@balcao/platform'
import { startService, testPlatform } from '@balcao/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { objectStore } from '../src/index.ts'

const MiB = 1024 * 1024

/** As somebody else would use the store: nothing set but address and key, checksums as the SDK likes them. */
describe('the AWS SDK with its defaults', () => {
  let platform: Platform
  let running: Running
  let client: S3Client
  let Bucket: string
  beforeAll(async () => {
    platform = await testPlatform(objectStore)
    running = await startService(objectStore, platform)
    const { urls, store, region } = platform.config
    client = new S3Client({ endpoint: urls.objectStore, region, credentials: store.keys, forcePathStyle: true })
    Bucket = store.mediaBucket
  })
  afterAll(async () => {
    client.destroy()
    await running.close()
    await platform.close()
  })

  const read = async (Key: string) =>
    Buffer.from(await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray())

  it('stores a buffer with its CRC32 and verifies it when it reads', async () => {
    const { ChecksumCRC32 } = await client.send(new PutObjectCommand({ Bucket, Key: 'buffer', Body: 'olá' }))
    expect(ChecksumCRC32).toBeDefined()
    const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'buffer', ChecksumMode: 'ENABLED' }))
    expect([answer.ChecksumCRC32, await answer.Body!.transformToString()]).toEqual([ChecksumCRC32, 'olá'])
  })

  it('stores a stream with a trailer', async () => {
    const bytes = randomBytes(3 * MiB)
    const Body = Readable.from([bytes.subarray(0, MiB), bytes.subarray(MiB)])
    await client.send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: bytes.length }))
    expect((await read('stream')).equals(bytes)).toBe(true)
  })

  it.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)('stores with %s', async (ChecksumAlgorithm) => {
    await client.send(new PutObjectCommand({ Bucket, Key: ChecksumAlgorithm, Body: 'x', ChecksumAlgorithm }))
    expect((await read(ChecksumAlgorithm)).toString()).toBe('x')
  })

  it('uploads a stream of unknown length in parts', async () => {
    const bytes = randomBytes(12 * MiB + 7)
    const pieces = Array.from({ length: 13 }, (_, i) => bytes.subarray(i * MiB, (i + 1) * MiB))
    const params = {
      Bucket,
      Key: 'parts',
      Body: Readable.from(pieces),
      ContentType: 'video/mp4',
      Metadata: { note: 'a' },
    }
    await new Upload({ client, params, partSize: 5 * MiB, queueSize: 3 }).done()
    expect((await read('parts')).equals(bytes)).toBe(true)
    const { ContentType, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key: 'parts' }))
    expect([ContentType, Metadata]).toEqual(['video/mp4', { note: 'a' }])
  })

  it('goes on with an upload that was cut off', async () => {
    const bytes = randomBytes(12 * MiB + 7)
    const piece = (number: number) => bytes.subarray((number - 1) * 5 * MiB, number * 5 * MiB)
    // Its sender goes away behind the first part.
    const broken = Readable.from(
      (async function* () {
        yield piece(1)
        yield piece(2).subarray(0, MiB)
        throw new Error('gone')
      })(),
    )
    const sending = new Upload({
      client,
      params: { Bucket, Key: 'resumed', Body: broken },
      partSize: 5 * MiB,
      queueSize: 1,
      leavePartsOnError: true,
    })
    await expect(sending.done()).rejects.toThrow('gone')

    const begun = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'resumed' }))
    const target = { Bucket, Key: 'resumed', UploadId: begun.Uploads![0]!.UploadId }
    const there = await client.send(new ListPartsCommand(target))
    const Parts = (there.Parts ?? []).map(({ PartNumber, ETag, ChecksumCRC32 }) => ({
      PartNumber,
      ETag,
      ChecksumCRC32,
    }))
    expect(Parts.map(({ PartNumber }) => PartNumber)).toEqual([1])
    for (const PartNumber of [2, 3]) {
      const sent = await client.send(
        new UploadPartCommand({ ...target, PartNumber, Body: piece(PartNumber), ChecksumAlgorithm: 'CRC32' }),
      )
      Parts.push({ PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 })
    }
    await client.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts } }))
    expect((await read('resumed')).equals(bytes)).toBe(true)
  })

  it('signs URLs, with headers in them', async () => {
    const ChecksumSHA256 = createHash('sha256').update('by a link').digest('base64')
    const wanted = { Bucket, Key: 'linked', Metadata: { nome: 'ana' }, ChecksumSHA256 }
    const put = await getSignedUrl(client, new PutObjectCommand(wanted), { expiresIn: 60 })
    expect((await fetch(put, { method: 'PUT', body: 'another text' })).status).toBe(400)
    expect((await fetch(put, { method: 'PUT', body: 'by a link' })).status).toBe(200)
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: 'linked' }))
    expect(Metadata).toEqual({ nome: 'ana' })
    const ResponseContentType = 'video/mp4'
    const get = await getSignedUrl(client, new GetObjectCommand({ Bucket, Key: 'linked', ResponseContentType }))
    const answer = await fetch(get)
    expect([await answer.text(), answer.headers.get('content-type')]).toEqual(['by a link', 'video/mp4'])
  })

  it('lists folders and buckets', async () => {
    for (const Key of ['dir/a b&<c>', 'dir/é/1', 'dir/é/2'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
    for (const EncodingType of [undefined, 'url'] as const) {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'dir/', Delimiter: '/', EncodingType }))
      const decode = (text: string | undefined) => (EncodingType ? decodeURIComponent(text!) : text)
      expect(page.Contents?.map(({ Key, Size }) => [decode(Key), Size])).toEqual([['dir/a b&<c>', 11]])
      expect(page.CommonPrefixes?.map(({ Prefix }) => decode(Prefix))).toEqual(['dir/é/'])
    }
    const { Buckets } = await client.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual([Bucket, platform.config.store.tempBucket])
    await client.send(new HeadBucketCommand({ Bucket }))
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket }))
    expect(LocationConstraint).toBe(platform.config.region)
  })

  it('copies with other metadata and deletes several', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'src é', Body: 'x', ContentType: 'text/plain' }))
    const CopySource = `/${Bucket}/${encodeURIComponent('src é')}`
    await client.send(
      new CopyObjectCommand({ Bucket, Key: 'dst', CopySource, MetadataDirective: 'REPLACE', ContentType: 'video/mp4' }),
    )
    const { ContentType } = await client.send(new GetObjectCommand({ Bucket, Key: 'dst' }))
    expect(ContentType).toBe('video/mp4')
    const itself = new CopyObjectCommand({ Bucket, Key: 'dst', CopySource: `${Bucket}/dst` })
    await expect(client.send(itself)).rejects.toMatchObject({ name: 'InvalidRequest' })
    const Objects = ['src é', 'dst', 'never there'].map((Key) => ({ Key }))
    const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }))
    expect([Deleted?.length, Errors]).toEqual([3, undefined])
    await expect(read('dst')).rejects.toMatchObject({ name: 'NoSuchKey' })
  })

  it('is told which errors are its own', async () => {
    const wrong = new S3Client({
      endpoint: platform.config.urls.objectStore,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { ...platform.config.store.keys, secretAccessKey: 'another secret' },
    })
    await expect(wrong.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    wrong.destroy()
    await expect(client.send(new HeadBucketCommand({ Bucket: 'not-there' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    })
  })
})
