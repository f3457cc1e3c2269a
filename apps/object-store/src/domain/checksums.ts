import { refusal } from './refusal.ts'

/** The checksums that S3's clients send and we verify, by S3's names; headers have them in lower case. */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

/** In base64; of parts' digests with how many there were. */
export type Checksums = Readonly<Partial<Record<Algorithm, string>>>

export const CHECKSUM_TYPES = ['COMPOSITE', 'FULL_OBJECT'] as const

/** How the checksum of an object is made of its parts', as whoever began the upload wants it: of their digests, or as if
 *  all bytes had come at once
 *  (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html). */
export interface UploadChecksum {
  readonly algorithm: Algorithm
  readonly type: (typeof CHECKSUM_TYPES)[number]
}

/** @param type absent where the algorithm's own is wanted
 *  @returns undefined where none is wanted  @throws AppError `InvalidRequest` for a pair that does not exist */
export function uploadChecksum(algorithm: string | undefined, type: string | undefined): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type !== undefined) throw refusal('InvalidRequest', 'x-amz-checksum-type needs x-amz-checksum-algorithm.')
    return undefined
  }
  const name = ALGORITHMS.find((each) => each === algorithm.toUpperCase())
  if (!name) throw refusal('InvalidRequest', `Checksum algorithm provided is unsupported: ${algorithm}`)
  const wanted = type?.toUpperCase() ?? (name === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE')
  const chosen = CHECKSUM_TYPES.find((each) => each === wanted)
  // Only a cyclic check of parts tells that of the whole.
  const possible = chosen === 'FULL_OBJECT' ? name.startsWith('CRC') : name !== 'CRC64NVME'
  if (!chosen || !possible)
    throw refusal(
      'InvalidRequest',
      `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    )
  return { algorithm: name, type: chosen }
}

/** Which of them a value is: of parts' digests it ends with how many there were. */
export const checksumTypeOf = (value: string): (typeof CHECKSUM_TYPES)[number] =>
  value.includes('-') ? 'COMPOSITE' : 'FULL_OBJECT'
