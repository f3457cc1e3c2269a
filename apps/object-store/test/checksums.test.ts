import { createHash, randomBytes } from 'node:crypto'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDigest } from '../src/application/checksums/digests.ts'
import type { Algorithm } from '../src/domain/checksums.ts'
import { openWire, type Wire } from './wire.ts'

const MiB = 1024 * 1024
let wire: Wire
let s3: S3Client
beforeAll(async () => {
  wire = await openWire()
  const { store, urls, region } = wire.platform.config
  s3 = new S3Client({ region, endpoint: urls.objectStore, forcePathStyle: true, credentials: store.keys })
})
afterAll(async () => {
  s3.destroy()
  await wire.close()
})

const bodies = [randomBytes(5 * MiB), randomBytes(6 * MiB), randomBytes(77)]
const digest = (algorithm: string, ...chunks: Buffer[]) => {
  const it = startDigest(algorithm as Algorithm)
  for (const chunk of chunks) it.update(chunk)
  return it.digest()
}
const composite = (algorithm: string) =>
  `${digest(algorithm, Buffer.concat(bodies.map((body) => Buffer.from(digest(algorithm, body), 'base64'))))}-${bodies.length}`

const ALL = [
  ['CRC32', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC32C', 'COMPOSITE'],
  ['CRC32C', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
  ['SHA1', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
] as const

/** @param withParts whether each part is sent with its checksum  @param partSize as our own services tell it */
async function send(
  Key: string,
  algorithm: (typeof ALL)[number][0],
  type: string,
  withParts = true,
  partSize?: number,
) {
  const { bucket: Bucket } = wire
  const begun = await s3.send(
    new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ChecksumAlgorithm: algorithm,
      ChecksumType: type as 'COMPOSITE',
      ...(partSize ? { Metadata: { 'part-size': String(partSize) } } : {}),
    }),
  )
  expect([begun.ChecksumAlgorithm, begun.ChecksumType]).toEqual([algorithm, type])
  const UploadId = begun.UploadId!
  const parts = []
  for (const [i, Body] of bodies.entries()) {
    const checksum = withParts ? { [`Checksum${algorithm}`]: digest(algorithm, Body) } : {}
    const query = { uploadId: UploadId, partNumber: String(i + 1) }
    const part = withParts
      ? await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: i + 1, Body, ...checksum }))
      : {
          ETag: (
            await wire.raw('PUT', wire.sign('PUT', Key, { query }), { 'content-length': String(Body.length) }, Body)
          ).headers.etag,
        }
    parts.push({ PartNumber: i + 1, ETag: part.ETag, ...checksum })
  }
  return { Bucket, Key, UploadId, parts }
}

describe('the checksum of an object in parts', () => {
  it.each(ALL)('%s, %s is computed, told and told again', async (algorithm, type) => {
    const expected = type === 'COMPOSITE' ? composite(algorithm) : digest(algorithm, ...bodies)
    const { parts, ...target } = await send(`${algorithm} ${type}`, algorithm, type)
    const listed = await s3.send(new ListPartsCommand(target))
    expect(listed.Parts!.map((part) => part[`Checksum${algorithm}`])).toEqual(
      bodies.map((body) => digest(algorithm, body)),
    )
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        ...target,
        MultipartUpload: { Parts: parts },
        [`Checksum${algorithm}`]: expected,
        ChecksumType: type,
        MpuObjectSize: bodies.reduce((sum, { length }) => sum + length, 0),
      }),
    )
    expect([done[`Checksum${algorithm}`], done.ChecksumType]).toEqual([expected, type])
    const head = await s3.send(new HeadObjectCommand({ ...target, ChecksumMode: 'ENABLED' }))
    expect([head[`Checksum${algorithm}`], head.ChecksumType]).toEqual([expected, type])
    const got = await s3.send(new GetObjectCommand({ ...target, ChecksumMode: 'ENABLED' }))
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat(bodies))).toBe(true)
  })

  it.each([
    ['SHA256', 'COMPOSITE', undefined],
    ['CRC64NVME', 'FULL_OBJECT', 6 * MiB],
  ] as const)('%s is computed where its parts came without', async (algorithm, type, partSize) => {
    const expected = type === 'COMPOSITE' ? composite(algorithm) : digest(algorithm, ...bodies)
    const { parts, ...target } = await send(`bare ${algorithm}`, algorithm, type, false, partSize)
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts: parts } }))
    expect(done[`Checksum${algorithm}`]).toBe(expected)
  })

  it('is never an echo: a wrong one, of the object or of a part, completes nothing', async () => {
    const { parts, ...target } = await send('wrong', 'SHA256', 'COMPOSITE')
    const wrong = createHash('sha256').update('other').digest('base64')
    const complete = (Parts: typeof parts, given = {}) =>
      s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...given }))
    await expect(complete(parts, { ChecksumSHA256: `${wrong}-3` })).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(complete(parts, { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'InvalidRequest' })
    await expect(complete(parts, { ChecksumType: 'FULL_OBJECT' })).rejects.toMatchObject({ name: 'InvalidRequest' })
    await expect(complete(parts, { MpuObjectSize: 3 })).rejects.toMatchObject({ name: 'InvalidRequest' })
    const changed = parts.map((part, i) => (i === 1 ? { ...part, ChecksumSHA256: wrong } : part))
    await expect(complete(changed)).rejects.toMatchObject({ name: 'InvalidPart' })
    const invented = parts.map((part) => ({ PartNumber: part.PartNumber, ETag: part.ETag, ChecksumCRC32: 'AAAAAA==' }))
    await expect(complete(invented)).rejects.toMatchObject({ name: 'InvalidPart' })
    await complete(parts)
    // Nor when it was completed before.
    await expect(complete(parts, { ChecksumSHA256: `${wrong}-3` })).rejects.toMatchObject({ name: 'BadDigest' })
    await expect(complete(parts, { MpuObjectSize: 3 })).rejects.toMatchObject({ name: 'InvalidRequest' })
    const longer = parts.map((part) => ({ ...part, ETag: part.ETag!.replace(/"$/, 'zz"') }))
    await expect(complete(longer)).rejects.toMatchObject({ name: 'InvalidPart' })
    await complete(parts, {
      ChecksumType: 'COMPOSITE',
      MpuObjectSize: bodies.reduce((sum, { length }) => sum + length, 0),
    })
  })

  it('is of one algorithm', async () => {
    const { Key, Bucket, UploadId } = await send('one', 'CRC32C', 'COMPOSITE')
    const other = new UploadPartCommand({
      Bucket,
      Key,
      UploadId,
      PartNumber: 9,
      Body: 'x',
      ChecksumSHA1: digest('SHA1', Buffer.from('x')),
    })
    await expect(s3.send(other)).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: expect.stringContaining('crc32c'),
    })
  })

  it.each([
    ['SHA1', 'FULL_OBJECT'],
    ['CRC64NVME', 'COMPOSITE'],
    ['CRC32', 'HALF'],
    ['XXHASH64', undefined],
    [undefined, 'COMPOSITE'],
  ])('%s with %s does not exist, and no upload begins with it', async (algorithm, type) => {
    const headers: Record<string, string> = {}
    if (algorithm) headers['x-amz-checksum-algorithm'] = algorithm
    if (type) headers['x-amz-checksum-type'] = type
    const answer = await wire.signed('POST', `${wire.path(wire.bucket, 'none')}?uploads`, { headers })
    expect([answer.status, answer.code]).toEqual([400, 'InvalidRequest'])
  })

  it('is what the transfer manager of the SDK sends and verifies', async () => {
    for (const ChecksumAlgorithm of ['CRC32', 'CRC64NVME', 'SHA256'] as const) {
      const params = {
        Bucket: wire.bucket,
        Key: `managed ${ChecksumAlgorithm}`,
        Body: Buffer.concat(bodies),
        ChecksumAlgorithm,
      }
      const done = await new Upload({ client: s3, params, partSize: 5 * MiB }).done()
      expect(done[`Checksum${ChecksumAlgorithm}`]).toMatch(ChecksumAlgorithm === 'CRC64NVME' ? /^.{11}=$/ : /-3$/)
    }
  })
})
