import type { UploadChecksum } from '../../domain/checksums.ts'
import type { Part } from '../../domain/object.ts'
import { combineCrc, isCrc } from './crc.ts'
import { digestOf } from './digests.ts'

/** The object's checksum, in base64; of digests with how many there were. @param parts in their order, each with a
 *  checksum of that algorithm */
export function checksumOfParts({ algorithm, type }: UploadChecksum, parts: readonly Part[]): string {
  const digests = parts.map(({ checksums }) => Buffer.from(checksums[algorithm]!, 'base64'))
  if (type === 'COMPOSITE') return `${digestOf(algorithm, Buffer.concat(digests))}-${parts.length}`
  if (!isCrc(algorithm)) throw new Error(`There is no ${algorithm} of the whole in those of its parts.`)
  const [first, ...others] = digests
  const whole = others.reduce<Buffer>(
    (sum, digest, i) => combineCrc(algorithm, sum, digest, parts[i + 1]!.size),
    first!,
  )
  return whole.toString('base64')
}
