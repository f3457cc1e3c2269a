import { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { S3Bucket } from './s3-bucket.ts'

const MiB = 1024 * 1024
const limits = { singlePut: 6 * MiB, part: 5 * MiB, singleCopy: 6 * MiB, copiedPart: 5 * MiB }

/** A store whose one object is `sizes[0]` bytes large, and is replaced by the next each time its first part is copied. */
function openReplaced(...sizes: (number | undefined)[]) {
  const asked: string[] = []
  let version = 0
  const refused = (name: string, httpStatusCode: number) =>
    new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode } })
  const answers: Record<string, (input: { CopySourceIfMatch?: string }) => unknown> = {
    HeadObjectCommand: () => {
      if (sizes[version] === undefined) throw refused('NotFound', 404)
      return { ContentLength: sizes[version], ETag: `"${version}"`, LastModified: new Date(0) }
    },
    CreateMultipartUploadCommand: () => ({ UploadId: 'u' }),
    UploadPartCopyCommand: ({ CopySourceIfMatch }) => {
      if (CopySourceIfMatch === `"${version}"` && version < sizes.length - 1) version++
      if (CopySourceIfMatch !== `"${version}"`) throw refused('PreconditionFailed', 412)
      return { CopyPartResult: { ETag: '"part"' } }
    },
    CompleteMultipartUploadCommand: () => ({ ETag: '"whole"' }),
  }
  const client = Object.assign(new S3Client(), {
    send: async ({ constructor: { name }, input }: { constructor: { name: string }; input: object }) => {
      asked.push(name)
      return answers[name]?.(input) ?? {}
    },
  })
  const signer = { accessKeyId: 'a', secretAccessKey: 's', region: 'sa-east-1', service: 's3' }
  const bucket = new S3Bucket('media', {
    client,
    endpoint: '',
    signer,
    origin: '',
    storeDir: '',
    isOurs: false,
    limits,
  })
  return { bucket, count: (name: string) => asked.filter((each) => each === name).length }
}

it('an object that is replaced while it is copied in parts is looked at once for each copy', async () => {
  const { bucket, count } = openReplaced(11 * MiB, 12 * MiB, 13 * MiB)
  await bucket.copy('a', bucket, 'b')
  expect(count('HeadObjectCommand')).toBe(3)
  expect(count('AbortMultipartUploadCommand')).toBe(2)
})

it('an object that goes while it is copied in parts is told to be gone', async () => {
  const { bucket, count } = openReplaced(11 * MiB, undefined)
  await expect(bucket.copy('a', bucket, 'b')).rejects.toMatchObject({ code: 'object/not_found' })
  expect(count('HeadObjectCommand')).toBe(2)
})

it('an object that is replaced during every copy is given up', async () => {
  const { bucket, count } = openReplaced(...Array.from({ length: 9 }, () => 11 * MiB))
  await expect(bucket.copy('a', bucket, 'b')).rejects.toMatchObject({ name: 'PreconditionFailed' })
  expect(count('CreateMultipartUploadCommand')).toBe(5)
})
